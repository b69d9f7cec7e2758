"""Result tables: pandas in memory, Parquet on disk, a column schema and checksums in between."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from relu_landscape.evidence.column_schemas import TableSchema, load_schema
from relu_landscape.evidence.storage import DamagedFile, write_bytes
from relu_landscape.evidence.table_checks import PANDAS_TYPES, find_problems, typed_columns

__all__ = [
    "TableError",
    "concatenate_tables",
    "decode_table",
    "encode_table",
    "make_table",
    "read_published",
    "read_table",
    "write_table",
]

_ARROW_TYPES = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "string": pa.string(),
    "bool": pa.bool_(),
}
_NAME, _VERSION, _DIGEST = b"table", b"schema_version", b"content_sha256"


class TableError(ValueError):
    """A data frame does not keep to the column schema of its table."""


def make_table(records: Iterable[Mapping[str, Any]], name: str) -> pd.DataFrame:
    """The table `name` from one mapping a row, with the types of its schema even for no rows.

    None becomes the missing value of a nullable column.

    Raises TableError, see `write_table`.
    """
    schema = load_schema(name)
    rows = list(records)
    if not rows:
        return typed_columns(pd.DataFrame(columns=[c.name for c in schema.columns]), schema)
    frame = pd.DataFrame(rows)
    for column in schema.columns:
        if column.type == "float64" and column.name in frame.columns:
            frame[column.name] = pd.to_numeric(frame[column.name]).astype(np.float64)
    return _checked(frame, schema, f"table '{name}'")


def write_table(frame: pd.DataFrame, path: Path | str, name: str) -> None:
    """Write `frame` as the table `name` to a Parquet file that is whole or absent.

    The index is not stored; columns are put into the order of the schema. Each page carries a
    CRC-32, and the file the SHA-256 of its content, the table's name and its schema version.

    Raises TableError listing every departure from the schema: missing, unexpected or repeated
    columns, wrong types, missing or non-finite values in columns that are not nullable, values
    outside their range or list, and repeated keys.
    """
    schema = load_schema(name)
    write_bytes(path, encode_table(_checked(frame, schema, f"{path} (table '{name}')"), schema))


def read_table(path: Path | str, name: str | None = None) -> pd.DataFrame:
    """The table stored at `path`; `name`, if given, is the table that it has to be.

    Raises
    ------
    FileNotFoundError: there is no such file.
    DamagedFile: the file is not what `write_table` wrote; its content is not returned.
    TableError: it holds another table, or was written under another version of the schema.
    """
    return decode_table(Path(path).read_bytes(), path, name)


def concatenate_tables(frames: Iterable[pd.DataFrame], name: str) -> pd.DataFrame:
    """The rows of all `frames` as one table `name`, sorted by its key.

    The order of the frames does not matter. Raises TableError, see `write_table`.
    """
    schema = load_schema(name)
    parts = [
        _checked(frame, schema, f"part {number} of table '{name}'")
        for number, frame in enumerate(frames)
    ]
    filled = [part for part in parts if len(part)]
    if not filled:
        return make_table([], name)
    joined = pd.concat(filled, ignore_index=True)
    ordered = joined.sort_values(list(schema.key), kind="stable", ignore_index=True)
    return _checked(ordered, schema, f"table '{name}'")


def read_published(path: Path | str) -> pd.DataFrame:
    """Numbers as published, from a CSV file whose every row names its source.

    Raises ValueError if there are no rows, no column `source`, or a row without source.
    """
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


def encode_table(frame: pd.DataFrame, schema: TableSchema) -> bytes:
    """The Parquet file of a frame that keeps to `schema`."""
    arrays = [
        pa.array(frame[column.name], type=_ARROW_TYPES[column.type], from_pandas=True)
        for column in schema.columns
    ]
    table = pa.table(arrays, schema=_arrow_schema(schema))
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


def decode_table(content: bytes, path: Path | str, name: str | None = None) -> pd.DataFrame:
    """The frame in a Parquet file written by `encode_table`; `path` is for messages.

    Raises DamagedFile or TableError, see `read_table`.
    """
    try:
        table = pq.read_table(io.BytesIO(content), page_checksum_verification=True)
        table.validate(full=True)
        metadata = table.schema.metadata or {}
        digest = _content_digest(table, {key: metadata.get(key, b"") for key in (_NAME, _VERSION)})
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
    if not table.schema.equals(_arrow_schema(schema)):
        raise TableError(
            f"{path} has other columns than the schema '{stored}' of the same version "
            f"{schema.version}: raise the version in its file, delete {path} and run again"
        )
    frame: pd.DataFrame = table.to_pandas()
    return frame.astype({column.name: PANDAS_TYPES[column.type] for column in schema.columns})


def _checked(frame: pd.DataFrame, schema: TableSchema, where: str) -> pd.DataFrame:
    problems = find_problems(frame, schema)
    if problems:
        raise TableError(f"{where} does not keep to its schema:\n  " + "\n  ".join(problems))
    return typed_columns(frame, schema)


def _arrow_schema(schema: TableSchema) -> pa.Schema:
    return pa.schema(
        [
            pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable)
            for column in schema.columns
        ]
    )


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
        digest.update(np.packbits(column.is_null().to_numpy()).tobytes())
        if pa.types.is_string(column.type):
            texts = [value.encode() for value in pc.fill_null(column, "").to_pylist()]
            digest.update(np.array([len(text) for text in texts], dtype="<i8").tobytes())
            digest.update(b"".join(texts))
        else:
            values = pc.fill_null(column, pa.scalar(0).cast(column.type)).to_numpy()
            digest.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()
