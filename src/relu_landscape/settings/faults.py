"""What is wrong with a document, said of its keys: what stands there and what is allowed."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from relu_landscape.settings.model import TYPES_ALONE, Misfit, Path, dotted, misfits_in
from relu_landscape.settings.phrases import Schema, meaning, requirement, resolve

__all__ = ["check_document", "shown"]


def check_document(document: Any, kind: Any) -> list[str]:
    """What keeps `document` from being of the type `kind`, one line a fault, sorted by key.

    Each line names the key by its dotted path, what was found and what is allowed. Whatever the
    type says, numbers must be finite and fit into 64 bits, and nothing is a date, a set or bytes.
    """
    faults: dict[Path, list[str]] = {}
    surprises: dict[Path, list[str]] = {}
    plain = _without_surprises(document, (), surprises)
    adapter = TypeAdapter(kind)
    found: Iterable[Misfit]
    try:
        found = misfits_in(adapter.validate_python(plain, context=TYPES_ALONE))
    except ValidationError as error:
        schema = adapter.json_schema()
        found = (_explain(detail, schema) for detail in _at_entries(error.errors()))
    for path, line in found:
        faults.setdefault(path, []).append(line)
    faults = {**surprises, **faults}
    return [
        f"{dotted(path)}: {line}" if path else line
        for path in sorted(faults, key=_sort_key)
        for line in faults[path]
    ]


def _without_surprises(value: Any, path: Path, surprises: dict[Path, list[str]]) -> Any:
    """A copy of `value` without what a schema cannot judge; that is noted in `surprises`."""
    if isinstance(value, Mapping):
        copy = {}
        for key, entry in value.items():
            if isinstance(key, str):
                copy[key] = _without_surprises(entry, (*path, key), surprises)
            else:
                surprises.setdefault(path, []).append(
                    f"the key {shown(key)} is not text (YAML reads on, off, yes and no as true "
                    "and false, and 2018 as a number); put it in quotes if it is meant"
                )
        return copy
    if isinstance(value, list):
        return [_without_surprises(entry, (*path, i), surprises) for i, entry in enumerate(value)]
    if not _can_be_stored(value):
        surprises[path] = [
            f"is {shown(value)}, but must be text, true or false, a finite number, or a whole "
            "number of at most 64 bits"
        ]
    return value


def _can_be_stored(value: Any) -> bool:
    """Whether every later stage can take this value, whatever it means."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, str)


def _at_entries(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Errors without those of a list whose entries are at fault: it seems too short for that."""
    above = {detail["loc"][:end] for detail in details for end in range(len(detail["loc"]))}
    return [detail for detail in details if detail["loc"] not in above]


def _explain(detail: ErrorDetails, root: Schema) -> tuple[Path, str]:
    """The line that an error stands for, with the path of the key it is about."""
    path, value = detail["loc"], detail["input"]
    if detail["type"] == "extra_forbidden":
        known = _schema_at(path[:-1], root)["properties"]
        near = difflib.get_close_matches(str(path[-1]), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return path, f"unknown key; allowed are {', '.join(known)}{hint}"
    wanted = _schema_at(path, root)
    allowed = requirement(wanted, root)
    if detail["type"] == "missing":
        return path, f"is missing; must be {allowed} ({meaning(wanted, root)})"
    return path, f"is {shown(value)}, but must be {allowed}{_hint(value, wanted)}"


def _schema_at(path: Path, root: Schema) -> Schema:
    """What the schema says of the key at a path."""
    schema = resolve(root, root)
    for part in path:
        below = schema["items"] if isinstance(part, int) else schema["properties"][part]
        schema = resolve(below, root)
    return schema


def _hint(value: Any, schema: Schema) -> str:
    """What may have gone wrong on the way from YAML to `value`."""
    wanted = schema.get("type")
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        return f"; write it without a decimal point: {int(value)}"
    if wanted in ("integer", "number") and isinstance(value, str) and _reads_as_number(value):
        if "e" in value.lower():
            return (
                "; YAML takes this for text: a number with an exponent needs a decimal point "
                "and a signed exponent, such as 1.0e-3"
            )
        return "; this is text: remove the quotes"
    if schema.get("uniqueItems") and isinstance(value, list | tuple):
        repeated = [number for number, entry in enumerate(value) if entry in value[:number]]
        return f"; entry [{repeated[0]}] stands there before" if repeated else ""
    if isinstance(value, bool) and (wanted == "string" or "enum" in schema):
        return "; YAML reads on, off, yes and no as true and false: put the word in quotes"
    return ""


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def shown(value: Any) -> str:
    """A value on one short line, as it would stand in the file."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "an empty list" if not value else f"a list of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 64:
        return f"a number of {value.bit_length()} bits"
    text = repr(value) if isinstance(value, str | int | float) else f"'{value}'"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _sort_key(path: Path) -> list[tuple[int, int, str]]:
    return [(0, part, "") if isinstance(part, int) else (1, 0, part) for part in path]
