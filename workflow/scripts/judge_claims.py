"""Adapter of rule judge_claims."""

from pathlib import Path

from relu_landscape.evidence.documents import read_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.ledger.claims import judge, levels, read_claims
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.page import render_html
from relu_landscape.ledger.references import read_references
from relu_landscape.ledger.report import render_json, render_markdown
from relu_landscape.ledger.unjudged import read_unjudged
from relu_landscape.storage import write_text
from relu_landscape.studies.proofs import join_proofs
from relu_landscape.tables.files import read_published, read_table

with job_log(snakemake.log[0]) as log:
    for path in snakemake.input.audits:
        read_json(path)  # no verdict beside an audit that is damaged
    entries = read_claims(snakemake.input.claims)
    judgements = judge(
        entries,
        join_proofs({Path(path).stem: read_table(path) for path in snakemake.input.tables}),
        {Path(path).stem: read_published(path) for path in snakemake.input.published},
    )
    unjudged = read_unjudged(snakemake.input.claims)
    for judgement in judgements:
        log.say(f"{judgement.verdict}: {judgement.id}")
    write_text(snakemake.output.json, render_json(judgements))
    write_text(snakemake.output.markdown, render_markdown(judgements, unjudged))
    making = Making(
        profile=snakemake.config["profile"],
        tables={Path(path).stem: path for path in snakemake.input.tables},
        page=snakemake.output.html,
        figures=snakemake.params.figures,
        levels=levels(entries),
    )
    references = read_references(snakemake.input.references)
    write_text(snakemake.output.html, render_html(judgements, making, references, unjudged))
