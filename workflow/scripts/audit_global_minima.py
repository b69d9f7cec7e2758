"""Adapter of rule audit_global_minima."""

from dataclasses import asdict

import numpy as np

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.audit import require_agreement, sample_rows
from relu_landscape.evidence.audit_curvature import audit_form, audit_singular_hessian
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import read_table
from relu_landscape.global_minima.directions import draw_point
from relu_landscape.global_minima.members import global_minimum
from relu_landscape.global_minima.perturbations import equal_shares
from relu_landscape.global_minima.random_perturbations import Perturbation, seeded_perturbation

params, read = snakemake.params, snakemake.input
digits = params.audit["digits"]
RADIUS_SLACK = 1e-9  # a radius is bisected to 1e-10, and eigenvalues move by a few times that
LARGEST_SIZE = 60  # students: the reference evaluates n^2 pairs one by one


def sample(path, table, students):
    """Rows to recompute: as many as the config asks for, of sizes that the reference can take."""
    rows = read_table(path, table)
    small = rows[(rows["k"] <= params.audit["largest_k"]) & (students(rows) <= LARGEST_SIZE)]
    return sample_rows(small, params.audit["classes"], params.audit["seed"]).itertuples()


with job_log(snakemake.log[0]):
    records = {}
    directions = read_arrays(read.directions)
    for row in sample(read.radii, "convexity_radii", lambda rows: rows["k"]):
        if np.isfinite(row.radius):
            direction = directions[f"k{row.k}"][row.place]
            W = np.eye(row.k) + row.radius * direction
            name = f"convexity radius k={row.k} {row.search} {row.start}"
            records[name] = audit_singular_hessian(
                W, np.eye(row.k), slack=RADIUS_SLACK, digits=digits
            )
    for row in sample(read.forms, "perturbation_forms", lambda rows: rows["k"] * rows["m"]):
        G = seeded_perturbation(
            row.k,
            row.m,
            Perturbation(row.perturbation),
            row.sample,
            standard_deviation=row.standard_deviation,
            seed=params.perturbations["seed"],
        )
        W = equal_shares(row.k, row.m) + G
        reported = row.form * row.standard_deviation**2
        name = f"form k={row.k} m={row.m} {row.perturbation} {row.sample}"
        records[name] = audit_form(W, np.eye(row.k), G, reported, digits=digits)
    for row in sample(read.quotients, "direction_quotients", lambda rows: rows["n"]):
        W = draw_point(
            row.k, row.n, row.direction, radius=row.radius, seed=params.directions["seed"]
        )
        U = W - global_minimum(row.n, row.k)
        reported = row.one_point_hessian * float(np.sum(U**2))
        name = f"quotient k={row.k} n={row.n} {row.direction}"
        records[name] = audit_form(W, np.eye(row.k), U, reported, digits=digits)
    points = read_arrays(read.points)
    for row in sample(read.searches, "conjecture12_search", lambda rows: rows["k"] * rows["m"]):
        G = points[f"k{row.k}-m{row.m}"][row.place]
        W = equal_shares(row.k, row.m) + G
        name = f"conjecture 12 k={row.k} m={row.m} {row.scaled_radius} {row.start}"
        records[name] = audit_form(W, np.eye(row.k), G, row.form, digits=digits)
    require_agreement(records)
    write_json(snakemake.output[0], {name: asdict(record) for name, record in records.items()})
