"""What is proved of Conjecture 12: the checker alone, the lines it takes, and those it refuses."""

import ast
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from helpers_conjecture12 import LINE_COMPARISONS, ray_fields
from relu_landscape.certificates import check_conjecture12 as check, file_text
from relu_landscape.certificates.conjecture12_lines import (
    CIRCLE,
    POINTS,
    TURN,
    conjecture12_lines,
    corrected_line,
    direction_line,
    every_k_line,
    leading_constant_line,
    point_line,
    ray_line,
)

SOURCE = Path(check.__file__)


def test_the_checker_stands_alone():
    imported = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
    assert imported - set(sys.stdlib_module_names) == {"flint"}


def test_every_statement_has_a_comparison():
    assert len(check.CHECKS) == len(LINE_COMPARISONS)


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (lambda: ray_line(TURN, Fraction(9, 20), pieces=45), "fails for every k >= 2, m >= 1"),
        (lambda: ray_line(CIRCLE, Fraction(1, 10), pieces=20), "fails for every k >= 3, m >= 1"),
        (lambda: leading_constant_line(2, "displacement"), "1.67151146560 <= C <= 1.67151146561"),
        (lambda: leading_constant_line(2, "orthogonal"), "2.02130671850 <= C <= 2.02130671851"),
        (lambda: leading_constant_line(3, "displacement"), "3.50387678776 <= C"),
        (lambda: direction_line(2, 2, tries=3, seed=1), "k = 2, m = 2, eps the largest disp"),
        (lambda: point_line(4), "eps <= 0.1, fails for every k >= 4, m = 1, d >= k, if C < 4.10"),
        (lambda: point_line(20), "fails for every k >= 20, m = 1, d >= k, if C < 8.33"),
        (
            lambda: every_k_line(Fraction(120), Fraction(1, 200)),
            "120 k eps^2) RHS for m = 1, every",
        ),
        (lambda: corrected_line(Fraction(6), Fraction(1, 64)), "LHS >= (1 - 6 eps) RHS for k = 2"),
    ],
)
def test_lines_are_written_that_the_checker_takes(write, found):
    assert found in check.check_line(write())


@pytest.mark.parametrize(
    "write",
    [
        lambda: ray_line(((0, 1), (1, 0)), Fraction(1, 10), pieces=4),
        lambda: ray_line(TURN, Fraction(1, 2), pieces=50),
        lambda: leading_constant_line(4, "displacement"),
        lambda: corrected_line(Fraction(3, 2), Fraction(1, 64)),
        lambda: every_k_line(Fraction(2), Fraction(1, 200)),
    ],
)
def test_what_does_not_hold_is_not_written(write):
    with pytest.raises(check.Refused):
        write()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "must be a JSON object"),
        ('{"bits": 64}', "statement or bits is missing"),
        ('{"statement": "x", "bits": 64}', "unknown statement 'x'"),
        ('{"statement": [], "bits": 64}', "unknown statement []"),
        (json.dumps(ray_fields(bits=52)), "bits must be from 53 to 4096"),
        (json.dumps(ray_fields(bits=4097)), "bits must be from 53 to 4096"),
        (json.dumps(ray_fields(bits="64")), "bits must be from 53 to 4096"),
        (json.dumps(ray_fields())[:-1] + ', "bits": 64}', "a field occurs twice"),
        (json.dumps(ray_fields(cubic_upper="-1/0")), "is not a number"),
        (json.dumps(ray_fields(cubic_upper=-0.5)), "is not a number in a string"),
        (json.dumps(ray_fields(cubic_upper="-1e9999")), "is too large or too small"),
    ],
)
def test_lines_out_of_format_are_refused(text, reason):
    with pytest.raises(check.Refused) as refusal:
        check.check_line(text)
    assert reason in str(refusal.value)


@pytest.mark.slow
def test_a_file_has_every_statement():
    weak = Fraction(6), Fraction(1, 64)
    lines = conjecture12_lines([(2, 2)], weak, (Fraction(120), Fraction(1, 200)), tries=2, seed=1)
    assert {json.loads(line)["statement"] for line in lines} == set(check.CHECKS)
    assert len(lines) == 9 + len(POINTS)


def run(*arguments):
    return subprocess.run(
        [sys.executable, str(SOURCE), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_files_are_checked_line_by_line(tmp_path):
    good, bad, short, empty = (tmp_path / name for name in ("good", "bad", "short", "empty"))
    line, wrong = json.dumps(ray_fields()), json.dumps(ray_fields(cubic_upper="-0.65"))
    good.write_text(file_text([line, line]), encoding="utf-8")
    bad.write_text(file_text([line, wrong]), encoding="utf-8")
    short.write_text(line + "\n", encoding="utf-8")
    empty.write_text(file_text([]), encoding="utf-8")
    found = run(good, empty)
    assert found.returncode == 0
    assert [text.split(": ")[1] for text in found.stdout.splitlines()] == ["ok"] * 3
    found = run(bad)
    assert found.returncode == 1
    assert f"{bad}:2: REFUSED: not shown from s = " in found.stdout
    for path in (short, tmp_path / "missing"):
        found = run(path)
        assert (found.returncode, found.stdout.startswith(f"{path}: REFUSED: ")) == (1, True)
    assert run().returncode == 2
