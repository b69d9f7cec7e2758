"""A sample of radii, forms and quotients, computed again in many digits."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.evidence.audit import HasDisagreements, agreed, sample_rows, within_reach
from relu_landscape.evidence.audit_curvature import audit_form, audit_singular_hessian
from relu_landscape.global_minima import reported_points
from relu_landscape.global_minima.settings import Directions, Perturbations
from relu_landscape.settings.whole import Audit
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Arrays, Made

_RADIUS_SLACK = 1e-9  # a radius is bisected to 1e-10, and eigenvalues move by a few times that
_LARGEST_SIZE = 60  # students: the reference evaluates n^2 pairs one by one


def audit_global_minima(
    convexity_radii: pd.DataFrame,
    perturbation_forms: pd.DataFrame,
    conjecture12_search: pd.DataFrame,
    direction_quotients: pd.DataFrame,
    convexity_directions: Arrays,
    conjecture12_points: Arrays,
    audit: Audit,
    perturbations: Perturbations,
    directions: Directions,
) -> Made:
    """Hessians that are singular at their radius, and the forms that the tables hold."""
    radii = _sample(convexity_radii, audit, lambda rows: rows["k"])
    forms = _sample(perturbation_forms, audit, lambda rows: rows["k"] * rows["m"])
    quotients = _sample(direction_quotients, audit, lambda rows: rows["n"])
    searches = _sample(conjecture12_search, audit, lambda rows: rows["k"] * rows["m"])
    records: dict[str, HasDisagreements] = {}
    for name, W in reported_points.singular_points(radii, convexity_directions):
        V = np.eye(W.shape[1])
        records[name] = audit_singular_hessian(W, V, slack=_RADIUS_SLACK, digits=audit.digits)
    for form in chain(
        reported_points.perturbation_forms(forms, perturbations),
        reported_points.direction_forms(quotients, directions),
        reported_points.searched_forms(searches, conjecture12_points),
    ):
        V = np.eye(form.W.shape[1])
        records[form.name] = audit_form(form.W, V, form.U, form.value, digits=audit.digits)
    return {"audit": agreed(records)}


def _sample(
    rows: pd.DataFrame, audit: Audit, students: Callable[[pd.DataFrame], pd.Series]
) -> list[dict[str, Any]]:
    """Rows to recompute: as many as the config asks for, of sizes that the reference can take."""
    small = (rows["k"] <= audit.largest_k) & (students(rows) <= _LARGEST_SIZE)
    drawn = sample_rows(within_reach(rows, small), audit.classes, audit.seed)
    return rows_of(drawn)
