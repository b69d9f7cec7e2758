"""Adapter of rule measure_deep_ranks."""

from relu_landscape.activation_regions.deep import measure_deep_cell
from relu_landscape.activation_regions.tables.full_rank import DeepRanks
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

settings = dict(snakemake.params.deep)
first, second = settings.pop("first_widths"), settings.pop("second_widths")
sizes = [
    (size["n"], size["d0"], d1, d2)
    for size in settings.pop("sizes")
    for d1 in first
    for d2 in second
]

with job_log(snakemake.log[0]) as log:
    progress = log.progress("deep ranks", "cells")
    rows = []
    for done, (n, d0, d1, d2) in enumerate(sizes, start=1):
        rows.append(measure_deep_cell(n=n, d0=d0, d1=d1, d2=d2, **settings))
        progress(done, len(sizes))
    write_rows(rows, snakemake.output[0], DeepRanks)
