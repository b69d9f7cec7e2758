"""Files whose lines are certificates, proved again by a checker that stands alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from relu_landscape.storage import DamagedFile

__all__ = ["LineChecker", "prove_lines_again"]


class LineChecker(Protocol):
    """A checker each of whose certificates is a line: a module of `certificates`."""

    Refused: type[Exception]

    def certificates_in(self, path: Path | str) -> list[str]:
        """The lines of a file, which are as many as it counts."""

    def check_line(self, text: str) -> str:
        """What a line proves."""


def prove_lines_again(
    path: Path | str, checker: LineChecker, expected: int, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Let their checker prove all lines of a file again.

    expected: how many lines the tables of the same proofs point to; say: is told what each proves.

    Returns the rows of a table of checks. Raises DamagedFile where the checker refuses a line, or
    there are more or fewer.
    """
    records: list[dict[str, Any]] = []
    try:
        for number, line in enumerate(checker.certificates_in(path), start=1):
            said = checker.check_line(line)
            say(said)
            records.append({"line": number, "accepted": True, "says": said})
    except (checker.Refused, UnicodeDecodeError) as error:
        reason = (
            f"the checker refuses it ({error}); if it refuses a new one as well, prover and "
            "checker disagree: report it"
        )
        raise DamagedFile(path, reason) from error
    if len(records) != expected:
        raise DamagedFile(path, f"it has {len(records)} certificates, its table {expected}")
    return records
