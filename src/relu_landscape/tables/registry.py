"""Which tables there are: the classes in <room>/tables.py, or in the modules of <room>/tables/,
and in studies/<study>/tables.py.

Their names are read from the text of these modules, and a module is imported when one of its tables
is asked for: to make sixty classes takes a tenth of a second, which each job would pay.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

from relu_landscape.tables.schema import TableSchema, schema_of, table_name

__all__ = ["load_schema", "table_homes", "table_names"]

_LIBRARY = Path(__file__).parents[1]
_MODULES = ("*/tables.py", "*/tables/[!_]*.py", "studies/*/tables.py")
_CLASS = re.compile(r"^class (\w+):", re.MULTILINE)


def table_names() -> tuple[str, ...]:
    """Names of all result tables, in alphabetical order."""
    return tuple(sorted(table_homes()))


@cache
def table_homes() -> dict[str, tuple[str, str]]:
    """Name of a table -> the module that holds it and its class there.

    Raises ValueError if two classes make tables of one name.
    """
    homes: dict[str, tuple[str, str]] = {}
    for path in sorted(path for pattern in _MODULES for path in _LIBRARY.glob(pattern)):
        module = ".".join(path.relative_to(_LIBRARY.parent).with_suffix("").parts)
        for cls in _CLASS.findall(path.read_text(encoding="utf-8")):
            other, _ = homes.setdefault(table_name(cls), (module, cls))
            if other != module:
                raise ValueError(f"{other} and {module} both have a table '{table_name(cls)}'")
    return homes


@cache
def load_schema(name: str) -> TableSchema:
    """The schema of the table `name`.

    Raises ValueError if there is no such table; the known ones are listed.
    """
    if name not in table_homes():
        raise ValueError(f"no table is called '{name}'; the tables are {', '.join(table_names())}")
    module, cls = table_homes()[name]
    return schema_of(getattr(import_module(module), cls))
