"""u^T H u without a Hessian: against the Hessian, its products and the reference, at any angle."""

import numpy as np
import pytest

from helpers_objective import network_at_angle, random_network
from relu_landscape.objective import (
    population_curvature_along,
    population_hessian,
    population_hessian_vector,
    reference_curvature_along,
)

SIZES = [(1, 1, 1), (3, 2, 1), (1, 2, 2), (4, 5, 3), (6, 2, 4), (3, 7, 8), (10, 10, 10)]
ANGLES = [0.0, 1e-16, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]


def tolerance(W, V, U):
    """A few roundings of each of the n |U|^2 mixed terms and of the terms |v| |U|^2/|w|."""
    turning = np.linalg.norm(V, axis=1).sum() / np.linalg.norm(W, axis=1).min()
    return 1e-15 * (len(W) + turning) * np.sum(U**2)


def by_hessian(W, V, U):
    return U.ravel() @ population_hessian(W, V) @ U.ravel()


def by_product(W, V, U):
    return np.sum(U * population_hessian_vector(W, V, U))


def displacements_at(W, seed):
    """Any; radial, along which h1 vanishes; of one neuron; of two neurons against each other."""
    drawn = np.random.default_rng(seed).normal(size=W.shape)
    alone, apart = np.zeros((2, *W.shape))
    alone[0] = drawn[0]
    apart[:2] = drawn[0], -drawn[0]
    return {"any": drawn, "radial": W.copy(), "alone": alone, "apart": apart}


@pytest.mark.parametrize("method", [by_hessian, by_product])
@pytest.mark.parametrize(("n", "k", "d"), SIZES)
def test_is_the_form_of_the_hessian(n, k, d, method):
    for seed in range(10):
        W, V = random_network(n, k, d, seed)
        U = np.random.default_rng(seed).normal(size=(n, d))
        found = population_curvature_along(W, V, U)
        assert found == pytest.approx(method(W, V, U), rel=0, abs=tolerance(W, V, U))


@pytest.mark.parametrize(("n", "k", "d"), SIZES[:-1])
def test_is_the_second_difference_of_the_loss(n, k, d):
    W, V = random_network(n, k, d, seed=n)
    U = np.random.default_rng(k).normal(size=(n, d))
    expected = float(reference_curvature_along(W, V, U))
    found = population_curvature_along(W, V, U)
    assert found == pytest.approx(expected, rel=0, abs=tolerance(W, V, U))


@pytest.mark.parametrize("kind", ["any", "radial", "alone", "apart"])
@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["parallel", "antiparallel"])
@pytest.mark.parametrize("d", [2, 5])
def test_at_and_near_aligned_neurons(d, sign, kind):
    for angle in ANGLES:
        W, V = network_at_angle(angle, d, sign)
        U = displacements_at(W, seed=d)[kind]
        found, allowed = population_curvature_along(W, V, U), tolerance(W, V, U)
        for method in (by_hessian, by_product):
            assert found == pytest.approx(method(W, V, U), rel=0, abs=allowed), angle


@pytest.mark.slow
@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["parallel", "antiparallel"])
def test_at_and_near_aligned_neurons_by_the_reference(sign):
    for angle in ANGLES[::3]:
        for d in (2, 4):
            W, V = network_at_angle(angle, d, sign)
            for U in displacements_at(W, seed=d).values():
                expected = float(reference_curvature_along(W, V, U))
                found = population_curvature_along(W, V, U)
                allowed = tolerance(W, V, U)
                assert found == pytest.approx(expected, rel=0, abs=allowed), (angle, d)


@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["parallel", "antiparallel"])
@pytest.mark.parametrize("pair", ["students", "student and teacher"])
def test_neurons_that_differ_by_less_than_rounding(pair, sign):
    """Angles far below eps are floats too, where a coordinate is zero in one of the neurons."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        first = np.append(rng.normal(size=8), 0.0)
        second = sign * np.append(first[:-1], 1e-30)
        other = rng.normal(size=9)
        W, V = (
            (np.stack([first, second]), other[None])
            if pair == "students"
            else (first[None], np.stack([second, other]))
        )
        U = rng.normal(size=W.shape)
        found = population_curvature_along(W, V, U)
        assert found == pytest.approx(by_hessian(W, V, U), rel=0, abs=tolerance(W, V, U))


def test_is_quadratic_in_the_displacement_to_the_last_bit():
    W, V = random_network(4, 3, 3, seed=1)
    U = np.random.default_rng(2).normal(size=W.shape)
    found = population_curvature_along(W, V, U)
    assert population_curvature_along(W, V, -U) == found
    assert population_curvature_along(W, V, 2.0**-30 * U) == 2.0**-60 * found
    assert population_curvature_along(W, V, np.zeros_like(W)) == 0.0


def test_integers_and_lists_will_do_and_arguments_are_left_alone():
    W, V, U = np.eye(2), np.eye(2), np.array([[0.0, 1.0], [2.0, 0.0]])
    for array in (W, V, U):
        array.setflags(write=False)
    found = population_curvature_along(W, V, U)
    assert population_curvature_along([[1, 0], [0, 1]], [[1, 0], [0, 1]], [[0, 1], [2, 0]]) == found
    assert found == pytest.approx(by_hessian(W, V, U), rel=1e-15)


BAD = {
    "zero student": ([[1.0, 0.0], [0.0, 0.0]], np.eye(2), np.eye(2), "row 1 of W is zero"),
    "zero teacher": (np.eye(2), [[0.0, 0.0], [1.0, 0.0]], np.eye(2), "row 0 of V is zero"),
    "nan": ([[1.0, np.nan]], np.eye(2), [[1.0, 0.0]], "row 0 of W has an entry that is not finite"),
    "one vector": ([1.0, 0.0], np.eye(2), np.eye(2), r"W has shape \(2,\)"),
    "other inputs": (np.eye(2), np.eye(3), np.eye(2), "W has 2 columns and V has 3"),
    "wide displacement": (np.eye(2), np.eye(2), np.zeros((2, 3)), r"must have the shape \(2, 2\)"),
    "one row too many": (np.eye(2), np.eye(2), np.zeros((3, 2)), r"U has shape \(3, 2\)"),
    "flat displacement": (np.eye(2), np.eye(2), np.zeros(4), r"U has shape \(4,\)"),
    "infinite displacement": (np.eye(2), np.eye(2), [[0, 0], [np.inf, 0]], "row 1 of U"),
    "complex displacement": (np.eye(2), np.eye(2), 1j * np.eye(2), "U has dtype complex128"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_arguments_are_refused_by_name(case):
    W, V, U, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        population_curvature_along(W, V, U)
