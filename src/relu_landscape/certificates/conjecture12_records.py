"""What lines about Conjecture 12 state, as rows of a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from relu_landscape.certificates.tables import Conjecture12Theorems

__all__ = ["conjecture12_rows"]


def conjecture12_rows(lines: Iterable[str]) -> Iterator[Conjecture12Theorems]:
    """The rows of the lines of a file, in their order."""
    for number, text in enumerate(lines, start=1):
        line = json.loads(text)
        statement = line["statement"]
        yield Conjecture12Theorems(
            line=number,
            statement=statement,
            k=_teachers(line),
            m=0 if statement == "conjecture12_ray" else line.get("m", 1),
            size=line.get("size"),
            lower=_number(line, "lower"),
            upper=_number(line, "upper", "constant", "quadratic"),
            reach=float(Fraction(line["ends"][-1])) if "ends" in line else _number(line, "reach"),
        )


def _teachers(line: Mapping[str, Any]) -> int:
    if "X" in line:
        return len(line["X"]) // int(line.get("m", 1))
    return int(line.get("k", 2))


def _number(line: Mapping[str, Any], *names: str) -> float | None:
    """The number under the first of these names that the line has."""
    return next((float(Fraction(line[name])) for name in names if name in line), None)
