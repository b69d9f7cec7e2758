"""Mutations of the checker: `python -m tests.mutations` makes every one and lists what survives.

The formulas of `relu_landscape.certificates.check` are changed one at a time, from its syntax tree:
signs and operators, dropped terms and factors, constants, comparisons, indices and names, angles
for their supplements, conditions, whole statements. A mutation is found if one of the comparisons
of `helpers_checker` and `helpers_checker_lines` fails on the module that has it.
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

if __name__ == "__main__":
    ROOT = Path(__file__).parents[1]
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from helpers_checker import COMPARISONS, precise
from helpers_checker_lines import LINE_COMPARISONS
from relu_landscape.certificates import check

# What reads files and numbers has tests of its own; there is no formula in it.
NO_MATHEMATICS = {
    "Refused", "require", "rational", "ball", "count", "vector", "matrix", "teachers", "fields",
    "check_line", "no_duplicates", "certificates_in", "check_certificate", "main",
}  # fmt: skip
SECONDS = 20  # more is an endless loop

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Pow: [ast.Mult],
}
COMPARATORS = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
}
# Names of one kind: one is written for the other.
TWINS = [
    ("i", "j"), ("p", "q"), ("P", "Q"), ("Q", "C"), ("P", "C"), ("a", "b"), ("x", "y"), ("u", "z"),
    ("w", "v"), ("W", "V"), ("n", "k"), ("r", "k"), ("R", "C"), ("mixed", "own"), ("g", "mu"),
    ("lower", "upper"), ("curvature", "slope"), ("students", "teachers"), ("e", "s"), ("g", "m"),
    ("other_g", "g"), ("other_m", "m"), ("other_s", "s"), ("inner", "outer"), ("left", "block"),
    ("own", "rest"), ("add", "sub"), ("parts", "blocks"), ("row", "column"),
]  # fmt: skip
TWIN_ATTRIBUTES = [
    ("sine", "cosine"), ("half_sine", "half_cosine"), ("plus", "minus"), ("w", "v"), ("W", "V"),
    ("P", "Q"), ("Q", "C"), ("P", "C"), ("P", "back"), ("count", "per_row"), ("unit", "weights"),
    ("n", "d"), ("students", "teachers"), ("sizes", "rows"), ("upper", "lower"),
    ("upper", "mid"),
]  # fmt: skip
WITHOUT = {"sqrt", "upper", "lower", "transpose", "atan", "nonnegative_part", "abs", "root", "mid"}


@dataclass(frozen=True)
class Mutation:
    """One change: the name of the function or class, where, and what was written for what."""

    name: str
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}: {self.before}  ->  {self.after}"


def expressions(node: ast.expr) -> Iterator[ast.expr]:
    """What may be written for an expression."""
    if isinstance(node, ast.BinOp):
        for kind in OPERATORS.get(type(node.op), []):
            yield ast.BinOp(node.left, kind(), node.right)
        yield node.left
        if not isinstance(node.op, ast.Pow | ast.Div | ast.FloorDiv):
            yield node.right
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node, ast.Constant) and type(node.value) is float:
        yield ast.Constant(2 * node.value)
        yield ast.Constant(node.value / 2)
    elif isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for kind in COMPARATORS.get(type(operator), []):
                operators = [*node.ops[:place], kind(), *node.ops[place + 1 :]]
                yield ast.Compare(node.left, operators, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in others_of(node.id, TWINS):
            yield ast.Name(other, ast.Load())
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        for other in others_of(node.attr, TWIN_ATTRIBUTES):
            yield ast.Attribute(node.value, other, ast.Load())
        if node.attr == "rest":  # t for pi - t
            yield ast.parse(f"(arb.pi() - ({ast.unparse(node)}))", mode="eval").body
    elif isinstance(node, ast.Call):
        yield from calls(node)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        for place, generator in enumerate(node.generators):
            for condition in range(len(generator.ifs)):
                changed = copy.deepcopy(node)
                del changed.generators[place].ifs[condition]
                yield changed


def calls(node: ast.Call) -> Iterator[ast.expr]:
    """What may be written for a call."""
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in WITHOUT and not node.args:
        yield function.value
    if isinstance(function, ast.Name) and function.id in WITHOUT and len(node.args) == 1:
        yield node.args[0]
    if isinstance(function, ast.Name) and function.id in ("all", "any"):
        other = "any" if function.id == "all" else "all"
        yield ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
    if isinstance(function, ast.Name) and function.id in ("min", "max"):
        other = "min" if function.id == "max" else "max"
        yield ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
    if isinstance(function, ast.Name) and function.id == "abs":
        yield node.args[0]


def others_of(name: str, twins: list[tuple[str, str]]) -> Iterator[str]:
    """The names that one may be confused with."""
    for pair in twins:
        if name in pair:
            yield pair[1 - pair.index(name)]


def names_of(definition: ast.AST) -> set[str]:
    """Names that a function or class reads or binds."""
    nodes = list(ast.walk(definition))
    return {x.id for x in nodes if isinstance(x, ast.Name)} | {
        x.arg for x in nodes if isinstance(x, ast.arg)
    }


def places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Each node below, with where it hangs; annotations and texts apart."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_comment", "decorator_list"):
            continue
        children = value if isinstance(value, list) else [value]
        for place, child in enumerate(children):
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield node, field, place if isinstance(value, list) else None, child
                yield from places(child)


def put(parent: ast.AST, field: str, place: int | None, child: ast.AST) -> None:
    """Hang a node there."""
    if place is None:
        setattr(parent, field, child)
    else:
        getattr(parent, field)[place] = child


def mutants(definition: ast.stmt) -> Iterator[tuple[Mutation, ast.stmt]]:
    """Every mutation of a function or class, with its tree; the tree is good until the next."""
    name, known = getattr(definition, "name", "?"), names_of(definition)
    for parent, field, place, child in list(places(definition)):
        line = getattr(child, "lineno", 0)
        if isinstance(child, ast.expr):
            for other in expressions(child):
                if isinstance(other, ast.Name) and other.id not in known | {"add", "sub"}:
                    continue
                put(parent, field, place, other)
                tree = ast.fix_missing_locations(definition)
                yield Mutation(name, line, around(parent, child), ast.unparse(other)), tree
                put(parent, field, place, child)
        elif isinstance(child, ast.Expr | ast.AugAssign | ast.If) and not is_text(child):
            # A statement left out; for a condition, its opposite.
            if isinstance(child, ast.If):
                tested = child.test
                child.test = ast.UnaryOp(ast.Not(), tested)
                tree = ast.fix_missing_locations(definition)
                yield Mutation(name, line, f"if {ast.unparse(tested)}", "if not"), tree
                child.test = tested
            put(parent, field, place, ast.Pass())
            tree = ast.fix_missing_locations(definition)
            yield Mutation(name, line, ast.unparse(child), "pass"), tree
            put(parent, field, place, child)


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def around(parent: ast.AST, child: ast.expr) -> str:
    """The child, and the expression that it stands in."""
    inside = f" in {ast.unparse(parent)}" if isinstance(parent, ast.expr) else ""
    return f"{ast.unparse(child)}{inside}"


def definitions() -> list[ast.stmt]:
    """Functions and classes with mathematics."""
    tree = ast.parse(Path(check.__file__).read_text(encoding="utf-8"))
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in NO_MATHEMATICS
    ]


def own_copy() -> ModuleType:
    """The checker a second time: the mutated one is nobody else's."""
    spec = importlib.util.spec_from_file_location("mutated_checker", check.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Comparison = Callable[[ModuleType], None]


class Trial:
    """A copy of the checker, and which comparisons reach which of its functions and classes."""

    def __init__(self) -> None:
        self.module = own_copy()
        self.reached = {
            comparison: self._reached_by(comparison)
            for comparison in (*COMPARISONS, *LINE_COMPARISONS)
        }

    def _reached_by(self, comparison: Comparison) -> set[str]:
        """Functions and classes at the top of the module that a comparison calls."""
        found: set[str] = set()

        def note(frame, event, _argument):  # type: ignore[no-untyped-def]
            if event == "call" and frame.f_code.co_filename == check.__file__:
                found.add(frame.f_code.co_qualname.split(".")[0])

        with precise():
            comparison(self.module)  # what it calculates once is not to be profiled
            sys.setprofile(note)
            try:
                comparison(self.module)
            finally:
                sys.setprofile(None)
        return found

    def finds(self, mutation: Mutation, tree: ast.stmt) -> str:
        """The comparison that fails, or nothing."""
        space = self.module.__dict__
        before = dict(space), dict(space["CHECKS"])
        try:
            exec(compile(ast.Module([tree], []), check.__file__, "exec"), space)
            for statement, function in before[1].items():
                space["CHECKS"][statement] = space[function.__name__]
            for comparison, reached in self.reached.items():
                if mutation.name in reached and self._fails(comparison):
                    return comparison.__name__
        except Exception as error:  # the module cannot be made
            return type(error).__name__
        finally:
            space.update(before[0])
            space["CHECKS"].update(before[1])
        return ""

    def _fails(self, comparison: Comparison) -> bool:
        def stop(*_: object) -> None:
            raise TimeoutError

        previous = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            with precise():
                comparison(self.module)
        except Exception:
            return True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        return False


def main() -> int:
    """Try every mutation; list those that are not found."""
    trial, made, survived = Trial(), 0, 0
    for definition in definitions():
        for mutation, tree in mutants(definition):
            made += 1
            if not trial.finds(mutation, tree):
                survived += 1
                print(f"line {mutation.line}, {mutation}", flush=True)
    print(f"{made} mutations, {made - survived} found, {survived} not found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
