"""Whether the checker, which shares no code with what proves, accepts a certificate."""

from __future__ import annotations

from relu_landscape.certificates.check import Refused, check_line


def accepts(line: str) -> bool:
    """Return whether the checker accepts a line."""
    try:
        check_line(line)
    except Refused:
        return False
    return True
