"""A sample of the points with the whole network and its pair kernel."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.evidence.audit import HasDisagreements, agreed, sample_rows, tolerances_for
from relu_landscape.evidence.audit_curvature import audit_value
from relu_landscape.leaky.leaky_points import leaky_critical_point
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.objective.pair_kernels import leaky_relu
from relu_landscape.settings.whole import Audit
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Made

_SCALE_OF_COUPLING = 4.0  # (1 - s)^2 at s = -1: more than that no loss or curvature grows


def audit_leaky_slope(leaky_points: pd.DataFrame, audit: Audit) -> Made:
    """Loss, gradient and smallest eigenvalue of a sample, recomputed for all weights.

    Args:
        leaky_points: the table.
        audit: how much, and up to which k.
    """
    small = leaky_points[leaky_points["k"] <= max(audit.largest_k, leaky_points["k"].min())]
    records: dict[str, HasDisagreements] = {}
    for row in rows_of(sample_rows(small, 4 * audit.classes, audit.seed)):
        records |= _records(row)
    return {"audit": agreed(records)}


def _records(row: Mapping[str, Any]) -> dict[str, HasDisagreements]:
    """Loss, gradient norm and smallest eigenvalue of one row."""
    k, slope, kernel = row["k"], row["slope"], leaky_relu(row["slope"])
    W = leaky_critical_point(row["family"], k, slope, m=row["m"] or None).weights()
    V = np.eye(k)
    allowed = tolerances_for(W, V)
    gradient = float(np.linalg.norm(population_gradient(W, V, kernel=kernel)))
    smallest = float(np.linalg.eigvalsh(population_hessian(W, V, kernel=kernel))[0])
    name = f"{row['family']} m={row['m']} k={k} s={slope:g}"
    found = {
        "loss": (row["loss"], population_loss(W, V, kernel=kernel), allowed.loss),
        "gradient norm": (0.0, gradient, allowed.gradient_norm),
        "smallest eigenvalue": (row["smallest_eigenvalue"], smallest, allowed.eigenvalue),
    }
    return {
        f"{name}, {quantity}": audit_value(
            quantity, reported, value, _SCALE_OF_COUPLING * tolerance
        )
        for quantity, (reported, value, tolerance) in found.items()
    }
