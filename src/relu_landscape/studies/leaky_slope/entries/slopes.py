"""The points of symmetric families at slopes other than zero."""

from __future__ import annotations

import pandas as pd

from relu_landscape.catalogue.critical_points import CriticalPoint, Entries
from relu_landscape.catalogue.identifiers import family_name, point_identifier
from relu_landscape.families.family import family_space
from relu_landscape.studies.proofs import Proved
from relu_landscape.studies.rows import rows_of


def points_at_slopes(leaky_points: pd.DataFrame) -> Entries:
    """One entry a point that is no point of the ReLU."""
    found: Entries = []
    for row in rows_of(leaky_points[leaky_points["slope"] != 0]):
        name, k = family_name(row["family"], row["m"]), row["k"]
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
                proved=Proved.NOT_TRIED.value,
            )
        )
    return found
