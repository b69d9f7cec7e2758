"""What a JSON Schema allows, in words: for error messages and for the generated documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

__all__ = ["Schema", "key_rows", "meaning", "requirement", "resolve"]

Schema: TypeAlias = Mapping[str, Any]

_TYPE_WORDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
    "null": "empty",
}
_COUNTED = ("integer", "number", "array", "object")


def resolve(schema: Schema, root: Schema) -> Schema:
    """`schema` with its reference into `root` ("#/$defs/...") replaced by what it points to.

    Entries beside the reference win over those of its target.
    """
    while "$ref" in schema:
        target = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def meaning(schema: Schema, root: Schema) -> str:
    """The description of a schema on one line; empty if it has none."""
    return " ".join(resolve(schema, root).get("description", "").split())


def type_word(schema: Schema, root: Schema) -> str:
    """The type that `schema` asks for, in words, such as "whole number"."""
    schema = resolve(schema, root)
    if "enum" in schema:
        return "choice"
    if "type" not in schema:
        return "anything"
    return " or ".join(_TYPE_WORDS[name] for name in _types(schema))


def allowed_values(schema: Schema, root: Schema) -> str:
    """The values of its type that `schema` allows, in words; empty if it allows them all."""
    schema = resolve(schema, root)
    phrases = [
        phrase
        for phrase in (
            _enumeration(schema),
            _range(schema),
            _text_form(schema),
            _list_form(schema, root),
            _mapping_form(schema),
        )
        if phrase
    ]
    return ", ".join(phrases)


def requirement(schema: Schema, root: Schema) -> str:
    """Type and allowed values in one phrase, such as "a whole number from 1 up"."""
    schema = resolve(schema, root)
    values = allowed_values(schema, root)
    if "enum" in schema or "const" in schema:
        return values
    types = " or ".join(
        f"a {_TYPE_WORDS[name]}" if name in _COUNTED else _TYPE_WORDS[name]
        for name in _types(schema)
    )
    return f"{types or 'anything'} {values}".strip()


def key_rows(schema: Schema, root: Schema, path: str = "") -> list[tuple[str, str, str, str]]:
    """One row (key, type, allowed values, meaning) for each key that `schema` knows, in its order.

    Keys are dotted paths; [] stands for any entry of a list.
    """
    schema = resolve(schema, root)
    rows = []
    if path:
        allowed = allowed_values(schema, root)
        rows.append((path, type_word(schema, root), allowed, meaning(schema, root)))
    for name, entry in schema.get("properties", {}).items():
        rows += key_rows(entry, root, f"{path}.{name}" if path else name)
    items = schema.get("items")
    if isinstance(items, Mapping) and resolve(items, root).get("type") == "object":
        for name, entry in resolve(items, root).get("properties", {}).items():
            rows += key_rows(entry, root, f"{path}[].{name}")
    return rows


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", [])
    return list(types) if isinstance(types, list) else [types]


def _enumeration(schema: Schema) -> str:
    if "const" in schema:
        return _word(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(_word(value) for value in schema["enum"])
    return ""


def _range(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"from {low} to {high}"
    phrases = []
    if low is not None:
        phrases.append(f"from {low} up")
    if above is not None:
        phrases.append(f"above {above}")
    if high is not None:
        phrases.append(f"at most {high}")
    if below is not None:
        phrases.append(f"below {below}")
    return " and ".join(phrases)


def _text_form(schema: Schema) -> str:
    if "pattern" in schema:
        most = f" and of at most {schema['maxLength']} letters" if "maxLength" in schema else ""
        return f"of the form {schema['pattern']}{most}"
    return "that is not empty" if schema.get("minLength", 0) > 0 else ""


def _list_form(schema: Schema, root: Schema) -> str:
    if schema.get("type") != "array":
        return ""
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    phrases = []
    if most is not None:
        phrases.append(f"of {least} to {most} entries")
    elif least:
        phrases.append(f"of at least {least} entr{'y' if least == 1 else 'ies'}")
    items = schema.get("items")
    if isinstance(items, Mapping) and resolve(items, root).get("type") != "object":
        phrases.append(f"each {requirement(items, root)}")
    if schema.get("uniqueItems"):
        phrases.append("none twice")
    return ", ".join(phrases)


def _mapping_form(schema: Schema) -> str:
    if "properties" not in schema:
        return ""
    return "with the keys " + ", ".join(schema["properties"])


def _word(value: Any) -> str:
    if value is None:
        return "empty"
    return str(value).lower() if isinstance(value, bool) else str(value)
