"""Searching for violations of Conjecture 12 of S21.

The conjecture says form >= bound for every perturbation of a global minimum that leaves its neurons
non-zero. To leading order form - bound = 1/(2 pi) [sum_{i<a} (M_ia + M_ai)^2 + (tr M)^2] with M_ia
= <g_i, v_a> (see `perturbation_laws`), which vanishes where M is antisymmetric: there the next
order decides.

With several students of a teacher there are many local minima: form and bound have kinks where
neurons are parallel, and at (k, m) = (2, 3) the values of neighbouring minima differ by 5e-6 of
themselves. Hence chains of searches from many kinds of starts (see `violation_starts`), which hand
what they find at one radius on to the radii next to it, both ways, until they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.chains import extend_until_agreement
from relu_landscape.global_minima.perturbations import equal_shares, form_and_bound
from relu_landscape.global_minima.violation_kernel import descend_ratio
from relu_landscape.global_minima.violation_starts import starting_points, variations
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Conjecture12


class Effort(NamedTuple):
    """When a descent ends: after so many iterations, or where it falls by less than a share."""

    iterations: int
    tolerance: float


# Most searches end well above the best one: only those that come near are taken to the end.
ROUGH: Final = Effort(iterations=300, tolerance=1e-8)
FINE: Final = Effort(iterations=1500, tolerance=1e-13)
NEAR: Final = 1e-3  # share of the value
REPETITIONS: Final = 30  # of a search from its own end
CONVERGED: Final = 1e-10  # share of the value by which a repetition no longer helps
# Rows on the unit sphere are where the fold has its crease: from there no step leads inwards.
OFF_SPHERE: Final = 1e-3


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
        settings: values of m times the radius; chains of searches, and how many starts and
            variations of the best point of each have in a round at each radius; the most rounds;
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
        """Starts and variations of the best point at each radius, then exchange."""
        self._rounds += 1
        generator = indexed_generator(*self._stream, self._rounds)
        for place in range(len(self._radii)):
            for start in starting_points(self._k, self._m, self._tries, generator):
                self._try(place, start)
            for start in variations(self._points[place], self._m, self._tries, generator):
                self._try(place, start)
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
            if not helped:
                break
        if value < least - CONVERGED * abs(value):
            self._least[place], self._points[place] = value, X
            self._new.add(place)


def _minimise(
    start: NDArray[np.float64], m: int, radius: float, effort: Effort
) -> tuple[float, NDArray[np.float64]]:
    """A local minimum of (form/bound - 1)/radius over X (m k, k) with rows in the unit ball."""
    value, Y = descend_ratio(_unfolded(start), m, radius, *effort)
    X: NDArray[np.float64] = 2.0 * Y / (1.0 + np.sum(Y**2, axis=1, keepdims=True))
    return float(value), X


def _unfolded(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Y with 2 y/(1 + |y|^2) = x for every row, x within the unit ball and not on its sphere."""
    X = X / np.maximum(1.0, np.linalg.norm(X, axis=1, keepdims=True) / (1.0 - OFF_SPHERE))
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    unfolded: NDArray[np.float64] = X / (1.0 + np.sqrt(1.0 - lengths**2))
    return unfolded
