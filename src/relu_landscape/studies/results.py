"""The results of a finished run, as a notebook reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.display import display

from relu_landscape.evidence.stored import read_stored
from relu_landscape.figures.svg import read_finding
from relu_landscape.studies.proofs import join_proofs, tables_behind

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Results", "read_results"]

_SVG = "image/svg+xml"


@dataclass(frozen=True)
class Results:
    """What a run has made; of a notebook's run each file is read when it is first asked for.

    Attributes:
        tables: with what is proved of their rows, by name.
        arrays: by name, then by key.
        published: published numbers, by name.
        figures: the folder of the figures.
    """

    tables: Mapping[str, pd.DataFrame]
    arrays: Mapping[str, Any]
    published: Mapping[str, pd.DataFrame]
    figures: Path

    def show(self, name: str) -> None:
        """Show a figure of the run below the cell, as it was drawn."""
        path = self.figures / f"{name}.svg"
        picture = {_SVG: path.read_text(encoding="utf-8")}
        display(picture, raw=True, metadata={_SVG: {"alt": read_finding(path)}})  # type: ignore[no-untyped-call]


class _ReadOnFirstUse(dict[str, Any]):
    """Content by name, each read when it is first asked for."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, name: str) -> Any:
        self[name] = self._read(name)
        return self[name]


def read_results(results: Path, root: Path) -> Results:
    """What a run has made.

    Args:
        results: its folder.
        root: of the repository, where the published numbers are.
    """
    tables = _files(results, "tables/*.parquet") | _files(results, "statistics/*.parquet")
    arrays, published = _files(results, "arrays/*.npz"), _files(root, "published/*.csv")

    def read_table(name: str) -> pd.DataFrame:
        needed = [name, *(behind for behind in tables_behind([name]) if behind in tables)]
        return join_proofs({each: read_stored(tables[each]) for each in needed})[name]

    return Results(
        tables=_ReadOnFirstUse(read_table),
        arrays=_ReadOnFirstUse(lambda name: read_stored(arrays[name])),
        published=_ReadOnFirstUse(lambda name: read_stored(published[name])),
        figures=results / "figures",
    )


def _files(folder: Path, pattern: str) -> dict[str, Path]:
    return {path.stem: path for path in folder.glob(pattern)}
