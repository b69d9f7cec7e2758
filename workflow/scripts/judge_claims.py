"""Adapter of rule judge_claims."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.ledger.run_ledger import LedgerSources, LedgerTargets, judge_run

with job_log(snakemake.log[0]) as log:
    judgements = judge_run(
        LedgerSources(
            claims=snakemake.input.claims,
            tables=snakemake.input.tables,
            published=snakemake.input.published,
            references=snakemake.input.references,
            audits=snakemake.input.audits,
        ),
        LedgerTargets(**dict(snakemake.output.items())),
        profile=snakemake.config["profile"],
        figures=snakemake.params.figures,
    )
    for judgement in judgements:
        log.say(f"{judgement.verdict}: {judgement.id}")
