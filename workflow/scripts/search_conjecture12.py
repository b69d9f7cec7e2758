"""Adapter of rule search_conjecture12."""

import numpy as np

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.global_minima.conjecture12 import search_violations

settings, shares = snakemake.params.conjecture12, snakemake.wildcards.shares
k, m = (int(part[1:]) for part in shares.split("-"))
names = ("scaled_radii", "chains", "tries", "rounds", "seed")

with job_log(snakemake.log[0]) as log:
    records, points = search_violations(
        k,
        m,
        progress=log.progress(f"conjecture 12 {shares}", "rounds"),
        **{name: settings[name] for name in names},
    )
    write_arrays(snakemake.output.points, conjecture12_points=np.array(points))
    table = "conjecture12_search"
    write_table(make_table(records, table), snakemake.output.table, table)
