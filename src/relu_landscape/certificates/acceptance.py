"""Whether a checker, which shares no code with what proves, accepts a certificate."""

from __future__ import annotations

from collections.abc import Callable

from relu_landscape.certificates import check_persistence
from relu_landscape.certificates.check import Refused, check_line


def accepts(line: str) -> bool:
    """Return whether the checker of points accepts a line."""
    return _passes(check_line, line)


def accepts_persistence(line: str) -> bool:
    """Return whether the checker of minima that persist accepts a line."""
    return _passes(check_persistence.check_line, line)


def _passes(check: Callable[[str], str], line: str) -> bool:
    try:
        check(line)
    except Refused:
        return False
    return True
