"""What is proved of single sizes: spurious minima, and the curvature around global minima."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from relu_landscape.catalogue.critical_points import CatalogueTheorem, Entries
from relu_landscape.evidence.cells import case_name
from relu_landscape.studies.proofs import Proved
from relu_landscape.studies.rows import rows_of

_OF_MINIMA: Final = (
    *("k", "n", "loss_lower", "loss_upper", "hessian_lower", "orthogonal_hessian_lower"),
    *("norm_sum_upper", "splits", "splits_proved"),
)
_OF_GLOBAL_MINIMA: Final = ("k", "eigenvalue_lower", "eigenvalue_upper", "radius", "hessian_lower")


def theorems_on_pairs(certified_pairs: pd.DataFrame) -> Entries:
    """One entry a pair (k, n) of the theorem of 2018 for which a spurious minimum was tried."""
    return [
        CatalogueTheorem(
            id=f"spurious_minimum-{case_name(row['k'], row['n'])}",
            family=None,
            says=(
                f"With k = {row['k']} teachers and n = {row['n']} students there is a spurious "
                f"strict local minimum, for every number of inputs d >= {row['k']}."
            ),
            proved=Proved.PROVED.value if row["proved"] else Proved.NOT_PROVED.value,
            reason=None if row["proved"] else row["reason"],
            file="certificates/pairs.jsonl",
            line=row["line"] or None,
            least_k=float(row["k"]),
            bounds=_bounds(row, _OF_MINIMA) if row["proved"] else {},
        )
        for row in rows_of(certified_pairs)
    ]


def theorems_on_global_minima(certified_global_minima: pd.DataFrame) -> Entries:
    """One entry a k: the curvature at and around the global minimum with n = k."""
    return [
        CatalogueTheorem(
            id=f"global_minimum-{case_name(row['k'], row['k'])}",
            family=None,
            says=(
                f"At the global minimum with n = k = {row['k']} the smallest Hessian eigenvalue is "
                f"from {row['eigenvalue_lower']:.12g} to {row['eigenvalue_upper']:.12g}, and F is "
                f"strongly convex in the ball of radius {row['radius']:.6g} around it."
            ),
            proved=Proved.PROVED.value,
            file="certificates/global_minima.jsonl",
            line=row["line"],
            least_k=float(row["k"]),
            bounds=_bounds(row, _OF_GLOBAL_MINIMA),
        )
        for row in rows_of(certified_global_minima)
    ]


def _bounds(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}
