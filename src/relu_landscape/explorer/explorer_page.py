"""The page: the bundle that is built from the sources in explorer/, and data, in one file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from relu_landscape.catalogue.export import read_rows
from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.explorer.explorer_data import (
    SplitRecipe,
    explorer_data,
    read_judgements,
    tables_named,
)
from relu_landscape.ledger.making import Making
from relu_landscape.storage import write_text
from relu_landscape.tables.files import read_table

__all__ = ["ExplorerSources", "explorer_page", "read_explorer", "write_explorer"]


@dataclass(frozen=True)
class ExplorerSources:
    """What an explorer is made from: paths.

    Attributes:
        catalogue: the table of the catalogue of critical points.
        claims: the ledger, as JSON.
        tables: those of the run.
        representatives: arrays of the classes' representatives; none in a run without classes.
    """

    catalogue: str
    claims: str
    tables: Sequence[str]
    representatives: Sequence[str]


def write_explorer(
    sources: ExplorerSources, target: str, making: Making, recipe: SplitRecipe
) -> int:
    """Write the page of a run; returns its size in bytes.

    Args:
        sources: what it is made from.
        target: where it is written.
        making: the run, as far as a page speaks of it.
        recipe: how the run followed descents from split neurons.

    Raises:
        DamagedFile: a table or an array is not as it was written.
    """
    page = explorer_page(read_explorer(sources, making, recipe))
    write_text(target, page)
    return len(page.encode())


def read_explorer(sources: ExplorerSources, making: Making, recipe: SplitRecipe) -> dict[str, Any]:
    """The data of the page of a run, see `write_explorer`."""
    judgements = read_judgements(sources.claims)
    named = tables_named(judgements)
    arrays = [read_arrays(path) for path in sources.representatives]
    return explorer_data(
        making,
        read_rows(Path(sources.catalogue)),
        {case: points for stored in arrays for case, points in stored.items()},
        judgements,
        {Path(path).stem: read_table(path) for path in sources.tables if Path(path).stem in named},
        recipe,
    )


def explorer_page(data: Mapping[str, Any]) -> str:
    """The page with these data inside, which asks for nothing else."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Template(_part("page.html")).substitute(
        profile=data["profile"],
        style=_part("bundle.css"),
        script=_part("bundle.js"),
        # A "<" of the data could end the element that holds them.
        data=text.replace("<", "\\u003c"),
    )


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
