"""Where families of critical points of leaky networks turn back: folds in the coupling t.

The critical points of F + (t/2) |sum_i w_i - sum_j v_j|^2 in a fixed-point space are a curve in
(parameters, t). It is followed by its length; where t turns the Hessian in the space is singular
and two critical points meet. Couplings below -1/4 belong to no activation; folds are found there,
too, so that a fold moves with k without a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from relu_landscape.arguments import (
    checked_arguments,
    extended_number,
    optional,
    text,
    whole_number,
)
from relu_landscape.leaky.coupling import LEAST_COUPLING, CoupledReducedLoss, slope_of
from relu_landscape.leaky.leaky_points import leaky_critical_point
from relu_landscape.symmetry.arithmetic import FLOAT64
from relu_landscape.symmetry.continuation import SolveError
from relu_landscape.symmetry.fixed_points import FixedPointSpace

STEP: Final = 0.04
STEP_BUDGET: Final = 2000
CORRECTIONS: Final = 12
SETTLED: Final = 1e-12
LENGTH_TOLERANCE: Final = 1e-12
# t moves by 1/4 between the ReLU and the absolute value, the weights by about one.
COUPLING_SCALE: Final = 4.0
FARTHEST_COUPLING: Final = -0.5


@dataclass(frozen=True)
class Fold:
    """A point at which t turns back along a family.

    coupling: t there; parameters: (dimension,).
    """

    coupling: float
    parameters: NDArray[np.float64]

    @property
    def slope(self) -> float | None:
        """The slope s in [-1, 1) with this coupling, None if no activation has it."""
        return slope_of(self.coupling) if self.coupling >= LEAST_COUPLING else None


@checked_arguments(family=text, k=extended_number, m=optional(whole_number))
def first_fold(family: str, k: float, *, m: int | None = None) -> Fold | None:
    """Return the first fold that a family meets from the ReLU towards the absolute value.

    Args:
        family: "A", "I" or "II".
        k: number of teachers, as of `leaky_critical_point`.
        m: neurons in the second block, for families I and II.

    Returns:
        The fold; None where the family reaches the global minimum of the absolute value without
        one, or t = -1/2.

    Raises:
        ValueError: as `leaky_critical_point`.
        SolveError: the curve could not be followed.

    Source: pseudo-arclength continuation.
    """
    start = leaky_critical_point(family, k, 0.0, m=m)
    curve = _Curve(start.space)
    before, tangent = curve.place(start.parameters, 0.0), None
    for place, along in curve.walk(before):
        if tangent is not None and along[-1] > 0 > tangent[-1]:
            return curve.turn(before, tangent)
        coupling = curve.coupling(place)
        if coupling < FARTHEST_COUPLING or (
            coupling <= LEAST_COUPLING and curve.loss(place) < SETTLED
        ):
            return None
        before, tangent = place, along
    raise SolveError(f"the curve of {family}, m = {m}, k = {k} did not end in {STEP_BUDGET} steps")


@dataclass(frozen=True)
class _Curve:
    """The curve of critical points; a place is (parameters in Frobenius lengths, scaled t)."""

    space: FixedPointSpace

    @cached_property
    def _relu(self) -> CoupledReducedLoss:
        """The loss at t = 0, to which t adds."""
        return CoupledReducedLoss(self.space)

    @cached_property
    def _scale(self) -> NDArray[np.float64]:
        counts = self._relu.entry_counts
        return np.append(np.sqrt(counts.astype(np.float64)), COUPLING_SCALE)

    def place(self, parameters: NDArray[np.float64], coupling: float) -> NDArray[np.float64]:
        """The place of a point."""
        return np.append(parameters, coupling) * self._scale

    def coupling(self, place: NDArray[np.float64]) -> float:
        """t at a place."""
        return float(place[-1] / COUPLING_SCALE)

    def loss(self, place: NDArray[np.float64]) -> float:
        """The loss at a place."""
        values = place / self._scale
        return float(CoupledReducedLoss(self.space, FLOAT64, values[-1]).loss(values[:-1]))

    def walk(
        self, place: NDArray[np.float64]
    ) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Places along the curve with their directions, at first towards smaller t."""
        direction = self._tangent(place, -np.eye(place.size)[-1])
        for _ in range(STEP_BUDGET):
            yield place, direction
            place = self._correct(place + STEP * direction, direction)
            direction = self._tangent(place, direction)

    def turn(self, place: NDArray[np.float64], direction: NDArray[np.float64]) -> Fold:
        """The fold within a step beyond a place."""

        def at(length: float) -> NDArray[np.float64]:
            return self._correct(place + length * direction, direction)

        def slope(length: float) -> float:
            return float(self._tangent(at(length), direction)[-1])

        values = at(float(brentq(slope, 0.0, STEP, xtol=LENGTH_TOLERANCE))) / self._scale
        return Fold(float(values[-1]), values[:-1])

    def _equations(
        self, place: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The gradient, and its derivatives by the coordinates of a place."""
        values, scale = place / self._scale, self._scale
        point, coupling, relu = values[:-1], values[-1], self._relu
        pull = relu.pull(point)
        gradient = relu.gradient(point) + coupling * pull
        jacobian = np.column_stack([relu.hessian(point) + coupling * relu.quadratic, pull])
        return gradient / scale[:-1], jacobian / scale[:-1, None] / scale[None, :]

    def _tangent(
        self, place: NDArray[np.float64], towards: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The unit vector along the curve on the side of a direction."""
        _, jacobian = self._equations(place)
        tangent: NDArray[np.float64] = np.linalg.svd(jacobian)[2][-1]
        return tangent * np.sign(tangent @ towards)

    def _correct(
        self, guess: NDArray[np.float64], direction: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The place of the curve in the plane through a guess across a direction."""
        place = guess
        for _ in range(CORRECTIONS):
            gradient, jacobian = self._equations(place)
            step = np.linalg.solve(
                np.vstack([jacobian, direction]),
                np.append(gradient, direction @ (place - guess)),
            )
            place = place - step
            if np.linalg.norm(step) < SETTLED:
                return place
        raise SolveError("a step along the curve of critical points did not settle")
