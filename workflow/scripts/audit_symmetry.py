"""Adapter of rule audit_symmetry."""

from dataclasses import asdict

import numpy as np

from relu_landscape.evidence.audit import require_agreement, sample_rows, within_reach
from relu_landscape.evidence.audit_curvature import audit_index, audit_value
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.critical_point import symmetric_critical_point
from relu_landscape.symmetry.reference import reference_reduced_loss
from relu_landscape.tables.files import read_table

settings, digits = snakemake.params.audit, snakemake.params.audit["digits"]
ROUNDING = 1e-13  # of a loss that was rounded to double, relative

with job_log(snakemake.log[0]) as log:
    points = read_table(snakemake.input.points, "family_points")
    small = within_reach(points, points["k"] <= settings["largest_k"])
    records = {}
    for row in sample_rows(small, settings["classes"], settings["seed"]).itertuples():
        name = f"{row.family} m={row.m} extra={row.extra} k={row.k}"
        point = symmetric_critical_point(row.family, row.k, m=row.m or None, extra=row.extra)
        records[f"{name}, full Hessian"] = audit_index(
            point.weights(),
            np.eye(row.k),
            loss=row.loss,
            smallest_eigenvalue=row.smallest_eigenvalue,
            index=row.index,
            digits=digits,
        )
    for row in sample_rows(points, settings["classes"], settings["seed"] + 1).itertuples():
        name = f"{row.family} m={row.m} extra={row.extra} k={row.k}"
        point = symmetric_critical_point(row.family, row.k, m=row.m or None, extra=row.extra)
        found = float(reference_reduced_loss(point.space, point.extended_parameters, digits=digits))
        records[f"{name}, loss"] = audit_value("loss", row.loss, found, ROUNDING * found)
    require_agreement(records)
    write_json(snakemake.output[0], {name: asdict(record) for name, record in records.items()})
