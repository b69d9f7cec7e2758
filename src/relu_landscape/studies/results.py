"""The results of a finished run, as a notebook reads them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from IPython.display import Image, display

from relu_landscape.evidence.stored import read_stored
from relu_landscape.figures.style import STYLE, add_title
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.proofs import join_proofs

__all__ = ["Results", "read_results"]

DOTS_AN_INCH = 130


@dataclass(frozen=True)
class Results:
    """Tables with what is proved of their rows, arrays (by key) and published numbers, by name."""

    tables: dict[str, pd.DataFrame]
    arrays: dict[str, Any]
    published: dict[str, pd.DataFrame]

    def show(self, name: str) -> None:
        """Draw one figure of a study from the tables of this run, below the cell."""
        picture = BytesIO()
        with matplotlib.rc_context(dict(STYLE)):
            plot = draw_figure(name, self.tables | self.arrays | self.published)
            area = add_title(plot)
            plot.figure.savefig(picture, format="png", dpi=DOTS_AN_INCH, bbox_inches=area)
        display(Image(picture.getvalue(), alt=plot.finding))  # type: ignore[no-untyped-call]


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
