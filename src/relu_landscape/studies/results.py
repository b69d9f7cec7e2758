"""The results of a finished run, as a notebook reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from IPython.display import display

from relu_landscape.evidence.stored import read_stored
from relu_landscape.figures.style import STYLE
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.proofs import join_proofs

__all__ = ["Results", "read_results"]


@dataclass(frozen=True)
class Results:
    """Tables with what is proved of their rows, arrays (by key) and published numbers, by name."""

    tables: dict[str, pd.DataFrame]
    arrays: dict[str, Any]
    published: dict[str, pd.DataFrame]

    def show(self, name: str) -> None:
        """Draw one figure of a study from the tables of this run, below the cell."""
        with matplotlib.rc_context(dict(STYLE) | {"figure.dpi": 130}):
            plot = draw_figure(name, self.tables | self.arrays | self.published)
            display(plot.figure)  # type: ignore[no-untyped-call]


def read_results(results: Path, root: Path) -> Results:
    """Read what a run has made.

    Args:
        results: its folder.
        root: of the repository, where the published numbers are.
    """
    return Results(
        tables=join_proofs(
            _read(results, "tables/*.parquet") | _read(results, "statistics/*.parquet")
        ),
        arrays=_read(results, "arrays/*.npz"),
        published=_read(root, "published/*.csv"),
    )


def _read(folder: Path, pattern: str) -> dict[str, Any]:
    return {path.stem: read_stored(path) for path in sorted(folder.glob(pattern))}
