"""Files of certificates, which carry no checksum: each line is proved again, but may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from relu_landscape.certificates.check import Refused, certificates_in
from relu_landscape.storage import DamagedFile

__all__ = ["certificate_lines", "read_certificates"]


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
