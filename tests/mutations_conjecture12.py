"""Mutations of the checker of Conjecture 12: `python -m tests.mutations_conjecture12`.

Made and tried as those of the other checker (see `mutations`), against the comparisons of
`helpers_conjecture12`.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    ROOT = Path(__file__).parents[1]
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import pytest

from helpers_checker import precise
from helpers_conjecture12 import COMPARISONS, LINE_COMPARISONS
from mutations import Mutation, mutants
from relu_landscape.certificates import check_conjecture12 as check

NO_MATHEMATICS = {
    "Refused", "require", "rational", "exactly", "fields", "check_line", "no_duplicates",
    "certificates_in", "main",
}  # fmt: skip
SECONDS = 20

# Why -> mutations that change nothing for that reason.
EQUIVALENT = {
    "the text that tells what was proved": [
        r"k == 2 in 'k = 2' if", r"'k = 2' if k == 2 else", r"check_\w+: -1 in cuts",
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


def every_mutation() -> Iterator[tuple[Mutation, ast.stmt]]:
    """Every mutation of the checker, with its tree; the tree is good until the next."""
    for node in ast.parse(Path(check.__file__).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in NO_MATHEMATICS:
            yield from mutants(node)


def reason_for(mutation: Mutation) -> str:
    """Why a mutation that is not found is none, or nothing."""
    if mutation.equality:
        return "it differs at equality alone"
    for reason, texts in EQUIVALENT.items():
        if any(re.search(text, str(mutation)) for text in texts):
            return reason
    return ""


def finds(tree: ast.stmt) -> str:
    """The comparison that fails on a copy of the checker with the mutation, or nothing."""
    spec = importlib.util.spec_from_file_location("mutated_checker", check.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    exec(compile(ast.Module([tree], []), check.__file__, "exec"), module.__dict__)
    for statement, function in module.CHECKS.items():
        module.CHECKS[statement] = getattr(module, function.__name__)
    for comparison in (*COMPARISONS, *LINE_COMPARISONS):
        if _fails(comparison, module):
            return comparison.__name__
    return ""


def _fails(comparison, module) -> bool:  # type: ignore[no-untyped-def]
    def stop(*_: object) -> None:
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with precise():
            comparison(module)
    except (Exception, pytest.fail.Exception):
        return True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    return False


def main(names: list[str]) -> int:
    """Try every mutation, or those of some functions and classes; list those not found."""
    made, equivalent, survived = 0, 0, 0
    for mutation, tree in every_mutation():
        if names and mutation.name not in names:
            continue
        made += 1
        if finds(tree):
            continue
        if reason_for(mutation):
            equivalent += 1
        else:
            survived += 1
            print(f"line {mutation.line}, {mutation}", flush=True)
    found = made - equivalent - survived
    print(f"{made} mutations, {found} found, {equivalent} equivalent, {survived} not found")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
