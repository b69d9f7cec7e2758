"""II_1 with one neuron more for every k: equations, their limit, and where the points are."""

import math
from functools import cache
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import arb

from helpers_every_k import BITS, DIGITS, EXTENDED, extended_number
from relu_landscape.certificates import Failure
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import locate_split_special_row_for_all_k, split_branch
from relu_landscape.every_k.branch import residual_at
from relu_landscape.every_k.location import are_chained
from relu_landscape.every_k.split_special_row import II_WITH_SPLIT_SPECIAL_ROW, LIMIT
from relu_landscape.families import symmetric_critical_point
from relu_landscape.symmetry import FixedPointSpace, ReducedLoss

NAMES = ("r0.diag", "r0.c0", "r0.c1", "r1.c0", "r1.diag", "r2.c0", "r2.c1")


@pytest.fixture(autouse=True)
def many_bits():
    with precision(BITS), mpmath.workdps(DIGITS):
        yield


@cache
def located():
    return locate_split_special_row_for_all_k(10_000)


@pytest.mark.parametrize("k", [12, 97, 10**6])
def test_equations_are_the_gradient_of_the_reduced_loss(k):
    moves = np.random.default_rng(k).normal(scale=0.1, size=7)
    unknowns = [arb(x + float(move)) for x, move in zip(LIMIT, moves, strict=True)]
    A, B, C, F, D, G, H = unknowns
    h = arb(k).rsqrt()
    e = h * h
    entries = (1 + h * e * A, e * e * B, e * C, e * F, h * D, e * G, h * H - 1)
    by_name = dict(zip(NAMES, map(extended_number, entries), strict=True))
    space = FixedPointSpace((k - 1, 1), 1)
    names = space.parameter_names
    space = space.with_sizes_in(EXTENDED)
    parameters = EXTENDED.array([by_name[name] for name in names])
    counts = EXTENDED.array(list(space.entry_counts))
    slopes = 2 * mpmath.pi * ReducedLoss(space, EXTENDED).gradient(parameters) / counts
    first, second, third, fourth, fifth, sixth, seventh = (
        slopes[names.index(name)] for name in NAMES
    )
    root = mpmath.sqrt(k)
    expected = [first * root, second * k, third, fourth * k, sixth * k]
    expected += [(fifth - third) * root, (seventh - third) * root]
    found = residual_at(II_WITH_SPLIT_SPECIAL_ROW, h, unknowns)
    for x, known in zip(found, expected, strict=True):
        assert abs(extended_number(x) - known) < mpmath.mpf("1e-50")
        assert abs(known) > 1e-3


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


@pytest.mark.parametrize("k", [10_000, 10**6, 10**8])
def test_pieces_hold_the_points_of_the_family(k):
    point = symmetric_critical_point("II", k, m=1, extra=1)
    h = arb(k).rsqrt()
    values = dict(zip(point.space.parameter_names, point.extended_parameters, strict=True))
    a, b, c, f, d, g, last = (arb(str(values[name])) for name in NAMES)
    unknowns = [(a - 1) / h**3, b * k**2, c * k, f * k, d / h, g * k, (last + 1) / h]
    piece = next(x for x in located() if x.piece.right >= float(h))
    center = piece.predictor.over(h, [0.0] * 7)
    for x, y, radius in zip(unknowns, center, piece.location.radius, strict=True):
        assert abs(x - y) <= radius
    # what is not proved
    assert point.index == 0


def test_pieces_cover_every_k_and_are_one_curve():
    pieces = located()
    assert pieces[0].piece.left == 0
    assert pieces[-1].piece.right >= 0.01
    for left, right in pairwise(pieces):
        assert left.piece.right == right.piece.left
        assert are_chained(left, right)


def test_other_starts_locate_nothing(monkeypatch):
    monkeypatch.setattr(split_branch, "LIMIT", tuple(5 * x for x in LIMIT))
    assert isinstance(locate_split_special_row_for_all_k(10**6), Failure)


def test_too_small_bounds_are_refused():
    with pytest.raises(ValueError, match="least_k = 3 with special_rows = 1; it must be above 3"):
        locate_split_special_row_for_all_k(3)
