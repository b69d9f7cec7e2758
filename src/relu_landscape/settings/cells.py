"""Lists of cells, each entry standing for every combination of its own lists."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from relu_landscape.settings.entries import combinations
from relu_landscape.settings.model import Misfit, Settings

__all__ = ["repeated_cells"]

MOST_CELLS = 10_000


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
        for cell in combinations(lists):
            if tuple(cell.items()) in seen:
                asked = ", ".join(f"{name} = {value}" for name, value in cell.items())
                yield (key, number), f"{asked} is asked for twice; allowed: once"
            seen.add(tuple(cell.items()))
