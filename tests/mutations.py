"""Mutations of the checkers: `python -m tests.mutations` makes every one and lists what survives.

The formulas of `relu_landscape.certificates.check` and of the checkers beside it are changed one at
a time, from their syntax trees: signs and operators, dropped terms and factors, constants,
comparisons, indices and names, angles for their supplements, conditions, whole statements. A
mutation is found if one of the comparisons of the `helpers_check*` or of `helpers_conjecture12`
fails on the module that has it.
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

if __name__ == "__main__":
    ROOT = Path(__file__).parents[1]
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import pytest

from helpers_check_every_k import FORMULA_COMPARISONS
from helpers_check_every_k_edges import EDGE_COMPARISONS
from helpers_check_every_k_identities import IDENTITIES
from helpers_check_every_k_splits import SPLIT_COMPARISONS
from helpers_check_every_m import COMPARISONS as EVERY_M_COMPARISONS
from helpers_check_one_more import ONE_MORE_COMPARISONS
from helpers_check_persistence import PERSISTENCE_COMPARISONS
from helpers_check_saddles import SADDLE_COMPARISONS
from helpers_checker import COMPARISONS, precise
from helpers_checker_lines import LINE_COMPARISONS
from helpers_conjecture12 import (
    COMPARISONS as CONJECTURE_12,
    LINE_COMPARISONS as CONJECTURE_12_LINES,
)
from helpers_finite_points import COMPARISONS as FINITE_COMPARISONS
from relu_landscape.certificates import (
    check,
    check_conjecture12,
    check_every_k,
    check_every_m,
    check_finite_points,
    check_one_more,
    check_persistence,
    check_saddles,
)

# What reads files and numbers has tests of its own; there is no formula in it.
NO_MATHEMATICS = {
    "Refused", "require", "rational", "ball", "count", "vector", "matrix", "teachers", "fields",
    "check_line", "checked_line", "no_duplicates", "certificates_in", "check_certificate", "main",
    "run", "numbers", "Header", "Piece", "read", "check_family_for_every_k", "Located",
    "lower_bounds", "SaddleHeader", "SplitHeader", "read_size", "SaddlePiece", "SplitPiece",
    "check_saddles_for_every_k", "check_and_print", "TreeHeader", "RectangleLine",
    "check_families_for_every_m", "exactly", "FurtherHeader", "FurtherPiece",
    "check_further_minimum_for_every_k", "last_said", "rows", "number", "shown", "below",
    "above", "in_digits", "inverted", "rounded", "bounds_said",
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


# Why -> mutations that change nothing for that reason, as regular expressions of what is printed;
# after " @ " of how the line begins, where the change alone does not tell.
EQUIVALENT = {
    "flint takes the upper end of a ball that is given as a radius": [
        r"Network: size\.upper\(\)  ->  size$",
        r"\.upper\(\) in arb\(0, .*  ->  (self\.sine|size|radius|scale|uncertain)$",
        r"\.upper\(\) in arb\(0, .*  ->  radius / arb\(entries\)\.sqrt\(\)$",
    ],
    "a radius is read from text to the last bit, and has no width to speak of": [
        r"\bradius.*\.upper in .*  ->  .*radius.*\.(lower|mid)$",
    ],
    "a ball has no sign but that of its middle": [
        r"x \+ arb\(0, .*  ->  x - arb",
    ],
    "flint adds a number to the diagonal of a matrix": [
        r"identity\(d\) \* self\.rest in .*  ->  self\.rest$",
        r"identity\((len\(\w+\)|network\.q)\) \* .*  ->  (arb\(shift\)|orthogonal|curvature)$",
        r"ErfPair: identity\(len\(self\.w\)\) \* scale in .*  ->  scale$",
        r"Network: identity\(self\.d\) \* \(self\.share / 2\) in .*  ->  self\.share / 2$",
        r"Network: identity\(d\) \* self\.s in .*  ->  self\.s$",
    ],
    "the two are of one length": [
        r"Pair: self\.plus in len", r"ErfPair: self\.w in len", r"ErfNetwork: 0 in W\[0\]  ->  -1$",
        r"Network: (self\.W\[0\]\.weights in len|self\.W in self\.W\[0\]|0 in self\.W\[0\])",
    ],
    "there are no further neurons where n = k": [
        r"hessian_lipschitz: x\.P in \(x\.sign, x\.P\)  ->  x\.back$",
        r"hessian_lipschitz: x\.Q in x\.Q is x\.C is None  ->  x\.C$",
    ],
    "norms at a centre have no width to speak of": [
        r"hessian_lipschitz: x\.lower(\(\))? in .*  ->  (x|x\.upper)$",
    ],
    "it is written over before it is read": [
        r"Network: \[None\] \* ", r"Network: self\.n \* d in \[None\]",
        r"Network: 1 in [ij] \+ 1  ->  2$", r"Network: j in j \+ 1  ->  i$",
        r"Network: 0 in arb\(0\) @ rows = \[\[arb\(0\)\]",
        r"Symmetric: 0 in arb\(0\) @ mixed = ",
        r"isotypic_forms: \[arb\(0\)\] \* size \*\* 2 in",
    ],
    "the two indices are equal here": [
        r"Network: i in self\.inner\(i\)  ->  j$",
        r"ErfNetwork: i in self\.(seen\(i\)|force\(i\)|c\[i\])  ->  j$",
        r"Symmetric: P in (own|rows|mixed)(\[P\])+  ->  Q$",
        r"representatives: b in blocks\[b\]  ->  a$ @ if not a == b < t",
        r"inner_norm: a in W\[0\]\[a\]  ->  b$",
    ],
    "the shift is a guess; whether the bound follows from it the residual decides": [
        r"require_eigenvalues_above: (x\.mid\(\)|max|abs\(middle|2 in 2 \* spread|1e-13)",
    ],
    "only the upper end is taken, which is above zero": [
        r"root: square\.nonnegative_part\(\)(\.upper\(\))? in",
    ],
    "no radius above 1/5 leaves any curvature": [
        r"check_global_minimum: 4 in arb\(1\) / 4  ->  5$",
    ],
    "rows v_i k/n add up to one only if k divides n": [
        r"check_inequality: n % k == 0 and", r"check_inequality: [nk] in n % k",
    ],
    "a list of one entry": [
        r"require_global_minimum: 0 in places\[0\]  ->  -1$",
        r"inner_norm: 0 in Network\(.*\.inner\(0\)  ->  -1$",
    ],
    "a component that is zero, or has the root zero": [
        r"Orbit: q > P in int", r"Orbit: C in C is not None  ->  P$",
        r"Orbit: 0 in arb\(0\) @ (own|other) = ",
        r"Symmetric: 0 in arb\(0\) @ (u\[row\] if row|arb\(0\) if orbit\.C is None)",
    ],
    "an orbit without pairs is left out by its count": [
        r"Orbit: if self\.count == 0", r"Orbit: self\.count in self\.count == 0",
        r"Orbit: 0 in self\.count == 0  ->  -1$", r"Orbit: 0 in max\(.*  ->  -1$",
        r"Symmetric: orbit\.count  ->  orbit\.per_row$",
    ],
    "representatives are brought to length one": [r"representatives: 1 in \[1\]  ->  2$"],
    "representatives are orthogonal, and of length one where they are compared": [
        r"require_spectrum_above: gram \* bound in .*  ->  bound$",
    ],
    "1 and -1 are their own inverses": [
        r"check_(symmetric_)?plateau: .* \* e( in .*)?  ->  .* / e$",
        r"Symmetric: self\.c\[orbit\.P\] \* .*  ->  self\.c\[orbit\.P\] / ",
        r"Symmetric: self\.s \* output in .*  ->  self\.s / output$",
        r"Network: self\.c\[i\] \* self\.c\[j\] in .*  ->  self\.c\[i\] / self\.c\[j\]$",
        r"Network: \(block \+ .*\) \* .*  ->  .* / \(self\.c\[i\] \* self\.c\[j\]\)$",
    ],
    "the class has one neuron": [
        r"Symmetric: (orbit|x)\.count in (self|grown)\.sign\((orbit|x)\) \* .*"
        r"  ->  (orbit|x)\.per_row$",
    ],
}  # fmt: skip


# The same for the checker for every k.
EQUIVALENT_EVERY_K: dict[str, list[str]] = {
    "the series of h^0 is 1, and one exact term is a number": [
        r"Scaled: rest if order == lowest else .*  ->  rest \* self\.at\.power",
        r"Scaled: Scaled\(self\.at, y\.exact\)\.over\(low\) if .*  ->  Scaled\(.*\.over\(low\)$",
        r"Scaled: 1 in len\(y\.exact\) > 1  ->  0$",
    ],
    "the length of a series is that of pi minus it": [
        r"Scaled: self\.rest in self\.rest\.prec  ->  arb\.pi\(\) - self\.rest$",
    ],
    "a tail is good from any term on": [
        r"taylor: 8 in range\(8, MOST_TERMS, 8\)  ->  [79]$",
        r"taylor: MOST_TERMS in .*",
        r"taylor: .* in raised\(size, j\) < small",
    ],
    "a ball is as good as its end, and one of a number without width has no other": [
        r"taylor: abs\(y\)\.upper\(\) in .*  ->  abs\(y\)$",
        r"taylor: tail\(size, terms, i\)\.upper(\(\))? in ",
        r"powers_of: size\.upper(\(\))? in ",
        r"Part: abs\(enclosure\(point, whole, 3, self\.reach\)\)\.upper\(\) in .*  ->  abs\(.*\)$",
        r"Part: ball\(\(high - low\) / 2\)\.upper",
        r"Part: abs\(sum\(.*\)\.upper\(\) in .*  ->  abs\(sum\(map\(mul, G, row\), [^)]*\)\)\)$",
        r"Part: abs\(x\)\.upper\(\) in .*  ->  abs\(x\)$",
    ],
    "terms beyond the length of a series are cut": [r"at_series: -?2 in -2(::-1)?  ->  [12]$"],
    "all series are of one length": [r"Part: 0 in g\[0\]  ->  -?1$"],
    "more coefficients than are read": [
        r"Part: 3 in self\.at_center\(3, .*  ->  4$",
        r"Part: 2 in Place\(.*  ->  3$",
        r"Part: 2 in self\.at_center\(2, .*  ->  3$",
        r"Part: 3 in self\.over_all\(3, .*  ->  4$",
        r"Part: 4 in self\.over_all\(4, .*  ->  5$",
        r"coefficients: 1 in MOST_TERMS \+ 1  ->  2$",
        r"Part: 1 in Place\(ball\(h\), .*  ->  2$",
    ],
    "a slice ends with the text": [r"unknowns: 6 in .*  ->  7$"],
    "the float of a ball is that of its middle": [r"require_positive: x\.mid\(\) in "],
    "a guess; what is required of it decides": [
        r"solution_above: \(x \+ y\)\.upper(\(\))? in ",
        r"Part: 1 in arb\(1\)  ->  2$",
        r"solution_above: 10 in raised\(.*  ->  (9|11)$",
    ],
    "a product with zero is zero": [
        r"Scaled: if self\.is_zero\(\) or other\.is_zero\(\):",
        r"Scaled: return self\.at\.term",
        r"Scaled: self\.is_zero\(\) or other\.is_zero\(\)  ->  ",
        r"Scaled: 0 in self\.at\.term\(0, 0\)  ->  -?1$",
    ],
    "in a wider box less is shown": [r"LocatedPart: 0 in \[0\]  ->  -1$"],
    "no unknown is asked for": [r"Part: -1  ->  1$", r"Part: 1 in -1  ->  [02]$"],
    "steps and radii have either sign": [
        r"Part: b \+ (2 \* )?s \* c in .*  ->  b - (2 \* )?s \* c$",
        r"Part: a \+ s \* \(b \+ s \* c\) \+ arb\(0, widths\[i\]\)  ->  .* - arb",
        r"Part: a \+ s \* \(b \+ s \* c\) in .*  ->  a - ",
        r"derivative: coefficient\(point, 1\) \+ .*  ->  coefficient\(point, 1\) - ",
    ],
    "a block of one row has no pairs": [
        r"Block: self\.others if alone else .*  ->  product",
    ],
    "an unknown that is not there is not read": [r"network: 0 in at\.term\(0, 0\)"],
    "a number is as good as the quantity": [
        r"Copies: block\.n \* 0( \+ 1)? in .*  ->  [01]$",
        r"loss: blocks\[0\]\.n \* 0  ->  0$",
    ],
    "what is calculated further is not read": [
        r"Copies: 1 in i \+ 1  ->  2$",
    ],
    "one vector alone has it": [r"Copies: i in self\.(other_total|cross)\[i\]  ->  j$"],
    "all blocks are at one place": [
        r"(form_of_component|span_forms|further_forms|loss): 0 in blocks\[0\]  ->  -1$",
        r"Part: 0 in point\[0\]  ->  -1$",
    ],
    "that scale is 1": [r"further_forms: .* \* scales\[1\]  ->  "],
    "one block points away from its teachers": [r"loss: X \+ 2 \* B\.n \* x in "],
    "a radius is read from text to the last bit, and has no width to speak of": [
        r"Part: ball\(u\)\.upper(\(\))? in ",
    ],
    "in Lemma 13 any matrix serves, and so does any of a ball": [
        r"Part: J\.mid\(\)\.inv\(\)\.mid\(\)  ->  J\.mid\(\)\.inv\(\)$",
    ],
    "C is the inverse of the middle: but for rounding the balls of I - C J have either sign": [
        r"Part: abs\(x\) in abs\(x\)\.upper  ->  x$",
    ],
    "Lemma 14 holds for every n, and what encloses over the part does so at its centre": [
        r"Part: 3 in enclosure\(.*  ->  2$",
        r"Part: 2 in enclosure\(.*  ->  1$",
        r"Part: 0 in quantities\[0\]  ->  -?1$",
    ],
    "it is 0 for A alone, where its power is 0": [
        r"series_of_quantities: 1 in max\(header\.m, 1\)  ->  0$",
    ],
    "the matrix has one entry": [r"defect: 0 in K\[0\](\[0\])?  ->  -1$ @ return K"],
    "no square is negative": [r"Scaled: 0 in max\(int\(c\.p\), 0\)  ->  1$"],
}

# The same for the checker of Conjecture 12.
EQUIVALENT_CONJECTURE_12: dict[str, list[str]] = {
    "27 (1 + b)^2 > 16 is a fact: 50.2, which all bits tell": [
        r"check_leading_constant: .*27", r"check_leading_constant: 16 in 27",
        r"check_leading_constant: 1 in 1 \+ b  ->  2$ @ require\(27",
    ],
    "of the Taylor about the point its value alone is read": [
        r"check_point: 1 in arb\(1\)  ->  [02]$", r"check_point: 0 in arb\(0\)  ->  -?1$",
    ],
    "only the upper end is taken, which is above zero": [
        r"root: x\.nonnegative_part\(\)(\.upper\(\))? in",
    ],
    "rows are exact, and their lengths have no width to speak of": [
        r"check_direction: root\(sum\(.*\.upper(\(\))? in",
    ],
    "a value that is not told from zero is met at full precision": [
        r"root_of_increasing: 0 in value > 0  ->  -1$",
    ],
    "when a sweep gives up changes nothing of what it has shown": [
        r"sweep: (2|2 \* SMALLEST) in",
    ],
    "no constant below 1.67, no weight below 27 is shown": [
        r"check_corrected: 0 in constant > 0  ->  1$", r"check_every_k: 0 in quadratic > 0  ->  1$",
    ],
    "a larger box holds the smaller one": [
        r"check_(corrected|every_k): (1\.0|2\.0|2\.5) in .*  ->  (2\.0|4\.0|5\.0)$",
    ],
    "the lower end of a ball is what a comparison of it asks for": [
        r"holds_in_the_plane: Q\.nonnegative_part\(\)(\.lower\(\))? in",
        r"holds_in_the_plane: \(K\.c \+ .*\.lower\(\) in",
        r"holds_in_the_plane: least if least > 0 else arb\(0\)  ->  least$",
        r"outweighs: n\.nonnegative_part\(\)  ->  n$",
        r"holds_in_the_plane: 0 in least > 0  ->  -1$",
        r"holds_in_the_plane: 0 in between\(0, T\)  ->  -1$",
    ],
    "the witness is one of this file, and its conditions have a test of their own": [
        r"check_leading_constant: require_equality\(.*  ->  pass$",
    ],
    "a row of zeros that is not read": [r"pair_curvature: 3 in range\(3\)  ->  4$"],
    "the end of a ball that is wider than its rounding is told apart in a box": [
        r"holds_in_the_plane: \(reach / e\)\.upper\(\) in|holds_in_the_plane: .*->  reach / e$",
    ],
    "a pair is one whichever of its neurons comes first": [r"curvature: j < i  ->  j > i$"],
    "a number takes part as a Taylor does": [r"plane_curvature: t \* 0( \+ arb\.pi\(\) / 2)? in"],
}  # fmt: skip


# And for that of saddles.
EQUIVALENT_SADDLES: dict[str, list[str]] = {
    "zero is zero at any degree": [r"0 in at\.term\(0, 0\)  ->  -?1$"],
    "the factor is 1": [
        r"forms_with_further_row: square \* \(zero if trivial .*  ->  zero if",
        r"off_span_forms: product \* students\.row\.tilt in .*  ->  students\.row\.tilt$",
    ],
    "a matrix of one entry": [r"off_span_forms: 0 in [KG]\[0\](\[0\])?  ->  -1$"],
    "more coefficients than are read": [
        r"S\w+Part: 2 in self\.at_center\(2, widths\)  ->  3$",
        r"S\w+Part: 3 in self\.over_all\(3, widths\)  ->  4$",
        r"SplitPart: 5 in arb_series\(.*  ->  6$",
    ],
    "a guess; what is required of it decides": [r"lowest_vector: "],
}


@dataclass(frozen=True)
class Mutation:
    """One change: the name of the function or class, where, and what was written for what.

    equality: the two differ where two numbers are equal, and nowhere else; source: the line.
    """

    name: str
    line: int
    before: str
    after: str
    equality: bool = False
    source: str = ""

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
        yield ast.Constant(2 * node.value if node.value else 1.0)
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


def mutants(definition: ast.stmt, lines: list[str]) -> Iterator[tuple[Mutation, ast.stmt]]:
    """Every mutation of a function or class, with its tree, in which the new has no line yet.

    The tree is good until the next.
    """
    name, known = getattr(definition, "name", "?"), names_of(definition)
    for parent, field, place, child in list(places(definition)):
        line = getattr(child, "lineno", 0)
        if isinstance(child, ast.expr):
            for other in expressions(child):
                if isinstance(other, ast.Name) and other.id not in known | {"add", "sub"}:
                    continue
                before = around(parent, child)
                put(parent, field, place, other)
                equality = only_at_equality(child, other)
                source = lines[line - 1].strip()
                yield Mutation(name, line, before, ast.unparse(other), equality, source), definition
                put(parent, field, place, child)
        elif isinstance(child, ast.Expr | ast.AugAssign | ast.If) and not is_text(child):
            # A statement left out; for a condition, its opposite.
            if isinstance(child, ast.If):
                tested = child.test
                child.test = ast.UnaryOp(ast.Not(), tested)
                yield Mutation(name, line, f"if {ast.unparse(tested)}", "if not"), definition
                child.test = tested
            put(parent, field, place, ast.Pass())
            yield Mutation(name, line, ast.unparse(child), "pass"), definition
            put(parent, field, place, child)


WEAK_AND_STRICT = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


def only_at_equality(before: ast.expr, after: ast.expr) -> bool:
    """Whether an inequality became strict, or weak."""
    if not (isinstance(before, ast.Compare) and isinstance(after, ast.Compare)):
        return False
    kinds = [(type(x), type(y)) for x, y in zip(before.ops, after.ops, strict=True)]
    return all(x is y or WEAK_AND_STRICT.get(x) is y for x, y in kinds)


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def around(parent: ast.AST, child: ast.expr) -> str:
    """The child, and the expression that it stands in."""
    inside = f" in {ast.unparse(parent)}" if isinstance(parent, ast.expr) else ""
    return f"{ast.unparse(child)}{inside}"


Comparison = Callable[[ModuleType], None]


EQUIVALENT_ONE_MORE: dict[str, list[str]] = {
    "zero is zero at any degree": [r"0 in at\.term\(0, 0\)  ->  -?1$"],
    "a number is as good as the quantity": [r"ShortVector: first\.n \* 0 in .*  ->  0$"],
    "as many vectors of the last row as of the short one": [r"1 in sizes\[1\]  ->  2$"],
    "the matrices are symmetric": [r"forms_with_short_row: 1 in a \+ 1  ->  2$"],
    "of the two short vectors the second alone has q, and it is 1": [
        r"forms_with_short_row: u\.q \* v\.q in .*  ->  v\.q$",
    ],
    "products of the two short vectors are 0, as was written, and squares are written last": [
        r"forms_with_short_row: (a|b) in place - a( \+ b)?  ->  (a|b)$ @ G\[place\]",
    ],
    "a ball has no sign but that of its middle": [
        r"FurtherPart: .*  ->  a \+ s \* \(b \+ s \* c\) - arb\(0, widths\[i\]\)$",
    ],
    "steps have either sign": [
        r"FurtherPart: .*  ->  (a - s \* \(b \+ s \* c\)|b - s \* c)$ @ value, step",
        r"FurtherPart: .*  ->  b (- 2 \* s \* c|\+ 2 \* s \* c - step)$ @ series",
        r"FurtherPart: .*  ->  coefficient\(g, 1\) - mixed",
    ],
    "more coefficients than are read": [
        r"FurtherPart: 2 in (Place\(.*|self\.at_center\(2, widths\))  ->  3$",
        r"FurtherPart: 3 in (Place\(.*|self\.over_all\(3, widths\))  ->  4$",
    ],
    "no unknown moves": [
        r"FurtherPart: (-1|1|0) in (-1|self\.moved\(both, widths, -1, 0\))  ->  ",
    ],
}

EQUIVALENT_EVERY_M: dict[str, list[str]] = {
    "more coefficients than are read": [
        r"require_one_surface: 3 in arb_series\(.*  ->  4$",
    ],
    "steps have either sign": [
        r"require_one_surface: .*  ->  z\[0\] - z\[1\] \* arb\(0, reach\.upper\(\)\)$",
    ],
    "a ball is as good as its end, and one of a number without width has no other": [
        r"require_one_surface: reach\.upper(\(\))? in arb\(0, .*  ->  reach",
        r"require_one_surface: reach\.upper in .*  ->  reach\.(lower|mid)$",
        r"require_one_surface: abs\(gap\)\.upper\(\) in .*  ->  abs\(gap\)$",
    ],
    "of both blocks alike, and only their difference is read": [
        r"apart: block\.norm - 1 in found - \(block\.norm - 1\)  ->  block\.norm( \+ 1)?$",
    ],
    "one exact term is a number": [
        r"LaurentSum: arb\(self\.exact\[degrees\]\) if alone else .*  ->  LaurentSum\(",
    ],
    "a sum with zero is the other, and a product with it zero": [
        r"LaurentSum: if (added|self)\.is_zero\(\)",
        r"LaurentSum: self\.is_zero\(\) or factor\.is_zero\(\)",
        r"LaurentSum: 0 in self\.at\.term\(0, 0\)  ->  -?1$",
    ],
    "a radius is read from text to the last bit, and has no width to speak of": [
        r"Cell: ball\(u\)\.upper(\(\))? in .*  ->  ball\(u\)(\.mid|\.lower)?$",
    ],
    "names, dimensions and exact quantities are the same on every ray": [
        r"Cell: 0 in (networks|forms)\[0\](\[0\])?  ->  -?1$",
    ],
    "all are of one length": [r"Cell: 0 in terms\[0\]  ->  -1$"],
    "the float of a ball is that of its middle": [r"require_positive: x\.mid\(\) in .*  ->  x$"],
    "a further square is one, too": [r"square_root: 5 in range\(1, 5\)  ->  6$"],
    "all blocks are at one place": [r"span_forms: 0 in blocks\[0\]  ->  -1$"],
    "a quantity less itself is zero": [
        r"quantities: Y if block is first else .*  ->  Y \+ apart\(block\) - apart\(first\)$",
    ],
    "half a length is exact, and has no other end": [
        r"Cell: z\.upper(\(\))? in .*  ->  z(\.mid|\.lower)?$"
    ],
    "for the types alone: what is not exact has an order": [
        r"LaurentSum: self\.order or \(0, 0\)  ->  self\.order$",
        r"LaurentSum: not self\.exact and self\.order is not None  ->  not self\.exact$",
        r"LaurentSum: 0 in \(0, 0\)  ->  -1$",
    ],
}


EQUIVALENT_PERSISTENCE: dict[str, list[str]] = {
    "there are as many students as teachers": [
        r"Tube: (k|n)( in len\(k\))?  ->  (n|k)$",
        r"Tube: self\.teachers in len\(self\.teachers\)  ->  self\.students$",
    ],
    "teachers are unit vectors, of one weight, and move alike": [
        r"Tube: j in self\.teachers\[j\]  ->  i$",
        r"Tube: x\.pair\.v\.norm \* x\.pair\.sine in .* for x in teachers\)  ->  x\.pair\.sine$",
    ],
    "numbers that are exact at the centre have no width to speak of": [
        r"\.(upper|lower)(\(\))? in .*  ->  ",
    ],
    "flint adds a number to the diagonal of a matrix": [
        r"Bend: identity\(len\(z\)\) \* even in .*  ->  even$",
        r"require_constants: identity\(k \* k\) \* .*  ->  known\.bend \*\* 2$",
    ],
    "for the types alone": [r"Bend: normal or \[\] in .*  ->  normal$"],
    "it is written over, or appended": [
        r"Bends: .* in (\(n \+ k\) \* d|n \+ k)  ->  (n|k)$",
        r"Bends: self\.network\.V in len\(.*  ->  self\.network\.W$",
    ],
    "the two indices are equal here": [
        r"(whole_network|diagonal): a in (own|entries)\[a\]  ->  b$"
    ],
    "an index that does not occur": [r"require_constants: 1 in \[\*blocks, 1\]  ->  2$"],
    "a positive bound of the eigenvalues is asked for, too": [
        r"check_persistence: 0 in mu > 0  ->  -1$"
    ],
    "the matrices are symmetric": [r"Symmetry: found\.transpose\(\) in .*  ->  found$"],
}


@dataclass(frozen=True)
class Checker:
    """A module, what its formulas are compared by, and what changes nothing in it, and why."""

    module: ModuleType
    comparisons: list[Comparison]
    equivalent: dict[str, list[str]]

    @property
    def path(self) -> str:
        """Where it is."""
        assert self.module.__file__ is not None
        return self.module.__file__

    @property
    def source(self) -> list[str]:
        """Its lines."""
        return Path(self.path).read_text(encoding="utf-8").splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax, as it is."""
        return ast.parse("\n".join(self.source))


