"""What science a script depends on, as a digest that changes when and only when it does.

An engine that watches scripts does not see the library behind them. The digest covers the script
and every module of the library that it imports, directly or not, as syntax trees: comments,
docstrings and layout do not count. Settings are left out: what a config asks of a job is among the
parameters of its rule. Storage and presentation (`evidence`, `tables`) are left out, except what
decides there (audits), and so are the classes of tables; instead, the columns of each table that
the script names or a module imports count, without their texts, because files cannot be read under
other columns.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from relu_landscape.tables.registry import load_schema, table_homes

__all__ = ["science_digest", "science_modules"]

_PACKAGE = "relu_landscape"
_STORAGE = (["evidence"], ["tables"], ["storage"])
_DECIDING = {f"{_PACKAGE}.evidence.audit", f"{_PACKAGE}.evidence.audit_curvature"}


def science_digest(
    script_path: Path | str, source_root: Path | str, also: Iterable[str] = ()
) -> str:
    """SHA-256 (hex) of a script and of the science modules and tables it depends on.

    script_path: the script; source_root: the folder that holds the package; also: dotted names of
    modules that the script loads by name at run time, which no import statement shows.

    Raises ValueError if a script imports a module of the library that does not exist.
    """
    root = Path(source_root)
    script = Path(script_path).read_text(encoding="utf-8")
    modules = science_modules(script_path, source_root, also)
    imports = set(_outline(script, "").imports).union(
        *(_read(name, root).imports for name in modules)
    )
    digest = hashlib.sha256(_outline(script, "").tree)
    for name in sorted(_texts(script).intersection(table_homes()).union(_imported_tables(imports))):
        digest.update(_shape(name))
    for module in modules:
        digest.update(f"\n{module}\n".encode())
        digest.update(_read(module, root).tree)
    return digest.hexdigest()


def science_modules(
    script_path: Path | str, source_root: Path | str, also: Iterable[str] = ()
) -> tuple[str, ...]:
    """The modules that `science_digest` covers beside the script, in alphabetical order."""
    root = Path(source_root)
    script = _outline(Path(script_path).read_text(encoding="utf-8"), "")
    waiting = [*_resolved(script.imports, root, str(script_path)), *also]
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in found or not _counts(module):
            continue
        found.add(module)
        waiting += _resolved(_read(module, root).imports, root, module)
    return tuple(sorted(found))


class _Outline:
    """A module as the digest sees it: its syntax tree as bytes, and its imports of the library.

    An import is (module, name), with name None for `import module`. What is imported for type
    checkers only is no dependency, but shows where the names live that a room loads on first use.
    """

    def __init__(self, text: str, package: str) -> None:
        module = ast.parse(text)
        _drop_texts(module)
        self.tree = ast.dump(module).encode()
        self.imports = tuple(_imports(module, package))
        self.exports = {
            alias.asname or alias.name: (_absolute(node, package), alias.name)
            for statement in module.body
            for node in [statement, *getattr(statement, "body", [])]
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements directly in a node; expressions, most of a tree, hold none."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield block
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def _drop_texts(node: ast.AST) -> None:
    """Drop statements that are nothing but a text: docstrings."""
    for block in _blocks(node):
        block[:] = [statement for statement in block if not _is_text(statement)]
        for statement in block:
            _drop_texts(statement)


def _is_text(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


@lru_cache(maxsize=1024)
def _outline(text: str, package: str) -> _Outline:
    return _Outline(text, package)


def _texts(script: str) -> set[str]:
    """The texts in a script, docstrings apart."""
    module = ast.parse(script)
    _drop_texts(module)
    constants = [node.value for node in ast.walk(module) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


def _imported_tables(imports: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """The tables whose classes are imported, by their names or with all of their module."""
    dotted = {module if name in (None, "*") else f"{module}.{name}" for module, name in imports}
    holders = tuple(f"{name}." for name in dotted if _holds_tables(name))
    for table, (module, cls) in table_homes().items():
        if f"{module}.{cls}.".startswith(holders):
            yield table


def _holds_tables(module: str) -> bool:
    """Whether it is the module `tables` of a room or a study, or something in it."""
    parts = module.split(".")
    return "tables" in (parts[3:4] if parts[1:2] == ["studies"] else parts[2:3])


def _shape(table: str) -> bytes:
    """What a file of the table depends on: its schema without the texts."""
    schema = load_schema(table)
    columns = [
        (column.name, column.type, column.nullable, column.minimum, column.maximum, column.allowed)
        for column in schema.columns
    ]
    return repr((schema.name, schema.version, schema.key, columns)).encode()


def _read(module: str, root: Path) -> _Outline:
    path = _file_of(module, root)
    if path is None:
        raise ValueError(f"no module {module} below {root}")
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return _outline(path.read_text(encoding="utf-8"), package)


def _imports(tree: ast.AST, package: str) -> Iterator[tuple[str, str | None]]:
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_ours(alias.name):
                    yield alias.name, None
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            if _is_ours(base):
                for alias in node.names:
                    yield base, alias.name


def _executed(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements below a node but those under `if TYPE_CHECKING`, which never run."""
    for block in _blocks(node):
        for statement in block:
            hidden = (
                isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"
            )
            if not hidden:
                yield statement
                yield from _executed(statement)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """The module that `from ... import` names, with leading dots resolved against `package`."""
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - (node.level - 1)]
    return ".".join([*above, *([node.module] if node.module else [])])


def _resolved(
    imports: Iterable[tuple[str, str | None]], root: Path, importer: str
) -> Iterator[str]:
    """The modules that imports lead to: a submodule, where a name is re-exported from, or a room.

    Following a re-export to its module keeps scripts independent of the rest of the room.
    """
    for module, name in imports:
        if name is not None and _file_of(f"{module}.{name}", root) is not None:
            yield f"{module}.{name}"
            continue
        path = _file_of(module, root)
        if path is None:
            raise ValueError(f"{importer} imports {module}, but there is none below {root}")
        exports = _read(module, root).exports if path.name == "__init__.py" else {}
        if name is not None and _is_ours(exports.get(name, ("", ""))[0]):
            yield from _resolved([exports[name]], root, module)
        else:
            yield module


@lru_cache(maxsize=4096)
def _file_of(module: str, root: Path) -> Path | None:
    base = root.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _is_ours(module: str) -> bool:
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")


def _counts(module: str) -> bool:
    parts = module.split(".")
    in_storage = parts[1:2] in _STORAGE or _holds_tables(module) or "settings" in parts
    return module in _DECIDING or not in_storage
