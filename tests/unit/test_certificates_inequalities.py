"""Failures of convexity, and curvature around global minima, against float64 and closed forms."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from relu_landscape.certificates import (
    Failure,
    FailureReason,
    InequalityCertificate,
    Quantity,
    certify_failures,
    certify_global_minimum,
    certify_inequality,
    spread_pair,
    tilted_pair,
    witness,
)
from relu_landscape.global_minima import STRONG_CONVEXITY
from relu_landscape.global_minima.constructions import tilted_form, valley_constants
from relu_landscape.global_minima.witnesses import WITNESSES, evaluate_witness
from relu_landscape.objective import population_hessian

HALF, SMALL = Fraction(1, 2), Fraction(1, 100)
# Frobenius distance of V at which the smallest eigenvalue is first zero, by descent on it.
MEASURED_RADII = {
    2: 0.2865,
    3: 0.221,
    4: 0.2046,
    6: 0.184,
    8: 0.168,
    12: 0.144,
    16: 0.129,
    20: 0.118,
}


@pytest.mark.parametrize(("n", "k", "d"), [(4, 3, 3), (3, 2, 4), (9, 4, 5)])
@pytest.mark.parametrize("share", [HALF, Fraction(3, 10)])
@pytest.mark.parametrize("epsilon", [Fraction(1, 10), Fraction(1, 10**4), Fraction(1, 10**12)])
def test_failures_have_the_values_known_of_them(n, k, d, share, epsilon):
    form, gradient, hessian, ratio = certify_failures(n, k, d, share, epsilon)
    assert all(isinstance(x, InequalityCertificate) for x in (form, gradient, hessian, ratio))
    # The direction of the closed form has length sqrt(2).
    assert 2 * float(form.upper) == pytest.approx(tilted_form(float(share), float(epsilon)))
    constants = valley_constants(n, k, float(share))
    for found, constant in (
        (gradient, constants.one_point_gradient),
        (hessian, constants.one_point_hessian),
        (ratio, constants.pl_ratio),
    ):
        # Corrections are of relative order eps^2 in the pair, eps in the other neurons.
        assert float(found.upper / decimal_of(epsilon)) == pytest.approx(
            constant, rel=3 * float(epsilon) + 1e-9
        )
    assert float(gradient.distance_upper) == pytest.approx(2**0.5 * float(epsilon))


def decimal_of(fraction):
    return Decimal(fraction.numerator) / fraction.denominator


@pytest.mark.parametrize("name", WITNESSES)
@pytest.mark.parametrize("scale", [Fraction(1, 10), SMALL, Fraction(1, 1000)])
def test_witnesses_against_conjecture_12(name, scale):
    found = certify_inequality(Quantity.CONJECTURE12_GAP, witness(name, scale))
    assert isinstance(found, InequalityCertificate)
    assert found.upper < 0
    assert float(found.upper) == pytest.approx(evaluate_witness(WITNESSES[name], scale)["gap"])


def test_what_is_not_negative_is_refused():
    spread = spread_pair(4, 3, 3, HALF, SMALL)
    found = certify_inequality(Quantity.HESSIAN_FORM, spread)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.INEQUALITY_NOT_SHOWN
    # At W* itself the PL ratio is 0/0.
    at_minimum = type(spread)(3, spread.minimum, spread.minimum, spread.direction)
    assert isinstance(certify_inequality(Quantity.PL_RATIO, at_minimum), Failure)


@pytest.mark.parametrize("make", [tilted_pair, spread_pair])
def test_points_out_of_range(make):
    with pytest.raises(ValueError, match="needs 2 <= k < n"):
        make(3, 3, 3, HALF, SMALL)
    with pytest.raises(ValueError, match="0 < a < 1"):
        make(4, 3, 3, Fraction(1), SMALL)


@pytest.mark.parametrize("k", [*MEASURED_RADII, 100, 10**6])
def test_strong_convexity_around_global_minima(k):
    found = certify_global_minimum(k)
    assert (
        found.eigenvalue_lower <= decimal_of(Fraction(STRONG_CONVEXITY)) <= found.eigenvalue_upper
    )
    assert found.eigenvalue_upper - found.eigenvalue_lower < 1e-12
    assert found.hessian_lower > 0
    if k in MEASURED_RADII:
        assert 3 < MEASURED_RADII[k] / float(found.radius) < 4.5
    else:
        assert (np.pi / 2 - 1) / 2 < float(found.radius) * k**0.5 < np.pi / 2 - 1


@pytest.mark.parametrize(("k", "d"), [(2, 2), (3, 4), (8, 8)])
def test_convex_within_the_radius(k, d):
    found, rng = certify_global_minimum(k), np.random.default_rng(k)
    V = np.eye(k, d)
    for _ in range(20):
        away = rng.normal(size=(k, d)) * (rng.random((k, 1)) < 0.6)
        length = max(np.linalg.norm(away), 1e-9)
        point = V + float(found.radius) * away / length
        assert np.linalg.eigvalsh(population_hessian(point, V))[0] > found.hessian_lower


@pytest.mark.parametrize("k", [1, 2.5, 10**301])
def test_numbers_of_teachers_without_a_certificate(k):
    with pytest.raises(ValueError, match="whole number"):
        certify_global_minimum(k)


def test_the_radius_is_positive_at_any_size():
    assert 0.28 < float(certify_global_minimum(10**40).radius) * 1e20 < 0.58


def test_points_next_to_no_global_minimum_are_refused():
    spread = spread_pair(4, 3, 3, HALF, SMALL)
    elsewhere = replace(spread, minimum=2 * spread.minimum)
    with pytest.raises(ValueError, match="no global one"):
        certify_inequality(Quantity.PL_RATIO, elsewhere)
    with pytest.raises(ValueError, match="same number of students"):
        certify_inequality(Quantity.CONJECTURE12_GAP, spread)
    with pytest.raises(ValueError, match="quantity is 'size'; it must be one of 'hessian_form'"):
        certify_inequality("size", spread)


def test_a_share_given_as_a_float_is_the_number_it_holds():
    for found in certify_failures(3, 2, 2, 0.3, 1e-3):
        assert found.point.minimum[:, 0].sum() == 1
