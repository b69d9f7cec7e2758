"""The list of checkers: each place that needs all of them has them, and their drivers are one."""

import ast
import inspect
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

import mutations
from helpers_rounding import ceiling_of, floor_of
from relu_landscape.certificates import (
    check,
    check_conjecture12,
    check_every_k,
    check_finite_points,
    checkers,
)
from relu_landscape.certificates.checkers import CHECKERS, OF_FILES, OF_LINES, checker_of
from relu_landscape.certificates.precision import MOST_BITS

ROOT, FOLDER = Path(__file__).parents[2], Path(checkers.__file__).parent


def test_every_checker_is_declared():
    found = {path.stem for path in FOLDER.glob("check*.py")} - {"checkers"}
    assert found == {checker.name for checker in CHECKERS}


def test_each_folder_has_one_checker():
    folders = [folder for checker in CHECKERS for folder in checker.folders]
    assert len(set(folders)) == len(folders)
    assert all(checker_of(folder).folders.count(folder) == 1 for folder in folders)
    assert checker_of("a_later_study").module is check


def test_folders_are_those_into_which_rules_put_certificates():
    rules = (ROOT / "workflow/rules").glob("*.smk")
    text = "\n".join(path.read_text(encoding="utf-8") for path in rules)
    written = {
        node.split("/")[-2]
        for node in text.replace("'", '"').split('"')
        if node.endswith(".jsonl") and "/" in node
    }
    assert written == {folder for checker in CHECKERS for folder in checker.folders}


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.name)
def test_a_checker_is_a_program_and_refuses(checker):
    assert issubclass(checker.module.Refused, Exception)
    assert callable(checker.module.check_line if checker in OF_LINES else checker.module.checked)
    last = ast.parse(inspect.getsource(checker.module)).body[-1]
    says = "check_line" if checker in OF_LINES else "checked"
    assert ast.unparse(last) == f"if __name__ == '__main__':\n    run('{checker.name}', {says})"


def test_every_checker_has_mutations():
    tried = [one.module.__name__ for one in mutations.EVERY]
    assert sorted(tried) == sorted(checker.program for checker in CHECKERS)


def test_reviewers_are_told_of_every_checker_and_folder():
    text = (ROOT / "REVIEWING.md").read_text(encoding="utf-8")
    for checker in CHECKERS:
        for folder in checker.folders:
            assert f"python -m {checker.program} results/quick/{folder}/*.jsonl" in text


@pytest.mark.parametrize("name", ["no_duplicates", "certificates_in", "main", "run"])
def test_checkers_that_stand_alone_read_lines_in_the_same_words(name):
    of = [check, check_conjecture12, check_finite_points]
    (text,) = {inspect.getsource(getattr(module, name)) for module in of}
    assert text


def test_checkers_that_stand_alone_end_files_and_round_in_the_same_words():
    of = [check, check_conjecture12]
    for name in ("below", "above", "in_digits"):
        assert len({inspect.getsource(getattr(module, name)) for module in of}) == 1
    of.append(check_finite_points)
    assert len({module.END.pattern for module in of}) == 1


def test_balls_have_as_many_bits_as_the_checkers_read():
    read = {getattr(checker.module, "MOST_BITS", MOST_BITS) for checker in CHECKERS}
    assert read == {check.MOST_BITS} == {MOST_BITS}


def test_checkers_of_files_are_those_that_continue_one_driver():
    assert {checker.module.run for checker in OF_FILES} == {check_every_k.run}


@given(
    st.fractions(max_denominator=10**40).filter(bool),
    st.integers(-60, 60),
    st.sampled_from([3, 4, 6, 12]),
)
@example(Fraction(999000000000001), 0, 3)  # rounds to one digit more
@example(Fraction(-999000000000001), 0, 3)
@example(1 - Fraction(10) ** -30, 3, 6)  # is no power of ten, but its logarithm is in floats
@example(Fraction(1), 15, 3)
def test_bounds_are_printed_on_the_side_on_which_they_hold(mantissa, exponent, digits):
    exact = mantissa * Fraction(10) ** exponent
    said = [Fraction(side(str(exact), digits)) for side in (check.below, check.above)]
    assert said[0] <= exact <= said[1]
    assert said[1] - said[0] <= abs(exact) * Fraction(10) ** (1 - digits)
    assert [floor_of(exact, digits), ceiling_of(exact, digits)] == [
        check.below(str(exact), digits),
        check.above(str(exact), digits),
    ]
    assert Fraction(check_every_k.rounded(exact, digits, ROUND_FLOOR)) == said[0]
    assert Fraction(check_every_k.rounded(exact, digits, ROUND_CEILING)) == said[1]


def test_a_bound_that_six_digits_hold_is_printed_as_it_is():
    assert [side(x) for side in (check.below, check.above) for x in ("0.25", "0x1p+3", "-3/8")] == (
        ["0.25", "8", "-0.375"] * 2
    )
    assert (check.below("1/3"), check.above("1/3")) == ("0.333333", "0.333334")
    assert (check.below("-1/3"), check.above("-1/3")) == ("-0.333334", "-0.333333")
