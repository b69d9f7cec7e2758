"""Adapter of rule audit_global_minima."""

from dataclasses import asdict
from itertools import chain

import numpy as np

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.audit import require_agreement, sample_rows, within_reach
from relu_landscape.evidence.audit_curvature import audit_form, audit_singular_hessian
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima import reported_points
from relu_landscape.tables.files import read_table

read, settings = snakemake.input, snakemake.params.audit
digits = settings["digits"]
seeds = {name: snakemake.params[name]["seed"] for name in ("perturbations", "directions")}
RADIUS_SLACK = 1e-9  # a radius is bisected to 1e-10, and eigenvalues move by a few times that
LARGEST_SIZE = 60  # students: the reference evaluates n^2 pairs one by one


def sample(path, table, students):
    """Rows to recompute: as many as the config asks for, of sizes that the reference can take."""
    rows = read_table(path, table)
    small = (rows["k"] <= settings["largest_k"]) & (students(rows) <= LARGEST_SIZE)
    drawn = sample_rows(within_reach(rows, small), settings["classes"], settings["seed"])
    return drawn.to_dict("records")


with job_log(snakemake.log[0]):
    radii = sample(read.radii, "convexity_radii", lambda rows: rows["k"])
    forms = sample(read.forms, "perturbation_forms", lambda rows: rows["k"] * rows["m"])
    quotients = sample(read.quotients, "direction_quotients", lambda rows: rows["n"])
    searches = sample(read.searches, "conjecture12_search", lambda rows: rows["k"] * rows["m"])
    records = {}
    for name, W in reported_points.singular_points(radii, read_arrays(read.directions)):
        V = np.eye(W.shape[1])
        records[name] = audit_singular_hessian(W, V, slack=RADIUS_SLACK, digits=digits)
    for form in chain(
        reported_points.perturbation_forms(forms, seed=seeds["perturbations"]),
        reported_points.direction_forms(quotients, seed=seeds["directions"]),
        reported_points.searched_forms(searches, read_arrays(read.points)),
    ):
        V = np.eye(form.W.shape[1])
        records[form.name] = audit_form(form.W, V, form.U, form.value, digits=digits)
    require_agreement(records)
    write_json(snakemake.output[0], {name: asdict(record) for name, record in records.items()})
