"""Digests of code, kept between starts of the engine as long as no source changes.

To parse the whole library takes longer than to plan most runs.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from relu_landscape.storage import write_text

__all__ = ["KeptDigests"]


class KeptDigests:
    """Digests by name, of what is computed from some sources by this version of Python.

    Args:
        path: of the file that keeps them; where it cannot be read or written, each start computes
            all of them.
        sources: folders; every .py file in them counts, with all of its text.
    """

    def __init__(self, path: Path | str, sources: Iterable[Path]) -> None:
        self._path = Path(path)
        self._sources = _digest_of(sources)
        self._digests = self._read()
        self._kept = len(self._digests)

    def get(self, name: str, compute: Callable[[], str]) -> str:
        """The digest of this name, computed if it is not kept."""
        if name not in self._digests:
            self._digests[name] = compute()
        return self._digests[name]

    def keep(self) -> None:
        """Write them for the next start, if there is a new one."""
        if len(self._digests) > self._kept:
            content = {"sources": self._sources, "digests": self._digests}
            with suppress(OSError):
                write_text(self._path, json.dumps(content))

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(content["digests"]) if content["sources"] == self._sources else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def _digest_of(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for folder in sources:
        for path in sorted(folder.rglob("*.py")):
            text = path.read_bytes()
            digest.update(f"\n{path.relative_to(folder)} {len(text)}\n".encode() + text)
    return digest.hexdigest()
