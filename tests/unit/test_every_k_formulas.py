"""The scaled equations and forms, against the structured network and the isotypic blocks."""

import math

import mpmath
import numpy as np
import pytest
from flint import arb, arb_series

from helpers_every_k import (
    BITS,
    DIGITS,
    EXTENDED,
    MEMBERS,
    critical_point,
    extended_number,
    family,
    generalised_eigenvalues,
    network,
    random_unknowns,
    scale,
    space_and_parameters,
    structured,
)
from relu_landscape.certificates.components import trivial_vectors, unrefined
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.branch import limit_guess, solve_at, truncation
from relu_landscape.every_k.generic_numbers import (
    arcsine_ratio,
    independent,
    partials,
    root,
    segment_ratio,
)
from relu_landscape.every_k.inner_eigenvalues import inner_eigenvalues
from relu_landscape.every_k.residual import residual
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaled_loss import norm_gap, scaled_loss
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import Scale, scale_at
from relu_landscape.symmetry.inner_hessian import split_neuron_class
from relu_landscape.symmetry.isotypic import isotypic_blocks

SIZES = (12, 97, 10**6)
members = pytest.mark.parametrize(("name", "m"), MEMBERS)


@pytest.fixture(autouse=True)
def many_bits():
    with precision(BITS), mpmath.workdps(DIGITS):
        yield


def ratio_of_angle(y):
    return mpmath.asin(mpmath.sqrt(y)) / mpmath.sqrt(y)


def ratio_of_segment(y):
    return (ratio_of_angle(y) - mpmath.sqrt(1 - y)) / y


RATIOS = [(arcsine_ratio, ratio_of_angle), (segment_ratio, ratio_of_segment)]


@pytest.mark.parametrize(("function", "reference"), RATIOS)
class TestRatiosOfAngles:
    @pytest.mark.parametrize("y", [1e-12, 0.01, 0.031, 0.049, 0.051, 0.3, 0.7])
    def test_of_floats_and_balls(self, function, reference, y):
        expected = reference(mpmath.mpf(y))
        assert function(y) == pytest.approx(float(expected), rel=1e-14)
        assert abs(function(arb(y)) - arb(str(expected))) < 1e-60

    @pytest.mark.parametrize("y", [1e-12, 0.01, 0.031, 0.049, 0.051, 0.3, 0.7])
    def test_of_wide_balls_hold_all_values_and_little_more(self, function, reference, y):
        radius = 2.0**-10
        found = function(arb(y, radius))
        assert all(
            found.contains(arb(str(reference(mpmath.mpf(y + x)))))
            for x in (0, radius, -radius / 2)
            if y + x > 0
        )
        assert found.rad() < 4 * radius * float(function(arb(y)))

    # The reference is not differentiable at 0, and its steps would cross it from 1e-12.
    @pytest.mark.parametrize("y", [0.01, 0.031, 0.049, 0.051, 0.3, 0.7])
    def test_of_series_and_duals_are_derivatives(self, function, reference, y):
        expected = mpmath.taylor(reference, mpmath.mpf(y), 3)
        with truncation(4):
            found = function(arb_series([arb(y), arb(1)]))
            dual = function(independent([arb_series([arb(y), arb(1)])])[0])
            for n in range(4):
                assert abs(found[n] - arb(str(expected[n]))) < 1e-12 * abs(found[n])
                if n < 3:
                    assert abs(dual.partials[0][n] - (n + 1) * found[n + 1]) < 1e-60
            assert abs(dual.value[1] - found[1]) < 1e-60
        for value in (y, arb(y)):
            slope = function(independent([value])[0]).partials[0]
            assert float(slope) == pytest.approx(float(expected[1]), rel=1e-11)


def test_ratios_at_zero_and_at_one():
    assert arcsine_ratio(arb(0)) == 1
    assert abs(segment_ratio(arb(0)) * 3 - 2) < 1e-60
    assert segment_ratio(arb(0, 1e-3)).contains(arb(2) / 3)
    with pytest.raises(ArithmeticError, match="reaches 1, where the angle is pi/2"):
        arcsine_ratio(arb(0.5, 0.6))


