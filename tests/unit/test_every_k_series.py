"""Coefficients of the series in k^(-1/2), enclosed."""

from decimal import Decimal, localcontext

import mpmath
import numpy as np
import pytest

from relu_landscape.certificates import Failure
from relu_landscape.every_k import enclose_series, enclosed_series
from relu_landscape.families import puiseux_series

DIGITS = 50


@pytest.fixture(autouse=True)
def many_digits():
    with mpmath.workdps(DIGITS), localcontext() as context:
        context.prec = DIGITS
        yield


def holds(interval, number):
    low, high = interval
    return low <= Decimal(mpmath.nstr(number, DIGITS)) <= high and high - low < Decimal("1e-37")


@pytest.mark.parametrize("m", [1, 2, 3, 5])
def test_second_type_has_the_coefficients_that_are_known_in_closed_form(m):
    pi = +mpmath.pi
    found = enclose_series("II", m, terms=4)
    assert found.loss[:2] == ((0, 0), (0, 0))
    assert holds(found.loss[2], m * (mpmath.mpf(1) / 2 - 2 / pi**2))
    assert holds(found.loss[3], -32 * m / (3 * pi**4))
    assert holds(found.entries["d"][0], -1)
    assert holds(found.entries["d"][2], 2 + 8 / pi + 8 / pi**2)
    assert holds(found.entries["d"][3], 64 * (pi - 12) / (3 * pi**4 * (pi - 2)))
    assert holds(found.entries["f"][2], 4 / pi)
    assert holds(found.entries["c"][2], 2)


@pytest.mark.parametrize(("name", "m"), [("A", 0), ("I", 1), ("I", 2)])
def test_first_types_have_the_coefficients_that_are_known_in_closed_form(name, m):
    pi = +mpmath.pi
    found = enclose_series(name, m, terms=3)
    assert holds(found.loss[0], mpmath.mpf(1) / 2 - 1 / pi)
    assert holds(found.loss[1], -4 / (3 * pi))
    assert holds(found.entries["a"][2], 2)
    if m:
        assert holds(found.entries["d"][2], 8 / pi - 8 / pi**2)
        assert holds(found.entries["f"][2], 2 - 4 / pi)


@pytest.mark.parametrize(("name", "m"), [("A", 0), ("I", 1), ("II", 1), ("II", 2)])
def test_series_are_those_that_interpolation_finds(name, m):
    found, known = enclose_series(name, m, terms=6), puiseux_series(name, m=m or None, terms=6)
    for (low, _), coefficient in zip(found.loss, known.loss.coefficients, strict=True):
        assert float(low) == pytest.approx(float(coefficient), rel=1e-12, abs=1e-12)
    own = known.entries["r0.diag"].coefficients
    np.testing.assert_allclose(
        [float(low) for low, _ in found.entries["a"]],
        [float(x) for x in own],
        rtol=1e-10,
        atol=1e-12,
    )


def test_a_limit_that_is_not_located_is_no_series(monkeypatch):
    monkeypatch.setattr(enclosed_series, "_NEWTON_STEPS", 1)
    assert isinstance(enclose_series("II", 1), Failure)


def test_no_terms_are_refused():
    with pytest.raises(ValueError, match="terms = 0; it must be 1 or more"):
        enclose_series("A", 0, terms=0)
