"""What is generated from the models: the page of all keys, and the schema that editors read."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from relu_landscape.settings.phrases import key_rows, meaning

__all__ = ["config_page", "config_schema"]


class _WithoutTitles(GenerateJsonSchema):
    """A title that repeats the name of its key says nothing."""

    def field_title_should_be_set(self, _schema: Any) -> bool:
        """Never: see the class."""
        return False


def config_schema(model: type[BaseModel]) -> str:
    """The JSON Schema of a config, as text: for editors; what joins keys is not in it."""
    schema = model.model_json_schema(schema_generator=_WithoutTitles)
    dialect = {"$schema": GenerateJsonSchema.schema_dialect}
    return json.dumps(dialect | schema, indent=2) + "\n"


def config_page(model: type[BaseModel]) -> str:
    """The documentation of a config as Markdown: key, type, allowed values, meaning."""
    schema = model.model_json_schema()
    lines = [
        f"# {schema['title']}",
        "",
        meaning(schema, schema),
        "",
        "This page is generated from the models that check the configuration. "
        "`a.b` is the key `b` below `a`; `a[].b` is the key `b` in every entry of the list `a`.",
    ]
    for name, entry in schema["properties"].items():
        lines += ["", f"## {name}", "", "| key | type | allowed | meaning |", "|---|---|---|---|"]
        for row in key_rows(entry, schema, name):
            key, kind, allowed, said = map(_cell, row)
            lines.append(f"| `{key}` | {kind} | {allowed} | {said} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    for mark, escaped in (("|", "\\|"), ("*", "\\*"), ("<", "&lt;")):
        text = text.replace(mark, escaped)
    return text
