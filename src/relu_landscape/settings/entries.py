"""What the short entries of a config stand for: ranges and combinations."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

__all__ = ["combinations", "multiplied", "pairs"]


def pairs(size: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The (k, n) of one entry of `sizes` of a search."""
    return [
        (k, k + extra)
        for k in range(size["first_k"], size["last_k"] + 1)
        for extra in size["extra_students"]
    ]


def multiplied(settings: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Settings whose named lists of cells have every combination of the lists in a cell."""
    cells = {
        name: [cell for entry in settings[name] for cell in combinations(entry)] for name in names
    }
    return {**settings, **cells}


def combinations(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cells of one entry of a config: one for every combination of its lists."""
    choices = [value if isinstance(value, list | tuple) else [value] for value in entry.values()]
    return [dict(zip(entry, values, strict=True)) for values in itertools.product(*choices)]
