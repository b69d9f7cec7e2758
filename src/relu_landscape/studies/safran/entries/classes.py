"""The classes of critical points that runs met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.catalogue.critical_points import (
    CriticalPoint,
    DistinctEigenvalue,
    Entries,
    PointCertificate,
    RunsOfSearch,
    SplitLanding,
    WeightsByBlock,
)
from relu_landscape.catalogue.identifiers import class_identifier, family_name
from relu_landscape.evidence.cells import case_name
from relu_landscape.studies.proof_words import certificate_of
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Arrays
from relu_landscape.symmetry.canonical import gap_clusters
from relu_landscape.symmetry.recognition import RecognisedIsotropy, recognise_isotropy

# Equal eigenvalues differ by rounding, some 1e-13; others by more than 1e-6.
SAME_EIGENVALUE: Final = 1e-8
_STATEMENTS: Final = {"all_weights": "spurious_minimum", "symmetry": "symmetric_minimum"}

Place = tuple[int, int, int]


def classes_of_runs(
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    fates: pd.DataFrame,
    representatives: Arrays,
    spectra: Arrays,
    certified_classes: pd.DataFrame,
    identified_classes: pd.DataFrame | None = None,
) -> Entries:
    """One entry a class; its name is made of its size, isotropy and loss.

    Args:
        curvature: with what is proved.
        identified_classes: the families of classes, if the run asked for them.
    """
    points = {_place(row): row for row in rows_of(curvature)}
    spaces = {
        place: recognise_isotropy(representatives[case_name(*place[:2])][place[2]])
        for place in points
    }
    names = {
        place: class_identifier(*place[:2], spaces[place].space.blocks, row["loss"])
        for place, row in points.items()
    }
    tried = {_place(row): row for row in rows_of(certified_classes)}
    families = {} if identified_classes is None else _families(identified_classes)
    runs, landings = _runs(memberships), _landings(fates, names, spaces)
    return [
        CriticalPoint(
            id=names[place],
            kind="class",
            k=row["k"],
            n=row["n"],
            class_id=row["class_id"],
            isotropy=spaces[place].space.isotropy,
            family=families.get(place),
            nature=row["kind"],
            loss=row["loss"],
            smallest_eigenvalue=row["smallest_eigenvalue"],
            negative_eigenvalues=row["negative_eigenvalues"],
            spectrum=distinct_eigenvalues(spectra[case_name(*place[:2])][place[2]]),
            weights_by_block=WeightsByBlock.of_parameters(
                spaces[place].space, spaces[place].parameters
            ),
            runs=runs[place],
            proved=row["proved"],
            reason=_text(tried[place]["reason"]) if place in tried else None,
            certificate=_certificate(tried[place]) if place in tried else None,
            splits=landings[place],
        )
        for place, row in points.items()
    ]


def distinct_eigenvalues(spectrum: NDArray[np.float64]) -> tuple[DistinctEigenvalue, ...]:
    """The distinct ones of eigenvalues (n k,), ascending; each the mean of those that are equal."""
    clusters = gap_clusters(spectrum, SAME_EIGENVALUE)
    counts = np.bincount(clusters)
    means = np.bincount(clusters, weights=spectrum) / counts
    return tuple(
        DistinctEigenvalue(eigenvalue=float(mean), multiplicity=int(count))
        for mean, count in zip(means, counts, strict=True)
    )


def _place(row: Mapping[str, Any]) -> Place:
    return row["k"], row["n"], row["class_id"]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _certificate(row: Mapping[str, Any]) -> PointCertificate | None:
    return certificate_of(row, f"certificates/{row['file']}", _STATEMENTS[row["method"]])


def _families(identified: pd.DataFrame) -> dict[Place, str]:
    """The name of the family of each class that has one."""
    rows = rows_of(identified[identified["family"].notna()])
    return {_place(row): family_name(row["family"], row["m"]) for row in rows}


def _runs(memberships: pd.DataFrame) -> Mapping[Place, tuple[RunsOfSearch, ...]]:
    """By class, how many runs of each search ended there."""
    counts = memberships.groupby(["k", "n", "class_id", "search"]).size().rename("runs")
    found: defaultdict[Place, tuple[RunsOfSearch, ...]] = defaultdict(tuple)
    for row in rows_of(counts.reset_index()):
        found[_place(row)] += (RunsOfSearch(search=row["search"], runs=row["runs"]),)
    return found


def _landings(
    fates: pd.DataFrame, names: Mapping[Place, str], spaces: Mapping[Place, RecognisedIsotropy]
) -> Mapping[Place, tuple[SplitLanding, ...]]:
    """By class, where descent went after each of its splits."""
    found: defaultdict[Place, tuple[SplitLanding, ...]] = defaultdict(tuple)
    for row in rows_of(fates):
        place = _place(row)
        landing = SplitLanding(
            row=_class_of_row(spaces[place], row["neuron"]),
            alpha=row["alpha"],
            sign=row["sign"],
            landing=row["landing"],
            entry=names.get((row["k"], row["n"] + 1, row["landing_class"])),
            loss=row["loss_after"],
        )
        found[place] += (landing,)
    return found


def _class_of_row(found: RecognisedIsotropy, neuron: int) -> int:
    """The class of rows in the recognised space that a row of the representative belongs to."""
    position = int(np.flatnonzero(found.neuron_order == neuron)[0])
    ends = np.cumsum(found.space.row_sizes)
    return int(np.searchsorted(ends, position, side="right"))