EQUIVALENT_FINITE: dict[str, list[str]] = {
    "what is not stationary has no radius": [
        r"check_minimum: require_stationary\(point\)  ->  pass$"
    ],
    "zero is zero": [r"relu: 0 in sign\(x\) > 0  ->  -1$"],
    "any basis is as good as the axes": [r"directions: j == k in Fraction\(j == k\)  ->  j != k$"],
    "rows are equally long": [r"Point: 0 in self\.[xywh]\[0\]  ->  -?1$"],
    "further directions do no harm": [
        r"Point: .* and any\(x\)  ->  (any\(x\)|sign\(dot\(self\.w\[i\], x\)\) == 0)$",
    ],
}

ONE_K = Checker(check, [*COMPARISONS, *LINE_COMPARISONS], EQUIVALENT)
EVERY_K = Checker(
    check_every_k,
    [*FORMULA_COMPARISONS, *IDENTITIES, *SPLIT_COMPARISONS, *EDGE_COMPARISONS],
    EQUIVALENT_EVERY_K,
)
OF_CONJECTURE_12 = Checker(
    check_conjecture12, [*CONJECTURE_12, *CONJECTURE_12_LINES], EQUIVALENT_CONJECTURE_12
)


SADDLES = Checker(check_saddles, SADDLE_COMPARISONS, EQUIVALENT_SADDLES)
ONE_MORE = Checker(check_one_more, ONE_MORE_COMPARISONS, EQUIVALENT_ONE_MORE)
EVERY_M = Checker(check_every_m, EVERY_M_COMPARISONS, EQUIVALENT_EVERY_M)
PERSISTENCE = Checker(check_persistence, PERSISTENCE_COMPARISONS, EQUIVALENT_PERSISTENCE)
FINITE = Checker(check_finite_points, FINITE_COMPARISONS, EQUIVALENT_FINITE)


