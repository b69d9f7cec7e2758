"""Adapter of rule measure_convexity."""

import numpy as np

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.convexity import measure_convexity_radii
from relu_landscape.proofs import proved_radius
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

settings = dict(snakemake.params.convexity)
del settings["teachers"]
k = int(snakemake.wildcards.teachers.removeprefix("k"))

with job_log(snakemake.log[0]) as log:
    records, directions = measure_convexity_radii(
        k, progress=log.progress(f"convexity k{k}", "rounds"), **settings
    )
    write_arrays(snakemake.output.directions, **{f"k{k}": np.array(directions)})
    radius = proved_radius(read_table(snakemake.input[0], "certified_global_minima"), k)
    records = [{**record, "proved_radius": radius} for record in records]
    write_table(make_table(records, "convexity_radii"), snakemake.output.table, "convexity_radii")
