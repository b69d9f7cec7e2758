"""Family A with one neuron more, a saddle for every k: equations, forms and pieces."""

import math
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import arb

from helpers_every_k import (
    BITS,
    DIGITS,
    EXTENDED,
    assert_forms_off_the_span,
    assert_forms_on_the_span,
    extended_number,
    family,
    scale,
)
from relu_landscape.certificates import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.structured import Structured, StructuredNetwork
from relu_landscape.every_k import (
    certify_saddle_for_all_k,
    further_certificate,
    least_real_k_of_saddle,
)
from relu_landscape.every_k.branch import residual_at, solve_at
from relu_landscape.every_k.further_forms import forms_with_further_row
from relu_landscape.every_k.further_row import (
    A_WITH_FURTHER_ROW,
    LIMIT,
    residual_with_further_row,
    with_further_row_at,
)
from relu_landscape.every_k.location import are_chained
from relu_landscape.every_k.records import saddle_row, saddle_rows
from relu_landscape.families import symmetric_critical_point
from relu_landscape.symmetry import FixedPointSpace, ReducedLoss

SIZES = (7, 12, 10**6)


@pytest.fixture(autouse=True)
def many_bits():
    with precision(BITS), mpmath.workdps(DIGITS):
        yield


@cache
def proof():
    return certify_saddle_for_all_k(6)


def random_network(k):
    """No critical point; the further row is of positive length."""
    rng = np.random.default_rng(k)
    values = [arb(float(x)) for x in (*rng.normal(size=2), rng.uniform(0.5, 3))]
    return with_further_row_at(arb(k).rsqrt(), values)


def space_and_parameters(x, k):
    e = scale(family("A", 0), k).e
    values = [extended_number(y) for y in (x.a, e * x.beta, e * x.F)]
    return FixedPointSpace((k,), 1).with_sizes_in(EXTENDED), EXTENDED.array(values)


@pytest.mark.parametrize("k", SIZES)
def test_equations_are_the_gradient_of_the_reduced_loss(k):
    x = random_network(k)
    space, parameters = space_and_parameters(x, k)
    counts = EXTENDED.array(list(space.entry_counts))
    slopes = 2 * mpmath.pi * ReducedLoss(space, EXTENDED).gradient(parameters) / counts
    expected = [slopes[0] * mpmath.sqrt(k), slopes[1] * k, slopes[2] * k]
    for found, known in zip(residual_with_further_row(x), expected, strict=True):
        assert abs(extended_number(found) - known) < mpmath.mpf("1e-50")
        assert abs(known) > 1e-3


@pytest.mark.parametrize("k", SIZES)
def test_forms_are_the_isotypic_blocks(k):
    x = random_network(k)
    forms = forms_with_further_row(x)
    assert_forms_on_the_span(forms, space_and_parameters(x, k), 30)


@pytest.mark.parametrize("k", SIZES)
def test_forms_off_the_span_are_those_of_the_structured_network(k):
    x = random_network(k)
    e = scale(family("A", 0), k).e
    rest = [[e * x.beta], [e * x.F]]
    mixed, own = StructuredNetwork((k,), 1, Structured([x.a], rest), BITS).orthogonal_entries()
    beside = mixed[0][1] * arb(k).sqrt()
    together = mpmath.matrix(2)
    together[0, 0] = extended_number(own[0] + (k - 1) * mixed[0][0])
    together[0, 1] = together[1, 0] = extended_number(beside)
    together[1, 1] = extended_number(own[1])
    expected = [*mpmath.eigsy(together, eigvals_only=True), extended_number(own[0] - mixed[0][0])]
    assert_forms_off_the_span(forms_with_further_row(x), expected)


def test_limit_is_that_derived_by_hand():
    values = residual_at(A_WITH_FURTHER_ROW, 0.0, LIMIT, math.pi)
    assert np.abs(values).max() < 1e-14


