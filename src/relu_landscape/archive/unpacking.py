"""An archive opened: its files beside the checksums that were published."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relu_landscape.archive.contents import MANIFEST, archived_outputs
from relu_landscape.evidence.documents import read_json
from relu_landscape.storage import write_bytes

__all__ = ["AnotherArchive", "profile_of", "unpack"]


class AnotherArchive(ValueError):
    """An archive does not hold what was published."""


def unpack(archive: Path, published: Path, target: Path) -> list[str]:
    """Write the results of an archive into a folder, once each is what was published.

    Only what the published manifest names is read and written, so that no name in the archive leads
    elsewhere.

    Args:
        archive: the zip file.
        published: folder that `publish` wrote, whose manifest the archive must agree with.
        target: folder to be filled.

    Returns:
        The names of the outputs.

    Raises:
        AnotherArchive: a file is missing, is another than published, or the file is no archive.
    """
    names = archived_outputs(read_json(published / MANIFEST)["outputs"])
    digests = {
        **read_json(published / MANIFEST)["outputs"],
        MANIFEST: hashlib.sha256((published / MANIFEST).read_bytes()).hexdigest(),
    }
    with _opened(archive) as members:
        contents = {name: _member(members, name, digests[name]) for name in [*names, MANIFEST]}
    for name, content in contents.items():
        write_bytes(target / name, content)
    return names


def profile_of(archive: Path, published: Path) -> str:
    """The profile whose results an archive holds.

    Args:
        archive: the zip file.
        published: folder that has a folder for each profile of which results are published.

    Raises:
        AnotherArchive: the file is no archive, or its profile is none of these.
        FileNotFoundError: there is no such file.
    """
    profiles = sorted(path.parent.name for path in published.glob(f"*/{MANIFEST}"))
    with _opened(archive) as members:
        try:
            profile = json.loads(members.read(MANIFEST))["config"]["profile"]
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
            raise AnotherArchive(f"{archive} has no {MANIFEST} of a run") from None
    if profile not in profiles:
        raise AnotherArchive(
            f"{archive} is of the profile {profile!r}, and results are published of "
            f"{', '.join(profiles)}"
        )
    return str(profile)


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    if not archive.exists():
        raise FileNotFoundError(
            f"{archive} is not there: `make archive` writes one of a finished run"
        )
    try:
        with zipfile.ZipFile(archive) as members:
            yield members
    except zipfile.BadZipFile as error:
        raise AnotherArchive(f"{archive} is damaged, or no zip file: {error}") from error


def _member(archive: zipfile.ZipFile, name: str, digest: str) -> bytes:
    try:
        content = archive.read(name)
    except KeyError:
        raise AnotherArchive(f"{name} was published, but is not in {archive.filename}") from None
    except (zipfile.BadZipFile, zlib.error):
        raise AnotherArchive(f"{name} in {archive.filename} is damaged") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise AnotherArchive(f"{name} in {archive.filename} is not what was published")
    return content
