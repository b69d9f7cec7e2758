"""Strong convexity around the global minimum for all k: the lemmas, the constants, the radii."""

from decimal import Decimal
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from flint import arb
from mpmath import iv

from relu_landscape.certificates import (
    certify_global_minimum,
    convexity_constant_for_all_k,
    convexity_radius_for_all_k,
    convexity_radius_upper_bound,
)
from relu_landscape.certificates.convexity_for_all_k import (
    LARGEST_PROVED_RADIUS,
    curvature_spent,
)
from relu_landscape.global_minima.convexity import random_direction
from relu_landscape.global_minima.convexity_rings import ring_direction
from relu_landscape.global_minima.convexity_search import smallest_convexity_radius
from relu_landscape.objective import population_hessian

BEST = np.pi / 2 - 1


class Sums:
    """P, X = (Z + S, O) of a unit displacement, and the sums of eqs. (2) to (5)."""

    def __init__(self, U):
        k = len(U)
        self.diagonal = np.diag(U[:, :k]).copy()
        self.X = U.copy()
        np.fill_diagonal(self.X[:, :k], 0.0)
        self.K = self.X[:, :k]
        self.z = np.linalg.norm(self.K - self.K.T) / 2
        self.s = np.linalg.norm(self.K + self.K.T) / 2
        self.o = np.linalg.norm(self.X[:, k:])
        self.p, self.x = np.linalg.norm(self.diagonal), np.linalg.norm(self.X)
        self.tau = abs(self.diagonal.sum())
        self.rows = (self.X**2).sum(axis=1)
        self.alpha = self.x**2 - self.rows + (self.K**2).sum(axis=0)

    def mixed(self):
        """The matrix G_B, without its diagonal."""
        k, K, X = len(self.K), self.K, self.X
        G = K @ X + self.diagonal.sum() * X - self.diagonal[:, None] * X
        G[:, :k] += X @ X.T + K * self.diagonal
        return off_diagonal(G)

    def gradient(self):
        """The matrix G, without its diagonal."""
        return off_diagonal(self.K.T @ self.X) + self.mixed()

    def first_order(self, D):
        """Eq. (3), to which 2 pi (A + B - C) is at least equal, to first order in D."""
        lengths, Y = Sums(D), Sums(D).X
        turning = np.sqrt(lengths.rows) @ self.rows
        return lengths.diagonal @ self.alpha + 2 * np.sum(Y * self.gradient()) - 2 * turning


def off_diagonal(G):
    G = G.copy()
    np.fill_diagonal(G[:, : len(G)], 0.0)
    return G


def unit(U):
    return U / np.linalg.norm(U)


def displacements(k, d, generator):
    """Unit displacements: without structure, antisymmetric, of rank one, few rows, off the span."""
    free = generator.normal(size=(k, d))
    turning = free.copy()
    turning[:, :k] -= turning[:, :k].T.copy()
    turning[:, k:] *= 0.1
    yield free
    yield turning
    yield turning + 0.3 * np.eye(k, d) * generator.normal(size=(k, 1))
    yield np.outer(generator.normal(size=k), generator.normal(size=d))
    sparse = np.zeros((k, d))
    sparse[:2, :2] = [[0, 1], [-1, 0]]
    yield sparse + 0.05 * free
    yield free * (np.arange(d) >= k - 1)
    yield -np.eye(k, d) + 0.2 * free


def pairs_of_displacements(k, d, *, tries):
    generator = np.random.default_rng([k, d])
    for _ in range(tries):
        for U in displacements(k, d, generator):
            for D in displacements(k, d, generator):
                yield unit(U), unit(D)


def hessian(D):
    return population_hessian(np.eye(*D.shape) + D, np.eye(*D.shape))


def remaining(k, r):
    """What the proof leaves of the smallest eigenvalue."""
    return float((arb.pi() / 2 - 1 - curvature_spent(k, arb(r))) / (2 * arb.pi()))


@pytest.mark.parametrize(("k", "d"), [(2, 2), (3, 4), (5, 5)])
def test_first_order_and_remainder(k, d):
    # Frames and lengths put straight, and the form at V: eqs. (2), (3) and what they leave out.
    lengths = 3 * np.sqrt(3 / 8) + np.sqrt(k - 1) / 2 + 1 + np.sqrt(k + 5) / 2 + 3
    lengths += (1 + np.sqrt(5)) / 2 + 1 / np.sqrt(2) + 2
    at_teacher = hessian(np.zeros((k, d)))
    for U, D in pairs_of_displacements(k, d, tries=3):
        sums, u = Sums(U), U.ravel()
        value = u @ at_teacher @ u
        excess = 2 * sums.s**2 + sums.o**2 + sums.tau**2
        assert 2 * np.pi * value - BEST >= excess - 1e-12
        for r in (1e-4, 0.02, 0.1):
            g, b = 1 / np.cos(np.arcsin(r) / 2), 1 - r
            e = lengths + 2 / b + (g - 1) * (3 * np.sqrt(3 / 8) + 3)
            e += 2 * sums.s + sums.o + sums.o**2 + 2 * sums.tau
            change = 2 * np.pi * (u @ hessian(r * D) @ u - value)
            assert change >= r * sums.first_order(D) - r**2 * e / b - 1e-10