EVERY = (ONE_K, EVERY_K, SADDLES, ONE_MORE, EVERY_M, OF_CONJECTURE_12, PERSISTENCE, FINITE)


def definitions(checker: Checker) -> list[ast.stmt]:
    """Functions and classes with mathematics."""
    tree = ast.parse("\n".join(checker.source))
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in NO_MATHEMATICS
    ]


def heirs(checker: Checker, name: str) -> list[ast.stmt]:
    """Classes that are derived from one of this name; made before, they would keep the old one."""
    found: list[ast.stmt] = []
    names = {name}
    for node in checker.tree.body:
        if isinstance(node, ast.ClassDef) and names & {ast.unparse(base) for base in node.bases}:
            found.append(node)
            names.add(node.name)
    return found


def own_copy(checker: Checker) -> ModuleType:
    """The checker a second time: the mutated one is nobody else's."""
    return _made(checker, checker.tree, {})


def marked_copy(checker: Checker, called: set[str]) -> ModuleType:
    """The checker once more: what is called in it adds the name of its function or class to a set.

    As quick as the checker itself, where a profile of it takes twice as long.
    """
    tree = copy.deepcopy(checker.tree)
    for outermost in tree.body:
        mark = f"_called.add({getattr(outermost, 'name', '')!r})"
        for node in ast.walk(outermost):
            if isinstance(node, ast.FunctionDef):
                node.body[:0] = ast.parse(mark).body
    return _made(checker, ast.fix_missing_locations(tree), {"_called": called})


