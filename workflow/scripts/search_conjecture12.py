"""Adapter of rule search_conjecture12."""

import numpy as np

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.global_minima.conjecture12 import search_violation

settings, shares = snakemake.params.conjecture12, snakemake.wildcards.shares
k, m = (int(part[1:]) for part in shares.split("-"))
searches = [
    (radius, start) for radius in settings["scaled_radii"] for start in range(settings["starts"])
]

with job_log(snakemake.log[0]) as log:
    progress = log.progress(f"conjecture 12 {shares}", "searches")
    records, points = [], []
    for done, (radius, start) in enumerate(searches, start=1):
        record, point = search_violation(k, m, radius, start, seed=settings["seed"])
        records.append({**record, "place": done - 1})
        points.append(point)
        progress(done, len(searches))
    write_arrays(snakemake.output.points, conjecture12_points=np.array(points))
    table = "conjecture12_search"
    write_table(make_table(records, table), snakemake.output.table, table)
