"""Inner Hessians of symmetric points, and what splitting one neuron adds to the Hessian."""

import numpy as np
import pytest

from helpers_symmetry import INNER_SPECTRA, known_point
from relu_landscape.minima import inner_hessian, split_curvature, split_neuron
from relu_landscape.objective import population_hessian
from relu_landscape.symmetry import FixedPointSpace, split_neuron_class

CASES = [("A", None, 0), ("I", 1, 0), ("II", 1, 0), ("II", 2, 0), ("I", 3, 0), ("II", 1, 1)]


@pytest.mark.parametrize(("family", "m", "k", "neuron_class"), INNER_SPECTRA)
def test_inner_spectra(family, m, k, neuron_class):
    found = {}
    for row in known_point(family, k, m=m).split(neuron_class).inner_spectrum:
        found.setdefault(row.irrep, []).append(row.value)
    expected = INNER_SPECTRA[family, m, k, neuron_class]
    assert found.keys() == expected.keys()
    for irrep, values in expected.items():
        np.testing.assert_allclose(found[irrep], values, rtol=1e-10, atol=1e-17)


@pytest.mark.parametrize(("family", "m", "extra"), CASES)
@pytest.mark.parametrize("k", [8, 12])
def test_inner_spectrum_of_every_class_is_that_of_the_weights(family, m, extra, k):
    point = known_point(family, k, m=m, extra=extra)
    W = point.weights()
    first_of_class = np.cumsum([0, *map(int, point.space.row_sizes)])
    for neuron_class in range(len(point.space.row_sizes)):
        rows = point.split(neuron_class).inner_spectrum
        full = np.linalg.eigvalsh(inner_hessian(W, np.eye(k), int(first_of_class[neuron_class])))
        mine = np.repeat([row.value for row in rows], [int(row.multiplicity) for row in rows])
        np.testing.assert_allclose(mine, full, rtol=0, atol=1e-13)
    with pytest.raises(ValueError, match="no class of neurons"):
        point.split(len(point.space.row_sizes))


def test_inner_spectrum_at_a_point_that_is_not_critical():
    space = FixedPointSpace((3, 2, 2), extra=1)
    parameters = np.random.default_rng(10).normal(size=space.dimension)
    W = space.embed(parameters)
    for neuron_class, neuron in enumerate([0, 3, 5, 7]):
        rows = split_neuron_class(space, parameters, neuron_class).inner_spectrum
        mine = np.repeat([row.value for row in rows], [int(row.multiplicity) for row in rows])
        full = np.linalg.eigvalsh(inner_hessian(W, np.eye(7), neuron))
        np.testing.assert_allclose(mine, full, rtol=0, atol=1e-13)


@pytest.mark.parametrize(("family", "m", "extra"), CASES)
@pytest.mark.parametrize("alpha", [0.5, 0.3])
def test_split_identity(family, m, extra, alpha):
    k = 12 if family == "I" else 8
    W = known_point(family, k, m=m, extra=extra).weights()
    V, rng = np.eye(k), np.random.default_rng(11)
    before = population_hessian(W, V)
    for neuron in (0, len(W) - 1):
        after = population_hessian(split_neuron(W, neuron, alpha), V)
        for _ in range(3):
            moved, delta = rng.normal(size=W.shape), rng.normal(size=k)
            s = moved[neuron]
            split = np.insert(moved, neuron + 1, (1 - alpha) * s - delta, axis=0)
            split[neuron] = alpha * s + delta
            quadratic = moved.ravel() @ before @ moved.ravel()
            inner = delta @ inner_hessian(W, V, neuron) @ delta / (alpha * (1 - alpha))
            assert split.ravel() @ after @ split.ravel() == pytest.approx(
                quadratic + inner, abs=1e-11
            )


@pytest.mark.parametrize(("family", "m"), [("A", None), ("I", 1), ("II", 1), ("II", 2)])
def test_halves_add_twice_the_inner_spectrum(family, m):
    point = known_point(family, 10, m=m)
    for neuron_class, neuron in ((0, 0), (len(point.space.blocks) - 1, 9)):
        found = split_curvature(point.weights(), np.eye(10), neuron, 0.5)
        assert found.is_strict_saddle
        assert found.smallest_eigenvalue == pytest.approx(
            point.split(neuron_class).eigenvalue_of_halves, abs=1e-12
        )


@pytest.mark.slow
@pytest.mark.parametrize("k", [8, 1e8])
def test_splitting_any_neuron_descends(k):
    for family, m in (("A", None), ("I", 1), ("I", 2), ("II", 1), ("II", 2), ("II", 3)):
        point = known_point(family, k, m=m)
        for neuron_class in range(len(point.space.row_sizes)):
            assert point.split(neuron_class).smallest.value * np.sqrt(k) < -0.05
