"""Names of entries that do not depend on the run, its seeds or the last bit of a processor.

A class is named by k, n, the isotropy subgroup without factors S_1, and its loss to DIGITS digits
after the point: k13-n13-S12-0.014783. A point of a family is named by family, k, n and its slope if
that is not 0, a theorem by what it is about; no number that was computed stands in these.

Why the name of a class is stable. Let u = 10^-DIGITS, and let each run know losses to better than
u/2. A name shows a multiple of u at most u/2 from the loss that its run knew, hence less than u
from the true loss and less than 3 u/2 from the loss that another run knows. `require_distinct`
refuses a catalogue with two losses less than 3 u apart at one k, n and isotropy; so a name of any
run, also of one whose last bit falls on the other side of a rounding boundary, is less than 3 u/2
from the loss that it means, and more than 3 u/2 from every other one. `resolve` goes by this.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

DIGITS: Final = 6
UNIT: Final = 10.0**-DIGITS

_CLASS = re.compile(rf"(k\d+-n\d+-S[\dxS]+)-(\d+\.\d{{{DIGITS}}})")
_NAMED: Final = 3


def class_identifier(k: int, n: int, blocks: Iterable[int], loss: float) -> str:
    """The name of a class.

    Args:
        k: number of teachers.
        n: number of students.
        blocks: sizes of the blocks of its isotropy subgroup.
        loss: F, which may be below zero by rounding.
    """
    factors = "x".join(f"S{size}" for size in sorted(blocks, reverse=True) if size > 1) or "S1"
    return f"k{k}-n{n}-{factors}-{max(loss, 0.0):.{DIGITS}f}"


def family_name(family: str, m: int) -> str:
    """The name of a family: A, II_1."""
    return f"{family}_{m}" if m else family


def point_identifier(family: str, k: int, n: int, slope: float = 0.0) -> str:
    """The name of a point of a family, itself named by `family_name`; without the slope 0."""
    return f"{family}-k{k}-n{n}" + (f"-s{slope:g}" if slope else "")


def require_distinct(named: Sequence[tuple[str, float]]) -> None:
    """Refuse names that do not tell all entries apart, in every run.

    Args:
        named: name and loss of each entry, any loss where no loss is in the name.

    Raises:
        ValueError: two entries have one name, or are classes of one k, n and isotropy whose losses
            are less than three units apart.
    """
    seen: dict[str, list[tuple[float, str]]] = {}
    for name, loss in named:
        match = _CLASS.fullmatch(name)
        seen.setdefault(match[1] if match else name, []).append((loss, name))
    for place, entries in seen.items():
        entries.sort()
        for (loss, name), (next_loss, next_name) in pairwise(entries):
            if next_loss - loss < 3 * UNIT or not _CLASS.fullmatch(name):
                raise ValueError(
                    f"the catalogue cannot tell {name} and {next_name} apart: at {place} losses "
                    f"must be {3 * UNIT:g} apart; raise DIGITS in {__name__}"
                )


def resolve(name: str, named: Sequence[tuple[str, float]]) -> int:
    """Which of the entries a name means, made in this run or another.

    Args:
        name: of an entry.
        named: name and loss of each entry.

    Raises:
        ValueError: none, with the nearest names.
    """
    names = [known for known, _ in named]
    if name in names:
        return names.index(name)
    match = _CLASS.fullmatch(name)
    if match:
        apart = {
            index: abs(loss - float(match[2]))
            for index, (known, loss) in enumerate(named)
            if known.startswith(f"{match[1]}-")
        }
        nearest = min(apart, key=apart.__getitem__, default=None)
        if nearest is not None and apart[nearest] < 1.5 * UNIT:
            return nearest
    near = difflib.get_close_matches(name, names, n=_NAMED, cutoff=0.0)
    raise ValueError(f"no entry is called {name!r}; near are {', '.join(near)}")
