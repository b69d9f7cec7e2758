"""The theorems for every k: on families, on Conjecture 12 and on convexity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

import pandas as pd

from relu_landscape.catalogue.critical_points import CatalogueTheorem, Entries
from relu_landscape.catalogue.identifiers import family_name
from relu_landscape.studies.proofs import Proved
from relu_landscape.studies.rows import rows_of

_OF_FAMILIES: Final = ("family", "m", "piece")
_LINES: Final = "conjecture12/theorems.jsonl"


def theorems_on_families(
    family_theorems: pd.DataFrame,
    theorem_pieces: pd.DataFrame,
    theorem_thresholds: pd.DataFrame,
    theorem_series: pd.DataFrame,
    theorem_checks: pd.DataFrame,
) -> Entries:
    """One entry a family, with enclosures from its least k to infinity."""
    pieces, series = _by_family(theorem_pieces), _by_family(theorem_series)
    thresholds, checks = _by_family(theorem_thresholds), _by_family(theorem_checks)
    found: Entries = []
    for row in rows_of(family_theorems):
        place, name = (row["family"], row["m"]), family_name(row["family"], row["m"])
        accepted = any(check["accepted"] for check in checks[place])
        proved = row["proved"] and accepted
        claim = (
            f"{name} is a spurious strict local minimum, and every split of each of its neurons a "
            "strict saddle, for every real k {} and every number of inputs d >= k."
        )
        if pieces[place] and all(piece["norm_gap_lower"] for piece in pieces[place]):
            claim += " The norms of its neurons sum to less than k."
        found.append(
            CatalogueTheorem(
                id=f"{name}-every-k",
                family=name,
                says=claim.format(
                    f">= {row['least_k']:g}" if row["proved"] else "from some bound on"
                ),
                proved=Proved.PROVED.value if proved else Proved.NOT_PROVED.value,
                reason=None if proved else _known(row)["reason"],
                file=f"theorems/{row['family']}-{row['m']}.jsonl",
                least_k=_known(row)["least_k"],
                bounds={"threshold": thresholds[place][0] if thresholds[place] else None},
                pieces=tuple(pieces[place]),
                series=tuple(series[place]),
            )
        )
    return found


def theorems_on_conjecture12(
    conjecture12_theorems: pd.DataFrame, conjecture12_checks: pd.DataFrame
) -> Entries:
    """One entry a theorem, in the words of the checker."""
    checks = {row["line"]: row for row in rows_of(conjecture12_checks)}
    found: Entries = []
    for row in map(_known, rows_of(conjecture12_theorems)):
        check = checks[row["line"]]
        parts = [row["statement"], f"k{row['k']}", f"m{row['m']}", row["size"]]
        found.append(
            CatalogueTheorem(
                id="-".join(part for part in parts if part),
                family=None,
                says=check["says"],
                proved=Proved.PROVED.value if check["accepted"] else Proved.NOT_PROVED.value,
                file=_LINES,
                line=row["line"],
                least_k=float(row["k"]),
                bounds=_without(row, ("line", "statement")),
            )
        )
    return found


def theorems_on_convexity(convexity_bounds: pd.DataFrame) -> Entries:
    """One entry, with the bounds of the radius at each k of the run."""
    return [
        CatalogueTheorem(
            id="convexity_radius-every-k",
            family=None,
            says=(
                "For every k >= 3 and every number of inputs d >= k, the radius of strong "
                "convexity around the global minimum with n = k lies between the two bounds whose "
                "values at some k stand here (docs/theorems.md)."
            ),
            proved=Proved.PROVED.value,
            least_k=3.0,
            bounds={"radii": rows_of(convexity_bounds)},
        )
    ]


def _by_family(table: pd.DataFrame) -> Mapping[tuple[str, int], list[dict[str, Any]]]:
    """By family and m, the rows of a table without these columns."""
    found: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(table):
        found[row["family"], row["m"]].append(_known(_without(row, _OF_FAMILIES)))
    return found


def _without(row: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with None for what is missing."""
    return {name: None if value != value else value for name, value in row.items()}
