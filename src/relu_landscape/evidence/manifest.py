"""The manifest of a run: what was computed, from what, with what and where."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from relu_landscape.evidence.processor import cpu_model, instructions_in_use

__all__ = ["build_manifest", "config_values", "file_digest", "git_state"]

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)


def build_manifest(
    *,
    config: Mapping[str, Any],
    lock_file: Path,
    repository: Path,
    outputs: Iterable[Path],
    results: Path,
) -> dict[str, Any]:
    """Everything that identifies a run, ready for JSON, without times or names of machines.

    config: the configuration in effect; lock_file: the pinned requirements;
    repository: the checkout; outputs: the files made; results: the folder they are named from.

    Raises FileNotFoundError if the lock file or an output is missing.
    """
    return {
        "config": config,
        "seeds": dict(_seeds(config)),
        "code": git_state(repository),
        "python": platform.python_version(),
        "packages": _package_versions(),
        "lock_sha256": file_digest(lock_file),
        "cpu": cpu_model(),
        "instructions": instructions_in_use(),
        "threads": {name: os.environ.get(name) for name in _THREAD_VARIABLES},
        "outputs": {
            path.relative_to(results).as_posix(): file_digest(path) for path in sorted(outputs)
        },
    }


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def git_state(repository: Path) -> dict[str, Any]:
    """Revision of the checkout and whether it has changes; both None outside a git checkout."""
    try:
        revision = _git(repository, "rev-parse", "HEAD")
        changes = _git(repository, "status", "--porcelain")
    except (OSError, subprocess.CalledProcessError):
        return {"revision": None, "has_changes": None}
    return {"revision": revision.strip(), "has_changes": bool(changes.strip())}


def config_values(entry: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a config with its place, such as safran.searches.safran2018.seed.

    An entry of a list is placed by its name or, where it has none, its number.
    """
    if isinstance(entry, Mapping):
        inner = list(entry.items())
    elif isinstance(entry, list):
        inner = [
            (value.get("name", number) if isinstance(value, Mapping) else number, value)
            for number, value in enumerate(entry)
        ]
    else:
        yield path, entry
        return
    for key, value in inner:
        yield from config_values(value, f"{path}.{key}" if path else str(key))


def _seeds(config: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Every seed in the config with the place of what it is for."""
    for path, value in config_values(config):
        place, _, key = path.rpartition(".")
        if key == "seed":
            yield place, value


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _package_versions() -> dict[str, str]:
    versions = {found.metadata["Name"]: found.version for found in metadata.distributions()}
    return dict(sorted(versions.items(), key=lambda pair: pair[0].lower()))
