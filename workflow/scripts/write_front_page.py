"""Adapter of rule write_front_page."""

import json
from pathlib import Path

from relu_landscape.evidence.job_log import job_log
from relu_landscape.figures.svg import read_finding
from relu_landscape.ledger.front_page import FoundFigure, Surroundings, render_front_page
from relu_landscape.storage import write_text
from relu_landscape.studies.declarations import declared_figures, declared_studies

with job_log(snakemake.log[0]):
    declared = declared_figures()
    figures = [
        FoundFigure(
            name=figure.name,
            study=figure.study,
            finding=read_finding(path),
            caption=snakemake.params.captions[figure.name],
            leads=figure.leads,
        )
        for path in snakemake.input.figures
        if (figure := declared[Path(path).stem])
    ]
    page = render_front_page(
        snakemake.params.profile,
        figures,
        json.loads(Path(snakemake.input.claims).read_text(encoding="utf-8")),
        Surroundings(declared_studies(), snakemake.params.pages, snakemake.params.folders),
    )
    write_text(snakemake.output[0], page)
