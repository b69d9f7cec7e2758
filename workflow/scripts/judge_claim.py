"""Adapter of rule judge_claim."""

import json
from pathlib import Path

from relu_landscape.evidence.job_log import job_log
from relu_landscape.ledger.run_ledger import LedgerSources, judge_claim
from relu_landscape.storage import write_text

ledger = Path(snakemake.params.verdicts)

with job_log(snakemake.log[0]):
    lines = json.loads(ledger.read_text(encoding="utf-8")) if ledger.exists() else []
    told = judge_claim(
        snakemake.wildcards.claim,
        LedgerSources(
            claims=snakemake.input.claims,
            tables=snakemake.input.tables,
            published=snakemake.input.published,
            references="",
            audits=(),
        ),
        {line["id"]: line["verdict"] for line in lines},
    )
    write_text(snakemake.output[0], told)