@pytest.mark.parametrize("k", [6, 7, 30, 1000, 10**8])
def test_pieces_hold_the_points_of_the_family(k):
    point = symmetric_critical_point("A", k, extra=1)
    h = arb(k).rsqrt()
    (found,) = [
        x
        for x in proof().pieces
        if x.piece.left <= float(h) and Fraction(x.piece.right) ** 2 * k >= 1
    ][:1]
    a, b, f = (arb(str(x)) for x in point.extended_parameters)
    unknowns = [(a + 1) / h**3 - 2 / h, (b * k - 2) * k, f * k]
    for x, center, radius in zip(
        unknowns, found.predictor.over(h, [0.0] * 3), found.location.radius, strict=True
    ):
        assert abs(x - center) <= radius
    assert point.index == k - 1
    negative = [x for x in point.spectrum if x.value < 0]
    assert [x.irrep for x in negative] == ["s_p"]
    assert negative[0].value <= float(found.negative_upper) < negative[0].value / 2
    for x in point.spectrum:
        if x.irrep != "s_p":
            assert 0 < float(found.eigenvalue_lower[x.irrep]) <= x.value


def test_pieces_cover_every_k_and_are_one_curve():
    pieces = proof().pieces
    assert pieces[0].piece.left == 0
    assert Fraction(pieces[-1].piece.right) ** 2 * 6 >= 1
    for left, right in pairwise(pieces):
        assert left.piece.right == right.piece.left
        assert are_chained(left, right)


def test_below_six_it_is_another_saddle():
    """At k = 5 the eigenvalue on y_p is negative, too."""
    found = certify_saddle_for_all_k(5)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NOT_POSITIVE_DEFINITE
    assert found.detail.endswith("on y_p")
    assert symmetric_critical_point("A", 5, extra=1).index > 4


def test_minima_are_not_proved_saddles(monkeypatch):
    """With the negative direction bent upwards nothing is left to prove."""

    def lifted(x):
        forms = forms_with_further_row(x)
        (standard,) = [form for form in forms if form.name == "s_p"]
        standard.form.add(1, standard.gram)
        return forms

    monkeypatch.setattr(further_certificate, "forms_with_further_row", lifted)
    found = certify_saddle_for_all_k(10**6)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NO_NEGATIVE_CURVATURE


def test_two_negative_eigenvalues_on_one_component_are_not_proved_one(monkeypatch):
    """All of s_p lowered by 0.15: the two smallest are near -0.01 and 0.09."""

    def lowered(x):
        forms = forms_with_further_row(x)
        (standard,) = [form for form in forms if form.name == "s_p"]
        standard.form.add(-2 * math.pi * 0.15, standard.gram)
        return forms

    monkeypatch.setattr(further_certificate, "forms_with_further_row", lowered)
    found = certify_saddle_for_all_k(10**6)
    assert isinstance(found, Failure)
    assert found.detail.endswith("not exactly one negative eigenvalue on s_p")


def test_threshold_is_enclosed_to_ten_digits():
    """At its lower end y_p is negative; between the ends the sign of the smallest there changes."""
    found = least_real_k_of_saddle()
    assert found.component == "y_p"
    assert 0 < found.upper - found.lower < Decimal("1e-10")
    signs = []
    for end in (found.lower, found.upper):
        with precision(128):
            h = 1 / arb(str(end)).sqrt()
        point, _ = solve_at(
            A_WITH_FURTHER_ROW,
            float(h),
            [float(x) for x in proof().pieces[-1].at(proof().pieces[-1].piece.right)],
        )
        forms = forms_with_further_row(with_further_row_at(float(h), point, math.pi))
        (curved,) = [form for form in forms if form.name == "y_p"]
        signs.append(curved.form.matrix[0][0] > 0)
    assert signs == [False, True]
    row = saddle_row(proof(), found)
    assert row.threshold_lower < float(found.lower) <= float(found.upper) < row.threshold_upper
    assert (row.proved, row.pieces, row.least_k) == (True, len(proof().pieces), 6)
    failure = saddle_row(Failure(FailureReason.BOX_TOO_WIDE, "below k = 9"), None)
    assert (failure.proved, failure.pieces, failure.threshold_lower) == (False, 0, None)


def test_rows_of_the_table():
    rows = list(saddle_rows(proof()))
    assert rows[0].largest_k is None
    assert rows[-1].least_k <= 6.0000001
    assert all(x.negative_upper < 0 < x.eigenvalue_lower for x in rows)
    assert {x.component for x in rows} <= {"t", "y_p", "x_p", "off_span"}


def test_too_small_bounds_are_refused():
    with pytest.raises(ValueError, match="least_k = 2 with special_rows = 0; it must be above 2"):
        certify_saddle_for_all_k(2)
