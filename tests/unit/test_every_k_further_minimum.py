"""II_1 with one neuron more, a minimum for every k: equations, forms, their limits, and pieces."""

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
    generalised_eigenvalues,
)
from relu_landscape.certificates import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.structured import Structured, StructuredNetwork
from relu_landscape.every_k import (
    certify_further_minimum_for_all_k,
    further_minimum,
    real_thresholds,
)
from relu_landscape.every_k.branch import residual_at
from relu_landscape.every_k.location import are_chained
from relu_landscape.every_k.real_thresholds import branch_of_further_minimum
from relu_landscape.every_k.split_special_forms import forms_with_split_special_row
from relu_landscape.every_k.split_special_loss import scaled_loss_with_split_special_row
from relu_landscape.every_k.split_special_row import (
    II_WITH_SPLIT_SPECIAL_ROW,
    LIMIT,
    residual_with_split_special_row,
    with_split_special_row_at,
)
from relu_landscape.every_k.sweep import EVERY_K_BITS, Sweep
from relu_landscape.every_k.taylor import Piece
from relu_landscape.families import symmetric_critical_point
from relu_landscape.objective import population_hessian, population_loss
from relu_landscape.symmetry import FixedPointSpace, ReducedLoss

SIZES = (7, 12, 10**6)
LEAST_K = 10_000
NAMES = ("r0.diag", "r0.c0", "r0.c1", "r1.c0", "r1.diag", "r2.c0", "r2.c1")


@pytest.fixture(autouse=True)
def many_bits():
    with precision(BITS), mpmath.workdps(DIGITS):
        yield


@cache
def proof():
    return certify_further_minimum_for_all_k(LEAST_K)


def random_network(k):
    """No critical point; both rows near those of the limit."""
    moves = np.random.default_rng(k).normal(scale=0.2, size=7)
    unknowns = [arb(x + float(move)) for x, move in zip(LIMIT, moves, strict=True)]
    return with_split_special_row_at(arb(k).rsqrt(), unknowns)


def entries(x):
    h, e = x.scale.h, x.scale.e
    values = (x.a, e * x.beta, e * x.chi, e * x.F, h * x.D, e * x.G, x.d)
    return dict(zip(NAMES, values, strict=True))


def space_and_parameters(x, k):
    space = FixedPointSpace((k - 1, 1), 1)
    by_name = {name: extended_number(value) for name, value in entries(x).items()}
    parameters = [by_name[name] for name in space.parameter_names]
    return space.with_sizes_in(EXTENDED), EXTENDED.array(parameters)


@pytest.mark.parametrize("k", SIZES)
def test_equations_are_the_gradient_of_the_reduced_loss(k):
    x = random_network(k)
    space, parameters = space_and_parameters(x, k)
    counts = EXTENDED.array(list(space.entry_counts))
    slopes = 2 * mpmath.pi * ReducedLoss(space, EXTENDED).gradient(parameters) / counts
    names = FixedPointSpace((k - 1, 1), 1).parameter_names
    first, second, third, fourth, fifth, sixth, seventh = (
        slopes[names.index(name)] for name in NAMES
    )
    root = mpmath.sqrt(k)
    expected = [first * root, second * k, third, fourth * k, sixth * k]
    expected += [(fifth - third) * root, (seventh - third) * root]
    for found, known in zip(residual_with_split_special_row(x), expected, strict=True):
        assert abs(extended_number(found) - known) < mpmath.mpf("1e-50")
        assert abs(known) > 1e-3


@pytest.mark.parametrize("k", SIZES)
def test_forms_are_the_isotypic_blocks(k):
    x = random_network(k)
    forms = forms_with_split_special_row(x)
    assert_forms_on_the_span(forms, space_and_parameters(x, k), 40)


@pytest.mark.parametrize("k", SIZES)
def test_forms_off_the_span_are_those_of_the_structured_network(k):
    x = random_network(k)
    known = entries(x)
    own = [known["r0.diag"], known["r1.diag"]]
    rest = [[known[f"r{row}.c0"], known.get(f"r{row}.c1", arb(0))] for row in range(3)]
    network = StructuredNetwork((k - 1, 1), 1, Structured(own, rest), BITS)
    mixed, alone = network.orthogonal_entries()
    together = mpmath.matrix(3)
    for i in range(3):
        together[i, i] = extended_number(alone[i] + ((k - 2) * mixed[0][0] if i == 0 else 0))
        for j in range(i):
            scale = arb(k - 1).sqrt() if j == 0 else 1
            together[i, j] = together[j, i] = extended_number(mixed[i][j] * scale)
    expected = [*mpmath.eigsy(together, eigvals_only=True), extended_number(alone[0] - mixed[0][0])]
    assert_forms_off_the_span(forms_with_split_special_row(x), expected)


