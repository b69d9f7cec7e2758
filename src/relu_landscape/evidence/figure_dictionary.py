"""What the numbers of every figure are: a page made from the docstrings of the plot functions."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["plot_functions", "render_figure_dictionary"]

_ARGUMENTS = ["tables", "arrays", "published"]
_NUMBERS = re.compile(r"^Returns:\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def plot_functions(names: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Those of the named things that draw a figure, by their arguments."""
    return {
        name: thing
        for name, thing in sorted(names.items())
        if inspect.isfunction(thing) and [*inspect.signature(thing).parameters] == _ARGUMENTS
    }


def render_figure_dictionary(functions: Mapping[str, Callable[..., Any]]) -> str:
    """What each figure shows, and what the rows of its CSV are, as Markdown.

    Raises ValueError for a function whose docstring does not say what it returns.
    """
    lines = [
        "# Numbers of the figures",
        "",
        "Generated from the functions that draw them: the plotted numbers of each figure stand "
        "beside it as CSV, to twelve digits. Columns that the tables have too are explained in "
        "[tables.md](tables.md).",
    ]
    for name, function in functions.items():
        text = inspect.getdoc(function) or ""
        numbers = _NUMBERS.search(text)
        if numbers is None:
            raise ValueError(f"the docstring of {name} does not say under Returns: what it plots")
        what = " ".join(numbers[1].split()).removeprefix("The figure, and ")
        lines += ["", f"## {name}", "", text.partition("\n")[0]]
        lines += ["", what[:1].upper() + what[1:]]
    return "\n".join(lines) + "\n"
