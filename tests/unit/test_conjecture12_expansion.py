"""How Conjecture 12 begins next to W*: against the form in sixty digits, and on its own."""

from itertools import combinations

import mpmath
import numpy as np
import pytest

from relu_landscape.global_minima.conjecture12_expansion import (
    beginning,
    leading_constant,
    remainder,
)
from relu_landscape.global_minima.perturbations import (
    curvature_bound,
    equal_shares,
    form_and_bound,
)

SIZES = [(2, 1, 2), (2, 1, 4), (3, 1, 3), (4, 1, 5), (2, 2, 2), (2, 3, 3), (3, 2, 4)]
PI_SHARE = 1 - 2 / np.pi


def drawn(k, m, d, seed=12):
    return np.random.default_rng((seed, k, m, d)).normal(size=(m * k, d))


@pytest.mark.parametrize(("k", "m", "d"), SIZES)
def test_what_the_two_parts_leave_is_of_the_fourth_order(k, m, d):
    X = drawn(k, m, d).astype(object)
    with mpmath.workdps(60):
        left = [remainder(X * mpmath.mpf(10) ** -power, m) for power in (4, 5, 6)]
        fourth = [
            x * mpmath.mpf(10) ** (4 * power) for x, power in zip(left, (4, 5, 6), strict=True)
        ]
        assert abs(fourth[2]) > 1e-3  # a fifth order would be far below
        # What is left is c s^4 + O(s^5): a tenth of the scale, a tenth of the change.
        changes = fourth[0] - fourth[1], fourth[1] - fourth[2]
        assert abs(changes[0]) < 1e-2 * (1 + abs(fourth[2]))
        assert abs(changes[0] / changes[1] - 10) < 0.1


@pytest.mark.parametrize(("k", "m", "d"), SIZES)
def test_floats_and_sixty_digits_give_the_same_parts(k, m, d):
    G = drawn(k, m, d)
    with mpmath.workdps(60):
        exact = beginning(G.astype(object) * mpmath.mpf(1), m)
    found = beginning(G, m)
    assert found.quadratic == pytest.approx(float(exact.quadratic), rel=1e-13)
    assert found.cubic == pytest.approx(float(exact.cubic), rel=1e-12)


def cubic_by_factors(G):
    """T3 for m = 1, sorted by what vanishes with Q; written apart from the module."""
    k = len(G)
    M, h = G[:, :k], G[:, k:]
    total = -2 * sum((G[i] @ G[i] - M[i, i] ** 2) ** 1.5 for i in range(k))
    total += 3 * sum(np.trace(M) * (G[i] @ G[i] - M[i, i] ** 2) for i in range(k))
    total -= 3 * sum(M[i, i] * (h[i] @ h[i]) for i in range(k))
    for i, j in combinations(range(k), 2):
        others = sum(M[a, i] * M[a, j] for a in range(k) if a not in (i, j))
        turned = (M[i, i] - M[j, j]) * (M[j, i] - M[i, j])
        total += 3 * (M[i, j] + M[j, i]) * (turned + 2 * h[i] @ h[j] + 2 * others)
    return total / (2 * np.pi)


@pytest.mark.parametrize(("k", "d"), [(2, 2), (3, 3), (3, 5), (5, 6)])
def test_the_smooth_part_vanishes_with_the_quadratic_one(k, d):
    G = drawn(k, 1, d)
    assert beginning(G, 1).cubic == pytest.approx(cubic_by_factors(G), rel=1e-12)
    kernel = np.zeros((k, d))
    kernel[:, :k] = G[:, :k] - G[:, :k].T
    kernel[:2, :2] += np.diag([0.7, -0.7])
    parts = beginning(kernel, 1)
    turning = (kernel**2).sum(axis=1) - np.diag(kernel) ** 2
    assert parts.quadratic == pytest.approx(0, abs=1e-14)
    assert parts.cubic == pytest.approx(-((turning**1.5).sum()) / np.pi, rel=1e-12)