@pytest.mark.parametrize(("k", "d"), [(2, 2), (3, 3), (4, 6)])
def test_first_order_is_the_slope_where_a_neuron_turns_across(k, d):
    # The bound of the turning, 2 |Y_i||X_i|^2, is attained where Y_i and X_i are parallel.
    generator = np.random.default_rng(k)
    for _ in range(10):
        D, U = generator.normal(size=(2, k, d))
        X = Sums(D).X * generator.normal(size=(k, 1))
        U = unit(X + np.eye(k, d) * U)
        u, r = U.ravel(), 1e-6
        value = u @ hessian(np.zeros((k, d))) @ u
        slope = 2 * np.pi * (u @ hessian(r * unit(D)) @ u - value) / r
        assert slope == pytest.approx(Sums(U).first_order(unit(D)), abs=1e-4)


@pytest.mark.parametrize("k", [2, 3, 5, 12])
def test_sums_at_the_teacher_are_within_their_bounds(k):
    generator = np.random.default_rng(k)
    for _ in range(100):
        for U in displacements(k, k + 2, generator):
            sums = Sums(unit(U))
            z, s, o, p, x, tau = sums.z, sums.s, sums.o, sums.p, sums.x, sums.tau
            alpha = x**2 * np.sqrt(k) + 2 * np.sqrt(2) * z * s + o**2
            across = 2 * x**2 + 2 * np.sqrt(2) * p * x + 4 * np.sqrt(2) * z * s
            across += 6 * s**2 + 2 * o**2 + 4 * s * o + 2 * tau
            whole = 2 * np.linalg.norm(sums.gradient()) + 2 * np.linalg.norm(sums.rows)
            assert np.linalg.norm(sums.alpha) <= alpha + 1e-12
            assert whole <= across + 1e-12
            assert np.linalg.norm(sums.mixed()) <= 2 * s + o**2 + o + tau + np.sqrt(0.5) + 1e-12
            most = np.sqrt(4 + (k + np.sqrt(k**2 + 64)) / 2) + np.sqrt(40) * s + 8 * s**2
            most += (2 + np.sqrt(5)) * o**2 + 2 * tau
            assert np.hypot(np.linalg.norm(sums.alpha), whole) <= most


def test_the_bound_across_is_attained_by_a_ring_of_four():
    # Eq. (5) without its term in |P||X|: no bound of this form has a smaller coefficient of |X|^2.
    ring = np.zeros((4, 4))
    for i in range(4):
        ring[i, (i + 1) % 4], ring[(i + 1) % 4, i] = 1, -1
    sums = Sums(unit(ring))
    assert 2 * np.linalg.norm(sums.gradient()) + 2 * np.linalg.norm(sums.rows) == pytest.approx(2)


def test_a_turned_frame_changes_the_third_derivative_by_three_chords_at_most():
    generator = np.random.default_rng(5)
    for _ in range(2000):
        a, tilt, u = generator.normal(size=(3, 3))
        a, u = unit(a), unit(u)
        m = np.cross(a, tilt)
        e = unit(m)
        v = unit(e + 0.3 * generator.normal(size=3))
        off, t, other = 1 - (u @ a) ** 2, u @ e, u @ v
        change = 3 * off * (t - other) - t**3 + other**3
        assert abs(change) <= 3 * np.linalg.norm(e - v) + 1e-12
        # e is closest to v among the vectors along m when they are of the same length.
        distance = np.linalg.norm(v - (v @ e) * e)
        chord = distance / np.cos(np.arcsin(distance) / 2)
        assert np.linalg.norm(e - v) == pytest.approx(chord)
        assert abs((u @ a) ** 2 - (u @ v) ** 2) <= np.linalg.norm(np.cross(a, v)) + 1e-12


@pytest.mark.parametrize("k", [2, 3, 4, 6, 9, 12])
def test_no_eigenvalue_is_below_what_the_proof_leaves(k):
    generator = np.random.default_rng(k)
    for d in (k, k + 1):
        for D in displacements(k, d, generator):
            for r in (0.02, float(convexity_radius_for_all_k(k)), LARGEST_PROVED_RADIUS):
                smallest = np.linalg.eigvalsh(hessian(r * unit(D)))[0]
                assert smallest >= remaining(k, r)


