"""Files of certificates, which carry no checksum: each line is proved again, but may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from relu_landscape.evidence.storage import DamagedFile

__all__ = ["read_certificates"]


def read_certificates(path: Path | str, named: Iterable[int]) -> list[str]:
    """The lines of a file of certificates.

    named: the lines that the table of the same proofs points to, counted from 1, 0 for none.

    Raises DamagedFile where the file is not text, or its last line is not the last pointed to.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DamagedFile(path, f"it is not text ({error})") from error
    last = max(named, default=0)
    if len(lines) != last:
        raise DamagedFile(path, f"it has {len(lines)} lines, but its table points to line {last}")
    return lines
