"""Files of certificates, which carry no checksum: each line is proved again, but may be missing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from relu_landscape.certificates.check import Refused, certificates_in
from relu_landscape.certificates.check_every_k import Refused as RefusedTheorem
from relu_landscape.storage import DamagedFile

__all__ = ["certificate_lines", "prove_theorem_again", "read_certificates"]


def read_certificates(path: Path | str, named: Iterable[int]) -> list[str]:
    """The certificates of a file, each a line.

    named: the lines that the table of the same proofs points to, counted from 1, 0 for none.

    Raises DamagedFile as `certificate_lines`, or where it has more or fewer than are pointed to.
    """
    lines = certificate_lines(path)
    last = max(named, default=0)
    if len(lines) != last:
        raise DamagedFile(path, f"it has {len(lines)} certificates, its table {last}")
    return lines


def certificate_lines(path: Path | str) -> list[str]:
    """The certificates of a file, each a line.

    Raises DamagedFile where the file is not text or does not have as many as it counts.
    """
    try:
        return certificates_in(path)
    except UnicodeDecodeError as error:
        raise DamagedFile(path, f"it is not text ({error})") from error
    except Refused as error:
        raise DamagedFile(path, str(error)) from error


def prove_theorem_again(
    path: Path | str,
    checked: Callable[[Sequence[str]], Iterator[str]],
    counted: tuple[str, int],
    say: Callable[[str], None],
) -> bool:
    """Let its checker prove a theorem for every k or m again, one file; a file may claim nothing.

    checked: of the checker; counted: a statement, and how many lines of the file make it by the
    table of the same theorem; say: is told what each line proves.

    Returns whether the file claims anything. Raises DamagedFile where the checker refuses it, or it
    has more or fewer such lines.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        for said in checked(lines) if lines else []:
            say(said)
    except (RefusedTheorem, UnicodeDecodeError) as error:
        reason = (
            f"the checker refuses it ({error}); if it refuses a new one as well, prover and "
            "checker disagree: report it"
        )
        raise DamagedFile(path, reason) from error
    statement, expected = counted
    found = sum(json.loads(line)["statement"] == statement for line in lines)
    if found != expected:
        reason = f"it has {found} lines that state a {statement}, its table {expected}"
        raise DamagedFile(path, reason)
    return bool(lines)
