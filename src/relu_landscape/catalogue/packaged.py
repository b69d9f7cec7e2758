"""The catalogue that comes with the package: that of the published run of quick, read offline."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from relu_landscape.arguments import (
    checked_arguments,
    optional,
    real_number,
    text,
    whole_number,
)
from relu_landscape.catalogue.critical_points import CatalogueTheorem, CriticalPoint, Entries
from relu_landscape.catalogue.export import SCHEMA, CatalogueFiles, read_rows, write_catalogue
from relu_landscape.catalogue.identifiers import resolve
from relu_landscape.catalogue.rows import entries_of_rows

__all__ = [
    "PACKAGED",
    "PROFILE",
    "export_packaged",
    "find",
    "find_by_id",
    "look_up",
    "theorems",
]

PROFILE: Final = "quick"
PACKAGED: Final = Path(__file__).with_name(f"{SCHEMA.name}.parquet")
_NEAR: Final = 4
_SIZE: Final = re.compile(r"k(\d+)-n(\d+)")


@checked_arguments(
    k=whole_number, n=optional(whole_number), family=optional(text), slope=real_number
)
def find(
    k: int, n: int | None = None, *, family: str | None = None, slope: float = 0.0
) -> list[CriticalPoint]:
    """Return the critical points of one size, those with the least loss first.

    Args:
        k: number of teachers.
        n: number of students; k if None.
        family: only those of this family, such as "II_1" or "copy_average"; all if None.
        slope: of the activation for negative inputs; 0, the ReLU.

    Returns:
        Classes that runs of the published quick profile met, and points of symmetric families; a
        class that is a point of a family names it, and both are there.

    Raises:
        ValueError: none is known; the nearest sizes, or the families of this size, are named.
    """
    students = k if n is None else n
    at_slope = [point for point in _points() if point.slope == slope]
    if not at_slope:
        slopes = ", ".join(f"{s:g}" for s in sorted({point.slope for point in _points()}))
        raise ValueError(f"the catalogue has no critical point at slope {slope:g}; it has {slopes}")
    points = [point for point in at_slope if (point.k, point.n) == (k, students)]
    if not points:
        sizes = sorted(
            {(point.k, point.n) for point in at_slope},
            key=lambda size: (abs(size[0] - k), abs(size[1] - students), size),
        )
        near = "; ".join(f"k={size[0]}, n={size[1]}" for size in sizes[:_NEAR])
        raise ValueError(
            f"the catalogue has no critical point for k={k} teachers and n={students} students at "
            f"slope {slope:g}; the nearest sizes are {near}"
        )
    chosen = [point for point in points if family in (None, point.family)]
    if not chosen:
        families = sorted({point.family for point in points if point.family})
        known = f"it has {', '.join(families)}" if families else "no point of it has a family"
        raise ValueError(f"k={k}, n={students} has no critical point of family {family!r}; {known}")
    return sorted(chosen, key=lambda point: (point.loss, point.id))


@checked_arguments(name=text)
def find_by_id(name: str) -> CriticalPoint | CatalogueTheorem:
    """Return the entry of this name, also if another run or processor made the name.

    Args:
        name: such as "k13-n13-S12-0.015466", "II_1-k13-n13" or "II_1-every-k".

    Raises:
        ValueError: there is none; the nearest names are given.
    """
    losses = [
        (entry.id, 0.0 if isinstance(entry, CatalogueTheorem) else entry.loss)
        for entry in _entries()
    ]
    return _entries()[resolve(name, losses)]


def theorems() -> list[CatalogueTheorem]:
    """Return the theorems for every k, and those about single k, by their names."""
    return [entry for entry in _entries() if isinstance(entry, CatalogueTheorem)]


def look_up(name: str) -> Entries:
    """The critical points of a size, written k13-n13, or the one entry of a name.

    Raises ValueError if there is none, see `find` and `find_by_id`.
    """
    size = _SIZE.fullmatch(name)
    return [*find(int(size[1]), int(size[2]))] if size else [find_by_id(name)]


def export_packaged(target: Path) -> list[Path]:
    """Write the packaged catalogue to a folder, as a run writes it; returns the files."""
    names = (PACKAGED.name, f"{PACKAGED.stem}.json", "datapackage.json")
    table, json, descriptor = (target / name for name in names)
    write_catalogue(_entries(), CatalogueFiles(table, json, descriptor), PROFILE)
    return [table, json, descriptor]


@cache
def _entries() -> Entries:
    return entries_of_rows(read_rows(PACKAGED))


@cache
def _points() -> list[CriticalPoint]:
    return [entry for entry in _entries() if isinstance(entry, CriticalPoint)]