@pytest.mark.parametrize("k", [2, 3, 5, 8, 12])
def test_the_hessian_is_positive_at_the_worst_displacements_known(k):
    radius = float(convexity_radius_for_all_k(k))
    starts = [ring_direction(k, q) for q in range(2, min(k, 5) + 1)]
    starts.append(random_direction(k, 0, seed=4))
    worst = smallest_convexity_radius(starts[0], largest_radius=0.6) if k <= 5 else None
    if worst is not None:
        assert radius < worst.radius
        starts.append(worst.direction)
    for direction in starts:
        smallest = np.linalg.eigvalsh(hessian(radius * direction))[0]
        assert smallest > 0


@pytest.mark.parametrize("k", [3, 4, 7, 12])
def test_the_hessian_is_singular_at_the_upper_bound(k):
    radius = float(convexity_radius_upper_bound(k))
    shrunk = -np.eye(k) / np.sqrt(k)
    assert np.linalg.eigvalsh(hessian(radius * (1 + 1e-5) * shrunk))[0] < 0
    cycle = np.zeros((k, k))
    for i in range(3):
        cycle[i, (i + 1) % 3], cycle[(i + 1) % 3, i] = 1, -1
    u = unit(cycle).ravel()
    assert u @ hessian(radius * shrunk) @ u == pytest.approx(0, abs=1e-5)


def test_radii_lie_between_the_certificate_of_each_k_and_the_upper_bound():
    for k in (3, 4, 5, 8, 20, 100, 10**6, 10**300):
        radius = convexity_radius_for_all_k(k)
        assert certify_global_minimum(k).radius < radius < convexity_radius_upper_bound(k)
    assert certify_global_minimum(2).radius < convexity_radius_for_all_k(2)


def test_constants_grow_to_the_best_one():
    constants = [convexity_constant_for_all_k(k) for k in (2, 3, 4, 10, 100, 10**6, 10**12, inf)]
    assert constants == sorted(constants)
    assert 0 < BEST - float(constants[-1]) < 1e-6
    assert BEST - float(constants[-2]) < 1e-5
    assert convexity_radius_for_all_k(inf) == convexity_radius_upper_bound(inf) == 0


@pytest.mark.parametrize("k", [2, 3, 4, 10, 100])
def test_the_constant_holds_for_every_larger_k_in_intervals_of_h(k):
    # Independent of the balls, of the formula in k and of the argument that L grows with h.
    # Intervals of h cover all larger k, for a constant that leaves them room.
    c = iv.mpf(str(convexity_constant_for_all_k(k)))
    ends = np.linspace(0, np.nextafter(1 / np.sqrt(k), 1), 100)
    for left, right in pairwise(ends):
        pieces = spent_in_intervals(iv.mpf([float(left), float(right)]), c * iv.mpf("0.97"))
        assert pieces.b < (iv.pi / 2 - 1).a
    largest = 1 / iv.sqrt(iv.mpf(k))
    assert spent_in_intervals(largest, c).b < (iv.pi / 2 - 1).a
    assert spent_in_intervals(largest, c * iv.mpf("1.00001")).a > (iv.pi / 2 - 1).b


def spent_in_intervals(h, c):
    """L(h, c) of the docstring, in intervals of mpmath."""
    r = c * h
    b, five = 1 - r, iv.sqrt(iv.mpf(5))
    # 1/cos(asin(r)/2) by the half angle.
    g = iv.sqrt(2 / (1 + iv.sqrt(1 - r**2)))
    first = c * iv.sqrt(4 * h**2 + (1 + iv.sqrt(1 + 64 * h**4)) / 2)
    with_k = c * r * (iv.sqrt(1 - h**2) + iv.sqrt(1 + 5 * h**2)) / 2
    without = 3 * g * (1 + iv.sqrt(iv.mpf(3) / 8)) + 3 + 2 / b + (1 + five) / 2
    without += 1 / iv.sqrt(iv.mpf(2))
    symmetric = (iv.sqrt(iv.mpf(40)) + 2 * r / b) ** 2 / (8 * (1 - 4 * r))
    off_span = r**2 / (4 * b**2 * (1 - (2 + five) * r - r**2 / b))
    return first + (with_k + r**2 * without) / b + r**2 * (symmetric + off_span + 1 / b**2)


@pytest.mark.parametrize("k", [1, 0, -3, 2.0, -inf, float("nan"), True, Decimal(3)])
def test_what_is_no_number_of_teachers_is_refused(k):
    with pytest.raises(ValueError, match=r"\bk\b"):
        convexity_radius_for_all_k(k)


def test_the_upper_bound_needs_three_teachers():
    with pytest.raises(ValueError, match="needs 3 teachers"):
        convexity_radius_upper_bound(2)
