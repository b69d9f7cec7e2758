"""Public names of a package, stated once and loaded when they are first used.

Compiled and plotting libraries take seconds to import, and each job of the workflow is a process of
its own: it should pay for what it uses, not for what stands in the same room.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def load_on_first_use(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """`__getattr__`, `__dir__` (PEP 562) and `__all__` of a package.

    The public names are those that it imports `as` themselves for type checkers alone, which then
    see what a reader sees:

        if TYPE_CHECKING:
            from package.module import name as name

    Args:
        package: dotted name of the package.
        file: its `__init__.py`.
    """
    homes = _homes(Path(file).read_text(encoding="utf-8"))

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    names = sorted(homes)
    return get, lambda: names, names


def _homes(text: str) -> dict[str, str]:
    """Public name -> the module that it is imported from."""
    blocks = [node for node in ast.parse(text).body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module or "" for node in imports for alias in node.names}
