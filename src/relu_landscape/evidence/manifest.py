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

from relu_landscape.processor import cpu_model, instructions_in_use

__all__ = ["build_manifest", "config_values", "file_digest", "git_state", "package_versions"]

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
        "packages": package_versions(),
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


def git_state(folder: Path) -> dict[str, Any]:
    """Revision of the repository whose top is this folder, and whether it has changes.

    Both are None, and `unknown_because` says why, where there is no git, where the folder is no
    repository, and where it only lies inside another one, whose revision says nothing of it.
    """
    try:
        top = Path(_git(folder, "rev-parse", "--show-toplevel"))
        if not top.samefile(folder):
            return _unknown("this folder is no git repository, but lies inside another one")
        revision = _git(folder, "rev-parse", "HEAD")
        changes = _git(folder, "status", "--porcelain")
    except OSError as error:
        return _unknown(f"git cannot be run: {error.strerror}")
    except subprocess.CalledProcessError as error:
        return _unknown(f"git: {(error.stderr.splitlines() or ['no revision'])[0]}")
    return {"revision": revision, "has_changes": bool(changes)}


def _unknown(reason: str) -> dict[str, Any]:
    return {"revision": None, "has_changes": None, "unknown_because": reason}


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


def _git(folder: Path, *arguments: str) -> str:
    # Inside a hook, git names the repository of the hook in the environment.
    others = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    environment = {name: value for name, value in os.environ.items() if name not in others}
    ran = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env=environment | {"LC_ALL": "C"},
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=True,
    )
    return ran.stdout.strip()


def package_versions() -> dict[str, str]:
    """Version of each package, of the first on the path where it is there twice.

    What an interrupted installation left on the path, a folder without a name, is no package.
    """
    versions: dict[str, str] = {}
    for found in metadata.distributions():
        if "Name" in found.metadata and "Version" in found.metadata:
            versions.setdefault(found.metadata["Name"], found.version)
    return dict(sorted(versions.items(), key=lambda pair: pair[0].lower()))
