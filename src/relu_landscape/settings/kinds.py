"""Kinds of values that several studies share: ranges of numbers, names, lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from relu_landscape.settings.model import Misfit

__all__ = [
    "FROM_LIST",
    "NONE_TWICE",
    "AnyDistinct",
    "Block",
    "Count",
    "Distinct",
    "Entries",
    "Extra",
    "Name",
    "Neurons",
    "Positive",
    "Runs",
    "Seed",
    "Share",
    "Steps",
    "Teachers",
    "Width",
    "repeated_names",
]

T = TypeVar("T")


def _entries_of_a_list(value: Any) -> Any:
    # Of all that holds entries only a list is taken: a set has no order.
    return tuple(value) if isinstance(value, list) else value


class _NoneTwice:
    """Says that the entries of a list differ, to the check and in the schema."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(core) | {"uniqueItems": True}

    @staticmethod
    def _check(entries: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(set(entries)) < len(entries):
            raise ValueError("an entry stands there twice")
        return entries


# Lengths stand first: the schema has them where the type is still that of a list.
FROM_LIST = BeforeValidator(_entries_of_a_list)
NONE_TWICE = _NoneTwice()
Entries: TypeAlias = Annotated[tuple[T, ...], Field(min_length=1), FROM_LIST]
Distinct: TypeAlias = Annotated[tuple[T, ...], Field(min_length=1), FROM_LIST, NONE_TWICE]
AnyDistinct: TypeAlias = Annotated[tuple[T, ...], FROM_LIST, NONE_TWICE]

Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Seed: TypeAlias = Annotated[
    int,
    Field(
        ge=0,
        le=2**63 - 1,
        description="Seed of the experiment; each draw depends on it and on its own numbers alone.",
    ),
]

Neurons: TypeAlias = Annotated[int, Field(ge=1, le=10_000)]
Teachers: TypeAlias = Annotated[int, Field(ge=2, le=10_000)]
Extra: TypeAlias = Annotated[int, Field(ge=0, le=10_000)]
Width: TypeAlias = Annotated[int, Field(ge=1, le=100_000)]
Block: TypeAlias = Annotated[int, Field(ge=1, le=100)]

Runs: TypeAlias = Annotated[int, Field(ge=1, le=10**6)]
Count: TypeAlias = Annotated[int, Field(ge=1, le=10**9)]
Steps: TypeAlias = Annotated[int, Field(ge=1, le=10**12)]

Positive: TypeAlias = Annotated[float, Field(gt=0, le=10**6)]
Share: TypeAlias = Annotated[float, Field(gt=0, lt=1)]


def repeated_names(key: str, names: Sequence[str]) -> Iterator[Misfit]:
    """A misfit for each name that stands more than once in a list."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield (key,), f"{name!r} stands there twice; names must differ"
