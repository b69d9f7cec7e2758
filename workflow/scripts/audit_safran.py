"""Adapter of rule audit_safran."""

from dataclasses import asdict

import numpy as np

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.audit import audit_point, require_agreement, sample_rows
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import read_table

settings = snakemake.params.audit

with job_log(snakemake.log[0]) as log:
    curvature = read_table(snakemake.input.curvature, "curvature")
    classes = read_table(snakemake.input.classes, "classes")
    points = read_arrays(snakemake.input.representatives)
    directions = read_arrays(snakemake.input.softest_directions)
    measured = curvature.merge(classes[["k", "n", "class_id", "gradient_norm"]])
    measured = measured[measured["k"] <= settings["largest_k"]]
    sample = sample_rows(measured, settings["classes"], settings["seed"])
    records = {}
    progress = log.progress("audit", "classes")
    for done, row in enumerate(sample.itertuples(), start=1):
        case = f"k{row.k}-n{row.n}"
        records[f"{case} class {row.class_id}"] = audit_point(
            points[case][row.class_id],
            np.eye(row.k),
            loss=row.loss,
            gradient_norm=row.gradient_norm,
            smallest_eigenvalue=row.smallest_eigenvalue,
            direction=directions[case][row.class_id],
            digits=settings["digits"],
        )
        progress(done, len(sample))
    require_agreement(records)
    write_json(snakemake.output[0], {name: asdict(record) for name, record in records.items()})
