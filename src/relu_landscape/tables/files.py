"""Result tables on disk: Parquet that is whole or absent, with checksums, name and version.

pandas is imported only by the functions that return a DataFrame: a job that only writes or
collects tables does not pay for it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from relu_landscape.storage import DamagedFile, write_bytes
from relu_landscape.tables.checks import find_problems
from relu_landscape.tables.frames import (
    TableError,
    arrow_schema,
    checked_table,
    data_frame,
    require,
)
from relu_landscape.tables.registry import load_schema
from relu_landscape.tables.schema import TableSchema
from relu_landscape.tables.typed_arrays import missing_and_values, numpy_array

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "collect_tables",
    "decode_table",
    "encode_table",
    "read_published",
    "read_table",
    "write_table",
]

_NAME, _VERSION, _DIGEST = b"table", b"schema_version", b"content_sha256"


def write_table(frame: pd.DataFrame | Mapping[str, Any], path: Path | str, name: str) -> None:
    """Write `frame` as the table `name` to a Parquet file that is whole or absent.

    frame: a DataFrame, whose index is not stored, or a mapping from column to its values: an array,
    a list or a range, or a scalar where all rows have the same value and another column says how
    many they are. A missing number is NaN, a missing text None (in a DataFrame NaN as well).

    Columns are put into the order of the schema. Each page carries a CRC-32, and the file the
    SHA-256 of its content, the table's name and its schema version.

    Raises TableError listing every departure from the schema: missing, unexpected or repeated
    columns, wrong types, columns of different lengths, missing or non-finite values in columns that
    are not nullable, values outside their range or list, and repeated keys.
    """
    schema = load_schema(name)
    table = checked_table(frame, schema, f"{path} (table '{name}')")
    write_bytes(path, _parquet(table, schema))


def read_table(path: Path | str, name: str | None = None) -> pd.DataFrame:
    """The table stored at `path`; `name`, if given, is the table that it has to be.

    Raises
    ------
    FileNotFoundError: there is no such file.
    DamagedFile: the file is not what `write_table` wrote; its content is not returned.
    TableError: it holds another table, or was written under another version of the schema.
    """
    return decode_table(Path(path).read_bytes(), path, name)


def collect_tables(paths: Iterable[Path | str], target_path: Path | str, name: str) -> None:
    """Write the rows of all files at `paths`, each the table `name`, to one file sorted by its key.

    The order of the paths does not matter, and the file is what `write_table` would make of the
    rows: whole or absent, with its checksums.

    Raises what `read_table` raises for one of the files, and TableError if together they break the
    schema, as two files with the same row do.
    """
    schema = load_schema(name)
    parts = [_verified_table(Path(path).read_bytes(), path, name) for path in paths]
    # Arrow cannot join nothing, and its own empty_table would import pandas.
    empty = checked_table({column.name: [] for column in schema.columns}, schema, f"table '{name}'")
    joined = pa.concat_tables([empty, *parts])
    ordered = joined.sort_by([(key, "ascending") for key in schema.key]).combine_chunks()
    columns = {field: numpy_array(ordered[field]) for field in ordered.column_names}
    where = f"{target_path} (table '{name}' of {len(parts)} files)"
    require(find_problems(columns, schema), where)
    write_bytes(target_path, _parquet(ordered, schema))


def read_published(path: Path | str) -> pd.DataFrame:
    """Numbers as published, from a CSV file whose every row names its source.

    Raises ValueError if there are no rows, no column `source`, or a row without source.
    """
    import pandas as pd

    frame = pd.read_csv(path)
    if "source" not in frame.columns:
        raise ValueError(f"{path}: needs a column 'source' that says where each number comes from")
    if frame.empty:
        raise ValueError(f"{path}: holds no rows")
    blank = frame["source"].isna() | (frame["source"].astype("string").str.strip() == "")
    if blank.any():
        line = int(np.flatnonzero(blank.to_numpy())[0]) + 2
        raise ValueError(f"{path}: line {line} has an empty 'source'; say where it comes from")
    return frame


def encode_table(frame: pd.DataFrame | Mapping[str, Any], schema: TableSchema) -> bytes:
    """The Parquet file of a frame or mapping that keeps to `schema`.

    Raises TableError, see `write_table`.
    """
    return _parquet(checked_table(frame, schema, f"table '{schema.name}'"), schema)


def decode_table(content: bytes, path: Path | str, name: str | None = None) -> pd.DataFrame:
    """The frame in a Parquet file written by `encode_table`; `path` is for messages.

    Raises DamagedFile or TableError, see `read_table`.
    """
    return data_frame(_verified_table(content, path, name))


def _parquet(table: pa.Table, schema: TableSchema) -> bytes:
    metadata = {_NAME: schema.name.encode(), _VERSION: str(schema.version).encode()}
    metadata[_DIGEST] = _content_digest(table, metadata).encode()
    buffer = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata(metadata),
        buffer,
        compression="zstd",
        write_page_checksum=True,
    )
    return buffer.getvalue()


def _verified_table(content: bytes, path: Path | str, name: str | None) -> pa.Table:
    try:
        # pyarrow.parquet.read_table would import pandas.
        with pq.ParquetFile(io.BytesIO(content), page_checksum_verification=True) as source:
            table = source.read()
        table.validate(full=True)
        metadata = table.schema.metadata or {}
        # A foreign file has no checksum, and may have types for which there is none.
        stamp = {key: metadata.get(key, b"") for key in (_NAME, _VERSION)}
        digest = _content_digest(table, stamp) if _DIGEST in metadata else ""
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DamagedFile(path, f"it cannot be read as Parquet ({error})") from error
    if metadata.get(_DIGEST) != digest.encode():
        raise DamagedFile(path, "its content does not match its checksum")
    stored = metadata[_NAME].decode()
    if name is not None and stored != name:
        raise TableError(f"{path} holds the table '{stored}', not '{name}'")
    schema = load_schema(stored)
    if metadata[_VERSION] != str(schema.version).encode():
        raise TableError(
            f"{path} was written under version {metadata[_VERSION].decode()} of the schema "
            f"'{stored}', this code has version {schema.version}: delete the file and run again, "
            "so that the rule that makes it writes it anew"
        )
    if not table.schema.equals(arrow_schema(schema)):
        raise TableError(
            f"{path} has other columns than the schema '{stored}' of the same version "
            f"{schema.version}: raise the version of its class, delete {path} and run again"
        )
    return table


def _content_digest(table: pa.Table, metadata: Mapping[bytes, bytes]) -> str:
    """SHA-256 of table name, version, column names, types and values.

    The values are taken from the columns, not from the buffers: Arrow is free to choose chunks,
    offsets, padding and what lies under a missing value.
    """
    header = [[key.decode(), value.decode()] for key, value in sorted(metadata.items())] + [
        [field.name, str(field.type), field.nullable] for field in table.schema
    ]
    digest = hashlib.sha256(json.dumps([header, table.num_rows]).encode())
    for column in table.columns:
        missing, values = missing_and_values(column)
        digest.update(np.packbits(missing).tobytes())
        if values.dtype == np.object_:
            texts = [b"" if value is None else value.encode() for value in values]
            digest.update(np.array([len(text) for text in texts], dtype="<i8").tobytes())
            digest.update(b"".join(texts))
        else:
            digest.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()
