"""Reading what a job is given, whatever it is: a table, arrays, or published numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.tables.files import read_published, read_table

__all__ = ["read_stored"]

_READERS: Mapping[str, Callable[[Path], Any]] = {
    ".parquet": read_table,
    ".npz": read_arrays,
    ".csv": read_published,
}


def read_stored(path: Path | str) -> Any:
    """The content of a result table, of result arrays, or of a file of published numbers.

    Raises ValueError for a file of another kind, and as its reader does for a damaged one.
    """
    path = Path(path)
    if path.suffix not in _READERS:
        raise ValueError(f"{path}: is none of {', '.join(_READERS)}")
    return _READERS[path.suffix](path)