def test_forms_at_eight_are_the_dense_hessian():
    """At the critical point of k = 8, n = 9: 72 eigenvalues by another route."""
    point = symmetric_critical_point("II", 8, m=1, extra=1)
    dense = np.linalg.eigvalsh(population_hessian(point.weights(), np.eye(8)))
    unknowns, h = unknowns_of(point, 8)
    network = with_split_special_row_at(h, unknowns)
    multiplicities = {"t": 1, "s_p": 6, "y_p": 15, "x_p": 14}
    found = sorted(
        float(value / (2 * mpmath.pi))
        for form in forms_with_split_special_row(network)
        if form.name != "off_span"
        for value in generalised_eigenvalues(form.form.matrix, form.gram.matrix)
        for _ in range(multiplicities[form.name])
    )
    np.testing.assert_allclose(found, dense, rtol=1e-9, atol=1e-11)


def test_equations_at_the_limit_are_those_derived_by_hand():
    A, B, C, F, D, G, H = unknowns = (-0.5, -1.5, 2.0, 1.0, -1.3, 0.8, 1.2)
    m = math.hypot(D, F)
    x = math.acos(D / m)
    R = math.pi + (A - 2 * F * D / m**2 + (D * G - H * F) / m) / m
    half = math.pi / 2
    expected = [
        A + m - H,
        half * (B + F + G),
        half * (C - 2),
        F * R + half * B + 2 * D / m + x * G,
        math.pi * G + half * B - 2 + x * F,
        D * R + 2 * F / m + x * H - G - half * (D + H),
        half * (H - D) + x * D - A - F,
    ]
    found = residual_at(II_WITH_SPLIT_SPECIAL_ROW, 0.0, unknowns, math.pi)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)
    limit = residual_at(II_WITH_SPLIT_SPECIAL_ROW, 0.0, LIMIT, math.pi)
    assert np.abs(limit).max() < 1e-14


def test_the_smallest_eigenvalue_has_a_limit():
    """On t; what the forms at h = 0 say, and the families at large k."""
    with precision(BITS):
        (trivial, *_) = forms_with_split_special_row(with_split_special_row_at(0.0, LIMIT, math.pi))
    form, gram = (np.array(x.matrix, dtype=np.float64) for x in (trivial.form, trivial.gram))
    inverse = np.linalg.inv(np.linalg.cholesky(form))
    limit = 1 / np.linalg.eigvalsh(inverse @ gram @ inverse.T)[-1] / (2 * math.pi)
    assert limit == pytest.approx(0.00442619791, rel=1e-8)
    assert symmetric_critical_point("II", 10**8, m=1, extra=1).spectrum[0].value == pytest.approx(
        limit, rel=2e-4
    )


def unknowns_of(point, k):
    h = arb(k).rsqrt()
    values = dict(zip(point.space.parameter_names, point.extended_parameters, strict=True))
    a, b, c, f, d, g, last = (arb(str(values[name])) for name in NAMES)
    return [(a - 1) / h**3, b * k**2, c * k, f * k, d / h, g * k, (last + 1) / h], h


def assert_holds_the_point_of_the_family(found, k):
    point = symmetric_critical_point("II", k, m=1, extra=1)
    unknowns, h = unknowns_of(point, k)
    center = found.predictor.over(h, [0.0] * 7)
    for x, y, radius in zip(unknowns, center, found.location.radius, strict=True):
        assert abs(x - y) <= radius
    assert point.index == 0
    lowest: dict[str, float] = {}
    for x in point.spectrum:
        lowest.setdefault(x.irrep, x.value)
    for name, value in lowest.items():
        assert 0.9 * value < float(found.eigenvalue_lower[name]) <= value
    assert float(found.eigenvalue_lower["off_span"]) > 0
    low, high = map(float, found.loss)
    assert low < point.loss * k < high < low + 0.01


