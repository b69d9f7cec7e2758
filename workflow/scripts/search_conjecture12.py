"""Adapter of rule search_conjecture12."""

import numpy as np

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.conjecture12 import search_violations
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings, table = snakemake.params.conjecture12, "conjecture12_search"
names = ("scaled_radii", "chains", "tries", "rounds", "seed")
k = int(snakemake.wildcards.teachers.removeprefix("k"))
students = [size["m"] for size in settings["sizes"] if size["k"] == k]

with job_log(snakemake.log[0]) as log:
    records, points = [], {}
    for m in students:
        found, at = search_violations(
            k,
            m,
            progress=log.progress(f"conjecture 12 k{k}-m{m}", "rounds"),
            **{name: settings[name] for name in names},
        )
        records += found
        points[f"k{k}-m{m}"] = np.array(at)
    write_arrays(snakemake.output.points, **points)
    write_table(make_table(records, table), snakemake.output.table, table)
