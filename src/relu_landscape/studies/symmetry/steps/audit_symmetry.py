"""A sample of the points of families, with the whole Hessian and in many digits."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.evidence.audit import HasDisagreements, agreed, sample_rows, within_reach
from relu_landscape.evidence.audit_curvature import audit_index, audit_value
from relu_landscape.families.critical_point import SymmetricCriticalPoint, symmetric_critical_point
from relu_landscape.families.random_teachers import follow_to_random_teachers
from relu_landscape.families.settings import RandomTeachers
from relu_landscape.settings.whole import Audit
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Made
from relu_landscape.symmetry.reduced_reference import reference_reduced_loss

_ROUNDING = 1e-13  # of a loss that was rounded to double, relative


def audit_symmetry(
    family_points: pd.DataFrame,
    random_teachers: pd.DataFrame,
    settings: RandomTeachers,
    audit: Audit,
) -> Made:
    """Indices of points small enough for their whole Hessian, and losses of any.

    Args:
        family_points, random_teachers: the tables.
        settings: of the random teachers, which are drawn again.
        audit: how much, and in how many digits.
    """
    digits, number, seed = audit.digits, audit.classes, audit.seed
    small = within_reach(family_points, family_points["k"] <= audit.largest_k)
    records: dict[str, HasDisagreements] = {}
    for row in rows_of(sample_rows(small, number, seed)):
        records[f"{_name(row)}, full Hessian"] = audit_index(
            _point(row).weights(),
            np.eye(row["k"]),
            loss=row["loss"],
            smallest_eigenvalue=row["smallest_eigenvalue"],
            index=row["index"],
            digits=digits,
        )
    for row in rows_of(sample_rows(family_points, number, seed + 1)):
        member = _point(row)
        found = float(
            reference_reduced_loss(member.space, member.extended_parameters, digits=digits)
        )
        records[f"{_name(row)}, loss"] = audit_value("loss", row["loss"], found, _ROUNDING * found)
    strict = random_teachers[random_teachers["outcome"] == "strict_minimum"]
    for row in rows_of(sample_rows(strict, number, seed + 2)):
        k, d, sample = (int(row[name]) for name in ("k", "d", "sample"))
        point = follow_to_random_teachers(k, d, seed=settings.seed, sample=sample)
        records[f"random teachers k={k} d={d} sample={sample}"] = audit_index(
            point.weights,
            point.teachers,
            loss=row["loss"],
            smallest_eigenvalue=row["smallest_eigenvalue"],
            index=0,
            digits=digits,
        )
    return {"audit": agreed(records)}


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['family']} m={row['m']} extra={row['extra']} k={row['k']}"


def _point(row: Mapping[str, Any]) -> SymmetricCriticalPoint:
    return symmetric_critical_point(row["family"], row["k"], m=row["m"] or None, extra=row["extra"])
