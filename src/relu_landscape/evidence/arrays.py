"""Arrays by name in an npz file without pickle, with a checksum that its reader verifies."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.storage import DamagedFile, write_bytes

__all__ = ["decode_arrays", "encode_arrays", "read_arrays", "write_arrays"]

_KINDS = "biufcU"
_MARK = b"sha256="
_COMMENT_LENGTH = len(_MARK) + 64


def write_arrays(path: Path | str, /, **arrays: NDArray[Any]) -> None:
    """Write `arrays` to an npz file that is whole or absent; `numpy.load` can read it as well.

    The same arrays give the same bytes: no compression and no time stamps.

    Raises ValueError for arrays of objects (they would need pickle).
    """
    write_bytes(path, encode_arrays(**arrays))


def read_arrays(path: Path | str) -> dict[str, NDArray[Any]]:
    """All arrays stored at `path` by name.

    Raises FileNotFoundError, or DamagedFile if a single byte is not as written.
    """
    return decode_arrays(Path(path).read_bytes(), path)


def encode_arrays(**arrays: NDArray[Any]) -> bytes:
    """The npz file of `arrays`, its archive comment the SHA-256 of all bytes before it.

    The comment comes last, so the reader checks every byte before any of them is interpreted.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in sorted(arrays.items()):
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), _npy(name, array))
        archive.comment = b" " * _COMMENT_LENGTH
    body = buffer.getvalue()[:-_COMMENT_LENGTH]
    return body + _MARK + hashlib.sha256(body).hexdigest().encode()


def decode_arrays(content: bytes, path: Path | str) -> dict[str, NDArray[Any]]:
    """The arrays in a file made by `encode_arrays`; `path` is for messages.

    Raises DamagedFile, see `read_arrays`.
    """
    body, comment = content[:-_COMMENT_LENGTH], content[-_COMMENT_LENGTH:]
    if comment != _MARK + hashlib.sha256(body).hexdigest().encode():
        raise DamagedFile(path, "its bytes do not match their checksum")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            member.removesuffix(".npy"): np.load(
                io.BytesIO(archive.read(member)), allow_pickle=False
            )
            for member in archive.namelist()
        }


def _npy(name: str, array: NDArray[Any]) -> bytes:
    # One memory order and one byte order, so that equal arrays give equal bytes.
    ordered = np.asarray(array, order="C")
    if ordered.dtype.kind not in _KINDS:
        raise ValueError(
            f"array '{name}' has type {ordered.dtype}; only numbers, booleans and text are stored"
        )
    buffer = io.BytesIO()
    little = ordered.astype(ordered.dtype.newbyteorder("<"), copy=False)
    np.lib.format.write_array(buffer, little, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()
