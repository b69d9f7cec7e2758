"""The programs that prove certificates again, and where a run puts what each of them reads."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Final

__all__ = ["CHECKERS", "OF_FILES", "OF_LINES", "Checker", "checker_of"]


@dataclass(frozen=True)
class Checker:
    """One of these programs.

    Attributes:
        name: of its module.
        folders: of a run's results, in which its certificates lie.
    """

    name: str
    folders: tuple[str, ...]

    @property
    def program(self) -> str:
        """The module, as Python is told to run it."""
        return f"relu_landscape.certificates.{self.name}"

    @property
    def module(self) -> ModuleType:
        """Imported at first use."""
        return import_module(self.program)


_OF_POINTS = ("certificates", "fewer_students", "general_teachers", "leaky_slope", "signed_outputs")
OF_LINES: Final = (
    Checker("check", _OF_POINTS),
    Checker("check_conjecture12", ("conjecture12",)),
    Checker("check_persistence", ("persistence",)),
    Checker("check_finite_points", ("finite_points",)),
)
"""A line of a file is a certificate; `check_line` of the module proves it."""

OF_FILES: Final = (
    Checker("check_every_k", ("theorems",)),
    Checker("check_saddles", ("saddles",)),
    Checker("check_one_more", ("further_minima",)),
    Checker("check_every_m", ("every_m",)),
)
"""A file is a certificate; `checked` of the module proves its lines one after the other."""

CHECKERS: Final = (*OF_LINES, *OF_FILES)


def checker_of(folder: str) -> Checker:
    """Return the program for the files in a folder of results: `check`, where none is named."""
    named = (checker for checker in CHECKERS if folder in checker.folders)
    return next(named, OF_LINES[0])
