"""The checks of arguments: what passes, as what, and what does not."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from relu_landscape.arguments import (
    checked_arguments,
    exact_array,
    exact_fraction,
    exact_number,
    extended_array,
    extended_number,
    one_of,
    optional,
    real_array,
    real_bound,
    real_number,
    several,
    whole_number,
)
from relu_landscape.search import StepScaling

BIG = 2**53
FINER = np.longdouble(1) + np.finfo(np.longdouble).eps
NO_NUMBERS = (None, "2", b"2", 1j, True, np.True_, [2], (), {}, object(), np.ma.masked)


@pytest.mark.parametrize(
    "value",
    [7, np.int8(7), np.uint64(7), np.array(7), np.array(7, ">i2"), np.ma.masked_array(7)],
)
def test_whole_numbers_become_ints(value):
    found = whole_number(value, "n")
    assert found == 7
    assert type(found) is int


@pytest.mark.parametrize("value", [*NO_NUMBERS, 7.0, np.float64(7), Fraction(7), np.array([7])])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(ValueError, match=r"^n is .*; it must be a whole number"):
        whole_number(value, "n")
    with pytest.raises(ValueError, match=r"^n is "):
        whole_number(np.ma.masked_array(7, mask=True), "n")


@pytest.mark.parametrize(
    "value", [2, 2.0, np.float32(2), np.int8(2), Fraction(2), np.array(2.0), np.longdouble(2)]
)
def test_real_numbers_become_floats(value):
    for check in (real_number, real_bound):
        found = check(value, "x")
        assert found == 2.0
        assert type(found) is float


@pytest.mark.parametrize("value", [*NO_NUMBERS, np.nan, Decimal(2), 10**400, np.array(True)])
def test_what_is_no_finite_number_is_refused(value):
    for check in (real_number, real_bound, exact_number, exact_fraction, extended_number):
        if type(value) is int and check not in (real_number, real_bound):
            assert check(value, "x") == value
            continue
        with pytest.raises(ValueError, match=r"^x is .*; it must be a finite real number"):
            check(value, "x")


def test_infinity_is_a_bound_and_no_number():
    assert real_bound(np.float32(np.inf), "x") == np.inf
    for check in (real_number, exact_number, extended_number):
        for wrong in (np.inf, np.float32(-np.inf)):
            with pytest.raises(ValueError, match=r"^x is "):
                check(wrong, "x")
    for wrong in (mpmath.inf, mpmath.nan):
        with pytest.raises(ValueError, match=r"^x is "):
            extended_number(wrong, "x")


def test_exact_numbers_are_not_rounded():
    assert exact_fraction(FINER, "x") == 1 + Fraction(
        *np.finfo(np.longdouble).eps.as_integer_ratio()
    )
    assert exact_number(FINER, "x") == exact_fraction(FINER, "x")
    assert exact_fraction(np.float32(0.1), "x") == Fraction(float(np.float32(0.1)))
    assert exact_number(np.uint64(2**64 - 1), "x") == 2**64 - 1
    assert type(exact_number(0.1, "x")) is float
    assert exact_number(Fraction(1, 3), "x") == Fraction(1, 3)
    third = mpmath.mpf(1) / 3
    assert extended_number(third, "x") is third
    assert type(extended_number(np.int64(3), "x")) is int


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[1, 2]], np.float64),
        (np.array([[1, 2]], np.uint8), np.float64),
        ([[0.1, np.float32(0.1)]], np.float64),
        (np.array([[0.1, 3]], np.longdouble).astype(np.float64), np.float64),
        ([[BIG, -BIG]], np.float64),
        ([[BIG + 2, 1]], np.float64),
        ([[BIG + 1, 0.5]], object),
        (np.array([[BIG + 1, 1]]), object),
        (np.array([[2**63 + 1, 1]], np.uint64), object),
        ([[np.uint64(2**63 + 1), -1]], object),
        ([[2**70 + 1, 1]], object),
        (np.array([[FINER, 1]]), object),
        ([[Fraction(1, 3), 1]], object),
        ([[Fraction(1, 4), True]], np.float64),
    ],
)
def test_exact_arrays_hold_what_was_given(values, expected):
    found = exact_array(values, "X")
    assert found.dtype == expected
    entries = values[0] if isinstance(values, list) else [*values[0]]
    exact = [exact_fraction(int(x) if x is True else x, "x") for x in entries]
    assert [Fraction(x) for x in found[0].tolist()] == exact


@pytest.mark.parametrize(
    "values",
    [
        "ab",
        [["a"]],
        [[1j]],
        [[None]],
        [[1.0], [1.0, 2.0]],
        np.array([["2020-01-01"]], "datetime64[s]"),
        [[np.nan]],
        np.array([[np.inf]], np.longdouble),
        [[Fraction(1, 2), np.nan]],
        np.ma.masked_array([[1.0, 2.0]], mask=[[0, 1]]),
        [np.ma.masked_array([1.0, 2.0], mask=[0, 1])],
        [[np.ma.masked, 1.0]],
        ((np.ma.masked_array(1, mask=True),),),
    ],
)
def test_arrays_of_something_else_are_refused(values):
    for check in (real_array, exact_array, extended_array):
        with pytest.raises(ValueError, match=r"\bX\b.*(must|real numbers)"):
            check(values, "X")


def test_floats_beyond_double_precision_are_not_rounded_unasked():
    for values in (np.array([[FINER]]), np.array([[Fraction(1, 2)]])):
        with pytest.raises(ValueError, match=r"X has dtype .*; it must hold real numbers"):
            real_array(values, "X")
    assert extended_array([[mpmath.mpf(1), 2]], "X")[0, 0] == 1


def test_choices_options_and_sequences_are_checked_entry_by_entry():
    assert one_of(*StepScaling)("constant", "x") is StepScaling.CONSTANT
    with pytest.raises(ValueError, match="x is 'some'; it must be one of 'constant', 'inverse_k'"):
        one_of(*StepScaling)("some", "x")
    assert optional(whole_number)(None, "x") is None
    assert several(whole_number)(range(2), "x") == (0, 1)
    with pytest.raises(ValueError, match=r"an entry of x is 1\.5"):
        several(whole_number)([1, 1.5], "x")


def test_a_check_of_no_argument_is_an_error_and_others_stay_the_function_s():
    with pytest.raises(TypeError, match="double has no argument m"):

        @checked_arguments(m=whole_number)
        def double(n: int) -> int:
            return 2 * n

    @checked_arguments(n=whole_number)
    def triple(n: int, *, twice: bool = False) -> int:
        """Three times n."""
        return (6 if twice else 3) * n

    assert triple.__doc__ == "Three times n."
    assert triple(np.int8(100)) == triple(n=np.int8(100)) == 300
    assert triple(1, twice=True) == 6
    with pytest.raises(TypeError, match="positional"):
        triple(1, 2)
