"""What the studies declare, read from their sources without loading them.

A figure is a function with the decorator `figure` or `leading_figure` in the folder `figures` of a
study; its parameters name the tables, arrays and published numbers that it is drawn from. A test of
claims is a public function from a `Claim` to a `Finding` in the folder `verdicts`; the parameters
behind the claim name the tables and published numbers that it sees, and `level`, if it is among
them, what a test of samples may err by. A step is the function that bears the name of its module in
the folder `steps`; see `relu_landscape.studies.steps`. What a study adds to the catalogue of
critical points is what the public functions to `Entries` in its folder `entries` return; their
parameters name tables, arrays and files of certificates, and a run need not have those with a
default. What a study is about is said in one line by the docstring of its folder.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = [
    "Declaration",
    "by_name",
    "declared_entries",
    "declared_figures",
    "declared_steps",
    "declared_studies",
    "declared_verdicts",
    "draw_figure",
    "entries_of_studies",
]

_FOLDER = Path(__file__).parent
_TEST = ["Claim", "Finding"]  # types of the first parameter and of what is returned
_ENTRIES = "Entries"  # type of what is added to the catalogue
_LEVEL = "level"
_LEADS = "leading_figure"
_FIGURES = {"figure", _LEADS}
_CAPTION = re.compile(r"^Caption:\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Declaration:
    """A function of a study.

    Attributes:
        study: the folder of the study.
        module: dotted name of the module that it stands in.
        name: of the function.
        inputs: names of its parameters: the data that it needs.
        docstring: of the function.
        compares_samples: whether it takes a level.
        optional: those of the inputs that have a default.
        leads: whether what the figure finds is among what the front page says was learnt.
    """

    study: str
    module: str
    name: str
    inputs: tuple[str, ...]
    docstring: str
    compares_samples: bool = False
    optional: tuple[str, ...] = ()
    leads: bool = False

    @property
    def file(self) -> str:
        """Path of the module below the folder of the sources."""
        return f"{self.module.replace('.', '/')}.py"

    def load(self) -> Callable[..., Any]:
        """The function itself."""
        function: Callable[..., Any] = getattr(import_module(self.module), self.name)
        return function

    def ask(self, claim: Any, data: Mapping[str, Any], level: float) -> Any:
        """What a test of claims says of a claim.

        Args:
            claim: a `Claim`.
            data: tables and published numbers by name, at least those that the test sees.
            level: how often it may call agreement a deviation, if it compares samples.
        """
        arguments = {name: data[name] for name in self.inputs}
        if self.compares_samples:
            arguments[_LEVEL] = level
        return self.load()(claim, **arguments)

    def files(self, paths: Iterable[str]) -> dict[str, str]:
        """Of these paths those that hold its inputs, by the names of the inputs.

        Raises ValueError for an input that none of them holds.
        """
        files = {Path(path).stem: path for path in paths}
        for name in self.inputs:
            if name not in files:
                near = difflib.get_close_matches(name, files, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise ValueError(f"{self.module}.{self.name}: nothing makes {name!r}{hint}")
        return {name: files[name] for name in self.inputs}

    def caption(self, config: Mapping[str, Any]) -> str:
        """What a reader of the figure should see, for a run with this config.

        Raises ValueError if the docstring has no caption.
        """
        found = _CAPTION.search(self.docstring)
        if found is None:
            raise ValueError(f"the docstring of {self.module}.{self.name} has no section Caption")
        return " ".join(found[1].split()).format(**config)


@cache
def declared_studies() -> dict[str, str]:
    """What each study is about, in one sentence, by the name of its folder."""
    found = {}
    for path in sorted(_FOLDER.glob("*/__init__.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[path.parent.name] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


@cache
def declared_figures() -> dict[str, Declaration]:
    """The figures of all studies by name, study by study."""
    return by_name(made for path in _figure_files() for made in _figures_in(path))


@cache
def declared_verdicts() -> dict[str, Declaration]:
    """The tests of claims of all studies by name, study by study."""
    paths = sorted(_FOLDER.glob("*/verdicts/*.py"))
    return by_name(
        _declaration(path, node, node.args.args[1:])
        for path in paths
        for node in _functions(path)
        if not node.name.startswith("_") and _types(node)[:1] + _types(node)[-1:] == _TEST
    )


@cache
def declared_entries() -> dict[str, Declaration]:
    """What makes entries of the catalogue, of all studies by name, study by study."""
    paths = sorted(_FOLDER.glob("*/entries/*.py"))
    return by_name(
        _declaration(path, node, node.args.args)
        for path in paths
        for node in _functions(path)
        if not node.name.startswith("_") and _types(node)[-1] == _ENTRIES
    )


def entries_of_studies(studies: Collection[str]) -> list[Declaration]:
    """What makes entries of the catalogue, of these studies."""
    return [made for made in declared_entries().values() if made.study in studies]


@cache
def declared_steps() -> dict[str, Declaration]:
    """The steps of all studies by name, study by study."""
    paths = sorted(_FOLDER.glob("*/steps/*.py"))
    return by_name(
        _declaration(path, node, node.args.args)
        for path in paths
        for node in _functions(path)
        if node.name == path.stem
    )


def by_name(declarations: Iterable[Declaration]) -> dict[str, Declaration]:
    """Declarations by their names, in their order.

    Raises ValueError for two of one name.
    """
    found: dict[str, Declaration] = {}
    for declaration in declarations:
        known = found.setdefault(declaration.name, declaration)
        if known is not declaration:
            raise ValueError(
                f"{known.module} and {declaration.module} both have {declaration.name!r}: a name "
                "stands for one thing in all studies; rename one of them"
            )
    return found


def draw_figure(name: str, data: Mapping[str, Any]) -> Any:
    """The `figures.Plot` of a figure.

    Args:
        name: of the figure.
        data: tables, arrays and published numbers by name, at least those that it is drawn from.
    """
    # Of the file that defines it alone: parsing those of all takes longer than drawing most.
    definition = f"\ndef {name}("
    paths = [path for path in _figure_files() if definition in path.read_text(encoding="utf-8")]
    figure = by_name(made for path in paths for made in _figures_in(path))[name]
    return figure.load()(**{name: data[name] for name in figure.inputs})


def _figure_files() -> list[Path]:
    return sorted(_FOLDER.glob("*/figures/*.py"))


def _figures_in(path: Path) -> Iterator[Declaration]:
    return (
        _declaration(path, node, node.args.args)
        for node in _functions(path)
        if _FIGURES.intersection(_decorators(node))
    )


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def _decorators(node: ast.FunctionDef) -> list[str]:
    return [given.id for given in node.decorator_list if isinstance(given, ast.Name)]


def _types(node: ast.FunctionDef) -> list[str]:
    """The types of a function's parameters, and of what it returns."""
    types = [*(argument.annotation for argument in node.args.args), node.returns]
    return ["" if type_ is None else ast.unparse(type_) for type_ in types]


def _declaration(path: Path, node: ast.FunctionDef, inputs: Iterable[ast.arg]) -> Declaration:
    relative = path.relative_to(_FOLDER)
    return Declaration(
        study=relative.parts[0],
        module=".".join((*__package__.split("."), *relative.with_suffix("").parts)),
        name=node.name,
        inputs=tuple(argument.arg for argument in inputs if argument.arg != _LEVEL),
        docstring=inspect.cleandoc(ast.get_docstring(node) or ""),
        compares_samples=any(argument.arg == _LEVEL for argument in node.args.args),
        leads=_LEADS in _decorators(node),
        optional=tuple(
            argument.arg for argument in node.args.args[::-1][: len(node.args.defaults)][::-1]
        ),
    )
