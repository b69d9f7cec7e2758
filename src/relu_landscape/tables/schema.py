"""Result tables as types: a class is a table, its fields are the columns.

    @table(key=("k", "n"), version=1)
    class GlobalMinimumCounts:
        \"""One row a case, how many runs ended at a global minimum.\"""

        k: Teachers
        n: Students
        runs: Annotated[int, Unit("runs"), at_least(1), "Number of restarts."]
        loss: Annotated[float | None, Unit("loss"), "Mean loss; empty if there is none."]
        law: Annotated[Literal["uniform", "normal"], "Law of the weights."]

A field says the type of its values, which may be missing where it allows None or be listed by
Literal, their unit and range, and in a text what they mean. A type so annotated can be named,
used in several tables and annotated again: of two units, ranges or texts the outer one counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

__all__ = [
    "Column",
    "Range",
    "TableSchema",
    "Unit",
    "at_least",
    "between",
    "schema_of",
    "table",
    "table_name",
]

Class = TypeVar("Class")

_STORED = {int: "int64", float: "float64", str: "string", bool: "bool"}


@dataclass(frozen=True)
class Unit:
    """In what the values of a column are counted or measured; without one they are pure."""

    name: str


@dataclass(frozen=True)
class Range:
    """The least and, if there is one, the largest value that a column of numbers may hold."""

    minimum: float
    maximum: float | None = None


def at_least(minimum: float) -> Range:
    """The numbers from `minimum` up."""
    return Range(minimum)


def between(minimum: float, maximum: float) -> Range:
    """The numbers from `minimum` to `maximum`, both included."""
    return Range(minimum, maximum)


@dataclass(frozen=True)
class Column:
    """One column: its type, unit and meaning, and the values it may take.

    Only float64 and string columns can be nullable; integers say "none" with a value of their own.
    """

    name: str
    type: str
    unit: str
    description: str
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class TableSchema:
    """One table: its columns in order, the columns that identify a row, and a version.

    The version goes up whenever columns or their meaning change; files of an older version are
    refused, so that no table of an old meaning is read as a new one.
    """

    name: str
    description: str
    version: int
    key: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def table(*, key: tuple[str, ...], version: int) -> Callable[[type[Class]], type[Class]]:
    """Make a class a table, whose name is that of the class in snake case.

    Its instances are rows: frozen dataclasses made with keywords.

    Args:
        key: the columns that identify a row.
        version: goes up whenever columns or their meaning change.
    """

    def declare(cls: type[Class]) -> type[Class]:
        row = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        row.__table__ = (key, version)  # type: ignore[attr-defined]
        return row

    return declare


def table_name(cls: str) -> str:
    """The name of the table that a class of this name is: FamilyPoints is family_points."""
    # Table_1 says where the digits begin, Conjecture12Search that they belong to the word.
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls).lower()


def schema_of(cls: type) -> TableSchema:
    """The schema of the table that a class is.

    Raises TypeError naming the table, the column and what is allowed, if the class is no table or
    one of its fields cannot be a column.
    """
    if not hasattr(cls, "__table__"):
        raise TypeError(f"{cls!r} is no table; decorate it with relu_landscape.tables.schema.table")
    name = table_name(cls.__name__)
    where = f"table '{name}'"
    key, version = cls.__table__
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise TypeError(f"{where}: version must be a whole number from 1 up, not {version!r}")
    columns = {
        column: _column(f"{where}, column '{column}'", column, hint)
        for column, hint in get_type_hints(cls, include_extras=True).items()
    }
    for column in key:
        if column not in columns:
            raise TypeError(f"{where}: key names '{column}', which is not one of its columns")
        if columns[column].nullable:
            raise TypeError(f"{where}: key column '{column}' must not be nullable")
    description = " ".join((cls.__doc__ or "").split())
    return TableSchema(name, description, version, key, tuple(columns.values()))


def _column(here: str, name: str, hint: Any) -> Column:
    kind, nullable, told = _unfolded(hint)
    allowed = get_args(kind) if get_origin(kind) is Literal else None
    kinds = {kind} if allowed is None else set(map(type, allowed))
    if len(kinds) > 1 or not kinds <= set(_STORED):
        raise TypeError(
            f"{here}: type must be one of int, float, str, bool or a Literal of them, not {kind!r}"
        )
    stored = _STORED[kinds.pop()]
    if nullable and stored in ("int64", "bool"):
        raise TypeError(f"{here}: only columns of float and str can be None")
    last = {type(word): word for word in told}  # of two of a kind the outer one
    unknown = [word for word in told if not isinstance(word, Unit | Range | str)]
    if unknown:
        raise TypeError(f"{here}: {unknown[0]!r} is neither a unit nor a range nor a text")
    if str not in last:
        raise TypeError(f"{here}: lacks a text that says what it means")
    limits = last.get(Range)
    if limits is not None and (allowed or stored in ("string", "bool")):
        raise TypeError(f"{here}: only columns of int and float can have a range")
    return Column(
        name=name,
        type=stored,
        unit=last[Unit].name if Unit in last else "-",
        description=last[str],
        nullable=nullable,
        minimum=limits.minimum if limits else None,
        maximum=limits.maximum if limits else None,
        allowed=allowed,
    )


def _unfolded(hint: Any) -> tuple[Any, bool, list[Any]]:
    """The type below all annotations, whether it may be None, and what is annotated, outer last."""
    if get_origin(hint) is Annotated:
        kind, nullable, told = _unfolded(hint.__origin__)
        return kind, nullable, [*told, *hint.__metadata__]
    if get_origin(hint) in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not NoneType]
        if len(kinds) == 1:
            kind, _, told = _unfolded(kinds[0])
            return kind, True, told
    return hint, False, []