def _made(checker: Checker, tree: ast.Module, names: dict[str, set[str]]) -> ModuleType:
    """A module of this syntax, in which these names are known."""
    spec = importlib.util.spec_from_file_location("mutated_checker", checker.path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    vars(module).update(names)
    exec(compile(tree, checker.path, "exec"), vars(module))
    return module


def reason_for(mutation: Mutation, checker: Checker) -> str:
    """Why a mutation that is not found is none, or nothing."""
    if mutation.equality:
        return (
            "it differs at equality alone, where two balls of a positive radius decide nothing and "
            "two exact numbers would make the statement true, or empty"
        )
    changed = str(mutation)
    for reason, texts in checker.equivalent.items():
        for text in texts:
            change, _, line = text.partition(" @ ")
            if re.search(change, changed) and re.match(line, mutation.source):
                return reason
    return ""


def every_mutation(
    checker: Checker, names: Collection[str] = ()
) -> Iterator[tuple[Mutation, ast.stmt]]:
    """Every mutation of the checker, with its tree; the tree is good until the next.

    names: of the functions and classes that are changed; without, all.
    """
    source = checker.source
    for definition in definitions(checker):
        if not names or getattr(definition, "name", "?") in names:
            yield from mutants(definition, source)


class Trial:
    """A copy of the checker, and which comparisons reach which of its functions and classes.

    The latter takes as long as a comparison, and is found out for those that are asked for.
    """

    def __init__(self, checker: Checker) -> None:
        self.checker, self.module = checker, own_copy(checker)
        self.comparisons = list(checker.comparisons)
        self._called: set[str] = set()
        self._marked = marked_copy(checker, self._called)
        self._reached: dict[Comparison, set[str]] = {}

    def put_quickest_first(self) -> None:
        """Try the comparisons in the order of what they take, for which each is run."""
        self.comparisons.sort(key=self._seconds)

    def _seconds(self, comparison: Comparison) -> float:
        self.reached_by(comparison)  # with what it calculates once
        start = time.process_time()
        with precise():
            comparison(self._marked)
        return time.process_time() - start

    def reached_by(self, comparison: Comparison) -> set[str]:
        """The functions and classes of the module that a comparison calls."""
        if comparison not in self._reached:
            self._called.clear()
            with precise():
                comparison(self._marked)
            self._reached[comparison] = set(self._called)
        return self._reached[comparison]

    def finds(self, mutation: Mutation, tree: ast.stmt) -> str:
        """The comparison that fails, or nothing."""
        space = self.module.__dict__
        checks = space.get("CHECKS", {})
        before = dict(space), dict(checks)
        try:
            changed = [ast.fix_missing_locations(tree), *heirs(self.checker, mutation.name)]
            try:
                exec(compile(ast.Module(changed, []), self.checker.path, "exec"), space)
            except Exception as error:  # the module cannot be made
                return type(error).__name__
            for statement, function in before[1].items():
                checks[statement] = space[function.__name__]
            for comparison in self.comparisons:
                if mutation.name in self.reached_by(comparison) and self._fails(comparison):
                    return comparison.__name__
        finally:
            space.update(before[0])
            checks.update(before[1])
        return ""

    def _fails(self, comparison: Comparison) -> bool:
        def stop(*_: object) -> None:
            raise TimeoutError

        previous = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            with precise():
                comparison(self.module)
        except (Exception, pytest.fail.Exception):
            return True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        return False


def try_all(checker: Checker, names: list[str]) -> bool:
    """Try every mutation, or those of some functions and classes; list those not found."""
    trial, made, survived = Trial(checker), 0, 0
    equivalent: Counter[str] = Counter()
    trial.put_quickest_first()
    for mutation, tree in every_mutation(checker, names):
        made += 1
        if trial.finds(mutation, tree):
            continue
        reason = reason_for(mutation, checker)
        if reason:
            equivalent[reason] += 1
        else:
            survived += 1
            print(f"line {mutation.line}, {mutation}", flush=True)
    for reason, count in equivalent.most_common():
        print(f"{count} equivalent: {reason}")
    found = made - survived - equivalent.total()
    print(
        f"{Path(checker.path).name}: {made} mutations, {found} found, {equivalent.total()} "
        f"equivalent, {survived} not found"
    )
    return survived == 0


def main(names: list[str]) -> int:
    """Try the mutations of the checkers, or those of some functions and classes."""
    named = [
        checker
        for checker in EVERY
        if not names or any(getattr(x, "name", "") in names for x in definitions(checker))
    ]
    whole = [try_all(checker, names) for checker in named]
    return 0 if all(whole) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
