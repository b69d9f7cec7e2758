"""JSON documents that carry a checksum of their own content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from relu_landscape.storage import DamagedFile, write_text

__all__ = ["read_json", "write_json"]

_DIGEST = "sha256"


def write_json(path: Path | str, body: Mapping[str, Any]) -> None:
    """Write `body` as JSON to a file that is whole or absent, with its SHA-256 as a last entry.

    The digest is that of the body in canonical form (sorted keys, no spaces), so that
    re-indenting the file by hand does no harm and any other change is noticed. NumPy scalars and
    arrays become numbers and lists.

    Raises ValueError for numbers that are not finite, keys that are not text, and a key "sha256".
    """
    if _DIGEST in body:
        raise ValueError(f"'{_DIGEST}' is the name of the checksum; call the entry something else")
    if not all(isinstance(key, str) for key in body):
        raise ValueError("the keys of a JSON document must be text")
    plain = json.loads(json.dumps(body, allow_nan=False, default=_from_numpy))
    sealed = {**plain, _DIGEST: _digest(plain)}
    write_text(path, json.dumps(sealed, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path | str) -> dict[str, Any]:
    """The body of the document at `path`, without its checksum.

    Raises FileNotFoundError, or DamagedFile if the body is not as written.
    """
    try:
        sealed = json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=_refuse)
    except ValueError as error:
        raise DamagedFile(path, f"it is not JSON ({error})") from error
    if not isinstance(sealed, dict) or _DIGEST not in sealed:
        raise DamagedFile(path, "it carries no checksum")
    stored = sealed.pop(_DIGEST)
    if stored != _digest(sealed):
        raise DamagedFile(path, "its content does not match its checksum")
    return sealed


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(body).encode()).hexdigest()


def _canonical(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number of JSON")


def _from_numpy(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    raise ValueError(f"{type(value).__name__} cannot be stored as JSON")
