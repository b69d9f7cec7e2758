"""What the numbers of every figure are: a page made from the docstrings of the plot functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from relu_landscape.studies.declarations import Declaration

__all__ = ["render_figure_dictionary"]

_NUMBERS = re.compile(r"^Returns:\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def render_figure_dictionary(figures: Mapping[str, Declaration]) -> str:
    """What each figure shows, and what the rows of its CSV are, as Markdown.

    Raises ValueError for a function whose docstring does not say what it returns.
    """
    lines = [
        "# Numbers of the figures",
        "",
        "Generated from the functions that draw them: the plotted numbers of each figure stand "
        "beside it as CSV, to twelve digits. Columns that the tables have too are explained in "
        "[tables.md](tables.md), words and names of papers in [glossary.md](glossary.md).",
    ]
    for name, figure in sorted(figures.items()):
        numbers = _NUMBERS.search(figure.docstring)
        if numbers is None:
            raise ValueError(f"the docstring of {name} does not say under Returns: what it plots")
        what = " ".join(numbers[1].split()).removeprefix("The figure, and ")
        lines += ["", f"## {name}", "", figure.docstring.partition("\n")[0]]
        lines += ["", what[:1].upper() + what[1:]]
    return "\n".join(lines) + "\n"