@pytest.mark.parametrize("k", [7, 40])
def test_loss_is_that_of_the_solved_points(k):
    unknowns, h = unknowns_of(symmetric_critical_point("II", k, m=1, extra=1), k)
    network = with_split_special_row_at(h, unknowns)
    entry = entries(network)
    a, b, c = (entry[name] for name in ("r0.diag", "r0.c0", "r0.c1"))
    first = [[a if i == j else b for j in range(k - 1)] + [c] for i in range(k - 1)]
    rows = [(entry[f"r{i}.c0"], entry[f"r{i}.{last}"]) for i, last in ((1, "diag"), (2, "c1"))]
    weights = np.array([*first, *([f] * (k - 1) + [d] for f, d in rows)], dtype=float)
    assert population_loss(weights, np.eye(k)) * k == pytest.approx(
        float(scaled_loss_with_split_special_row(network)), rel=1e-11
    )


def certify_around(k):
    """A short piece with k^(-1/2) in it, from the point of the family."""
    unknowns, h = unknowns_of(symmetric_critical_point("II", k, m=1, extra=1), k)
    place = math.floor(float(h) * 2**15)
    piece = Piece((place - 4) / 2**15, (place + 4) / 2**15)
    family, prove = II_WITH_SPLIT_SPECIAL_ROW, further_minimum._curvature
    sweep = Sweep(family, LIMIT, prove, further_minimum.FURTHER_MINIMUM_RADII)
    with precision(EVERY_K_BITS):
        return sweep.over(piece, [float(x) for x in unknowns], None)


@pytest.mark.parametrize("k", [7, 8, 9, 20, 51, 400])
def test_pieces_at_small_k_hold_the_points_of_the_family(k):
    assert_holds_the_point_of_the_family(certify_around(k), k)


def test_its_threshold_is_enclosed_to_ten_digits():
    """One eigenvalue crosses zero, once: before a piece that ends in the upper end of the claim."""
    lower, upper = Decimal("6.6653633541765"), Decimal("6.6653633542736")
    branch, grid = branch_of_further_minimum(), 2**50
    with precision(EVERY_K_BITS):
        ends = [arb(str(k)).rsqrt() for k in (upper, lower)]
        # The end of a piece that reaches the upper one, as those of the certificate do.
        place = math.ceil(float(ends[0]) * grid)
        assert float(ends[0]) < place / grid < float(ends[1])
        guess = [float(x) for x in certify_around(7).at(place / grid)]
        sweep = Sweep(branch.family, LIMIT, further_minimum._curvature, branch.uniqueness_radii)
        last = sweep.over(Piece((place - 2**8) / grid, place / grid), guess, None)
        component, slope = real_thresholds._crossing(branch, Fraction(lower), last)
    assert component == "s_p"
    assert -1.446 < slope < -1.445


def test_at_six_it_is_no_minimum():
    found = certify_around(6)
    assert isinstance(found, Failure)
    assert found.detail == "on s_p"


def test_large_k_are_covered_by_one_curve():
    pieces = proof().pieces
    assert pieces[0].piece.left == 0
    assert Fraction(pieces[-1].piece.right) ** 2 * LEAST_K >= 1
    for left, right in pairwise(pieces):
        assert left.piece.right == right.piece.left
        assert are_chained(left, right)
    for k in (LEAST_K, 10**5, 10**8):
        found = next(x for x in pieces if Fraction(x.piece.right) ** 2 * k >= 1)
        assert_holds_the_point_of_the_family(found, k)


@pytest.mark.parametrize("component", ["t", "s_p", "y_p", "off_span"])
def test_one_component_bent_downwards_proves_nothing(monkeypatch, component):
    """Lowered by a quarter, more than each of its smallest eigenvalues."""

    def lowered(x):
        forms = forms_with_split_special_row(x)
        for form in forms:
            if form.name == component:
                form.form.add(-2 * math.pi * 0.26, form.gram)
        return forms

    monkeypatch.setattr(further_minimum, "forms_with_split_special_row", lowered)
    found = certify_around(50)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NOT_POSITIVE_DEFINITE
    assert found.detail == f"on {component}"


def test_too_small_bounds_are_refused():
    with pytest.raises(ValueError, match="least_k = 3 with special_rows = 1; it must be above 3"):
        certify_further_minimum_for_all_k(3)
