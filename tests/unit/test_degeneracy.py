"""Kernels of Hessians at global minima with n > k, and quotients next to them."""

import mpmath
import numpy as np
import pytest
from scipy.optimize import approx_fprime

from relu_landscape.global_minima.degeneracy import (
    _log_quotient,
    _valley,
    kernel_records,
    least_quotient,
    quotient_records,
    valley_constant,
)
from relu_landscape.global_minima.settings import Degeneracy
from relu_landscape.objective import population_hessian, reference_gradient, reference_loss
from relu_landscape.settings.sizes import PairSize

PAIR = PairSize(k=2, n=3, d=2)
SETTINGS = Degeneracy(sizes=[PAIR], members=3, epsilons=[0.03, 0.01], starts=2, seed=1)


def test_one_pair_has_the_constant_of_the_valley():
    # F = 4 eps^3/(3 pi), |u| = sqrt(2) eps
    assert valley_constant(3, 2, 2) == pytest.approx(4 / (3 * np.pi * 2**1.5), rel=1e-14)
    assert 3 * valley_constant(3, 2, 2) ** (1 / 3) == pytest.approx(1.5942, abs=5e-5)


# Source: derived for the sheet on Xu & Du, as multiples of the students of one teacher.
@pytest.mark.parametrize(
    ("n", "d", "multiple"),
    [(2, 2, 0.0750264), (3, 2, 0.0750264), (3, 3, 0.0672667), (4, 4, 0.0671627), (8, 9, 0.0671627)],
)
def test_constants_of_one_teacher(n, d, multiple):
    assert valley_constant(n, 1, d) == pytest.approx(n * multiple, rel=2e-6)


@pytest.mark.parametrize(("epsilon", "least"), [(0.03, 1.54), (0.01, 1.58), (0.003, 1.59)])
def test_least_quotients_found_by_another_program(epsilon, least):
    assert least_quotient(PAIR, epsilon, seed=1, starts=2) == pytest.approx(least, abs=5e-3)


def test_the_quotient_is_that_of_the_reference():
    valley = _valley(PAIR)
    y = np.array([1.3, *np.linspace(-0.2, 0.3, valley.across.shape[1])])
    value, _ = _log_quotient(y, valley, 0.01)
    moved = 0.01 * valley.along[:, 0] + 1e-4 * valley.across @ y[1:]
    W, V = valley.minimum + moved.reshape(3, 2), valley.teachers
    with mpmath.workdps(40):
        slopes = reference_gradient(W, V, digits=40).ravel()
        quotient = mpmath.sqrt(mpmath.fsum(slopes**2)) / reference_loss(W, V, digits=40) ** (
            mpmath.mpf(2) / 3
        )
    assert np.exp(value) == pytest.approx(float(quotient), rel=1e-8)
    # Further out, where differences of the loss are not rounding.
    gradient = _log_quotient(y, valley, 0.1)[1]
    slope = approx_fprime(y, lambda x: _log_quotient(x, valley, 0.1)[0], 1e-6)
    np.testing.assert_allclose(gradient, slope, rtol=0, atol=1e-4 * np.abs(slope).max())


def test_directions_along_the_valley_are_in_the_kernel():
    valley = _valley(PairSize(k=2, n=5, d=4))
    hessian = population_hessian(valley.minimum, valley.teachers)
    assert np.abs(hessian @ valley.along).max() < 1e-14
    assert valley.along.shape[1] == (5 - 2) * (4 - 1)
    both = np.column_stack([valley.along, valley.across])
    np.testing.assert_allclose(both.T @ both, np.eye(both.shape[1]), rtol=0, atol=1e-14)


def test_rows():
    kernels = kernel_records(PairSize(k=2, n=4, d=3), SETTINGS)
    assert [row["sample"] for row in kernels] == [0, 1, 2]
    assert {(row["kernel_dimension"], row["set_dimension"]) for row in kernels} == {(6, 2)}
    assert min(row["least_positive"] for row in kernels) > 0.09
    quotients = quotient_records(PAIR, SETTINGS)
    assert [row["epsilon"] for row in quotients] == [0.03, 0.01]
    assert all(row["least_quotient"] < row["limit"] for row in quotients)
