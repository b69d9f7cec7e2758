"""The witnesses against Conjecture 12: exact weights, and values in several arithmetics."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from relu_landscape.global_minima import conjecture12_gap
from relu_landscape.global_minima.witnesses import (
    PRINTED_DIGITS,
    WITNESSES,
    evaluate_witness,
    weight_records,
    witness_weights,
)
from relu_landscape.objective import reference_hessian

# Both sides and the gap over s^3, computed before this code.
SHEET = [
    ("two_equal", 100, 6.75452494e-5, 6.816901138e-5, -0.6238),
    ("two_unequal", 100, 5.765149503e-5, 5.832711036e-5, -0.6756),
    ("two_equal", 1000, 6.810547686e-7, 6.816901138e-7, -0.6353),
]


def exact_gap(W, m, digits):
    """LHS - RHS from the formula of the Hessian, in `digits` digits; W holds fractions."""
    with mpmath.workdps(digits):
        weights = np.array(
            [[mpmath.mpf(x.numerator) / x.denominator for x in row] for row in W], dtype=object
        )
        minimum = np.repeat(np.eye(2, dtype=int), m, axis=0) * (mpmath.mpf(1) / m)
        G = (weights - minimum).ravel()
        H = reference_hessian(weights, np.eye(2), digits=digits)
        form = mpmath.fsum(G[i] * H[i, j] * G[j] for i in range(len(G)) for j in range(len(G)))
        g = [[mpmath.fsum(G.reshape(2, m, 2)[i, :, a]) for a in (0, 1)] for i in (0, 1)]
        whole = [g[0][a] + g[1][a] for a in (0, 1)]
        squares = mpmath.fsum(x**2 for row in g for x in row)
        bound = (mpmath.fsum(x**2 for x in whole) + (1 - 2 / mpmath.pi) * squares) / 4
        return form - bound


@pytest.mark.parametrize(("name", "inverse", "lhs", "rhs", "over_cube"), SHEET)
def test_values_of_the_sheet(name, inverse, lhs, rhs, over_cube):
    found = evaluate_witness(WITNESSES[name], Fraction(1, inverse))
    assert found["form"] == pytest.approx(lhs, rel=1e-9)
    assert found["bound"] == pytest.approx(rhs, rel=1e-9)
    assert found["gap_over_cube"] == pytest.approx(over_cube, abs=5.1e-5)
    assert (found["k"], found["m"], found["scale"]) == (2, 2, 1 / inverse)


def test_the_value_of_the_sheet_with_one_neuron():
    a = Fraction(707, 1000)
    found = evaluate_witness(((a, a),), Fraction(1, 100))
    assert found["form"] == pytest.approx(3.385243847e-5, rel=1e-9)
    assert found["bound"] == pytest.approx(3.407421217e-5, rel=1e-9)
    assert found["gap_over_cube"] == pytest.approx(-0.2218, abs=5.1e-5)


@pytest.mark.parametrize("name", WITNESSES)
@pytest.mark.parametrize("exponent", [1, 4, 8])
def test_every_printed_digit_is_right(name, exponent):
    """By another method: the formula of the Hessian instead of a difference of the loss."""
    scale = Fraction(1, 10**exponent)
    found = evaluate_witness(WITNESSES[name], scale)
    m = len(WITNESSES[name])
    expected = exact_gap(witness_weights(WITNESSES[name], scale), m, digits=90)
    with mpmath.workdps(90):
        printed = mpmath.mpf(found["gap_digits"])
        assert abs(printed / expected - 1) < mpmath.mpf(10) ** (1 - PRINTED_DIGITS)
    assert found["gap"] == pytest.approx(float(expected), rel=1e-15)
    assert found["gap_over_cube"] == pytest.approx(float(expected / scale**3), rel=1e-14)


@pytest.mark.parametrize("name", WITNESSES)
def test_the_conjecture_fails_in_double_too_where_it_can_tell(name):
    scale = Fraction(1, 100)
    m = len(WITNESSES[name])
    W = witness_weights(WITNESSES[name], scale).astype(np.float64)
    found = evaluate_witness(WITNESSES[name], scale)
    gap = conjecture12_gap(W, np.eye(2), m)
    # Double rounds the weights to 1e-16 and the form, near 1e-4, to as many of its digits.
    assert gap == pytest.approx(found["gap"], rel=1e-9)
    assert gap < 0


def test_digits_and_float_agree():
    for shares in WITNESSES.values():
        for exponent in range(1, 9):
            found = evaluate_witness(shares, Fraction(1, 10**exponent))
            assert float(found["gap_digits"]) == found["gap"]
            assert found["gap"] < 0
            assert found["gap"] == pytest.approx(found["form"] - found["bound"], abs=1e-17)


@pytest.mark.parametrize(("name", "limit"), [("one_neuron", -2 / np.pi), ("two_equal", -2 / np.pi)])
def test_the_gap_over_the_cube_has_a_limit(name, limit):
    errors = [
        evaluate_witness(WITNESSES[name], Fraction(1, 10**exponent))["gap_over_cube"] - limit
        for exponent in (3, 4, 5)
    ]
    assert errors[0] / errors[1] == pytest.approx(10, rel=1e-2)
    assert errors[1] / errors[2] == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize("name", WITNESSES)
def test_weights_are_the_rationals_that_are_announced(name):
    scale = Fraction(3, 100)
    W = witness_weights(WITNESSES[name], scale)
    m = len(WITNESSES[name])
    assert W.shape == (2 * m, 2)
    assert all(isinstance(x, Fraction) for x in W.ravel())
    for j, (a, b) in enumerate(WITNESSES[name]):
        assert list(W[j]) == [Fraction(1, m), -a * scale]
        assert list(W[m + j]) == [b * scale, Fraction(1, m)]
    # The sums over a teacher are antisymmetric, where the leading order of the gap vanishes.
    sums = W.reshape(2, m, 2).sum(axis=1)
    assert sums[0, 1] == -sums[1, 0]
    assert sums[0, 0] == sums[1, 1] == 1


def test_records_give_the_weights_back():
    scale = Fraction(1, 100)
    records = weight_records("two_unequal", scale)
    assert len(records) == 8
    W = witness_weights(WITNESSES["two_unequal"], scale)
    for row in records:
        assert (row["witness"], row["m"]) == ("two_unequal", 2)
        exact = Fraction(row["numerator"], row["denominator"])
        assert exact == W[row["neuron"], row["coordinate"]]
    assert {(row["neuron"], row["coordinate"]) for row in records} == set(np.ndindex(4, 2))


@pytest.mark.parametrize(
    ("shares", "scale", "message"),
    [
        (WITNESSES["one_neuron"], Fraction(-1, 10), "scale is -1/10"),
        (WITNESSES["one_neuron"], Fraction(0), "scale is 0"),
        ((), Fraction(1), "shares is empty"),
    ],
)
def test_scales_and_shares_without_a_point_are_refused(shares, scale, message):
    with pytest.raises(ValueError, match=message):
        evaluate_witness(shares, scale)
