"""Where a study can run: what must be right with its folder, interpreter and cores at the start."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["checkout_at", "cores_of", "unusable_place"]

# The workflow engine formats the path of the interpreter and hands it to a shell without quotes; a
# colon would part it where paths are listed.
_HARMLESS = "/._-+@%,=^~#!"
# What the package as it is installed does not carry: the workflow, claims, and what was published.
_OF_A_CHECKOUT = ("Snakefile", "claims", "figures", "published")


def unusable_place(folder: Path, checkout: Path, interpreter: Path) -> str | None:
    """Why no study can run in this folder with this checkout and interpreter, on one line.

    Returns None if it can.
    """
    places = {"checkout": checkout.absolute(), "folder of the run": folder.absolute()}
    for what, path in (*places.items(), ("interpreter", interpreter)):
        # To a shell, what is not ASCII is part of a name, in every script.
        signs = {char for char in str(path) if char.isascii() and not char.isalnum()}
        wrong = sorted(signs - set(_HARMLESS))
        if wrong:
            return (
                f"the path of the {what}, {str(path)!r}, has {', '.join(map(repr, wrong))}, which "
                "the shell would not take as part of a name; allowed are letters, digits and "
                f"{' '.join(_HARMLESS)}: move or rename the folder"
            )
    if not os.access(folder, os.W_OK):
        return (
            f"results are written where it runs, and {folder.absolute()} cannot be written by this "
            "user: run it in a folder that can, or copy the checkout to one"
        )
    return None


def checkout_at(folder: Path) -> Path:
    """The folder, for a command that needs more than the installed package.

    Raises ValueError if it is no checkout of the repository.
    """
    lacking = [name for name in _OF_A_CHECKOUT if not (folder / name).exists()]
    if lacking:
        raise ValueError(
            f"{folder} is no checkout of ReLU Landscape, it lacks {', '.join(lacking)}: run this "
            "command in one, the installed package does not carry what it needs"
        )
    return folder


def cores_of(text: str) -> int:
    """The number of cores that a user asks for: a positive whole number, or `all` of this process.

    Raises ValueError for anything else.
    """
    if text == "all":
        return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"cores are {text!r}; allowed: a whole number from 1, or all")
    return int(text)
