"""Searching for violations of Conjecture 12 of S21.

The conjecture says form >= bound for every perturbation of a global minimum that leaves its neurons
non-zero. To leading order form - bound = 1/(2 pi) [sum_{i<a} (M_ia + M_ai)^2 + (tr M)^2] with M_ia
= <g_i, v_a> (see `perturbation_laws`), which vanishes where M is antisymmetric: there the next
order decides.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from relu_landscape.global_minima.perturbations import (
    SPREAD_WEIGHT,
    FormAndBound,
    curvature_bound,
    equal_shares,
    teacher_sums,
)
from relu_landscape.objective import population_curvature_along, population_hessian_vector
from relu_landscape.seeding import indexed_generator

DIFFERENCE = 1e-4  # step of the difference quotient of H(W* + G) G along G
START_NOISE = 0.1  # share of an unstructured direction in the starting direction
SEARCH_OPTIONS: Final[Any] = {"maxiter": 200, "ftol": 1e-12}


def search_violation(
    k: int, m: int, scaled_radius: float, start: int, *, seed: int
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Minimise form/bound over perturbations that move no neuron by more than a radius.

    Minimised is (form/bound - 1)/radius, which stays of order one as the radius shrinks, over G
    with |g_ij| <= radius, from a random direction with antisymmetric M. Start r depends on
    (seed, k, m, r) alone, not on the radius.

    Args:
        k: teachers and inputs, 2 or more.
        m: students of each teacher.
        scaled_radius: m times the radius, strictly between 0 and 1: at 1 a neuron could vanish.
        start: number of the start.
        seed: seed of the experiment.

    Returns:
        The record of the least ratio found, and its perturbation G, (m k, k).

    Raises:
        ValueError: a number out of range.

    Source: S21, Conjecture 12; the search is ours.
    """
    if k < 2 or m < 1 or not 0.0 < scaled_radius < 1.0:
        raise ValueError(
            f"got k = {k}, m = {m}, scaled_radius = {scaled_radius}; needs k >= 2, m >= 1 and a "
            "scaled radius strictly between 0 and 1"
        )
    radius = scaled_radius / m
    shape = (m * k, k)

    def objective(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        G = radius * parameters.reshape(shape)
        sides, form_slope = _form_and_slope(G, m)
        ratio = sides.form / sides.bound
        slope = (form_slope - ratio * _bound_slope(G, m)) / sides.bound
        # d/dX with G = radius X, and the objective divided by the radius: the two factors cancel.
        return (ratio - 1.0) / radius, slope.ravel()

    found = minimize(
        objective,
        _antisymmetric_start(k, m, indexed_generator(seed, k, m, start)).ravel(),
        jac=True,
        method="SLSQP",
        constraints=_unit_balls(shape),
        options=SEARCH_OPTIONS,
    )
    # The solver may overstep a ball by its tolerance.
    X = found.x.reshape(shape)
    G = radius * X / max(1.0, float(np.linalg.norm(X, axis=1).max()))
    sides, _ = _form_and_slope(G, m)
    record = {
        "k": k,
        "m": m,
        "scaled_radius": scaled_radius,
        "start": start,
        "largest_displacement": float(np.linalg.norm(G, axis=1).max()),
        "form": sides.form,
        "bound": sides.bound,
        "gap": sides.form - sides.bound,
        "ratio": sides.form / sides.bound,
        "evaluations": int(found.nfev),
    }
    return record, G


def _form_and_slope(G: NDArray[np.float64], m: int) -> tuple[FormAndBound, NDArray[np.float64]]:
    """Both sides at W* + G, and the derivative of the form, 2 H G + d/ds H(W* + (1 + s) G) G."""
    teachers = np.eye(G.shape[1])
    point = equal_shares(len(teachers), m) + G
    product = population_hessian_vector(point, teachers, G)
    ahead, behind = (
        population_hessian_vector(point + step * G, teachers, G)
        for step in (DIFFERENCE, -DIFFERENCE)
    )
    form = population_curvature_along(point, teachers, G)
    slope = 2.0 * product + (ahead - behind) / (2.0 * DIFFERENCE)
    return FormAndBound(form, curvature_bound(G, m)), slope


def _bound_slope(G: NDArray[np.float64], m: int) -> NDArray[np.float64]:
    """Derivative of the bound, the same for all m rows of a teacher."""
    sums = teacher_sums(G, m)
    slope: NDArray[np.float64] = 0.5 * (sums.sum(axis=0) + SPREAD_WEIGHT * sums)
    repeated: NDArray[np.float64] = np.repeat(slope, m, axis=0)
    return repeated


def _antisymmetric_start(k: int, m: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """A direction with max |g_ij| = 1 and sums g_i that form a nearly antisymmetric matrix."""
    square = generator.normal(size=(k, k))
    shares = generator.dirichlet(np.ones(m), size=k)
    rows = shares[:, :, None] * (square - square.T)[:, None, :]
    rows = rows + START_NOISE * generator.normal(size=rows.shape)
    direction = rows.reshape(m * k, k)
    scaled: NDArray[np.float64] = direction / np.linalg.norm(direction, axis=1).max()
    return scaled


def _unit_balls(shape: tuple[int, int]) -> Any:
    """The constraints 1 - |x_i|^2 >= 0 on the rows, in the form that SLSQP takes."""
    rows = np.arange(shape[0])

    def room(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        left: NDArray[np.float64] = 1.0 - np.sum(parameters.reshape(shape) ** 2, axis=1)
        return left

    def slopes(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        jacobian = np.zeros((shape[0], *shape))
        jacobian[rows, rows] = -2.0 * parameters.reshape(shape)
        flat: NDArray[np.float64] = jacobian.reshape(shape[0], -1)
        return flat

    return {"type": "ineq", "fun": room, "jac": slopes}
