"""Exact numbers and series: rational functions of pi."""

from decimal import Decimal

import pytest
from flint import arb, ctx, fmpq, fmpq_poly
from flint.utils.flint_exceptions import DomainError

from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import (
    enclose_series,
    enclose_split_series,
    exact_loss_series,
    exact_series,
    exact_split_series,
)
from relu_landscape.every_k.exact_numbers import PI, ExactSeries, RationalInPi
from relu_landscape.every_k.generic_numbers import arcsine_ratio, root, segment_ratio

TERMS = 4


def of(*coefficients):
    """c_0 + c_1/pi + ..."""
    total = RationalInPi.of(0)
    for c in reversed(coefficients):
        total = total / PI + c
    return total


def test_numbers_are_those_of_balls(monkeypatch):
    monkeypatch.setattr(ctx, "prec", 200)
    x, y = (PI * PI - 2) / (PI * 3 + fmpq(1, 2)), (PI - 2) * 0.75
    a, b = x.ball(), y.ball()
    for found, known in (
        (x + y, a + b),
        (x - y, a - b),
        (x * y, a * b),
        (x / y, a / b),
        (-x, -a),
        ((x * x).root(), a),
        (((PI - 4) * (PI - 4)).root(), 4 - arb.pi()),
    ):
        assert found.ball().overlaps(known)
        assert float(abs(found.ball() - known).upper()) < 1e-50
    assert x * y / y == x
    assert x != y
    assert (x - x).is_zero()
    assert x / 2 * 2 == x
    with pytest.raises(ZeroDivisionError):
        x / (y - y)
    with pytest.raises(DomainError, match="square root"):
        PI.root()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (of(0, -1, 2), "-1/pi + 2/pi^2"),
        (of(0, 0, fmpq(-32, 3)), "-32/(3 pi^2)"),
        (of(fmpq(1, 2)), "1/2"),
        (of(0), "0"),
        (PI * PI * 3 - PI + 1, "3 pi^2 - pi + 1"),
        ((PI + 1) / (PI * PI - PI * 2), "(pi + 1)/(pi^2 - 2 pi)"),
    ],
)
def test_numbers_are_written_in_powers_of_pi(number, text):
    assert str(number) == text


def test_series_are_multiplied_divided_and_rooted():
    x = ExactSeries([of(2), of(1, 3), PI, 0])
    y = ExactSeries([of(0, 1), 5, 0, of(1, 1)])
    assert all(c.is_zero() for c in (x * y / y - x).coefficients)
    square = x * x
    assert all(c.is_zero() for c in (root(square) - x).coefficients)
    assert [str(c) for c in (1 / ExactSeries([1, 1, 0, 0])).coefficients] == ["1", "-1", "1", "-1"]
    small = ExactSeries([0, 1, 0, 0])
    assert [str(c) for c in arcsine_ratio(small).coefficients] == ["1", "1/6", "3/40", "5/112"]
    assert [str(c) for c in segment_ratio(small).coefficients] == ["2/3", "1/5", "3/28", "5/72"]
    with pytest.raises(ValueError, match="known at 0 only"):
        arcsine_ratio(x)


def is_held(value, interval):
    low, high = (arb(str(x)) for x in interval)
    ball = value.ball()
    return (
        bool(low <= ball)
        and bool(ball <= high)
        and Decimal(interval[1]) - Decimal(interval[0]) < Decimal("1e-30")
    )


def test_split_series_lie_in_their_enclosures():
    exact = exact_split_series(terms=TERMS)
    enclosed = enclose_split_series(terms=TERMS)
    assert len(enclosed) == len(exact) == 5
    with precision(300):
        for x in enclosed:
            values = exact[x.neuron_class, x.irrep, x.place]
            assert all(is_held(v, c) for v, c in zip(values, x.coefficients, strict=True))
    leading = {name: str(values[0]) for name, values in exact.items()}
    assert leading == {
        ("w", "t", 0): "-1/pi + 2/pi^2",
        ("w", "t", 1): "1/pi - 2/pi^2",
        ("w", "s_{p-1}", 0): "-1/pi",
        ("s", "t", 0): "-4/pi^2",
        ("s", "s_p", 0): "-2/pi^2",
    }


@pytest.mark.parametrize(
    ("family", "m", "text"),
    [("A", 0, "-4/(3 pi)"), ("I", 1, "-4/(3 pi)"), ("II", 1, "-32/(3 pi^4)")],
)
def test_series_of_the_loss_lie_in_their_enclosures(family, m, text):
    exact, enclosed = exact_loss_series(family, m, terms=5), enclose_series(family, m, terms=5)
    with precision(300):
        assert all(is_held(v, c) for v, c in zip(exact, enclosed.loss, strict=True))
    assert text in map(str, exact)


def test_what_is_not_known_exactly_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="special_rows = 2; exact series are known up to 1"):
        exact_loss_series("II", 2)
    with pytest.raises(ValueError, match="terms = 0; it must be 1 or more"):
        exact_split_series(terms=0)
    wrong = dict(exact_series._LIMITS)
    wrong[exact_series._II_1] = (*wrong[exact_series._II_1][:-1], (0, 5))
    monkeypatch.setattr(exact_series, "_LIMITS", wrong)
    exact_series._along_branch.cache_clear()
    with pytest.raises(ArithmeticError, match="is not the limit of the branch"):
        exact_split_series(terms=1)
    exact_series._along_branch.cache_clear()
    assert RationalInPi(fmpq_poly([2, 4]), fmpq_poly([2])) == PI * 2 + 1