@members
@pytest.mark.parametrize("k", SIZES)
def test_equations_are_those_of_the_structured_network(name, m, k):
    member = family(name, m)
    unknowns = random_unknowns(member, seed=k)
    same, where = structured(member, k, unknowns), scale(member, k)
    blocks = (k - m, m) if m else (k,)
    vectors = trivial_vectors(unrefined(blocks, 0))
    # 2 pi times the derivative by one entry, in the order of `trivial_vectors`.
    slopes = [2 * arb.pi() * same.slope(v) / same.inner(v, v) for v in vectors]
    if m == 0:
        first, second = slopes
        expected = [first / where.t, second / where.t]
    else:
        first, fifth, second, third, fourth, *sixth = slopes
        expected = [
            first / where.t,
            second / where.t,
            third if name == "II" else third / where.t,
            (fourth - second) / where.e,
            (fifth - third + first - second) / where.e,
            *((x - third) / where.e for x in sixth),
        ]
    found = residual(network(member, k, unknowns))
    assert len(found) == len(expected) == len(member.unknowns)
    for x, y in zip(found, expected, strict=True):
        assert abs(x - y) < 1e-60
        assert abs(x) > 1e-3


@members
def test_equations_vanish_at_the_critical_points_of_the_families(name, m):
    for k in (16, 1000):
        _, unknowns = critical_point(name, m, k)
        for x in residual(network(family(name, m), k, unknowns)):
            assert abs(float(x)) < 1e-20


@members
def test_equations_have_the_limits_that_are_derived_by_hand(name, m):
    """C = 2, F = 4/pi and so on make every equation but that of G vanish at h = 0."""
    member = family(name, m)
    unknowns = dict(zip(member.unknowns, limit_guess(member), strict=True))
    values = residual(ScaledNetwork(member, scale_at(member, 0.0, math.pi), unknowns))
    own = {"A": 2, "I": 2, "II": 3}[name]
    if m < 2:
        assert np.abs(values).max() < 1e-13
    else:
        assert np.abs(values[:own]).max() < 1e-13
    solved, _ = solve_at(member, 0.0, limit_guess(member))
    known = 5 if name == "II" or m < 2 else 2
    np.testing.assert_allclose(solved[:known], limit_guess(member)[:known], rtol=1e-12)


@members
def test_floats_balls_series_and_duals_agree(name, m):
    member = family(name, m)
    point = {key: float(x) for key, x in random_unknowns(member, seed=1).items()}
    balls = {key: arb(x) for key, x in point.items()}
    h = 0.2
    floats = residual(ScaledNetwork(member, scale_at(member, h, math.pi), point))
    exact = residual(ScaledNetwork(member, scale_at(member, arb(h)), balls))
    duals = dict(zip(point, independent(list(balls.values())), strict=True))
    slopes = [
        partials(x, len(point))
        for x in residual(ScaledNetwork(member, scale_at(member, arb(h)), duals))
    ]
    with truncation(3):
        along = {key: arb_series([x, arb(1)]) for key, x in balls.items()}
        series = residual(
            ScaledNetwork(member, scale_at(member, arb_series([arb(h), arb(2)])), along)
        )
        step = arb(2) ** -100
        moved, back = (
            residual(
                ScaledNetwork(
                    member,
                    scale_at(member, arb(h) + 2 * x),
                    {key: value + x for key, value in balls.items()},
                )
            )
            for x in (step, -step)
        )
    for i, value in enumerate(exact):
        assert floats[i] == pytest.approx(float(value), rel=1e-12, abs=1e-13)
        assert abs(series[i][0] - value) < 1e-60
        assert abs(series[i][1] - (moved[i] - back[i]) / (2 * step)) < 1e-50
    for j, key in enumerate(point):
        up = residual(
            ScaledNetwork(member, scale_at(member, arb(h)), balls | {key: balls[key] + step})
        )
        for i, value in enumerate(exact):
            assert abs((up[i] - value) / step - slopes[i][j]) < 1e-25


@members
@pytest.mark.parametrize("k", [12, 10**5])
def test_forms_are_the_isotypic_blocks(name, m, k):
    member = family(name, m)
    unknowns = random_unknowns(member, seed=k + 1)
    space, parameters = space_and_parameters(member, k, unknowns)
    expected = {
        block.irrep: sorted(EXTENDED.eigenvalues(block.matrix))
        for block in isotypic_blocks(space, parameters, EXTENDED)
    }
    forms = [x for x in component_forms(network(member, k, unknowns)) if x.name != "off_span"]
    assert {x.name for x in forms} == set(expected)
    for x in forms:
        found = generalised_eigenvalues(x.form.matrix, x.gram.matrix)
        assert len(found) == len(expected[x.name])
        for value, known in zip(found, expected[x.name], strict=True):
            known = mpmath.mpf(str(known))
            assert abs(value / (2 * mpmath.pi) - known) < mpmath.mpf("1e-30") * abs(known)


