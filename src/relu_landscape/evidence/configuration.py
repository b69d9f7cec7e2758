"""Is a configuration what its JSON Schema asks for, and if not, which key is wrong and why."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from relu_landscape.evidence.schema_phrases import key_rows, requirement, resolve

__all__ = ["check_configuration", "check_document", "render_schema_markdown"]

_Path = tuple[str | int, ...]


def _is_integer(_: Any, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_: Any, value: Any) -> bool:
    return _is_integer(_, value) or (isinstance(value, float) and math.isfinite(value))


def _keep_to_pattern(
    validator: Any, pattern: str, text: Any, _: Mapping[str, Any]
) -> Iterator[ValidationError]:
    # JSON Schema only searches: a line end after the last letter would pass.
    if validator.is_type(text, "string") and not re.fullmatch(pattern, text):
        yield ValidationError(f"{text!r} does not match {pattern}")


_VALIDATOR: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"pattern": _keep_to_pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    ),
)


def check_configuration(config: Any, schema: Mapping[str, Any]) -> list[str]:
    """What is wrong with `config`, one line a fault, sorted by key; empty if nothing is.

    See `check_document`; a configuration has to be a mapping.
    """
    if not isinstance(config, Mapping):
        return [f"the configuration is {_shown(config)}, but must be a mapping of keys to values"]
    return check_document(config, schema)


def check_document(document: Any, schema: Mapping[str, Any]) -> list[str]:
    """What is wrong with `document`, one line a fault, sorted by key; empty if nothing is.

    Each line names the key by its dotted path, what was found and what is allowed. Beyond JSON
    Schema, numbers must be finite and fit into 64 bits, whole numbers are written without a decimal
    point, and nothing is a date, a set or bytes.
    """
    faults: dict[_Path, list[str]] = {}
    surprises: dict[_Path, list[str]] = {}
    plain = _without_surprises(document, (), surprises)
    validator = _VALIDATOR(schema)
    for error in validator.iter_errors(plain):
        path = tuple(error.absolute_path)
        for where, line in _explain(error, path, schema):
            if where not in faults or line not in faults[where]:
                faults.setdefault(where, []).append(line)
    faults = {**surprises, **faults}
    return [
        f"{_dotted(path)}: {line}" if path else line
        for path in sorted(faults, key=_sort_key)
        for line in faults[path]
    ]


def render_schema_markdown(schema: Mapping[str, Any]) -> str:
    """The documentation of a configuration as Markdown: key, type, allowed values, meaning."""
    lines = [
        f"# {schema.get('title', 'Configuration')}",
        "",
        schema.get("description", ""),
        "",
        "This page is generated from the schema that checks the configuration. "
        "`a.b` is the key `b` below `a`; `a[].b` is the key `b` in every entry of the list `a`.",
    ]
    for name, entry in schema.get("properties", {}).items():
        optional = "" if name in schema.get("required", []) else " (optional)"
        lines += ["", f"## {name}{optional}", "", "| key | type | allowed | meaning |"]
        lines += ["|---|---|---|---|"]
        for row in key_rows(entry, schema, name):
            key, kind, allowed, meaning = (_cell(text) for text in row)
            lines.append(f"| `{key}` | {kind} | {allowed} | {meaning} |")
    return "\n".join(lines) + "\n"


def _without_surprises(value: Any, path: _Path, surprises: dict[_Path, list[str]]) -> Any:
    """A copy of `value` without what a schema cannot judge; that is noted in `surprises`."""
    if isinstance(value, Mapping):
        copy = {}
        for key, entry in value.items():
            if isinstance(key, str):
                copy[key] = _without_surprises(entry, (*path, key), surprises)
            else:
                surprises.setdefault(path, []).append(
                    f"the key {_shown(key)} is not text (YAML reads on, off, yes and no as true "
                    "and false, and 2018 as a number); put it in quotes if it is meant"
                )
        return copy
    if isinstance(value, list):
        return [_without_surprises(entry, (*path, i), surprises) for i, entry in enumerate(value)]
    if not _can_be_stored(value):
        surprises[path] = [
            f"is {_shown(value)}, but must be text, true or false, a finite number, or a whole "
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


def _explain(
    error: ValidationError, path: _Path, root: Mapping[str, Any]
) -> Iterator[tuple[_Path, str]]:
    """The lines that one schema error stands for, each with the path of the key it is about."""
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    known, value = schema.get("properties", {}), cast(Any, error.instance)
    if error.validator == "required":
        for name in schema["required"]:
            if name not in value:
                wanted = resolve(known.get(name, {}), root)
                meaning = f" ({wanted['description']})" if "description" in wanted else ""
                yield (*path, name), f"is missing; must be {requirement(wanted, root)}{meaning}"
    elif error.validator == "additionalProperties":
        for name in value:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                yield (*path, name), f"unknown key; allowed are {', '.join(known)}{hint}"
    else:
        hint = _hint(value, schema)
        yield path, f"is {_shown(value)}, but must be {requirement(schema, root)}{hint}"


def _hint(value: Any, schema: Mapping[str, Any]) -> str:
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
    if isinstance(value, bool) and (wanted == "string" or "enum" in schema):
        return "; YAML reads on, off, yes and no as true and false: put the word in quotes"
    return ""


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    """`value` on one short line, as it would stand in the file."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "an empty list" if not value else f"a list of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 64:
        return f"a number of {value.bit_length()} bits"
    text = repr(value) if isinstance(value, str | int | float) else f"'{value}'"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _cell(text: str) -> str:
    for mark, escaped in (("|", "\\|"), ("*", "\\*"), ("<", "&lt;")):
        text = text.replace(mark, escaped)
    return text


def _dotted(path: _Path) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            word = part if part.isprintable() and part else _shown(part)
            text += f".{word}" if text else word
    return text


def _sort_key(path: _Path) -> list[tuple[int, int, str]]:
    return [(0, part, "") if isinstance(part, int) else (1, 0, part) for part in path]
