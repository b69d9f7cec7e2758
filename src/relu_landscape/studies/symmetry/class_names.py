"""The classes that gradient descent met, by the names of their families, and how often."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.families.critical_point import (
    SymmetricCriticalPoint,
    symmetric_critical_point,
)
from relu_landscape.families.family import Family
from relu_landscape.families.identification import Identification, between_families, identify_family
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.symmetry.continuation import SolveError
from relu_landscape.symmetry.recognition import recognise_isotropy

SAME_LOSS = 1e-10
# Families that have a continuation to n = k + 1 in `families`, with the neurons of their block.
CONTINUED = ((Family.A, None), (Family.I, 1), (Family.II, 1))
# n - k -> families that random initialisation is asked about even where it never met them.
ASKED_FOR = {
    0: (("A", 0), ("I", 1), ("I", 2), ("II", 1), ("II", 2)),
    1: (("A", 0), ("I", 1), ("II", 1)),
}
NO_FAMILY = "none"


def name_classes(
    curvature: pd.DataFrame, points: NDArray[np.float64], *, tolerance: float
) -> list[dict[str, Any]]:
    """Return one record a class of one size that is not global: its family, or between which two.

    Args:
        curvature: rows of the classes of one size; columns k, n, class_id, kind, loss.
        points: (classes, n, k), their representatives.
        tolerance: entries closer than this are equal.

    Source: the families of AF20 and AF22; see `identify_family` and `between_families`.
    """
    records = []
    for row in curvature[curvature["kind"] != "global_minimum"].to_dict("records"):
        point = points[row["class_id"]]
        name = _identify(point, row["loss"], tolerance)
        nameless = name.family is None and row["n"] == row["k"]
        between = between_families(point, tolerance=tolerance) if nameless else None
        records.append(
            {
                **{column: row[column] for column in ("k", "n", "class_id", "kind", "loss")},
                "family": None if name.family is None else name.family.value,
                "m": name.m,
                "between": between or 0,
                "isotropy": name.isotropy,
                "loss_as_I": name.loss_as_I,
                "loss_as_II": name.loss_as_II,
            }
        )
    return records


def count_families(
    restarts: pd.DataFrame, memberships: pd.DataFrame, named: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return how often each search reached each family, for every size that was named.

    Args:
        restarts: rows of restarts; columns search, k, n.
        memberships: rows of classified runs; columns search, k, n, class_id.
        named: rows of `name_classes`.

    Returns:
        One record for each search, size and family met or asked for, with the runs at spurious
        minima of no family as "none". At n = k + 1 a family stands for its continuation.
    """
    case = ["k", "n"]
    minima = named[named["kind"] == "spurious_minimum"]
    ends = memberships.merge(minima[[*case, "class_id", "family", "m"]], on=[*case, "class_id"])
    ends["family"] = ends["family"].astype(object).fillna(NO_FAMILY)
    reached = ends.groupby(["search", *case, "family", "m"]).size()
    sizes = set(named[case].drop_duplicates().itertuples(index=False, name=None))
    records = []
    for label, rows in restarts.groupby(["search", *case]):
        search, k, n = cast("tuple[str, int, int]", label)
        if (k, n) not in sizes:
            continue
        met = {(family, m) for s, a, b, family, m in reached.index if (s, a, b) == (search, k, n)}
        for family, m in sorted({*met, *ASKED_FOR[n - k], (NO_FAMILY, 0)}):
            hits, runs = int(reached.get((search, k, n, family, m), 0)), len(rows)
            low, high = clopper_pearson(hits, runs)
            records.append(
                {
                    "search": search,
                    "k": k,
                    "n": n,
                    "family": family,
                    "m": m,
                    "runs": runs,
                    "reached": hits,
                    "percent": 100.0 * hits / runs,
                    "percent_low": 100.0 * low,
                    "percent_high": 100.0 * high,
                }
            )
    return records


@cache
def _continued_point(family: Family, k: int, m: int | None) -> SymmetricCriticalPoint:
    """The continuation of a family to n = k + 1, which is the same for all classes of a size."""
    return symmetric_critical_point(family, k, m=m, extra=1)


def _identify(point: NDArray[np.float64], loss: float, tolerance: float) -> Identification:
    n, k = point.shape
    if n == k:
        try:
            return identify_family(point, tolerance=tolerance)
        except (ValueError, SolveError):
            # Not within Newton's reach of a critical point of its isotropy: it has no name.
            pass
    isotropy = recognise_isotropy(point, tolerance=tolerance).space.isotropy
    if n == k + 1:
        for family, m in CONTINUED:
            known = _continued_point(family, k, m)
            if abs(known.loss - loss) <= SAME_LOSS:
                return Identification(family, known.m, isotropy, loss, math.nan, math.nan)
    return Identification(None, 0, isotropy, loss, math.nan, math.nan)
