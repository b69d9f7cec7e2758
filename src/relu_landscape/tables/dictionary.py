"""The data dictionary: what every column of every result table means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from relu_landscape.tables.schema import Column, TableSchema

__all__ = ["render_dictionary"]


def render_dictionary(
    schemas: Iterable[TableSchema], joined: Callable[[str], Mapping[str, str]]
) -> str:
    """The data dictionary of the tables as Markdown, one section a table.

    joined: the columns, with their meanings, that a table of this name gets when it is judged,
    drawn or shown.
    """
    lines = [
        "# Data dictionary",
        "",
        "Generated from the classes of the result tables. Key columns, which identify a "
        "row, are marked with *. The loss F always has the factor 1/2. Words and names of papers: "
        "[glossary.md](glossary.md).",
    ]
    for schema in schemas:
        lines += ["", f"## {schema.name}", "", f"{schema.description} Version {schema.version}."]
        lines += ["", "| column | type | unit | values | meaning |", "|---|---|---|---|---|"]
        lines += [_row(column, column.name in schema.key) for column in schema.columns]
        more = joined(schema.name)
        if more:
            lines += ["", "Joined when it is judged, drawn or shown:", ""]
            lines += [f"- `{name}`: {meaning}" for name, meaning in more.items()]
    return "\n".join(lines) + "\n"


def _row(column: Column, is_key: bool) -> str:
    name = f"`{column.name}`{'*' if is_key else ''}"
    cells = (name, column.type, column.unit, _values(column), column.description)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _values(column: Column) -> str:
    phrases = []
    if column.allowed is not None:
        phrases.append(", ".join(str(value) for value in column.allowed))
    if column.minimum is not None:
        phrases.append(f"at least {column.minimum:g}")
    if column.maximum is not None:
        phrases.append(f"at most {column.maximum:g}")
    if column.nullable:
        phrases.append("may be empty")
    return "; ".join(phrases)
