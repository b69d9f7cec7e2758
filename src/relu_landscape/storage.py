"""Writing a file so that it is whole or absent, and saying so when one is damaged."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["DamagedFile", "write_bytes", "write_text"]


class DamagedFile(ValueError):
    """A file is not what was written: truncated, emptied or with changed bytes."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(
            f"{path} is damaged: {reason}. Delete it and run again; "
            "the rule that makes it will write it anew."
        )


def write_bytes(path: Path | str, content: bytes) -> None:
    """Replace `path` by `content` in one step: a reader sees the old file or the new, never a part.

    The bytes reach the disk (fsync) under another name in the same folder first, so a killed job
    or a power cut leaves no half-written result. Missing folders are made.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    _flush_folder(target.parent)


def write_text(path: Path | str, content: str) -> None:
    """Replace `path` by `content` in UTF-8 with Unix line ends; see `write_bytes`."""
    write_bytes(path, content.encode("utf-8"))


def _flush_folder(folder: Path) -> None:
    # The new name is itself data of the folder; without this a power cut may undo the rename.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
