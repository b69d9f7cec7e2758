"""What the short entries of a config stand for: ranges, and combinations of lists (cells)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from relu_landscape.settings.model import Misfit, Settings

__all__ = ["pairs", "repeated_cells"]

MOST_CELLS = 10_000


def pairs(size: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The (k, n) of one entry of `sizes` of a search."""
    return [
        (k, k + extra)
        for k in range(size["first_k"], size["last_k"] + 1)
        for extra in size["extra_students"]
    ]


def repeated_cells(key: str, entries: Sequence[Settings]) -> Iterator[Misfit]:
    """A misfit for each cell that a list asks for twice, and for an entry with too many."""
    seen: set[tuple[tuple[str, object], ...]] = set()
    for number, entry in enumerate(entries):
        # What is no list says how often a cell is drawn, and is no part of it.
        lists = {name: value for name, value in entry if isinstance(value, tuple)}
        count = math.prod(map(len, lists.values()))
        if count > MOST_CELLS:
            yield (key, number), f"its lists have {count} combinations; allowed: {MOST_CELLS}"
            return
        for values in itertools.product(*lists.values()):
            cell = tuple(zip(lists, values, strict=True))
            if cell in seen:
                asked = ", ".join(f"{name} = {value}" for name, value in cell)
                yield (key, number), f"{asked} is asked for twice; allowed: once"
            seen.add(cell)
