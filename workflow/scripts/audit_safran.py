"""Adapter of rule audit_safran."""

from dataclasses import asdict

import numpy as np

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.audit import (
    audit_point,
    extreme_rows,
    require_agreement,
    sample_rows,
    within_reach,
)
from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import read_table

settings = snakemake.params.audit
# Where the universal claims about spurious minima would fail first, of the sizes within reach: a
# counterexample there is audited.
EXTREMES = {
    "smallest_eigenvalue": "smallest",
    "norm_gap": "smallest",
    "largest_inner_eigenvalue": "largest",
    "largest_mean_curvature": "largest",
}

with job_log(snakemake.log[0]) as log:
    curvature = read_table(snakemake.input.curvature, "curvature")
    classes = read_table(snakemake.input.classes, "classes")
    points = read_arrays(snakemake.input.representatives)
    directions = read_arrays(snakemake.input.softest_directions)
    measured = curvature.merge(classes[["k", "n", "class_id", "gradient_norm"]])
    measured = within_reach(measured, measured["k"] <= settings["largest_k"])
    spurious = measured[(measured["kind"] == "spurious_minimum") & (measured["n"] == measured["k"])]
    drawn = sample_rows(measured, settings["classes"], settings["seed"])
    extreme = extreme_rows(spurious, EXTREMES)
    sample = measured.loc[sorted({*drawn.index, *extreme.index})]
    records = {}
    progress = log.progress("audit", "classes")
    for done, row in enumerate(sample.itertuples(), start=1):
        case = case_name(row.k, row.n)
        records[f"{case} class {row.class_id}"] = audit_point(
            points[case][row.class_id],
            np.eye(row.k),
            loss=row.loss,
            gradient_norm=row.gradient_norm,
            smallest_eigenvalue=row.smallest_eigenvalue,
            direction=directions[case][row.class_id],
            largest_inner_eigenvalue=row.largest_inner_eigenvalue,
            digits=settings["digits"],
        )
        progress(done, len(sample))
    require_agreement(records)
    write_json(snakemake.output[0], {name: asdict(record) for name, record in records.items()})
