"""Canonical arrangement: the same for every arrangement of a point, and easy on the eye."""

import numpy as np
import pytest

from helpers_minima import KNOWN_POINTS, families, shuffled, two_blocks
from relu_landscape.symmetry import canonical, canonical_form, orbit_label


def coupled_orbits(p, q):
    """Two orbits of q neurons each that only move together, over a block of p others."""
    W = np.full((p + 2 * q, p + q), -0.02)
    W[np.arange(p + q), np.arange(p + q)] = np.repeat([0.99, -0.6], [p, q])
    W[p : p + q, :p] = 0.1
    W[p + q :, :p] = 0.05
    W[p + q :, p:] = -0.07 + 0.3 * np.eye(q)
    return W


POINTS = {name: point.W for name, point in KNOWN_POINTS.items()} | {
    "12+8": two_blocks(12, 8, seed=1),
    "6+6": two_blocks(6, 6, seed=2),
    "coupled": coupled_orbits(9, 3),
    "no symmetry": np.random.default_rng(4).normal(size=(9, 8)),
    "pairs": 0.1 + np.kron(np.eye(3), [[1.0, 0.4], [0.4, 1.0]]),
    "equal entries": np.ones((4, 5)),
    "opposite entries": np.array([[1.0, -1.0], [-1.0, 1.0]]),
    "one entry": np.array([[2.0]]),
    "halved neuron": np.vstack([0.5 * np.eye(4)[:1], 0.5 * np.eye(4)[:1], np.eye(4)[1:]]),
    "wide": np.eye(3, 6),
}


@pytest.mark.parametrize("name", POINTS)
def test_every_arrangement_has_one_form(name):
    rng = np.random.default_rng(0)
    W = POINTS[name]
    form = canonical_form(W).weights
    for _ in range(10):
        noisy = shuffled(W, rng) + 1e-7 * rng.uniform(-1, 1, size=W.shape)
        again = canonical_form(noisy)
        np.testing.assert_allclose(again.weights, form, rtol=0, atol=1.01e-7)
        np.testing.assert_array_equal(
            again.weights, noisy[again.neuron_order][:, again.coordinate_order]
        )


@pytest.mark.parametrize("name", KNOWN_POINTS)
def test_orbits_of_known_points(name):
    point = KNOWN_POINTS[name]
    form = canonical_form(shuffled(point.W, np.random.default_rng(1)))
    assert form.neuron_orbits == point.neuron_orbits
    assert form.coordinate_orbits == point.coordinate_orbits
    assert form.distinct_values == point.distinct_values


def test_coupled_orbits_are_found():
    form = canonical_form(shuffled(coupled_orbits(9, 3), np.random.default_rng(2)))
    assert form.neuron_orbits == (3, 3, 9)
    assert form.coordinate_orbits == (3, 9)
    np.testing.assert_array_equal(form.neuron_orbit_ids, np.repeat([0, 1, 2], [9, 3, 3]))


@pytest.mark.parametrize("name", KNOWN_POINTS)
def test_dominating_entries_lie_on_the_diagonal_and_extra_neurons_last(name):
    """The known points are written down in just that arrangement, but for their extra neurons."""
    W = KNOWN_POINTS[name].W
    form = canonical_form(shuffled(W, np.random.default_rng(3))).weights
    k = W.shape[1]
    np.testing.assert_array_equal(np.argmax(np.abs(form[:k]), axis=1), np.arange(k))
    large = max(np.bincount(canonical_form(W).neuron_orbit_ids))
    np.testing.assert_allclose(form[:large], W[:large], rtol=0, atol=1e-12)


def test_larger_orbits_come_first():
    form = canonical_form(two_blocks(2, 8, seed=7))
    np.testing.assert_array_equal(form.neuron_orbit_ids, np.repeat([0, 1], [8, 2]))
    np.testing.assert_array_equal(form.coordinate_orbit_ids, np.repeat([0, 1], [8, 2]))


def test_tolerance_says_which_entries_are_equal():
    W = families(5, 1.0, 0.0, None, [])
    W[0, 0] += 1e-4
    assert canonical_form(W, tolerance=1e-5).neuron_orbits == (1, 4)
    assert canonical_form(W, tolerance=1e-3).neuron_orbits == (5,)


def test_orbit_label():
    assert orbit_label((1, 6)) == "1+6"
    assert orbit_label((3,)) == "3"


@pytest.mark.parametrize("W", [np.ones(3), np.empty((0, 3)), np.array([[np.nan]])])
def test_what_is_not_a_finite_matrix_is_refused(W):
    with pytest.raises(ValueError, match="finite"):
        canonical_form(W)


@pytest.mark.parametrize("tolerance", [0, -1e-5, np.nan])
def test_tolerance_must_be_positive(tolerance):
    with pytest.raises(ValueError, match="tolerance"):
        canonical_form(np.eye(2), tolerance=tolerance)


@pytest.mark.parametrize(
    ("W", "singled_out"),
    [
        (two_blocks(60, 40, seed=1), 0),
        (coupled_orbits(90, 5), 4),
        (two_blocks(99, 1, seed=1), 0),
    ],
)
def test_a_hundred_neurons_are_arranged_without_trying_each(W, singled_out, monkeypatch):
    """Neurons that may be permuted at will are not singled out, of others all but the last."""
    refine, calls = canonical._refine, []
    monkeypatch.setattr(canonical, "_refine", lambda *x: calls.append(None) or refine(*x))
    canonical_form(shuffled(W, np.random.default_rng(0)))
    assert len(calls) == 1 + singled_out
