"""One zip of a finished run: the same results give the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from relu_landscape.archive.contents import (
    CRATE,
    MANIFEST,
    README,
    WORKFLOW,
    archived_outputs,
)
from relu_landscape.archive.crate import crate_metadata
from relu_landscape.evidence.documents import read_json
from relu_landscape.storage import write_bytes

__all__ = ["write_archive"]

_LEVEL = 9
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a zip: no time of this machine


def write_archive(results: Path, checkout: Path, target: Path) -> list[str]:
    """Write the archive of a finished run; returns the names of its members.

    Args:
        results: folder of the run.
        checkout: the repository, for the workflow that the archive describes.
        target: the zip file.

    Raises:
        FileNotFoundError: the run is not finished, or one of its outputs is gone.
        ValueError: an output is another than the manifest says.
    """
    if not (results / MANIFEST).exists():
        raise FileNotFoundError(f"{results / MANIFEST} is missing: finish the run, then archive it")
    manifest = read_json(results / MANIFEST)
    members = {MANIFEST: (results / MANIFEST).read_bytes()}
    for name in archived_outputs(manifest["outputs"]):
        members[name] = _as_in_manifest(results / name, manifest["outputs"][name])
    members[WORKFLOW] = (checkout / WORKFLOW).read_bytes()
    members[README] = _readme(manifest).encode()
    sizes = {name: len(content) for name, content in members.items()}
    members[CRATE] = crate_metadata(manifest, sizes, _finished(results / MANIFEST))
    write_bytes(target, _zip(members))
    return list(members)


def _readme(manifest: Mapping[str, Any]) -> str:
    """What a reader of the archive is told."""
    profile, revision = manifest["config"]["profile"], manifest["code"]["revision"]
    return (
        f"# Results of the profile {profile}\n\n"
        f"Made by revision {revision or 'unknown'} of ReLU Landscape. `{MANIFEST}` names the "
        "config, the versions and a checksum of each file; `claims.html` has the verdicts; what "
        "the columns of the tables are says docs/tables.md of the repository.\n\n"
        "In a checkout, `make recheck ARCHIVE=path/of/this.zip` compares all files with the "
        "published checksums, proves all certificates again, judges all claims again and draws "
        "all figures again.\n"
    )


def _finished(manifest: Path) -> str:
    """When a run ended, to the second: the manifest is the last that it writes."""
    return datetime.fromtimestamp(int(manifest.stat().st_mtime), UTC).isoformat()


def _as_in_manifest(path: Path, digest: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(
            f"{path} is not what the manifest of this run says: run it again to the end, then "
            "archive it"
        )
    return content


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, content in sorted(members.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
