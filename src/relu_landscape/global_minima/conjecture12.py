"""Searching for violations of Conjecture 12 of S21.

The conjecture says form >= bound for every perturbation of a global minimum that leaves its neurons
non-zero. To leading order form - bound = 1/(2 pi) [sum_{i<a} (M_ia + M_ai)^2 + (tr M)^2] with M_ia
= <g_i, v_a> (see `perturbation_laws`), which vanishes where M is antisymmetric: there the next
order decides.

With several students of a teacher there are many local minima: form and bound have kinks where
neurons are parallel, and at (k, m) = (2, 3) the values of neighbouring minima differ by 5e-6 of
themselves. Of 30 random starts there some 3 end in the lowest, at (3, 2) some 4: the best of six
was not the least at several radii. Hence chains of searches, which hand what they find at one
radius on to the next ones, until they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from relu_landscape.global_minima.chains import extend_until_agreement
from relu_landscape.global_minima.perturbations import (
    SPREAD_WEIGHT,
    curvature_bound,
    equal_shares,
    form_and_bound,
    teacher_sums,
)
from relu_landscape.objective.curvature_slopes import unchecked_curvature_slopes
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Conjecture12

START_NOISE = 0.1  # share of an unstructured direction in the starting direction
# Most searches end well above the best one: only those that come near are taken to the end.
ROUGH: Final[Any] = {"maxiter": 200, "ftol": 1e-8}
FINE: Final[Any] = {"maxiter": 500, "ftol": 1e-15}
NEAR: Final = 1e-3  # share of the value
REPETITIONS: Final = 20  # of a search from its own end
CONVERGED: Final = 1e-9  # share of the value by which a repetition no longer helps


def search_violations(
    k: int,
    m: int,
    settings: Conjecture12,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[dict[str, Any]], list[NDArray[np.float64]]]:
    """Minimise form/bound over perturbations that move no neuron by more than a radius.

    Minimised is (form/bound - 1)/radius, which stays of order one as the radius shrinks, over G
    with |g_ij| <= radius, until the chains agree on it at every radius (see `chains`). A chain
    depends on (seed, k, m), its number and the radii alone.

    Args:
        k: teachers and inputs, 2 or more.
        m: students of each teacher.
        settings: values of m times the radius; chains of searches, and of each the random starts,
            and as many variations of the best point, in a round at each radius; the most rounds;
            the seed.
        progress: called with (rounds done, rounds at most).

    Returns:
        The record of the least ratio found at each radius, ascending, and its perturbation G,
        (m k, k).

    Raises:
        ValueError: k < 2 or m < 1.

    Source: S21, Conjecture 12; the search is ours.
    """
    if k < 2 or m < 1:
        raise ValueError(f"got k = {k}, m = {m}; needs k >= 2 and m >= 1")
    radii = np.sort(np.asarray(settings.scaled_radii))
    searches = [
        _ViolationChain(k, m, radii / m, tries=settings.tries, seed=settings.seed, number=number)
        for number in range(settings.chains)
    ]
    found = extend_until_agreement(searches, rounds=settings.rounds, progress=progress)
    records, points = [], []
    for place, scaled_radius in enumerate(radii):
        G = searches[found.holder[place]].perturbation(place)
        sides = form_and_bound(equal_shares(k, m) + G, np.eye(k), m)
        records.append(
            {
                "k": k,
                "m": m,
                "scaled_radius": float(scaled_radius),
                "largest_displacement": float(np.linalg.norm(G, axis=1).max()),
                "form": sides.form,
                "bound": sides.bound,
                "gap": sides.form - sides.bound,
                "ratio": sides.form / sides.bound,
                "spread": float(found.spread[place] * scaled_radius / m),
                "agreed": bool(found.agreed[place]),
                "place": place,
            }
        )
        points.append(G)
    return records, points


class _ViolationChain:
    """A chain of searches at several radii; points X with G = radius X and |x_i| <= 1."""

    def __init__(
        self, k: int, m: int, radii: NDArray[np.float64], *, tries: int, seed: int, number: int
    ) -> None:
        self._k, self._m, self._radii, self._tries = k, m, radii, tries
        self._stream = (seed, k, m, number)
        self._rounds = 0
        self._points: list[NDArray[np.float64]] = [np.zeros((m * k, k)) for _ in radii]
        self._least = np.full(len(radii), np.inf)
        self._new: set[int] = set()  # places whose point the neighbours have not tried

    @property
    def least(self) -> NDArray[np.float64]:
        """Least (form/bound - 1)/radius found at each radius."""
        return self._least.copy()

    def perturbation(self, place: int) -> NDArray[np.float64]:
        """The perturbation G of the least value at one radius, (m k, k)."""
        perturbation: NDArray[np.float64] = self._radii[place] * self._points[place]
        return perturbation

    def extend(self) -> None:
        """Random starts and variations of the best point at each radius, then exchange."""
        self._rounds += 1
        generator = indexed_generator(*self._stream, self._rounds)
        for place in range(len(self._radii)):
            for _ in range(self._tries):
                self._try(place, _antisymmetric_start(self._k, self._m, generator))
                self._try(place, _with_one_row_drawn(self._points[place], generator))
        while self._new:
            place = self._new.pop()
            for neighbour in (place - 1, place + 1):
                if 0 <= neighbour < len(self._radii):
                    self._try(neighbour, self._points[place])

    def _try(self, place: int, start: NDArray[np.float64]) -> None:
        """Minimise from a start, and keep what is lower than the best at this radius."""
        radius, least = self._radii[place], self._least[place]
        value, X = _minimise(start, self._m, radius, ROUGH)
        if value > least + NEAR * abs(least):
            return
        for _ in range(REPETITIONS):
            again, end = _minimise(X, self._m, radius, FINE)
            helped = again < value - CONVERGED * abs(value)
            if again < value:
                value, X = again, end
            if not helped or np.isclose(value, least, rtol=CONVERGED, atol=0.0):
                break
        if value < least - CONVERGED * abs(value):
            self._least[place], self._points[place] = value, X
            self._new.add(place)


def _minimise(
    start: NDArray[np.float64], m: int, radius: float, options: Any
) -> tuple[float, NDArray[np.float64]]:
    """A local minimum of (form/bound - 1)/radius over X (m k, k) with rows in the unit ball."""
    shape = start.shape
    # Gradients range over four orders of magnitude, and the solver takes their size for the step.
    scale = max(1.0, float(np.linalg.norm(_value_and_slope(start, m, radius)[1])))

    def objective(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = _value_and_slope(parameters.reshape(shape), m, radius)
        return value / scale, slope.ravel() / scale

    found = minimize(
        objective,
        start.ravel(),
        jac=True,
        method="SLSQP",
        constraints=_unit_balls(shape),
        options=options,
    )
    # The solver may overstep a ball by its tolerance.
    X = found.x.reshape(shape)
    X = X / max(1.0, float(np.linalg.norm(X, axis=1).max()))
    return _value_and_slope(X, m, radius)[0], X


def _value_and_slope(
    X: NDArray[np.float64], m: int, radius: float
) -> tuple[float, NDArray[np.float64]]:
    """(form/bound - 1)/radius at G = radius X, and its derivative in X: the two factors cancel."""
    k = X.shape[1]
    G = radius * X
    form, in_weights, in_displacement = unchecked_curvature_slopes(
        equal_shares(k, m) + G, np.eye(k), G
    )
    bound = curvature_bound(G, m)
    ratio = form / bound
    slope = (in_weights + in_displacement - ratio * _bound_slope(G, m)) / bound
    return (ratio - 1.0) / radius, slope


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


def _with_one_row_drawn(
    X: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    """X with one row drawn afresh from the unit ball."""
    row = generator.normal(size=X.shape[1])
    varied = X.copy()
    varied[generator.integers(len(X))] = generator.random() * row / np.linalg.norm(row)
    return varied


def _unit_balls(shape: tuple[int, ...]) -> Any:
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