@members
@pytest.mark.parametrize("k", [12, 10**5])
def test_forms_off_the_span_are_those_of_the_structured_network(name, m, k):
    member = family(name, m)
    unknowns = random_unknowns(member, seed=k + 2)
    mixed, own = structured(member, k, unknowns).orthogonal_entries()
    sizes = (k - m, m) if m else (k,)
    trivial = mpmath.matrix(len(sizes))
    for a, size in enumerate(sizes):
        for b, other in enumerate(sizes):
            value = (
                own[a] + (size - 1) * mixed[a][a]
                if a == b
                else mixed[a][b] * (arb(size) * other).sqrt()
            )
            trivial[a, b] = extended_number(value)
    expected = list(mpmath.eigsy(trivial, eigvals_only=True))
    expected += [extended_number(own[a] - mixed[a][a]) for a, size in enumerate(sizes) if size > 1]
    found = [
        value / (2 * mpmath.pi)
        for x in component_forms(network(member, k, unknowns))
        if x.name == "off_span"
        for value in generalised_eigenvalues(x.form.matrix, x.gram.matrix)
    ]
    for value, known in zip(sorted(found), sorted(expected), strict=True):
        assert abs(value - known) < mpmath.mpf("1e-40") * abs(known)


@members
@pytest.mark.parametrize("k", [12, 10**5])
def test_inner_eigenvalues_are_in_the_spectrum_of_the_inner_hessian(name, m, k):
    member = family(name, m)
    unknowns = random_unknowns(member, seed=k + 3)
    space, parameters = space_and_parameters(member, k, unknowns)
    found = inner_eigenvalues(network(member, k, unknowns))
    assert [x.neuron_class for x in found] == ["w", "s"][: 1 + (m > 0)]
    for row, (x, irrep) in enumerate(zip(found, ("s_{p-1}", "s_p"), strict=False)):
        spectrum = split_neuron_class(space, parameters, row, EXTENDED).inner_spectrum
        (expected,) = [y.value for y in spectrum if y.irrep == irrep]
        value = x.coefficient * arb(k).rsqrt() ** x.power
        assert float(value) == pytest.approx(expected, rel=1e-13)


@members
def test_loss_and_lengths_are_those_of_the_critical_points(name, m):
    for k in (16, 1000):
        point, unknowns = critical_point(name, m, k)
        member = family(name, m)
        found = scaled_loss(network(member, k, unknowns)) * (
            scale(member, k).t if name == "II" else 1
        )
        same = structured(member, k, unknowns)
        assert abs(found - same.loss()) < 1e-18
        assert float(found) == pytest.approx(point.loss, rel=1e-12)
        if name == "II":
            lengths = sum(x * y for x, y in zip(same.row_sizes, same.norms(), strict=True))
            gap = norm_gap(network(member, k, unknowns)) * m / k**2
            assert abs(gap - (k - lengths)) < 1e-18


@pytest.mark.parametrize("name", ["I", "II"])
@pytest.mark.parametrize("s", [0.0, 0.01, 0.25, 0.5])
def test_formulas_serve_every_number_of_special_rows_at_once(name, s):
    """r = sqrt(m/k) and s = 1/sqrt(m) are free: also at r = 0 and s = 0 nothing is singular.

    II has the limits at r = 0 that it has for a single m; both are minima at r = 1/4, m <= k/16.
    """
    member = family(name, 4)
    point = limit_guess(family(name, 10**6))
    for r in (0.0, 0.125, 0.25):
        where = Scale(r, s, 1, math.pi)
        for _ in range(12):
            unknowns = dict(zip(member.unknowns, independent(point), strict=True))
            values = residual(ScaledNetwork(member, where, unknowns))
            slopes = np.array([partials(x, 6) for x in values])
            point = (point - np.linalg.solve(slopes, [x.value for x in values])).tolist()
        assert max(abs(x.value) for x in values) < 1e-12
        solved = ScaledNetwork(member, where, dict(zip(member.unknowns, point, strict=True)))
        for x in component_forms(solved):
            assert np.linalg.eigvalsh(np.array(x.form.matrix, dtype=float))[0] > 0.2
        if name == "II" and r == 0:
            np.testing.assert_allclose(point[:5], limit_guess(member)[:5], rtol=1e-12)
            assert scaled_loss(solved) == pytest.approx(0.5 - 2 / math.pi**2)
        if name == "I" and r == 0:
            assert scaled_loss(solved) == pytest.approx(0.5 - 1 / math.pi)


def test_root_of_a_dual():
    x = root(independent([arb(9)])[0])
    assert x.value == 3
    assert abs(x.partials[0] - arb(1) / 6) < 1e-60
