"""The points of symmetric families at slopes other than zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from relu_landscape.catalogue.critical_points import CriticalPoint, Entries
from relu_landscape.catalogue.identifiers import family_name, point_identifier
from relu_landscape.families.family import family_space
from relu_landscape.studies.proof_words import proof_of
from relu_landscape.studies.rows import rows_of

_FILE: Final = "leaky_slope/spurious_minima.jsonl"
_SAYS: Final = "A spurious strict local minimum of F_s, for every number of inputs d >= k."


def points_at_slopes(
    leaky_points: pd.DataFrame, certified_slopes: pd.DataFrame | None = None
) -> Entries:
    """One entry a point that is no point of the ReLU.

    Args:
        certified_slopes: what was proved, if the run has it.
    """
    tried = [] if certified_slopes is None else rows_of(certified_slopes)
    attempts = {_place(row): row for row in tried}
    found: Entries = []
    for row in rows_of(leaky_points[leaky_points["slope"] != 0]):
        name, k = family_name(row["family"], row["m"]), row["k"]
        attempt = attempts.get(_place(row))
        found.append(
            CriticalPoint(
                id=point_identifier(name, k, k, row["slope"]),
                kind="leaky_point",
                k=k,
                n=k,
                slope=row["slope"],
                isotropy=family_space(row["m"], 0, k).isotropy,
                family=name,
                nature="saddle" if row["index"] > 0 else "spurious_minimum",
                loss=row["loss"],
                smallest_eigenvalue=row["smallest_eigenvalue"],
                negative_eigenvalues=round(row["index"]),
                **proof_of(attempt, _FILE, "symmetric_minimum", _SAYS),
            )
        )
    return found


def _place(row: Mapping[str, Any]) -> tuple[str, int, int, float]:
    return row["family"], row["m"], row["k"], row["slope"]
