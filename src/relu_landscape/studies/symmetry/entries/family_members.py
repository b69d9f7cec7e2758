"""The points of symmetric families, at each k where they were solved or a proof was tried."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from relu_landscape.catalogue.critical_points import (
    CriticalPoint,
    DistinctEigenvalue,
    Entries,
    SplitLanding,
    WeightsByBlock,
)
from relu_landscape.catalogue.identifiers import family_name, point_identifier
from relu_landscape.families.family import family_space
from relu_landscape.studies.proof_words import certificate_of
from relu_landscape.studies.proofs import Proved
from relu_landscape.studies.rows import rows_of
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.tables.columns import POINT, ProofState

_FILE: Final = "certificates/families.jsonl"

Place = tuple[str, int, int, int]


def points_of_families(
    family_points: pd.DataFrame,
    family_parameters: pd.DataFrame,
    family_spectra: pd.DataFrame,
    family_fates: pd.DataFrame,
    certified_families: pd.DataFrame,
    families: Sequence[str] | None = None,
) -> Entries:
    """One entry a point; of those that were not solved it has what their certificate says.

    Args:
        families: the certificates, if the run has them.
    """
    solved = {_place(row): row for row in rows_of(family_points)}
    tried = {_place(row): row for row in rows_of(certified_families)}
    proved = {place: row for place, row in tried.items() if row["proved"]}
    parameters, spectra = _parameters(family_parameters), _spectra(family_spectra)
    landings = _landings(family_fates)
    found: Entries = []
    for place in sorted({*solved, *proved}):
        family, m, extra, k = place
        row, attempt = solved.get(place), tried.get(place)
        space = family_space(m, extra, k)
        found.append(
            CriticalPoint(
                id=point_identifier(family_name(family, m), k, k + extra),
                kind="family_point",
                k=k,
                n=k + extra,
                isotropy=space.isotropy,
                family=family_name(family, m),
                nature="saddle" if row and row["index"] > 0 else "spurious_minimum",
                loss=row["loss"] if row else _middle(proved[place]),
                smallest_eigenvalue=row["smallest_eigenvalue"] if row else None,
                negative_eigenvalues=round(row["index"]) if row else None,
                spectrum=spectra[place],
                weights_by_block=_solved(space, parameters[place])
                if row
                else _certified(families, proved[place]["line"]),
                proved=_state(attempt),
                reason=attempt["reason"] if attempt and not attempt["proved"] else None,
                certificate=certificate_of(attempt, _FILE, "symmetric_minimum")
                if attempt
                else None,
                splits=landings[place],
            )
        )
    return found


def _place(row: Mapping[str, Any]) -> Place:
    family, m, extra, k = (row[name] for name in POINT)
    return family, m, extra, k


def _solved(space: FixedPointSpace, parameters: Mapping[str, float]) -> WeightsByBlock:
    """The weights of parameters by name."""
    values = [parameters[name] for name in space.parameter_names]
    return WeightsByBlock.of_parameters(space, values)


def _certified(lines: Sequence[str] | None, number: int) -> WeightsByBlock | None:
    """The weights at the centre of a certificate, rounded to doubles; None without the lines."""
    if lines is None:
        return None
    fields = json.loads(lines[number - 1])
    space = FixedPointSpace(tuple(fields["blocks"]), fields["extra"])
    own = [_double(value) for value in fields["own"]] + [0.0] * fields["extra"]
    rest = [[_double(value) for value in row] for row in fields["rest"]]
    return WeightsByBlock.of_parameters(space, space.vector(own, rest))


def _double(text: str) -> float:
    """The double nearest to a number in the notation of hexadecimal floats, of any length."""
    mantissa, exponent = text.split("p")
    return float(Fraction(int(mantissa, 16)) * Fraction(2) ** int(exponent))


def _state(attempt: Mapping[str, Any] | None) -> ProofState:
    if attempt is None:
        return Proved.NOT_TRIED.value
    return Proved.PROVED.value if attempt["proved"] else Proved.NOT_PROVED.value


def _middle(attempt: Mapping[str, Any]) -> float:
    """The loss that a certificate encloses to more digits than a double has."""
    return float(attempt["loss_lower"] + attempt["loss_upper"]) / 2


def _parameters(table: pd.DataFrame) -> Mapping[Place, dict[str, float]]:
    """By point, its parameters by name."""
    found: defaultdict[Place, dict[str, float]] = defaultdict(dict)
    for row in rows_of(table):
        found[_place(row)][row["parameter"]] = row["value"]
    return found


def _spectra(table: pd.DataFrame) -> Mapping[Place, tuple[DistinctEigenvalue, ...]]:
    """By point, its distinct eigenvalues in ascending order."""
    found: defaultdict[Place, tuple[DistinctEigenvalue, ...]] = defaultdict(tuple)
    for row in rows_of(table.sort_values("rank")):
        found[_place(row)] += (
            DistinctEigenvalue(
                eigenvalue=row["eigenvalue"],
                multiplicity=round(row["multiplicity"]),
                irrep=row["irrep"],
            ),
        )
    return found


def _landings(fates: pd.DataFrame) -> Mapping[Place, tuple[SplitLanding, ...]]:
    """By point with n = k, where descent went after one split."""
    found: defaultdict[Place, tuple[SplitLanding, ...]] = defaultdict(tuple)
    for row in rows_of(fates[fates["second_sign"] == 0]):
        landing = SplitLanding(
            row=row["neuron_class"],
            alpha=None,
            sign=row["sign"],
            landing=row["landing"],
            entry=None,
            loss=row["loss_after"],
        )
        found[row["family"], row["m"], 0, row["k"]] += (landing,)
    return found
