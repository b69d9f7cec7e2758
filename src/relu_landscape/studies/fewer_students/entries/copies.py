"""Copy-averages and perturbed copies of the ReLU, with fewer students than teachers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from relu_landscape.catalogue.critical_points import (
    CriticalPoint,
    DistinctEigenvalue,
    Entries,
    WeightsByBlock,
)
from relu_landscape.catalogue.identifiers import point_identifier
from relu_landscape.fewer_students.copy_branches import CopyBranch, branch_space
from relu_landscape.studies.proof_words import proof_of
from relu_landscape.studies.rows import rows_of

_FILE: Final = "fewer_students/strict_minima.jsonl"
_SAYS: Final = "A strict local minimum, for every number of inputs d >= k."
_KERNEL: Final = "relu"

Place = tuple[str, int, int]


def points_with_few_students(
    copy_points: pd.DataFrame,
    copy_parameters: pd.DataFrame,
    copy_spectra: pd.DataFrame,
    certified_copies: pd.DataFrame,
) -> Entries:
    """One entry a point; that with one student is one of both branches, and is named once."""
    tried = {_place(row): row for row in rows_of(certified_copies)}
    parameters: defaultdict[Place, dict[str, float]] = defaultdict(dict)
    for row in rows_of(_of_relu(copy_parameters)):
        parameters[_place(row)][row["parameter"]] = row["value"]
    spectra: defaultdict[Place, tuple[DistinctEigenvalue, ...]] = defaultdict(tuple)
    for row in rows_of(_of_relu(copy_spectra).sort_values("rank")):
        spectra[_place(row)] += (
            DistinctEigenvalue(
                eigenvalue=row["eigenvalue"],
                multiplicity=round(row["multiplicity"]),
                irrep=row["irrep"],
            ),
        )
    found: Entries = []
    for row in rows_of(_of_relu(copy_points)):
        place, attempt = _place(row), tried.get(_place(row))
        branch, k, n = place
        space = branch_space(CopyBranch(branch), k, n)
        values = [parameters[place][name] for name in space.parameter_names]
        found.append(
            CriticalPoint(
                id=point_identifier(branch, k, n),
                kind="family_point",
                k=k,
                n=n,
                isotropy=row["isotropy"],
                family=branch,
                nature="saddle" if row["index"] > 0 else "strict_minimum",
                loss=row["loss"],
                smallest_eigenvalue=row["smallest_eigenvalue"],
                negative_eigenvalues=round(row["index"]),
                spectrum=spectra[place],
                weights_by_block=WeightsByBlock.of_parameters(space, values),
                **proof_of(attempt, _FILE, "strict_minimum", _SAYS),
            )
        )
    return found


def _of_relu(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["kernel"] == _KERNEL]


def _place(row: Mapping[str, Any]) -> Place:
    return row["branch"], row["k"], row["n"]