def test_the_constant_of_rows_alike_in_a_circle_is_sharp():
    circle = np.array([[0.0, 1, -1], [-1, 0, 1], [1, -1, 0]])
    assert leading_constant(circle, 1) == pytest.approx(4 / (np.pi - 2), rel=1e-14)
    assert leading_constant(np.pad(circle, ((0, 2), (0, 2))), 1) == pytest.approx(
        4 / (np.pi - 2), rel=1e-14
    )


@pytest.mark.parametrize("m", [1, 2, 3])
def test_the_ratio_leaves_one_at_the_leading_constant(m):
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    X = np.repeat(turn, m, axis=0) / m
    s = 1e-4
    sides = form_and_bound(equal_shares(2, m) + s * X, np.eye(2), m)
    eps = s / m
    assert (1 - sides.form / sides.bound) / eps == pytest.approx(leading_constant(X, m), rel=20 * s)
    assert curvature_bound(X, m) == pytest.approx((1 + PI_SHARE) / 2)


@pytest.mark.parametrize(("k", "m", "d"), [(2, 1, 2), (2, 3, 2), (4, 1, 6), (5, 2, 5)])
@pytest.mark.parametrize("s", [0.01, 0.3, 0.45, 0.46])
def test_a_turn_of_two_students_fails_for_every_size_up_to_the_root(k, m, d, s):
    sums = np.zeros((k, d))
    sums[0, 1], sums[1, 0] = -s, s
    V = np.eye(k, d)
    W = np.repeat((V + sums) / m, m, axis=0)
    sides = form_and_bound(W, V, m)
    gap = -2 * s**3 / np.pi * (1 - 2 * s - s**3) / (1 + s**2) ** 2
    assert sides.form - sides.bound == pytest.approx(gap, rel=1e-9, abs=1e-13)
    assert (sides.form < sides.bound) == (s < 0.4533976515)


@pytest.mark.parametrize(("k", "least"), [(12, 4.3), (20, 5.3), (40, 7.8)])
def test_no_constant_serves_every_k(k, least):
    # Beside 4/(pi - 2) eps there is a term of the order of k eps^2: all neurons turn in a circle,
    # and shrink alike.
    eps, shrink = 0.1, 0.14
    circle = np.roll(np.eye(k), 1, axis=1) - np.roll(np.eye(k), -1, axis=1)
    X = np.sqrt((1 - shrink**2) / 2) * circle - shrink * np.eye(k)
    assert np.linalg.norm(X, axis=1) == pytest.approx(1.0)
    sides = form_and_bound(np.eye(k) + eps * X, np.eye(k), 1)
    loss = (1 - sides.form / sides.bound) / eps
    assert loss > least
    assert loss < 4 / (np.pi - 2) + 60 * k * eps


def test_squares_completed_outweigh_the_smooth_part():
    # The step from the two parts to the every-k statement, where the checker has no number of it.
    generator = np.random.default_rng(21)
    for k, d in ((2, 2), (3, 3), (4, 6), (6, 6)):
        for t in (0.02, 1 / 3):
            for _ in range(20):
                X = generator.normal(size=(k, d)) * generator.random((k, 1)) ** 3
                X /= np.linalg.norm(X, axis=1).max()
                parts, M = beginning(X, 1), X[:, :k]
                own = np.diag(M)
                turning = (X**2).sum(axis=1) - own**2
                apart = (own[:, None] - own) * (M.T - M)
                pairs = (apart[np.triu_indices(k, 1)] ** 2).sum()
                left = parts.quadratic + t * (parts.cubic + (turning**1.5).sum() / np.pi)
                right = 9 / (8 * np.pi) * t**2 * (5 * turning.sum() ** 2 + 2 * pairs)
                assert left >= -right


@pytest.mark.parametrize(("rows", "columns", "m"), [(3, 3, 2), (4, 3, 1), (2, 2, 0), (0, 2, 1)])
def test_what_is_no_perturbation_is_refused(rows, columns, m):
    with pytest.raises(ValueError, match="it needs m rows for each of k teachers"):
        beginning(np.ones((rows, columns)), m)
