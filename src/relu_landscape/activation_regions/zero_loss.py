"""Does an activation region on a line contain weights of zero loss, for one target or for all?

Each question is answered twice in floats, by non-negative least squares and by a linear program,
up to a tolerance; `exact_zero_loss` decides it. Bounds are
always stated: the default of scipy's linprog, x >= 0, is right for coefficients of cone generators
and wrong for weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from relu_landscape.activation_regions.least_squares import nearest_in_cone
from relu_landscape.activation_regions.output_cones import (
    check_region,
    output_generators,
)
from relu_landscape.arguments import checked_arguments, real_array, real_number

ZERO_LOSS = 1e-20
"""Mean squared error, over the mean square of the target, up to which a loss is zero.

Where a region does not fit a smooth target such as a polynomial, the error may be as small as
1e-19; where it does, rounding leaves 1e-28, and 1e-23 for forty points. A tolerance of 1e-8 takes
the one for the other.
"""

Bounds = tuple[float | None, float | None]
FREE: Bounds = (None, None)
"""Bounds of a weight."""
NON_NEGATIVE: Bounds = (0.0, None)
"""Bounds of the coefficient of a cone generator, and the default of linprog."""

_TIGHTEST = 1e-10  # the least tolerance that HiGHS takes
# A vector whose largest entry lies between these has squares that neither overflow nor vanish.
_SMALL, _LARGE = 1e-140, 1e140


class Outcome(StrEnum):
    """What the two methods say together."""

    ZERO_LOSS = "zero loss"
    POSITIVE_LOSS = "positive loss"
    METHODS_DISAGREE = "methods disagree"

    @property
    def meaning(self) -> str:
        """One sentence for readers."""
        return _MEANINGS[self]


_MEANINGS = {
    Outcome.ZERO_LOSS: "Both methods find weights in the closure of the region that fit exactly.",
    Outcome.POSITIVE_LOSS: "Both methods find that no weights in the closure of the region fit.",
    Outcome.METHODS_DISAGREE: "One method finds weights that fit and the other does not.",
}


@dataclass(frozen=True)
class ConeAnswer:
    """How far a vector is from a cone, by two methods.

    Attributes:
        least_squares: mean squared distance by non-negative least squares, over the mean square of
            the vector.
        linear_program: mean squared distance at the answer of the linear program, which makes the
            mean absolute one least, over the same; so it is at least `least_squares`.
        mean_square: of the vector; inf or 0 where float64 does not hold it.
        tolerance: up to which each of the distances counts as zero.
        generators: number of columns.
    """

    least_squares: float
    linear_program: float
    mean_square: float
    tolerance: float
    generators: int

    @property
    def mean_squared_error(self) -> float:
        """Mean squared distance in the units of the vector, by the first method."""
        return self.least_squares * self.mean_square if self.least_squares else 0.0

    @property
    def by_least_squares(self) -> bool:
        """Whether the first method puts the vector into the cone."""
        return self.least_squares <= self.tolerance

    @property
    def by_linear_program(self) -> bool:
        """Whether the second method puts the vector into the cone."""
        return self.linear_program <= self.tolerance

    @property
    def outcome(self) -> Outcome:
        """Both answers in one word."""
        if self.by_least_squares != self.by_linear_program:
            return Outcome.METHODS_DISAGREE
        return Outcome.ZERO_LOSS if self.by_least_squares else Outcome.POSITIVE_LOSS


@checked_arguments(x=real_array, signs=real_array, y=real_array, tolerance=real_number)
def zero_loss_region(
    x: ArrayLike, signs: ArrayLike, y: ArrayLike, *, tolerance: float = ZERO_LOSS
) -> ConeAnswer:
    """Are there weights in the closure of a region with sum_j v_j relu(w_j x_i + b_j) = y_i?

    The loss there is zero exactly if y lies in the cone of `output_generators`. On the boundary of
    the cone, a set of targets of measure zero, the weights may be on the boundary of the region.

    Args:
        x: (n,) increasing points.
        signs: (d1, n), the sign of v_j where neuron j is active on point i, else 0; of the last
            weights only the signs matter.
        y: (n,) target.
        tolerance: relative mean squared error up to which a loss is zero.

    Returns:
        Both residuals; `outcome` says what they mean.

    Raises:
        ValueError: see `output_generators`; or y does not fit or is not finite.

    Source: the question of Karhadkar et al. 2024, Theorem 12; the cone is derived here.
    """
    return _in_cone(output_generators(x, signs), _target(y, np.size(x)), tolerance)


@checked_arguments(x=real_array, signs=real_array, tolerance=real_number)
def fits_every_target(
    x: ArrayLike, signs: ArrayLike, *, tolerance: float = ZERO_LOSS
) -> ConeAnswer:
    """Has the region zero loss for every target at once, so that its cone is all of R^n?

    With C the generators of length one, it is exactly if rank C = n and some l >= 1 has C l = 0; in
    other words, if -C 1 lies in the cone. Where the rank is less both distances are infinite.

    Args:
        x: (n,) increasing points.
        signs: (d1, n), as in `zero_loss_region`.
        tolerance: relative mean squared distance up to which -C 1 lies in the cone.

    Raises:
        ValueError: see `output_generators`.
    """
    generators = output_generators(x, signs)
    n, columns = generators.shape
    if columns <= n or np.linalg.matrix_rank(generators) < n:
        return ConeAnswer(np.inf, np.inf, 1.0, tolerance, columns)
    units = _unit_columns(generators)
    opposite = -units.sum(axis=1)
    if np.abs(opposite).max() <= n * columns * np.finfo(np.float64).eps:
        return ConeAnswer(0.0, 0.0, 0.0, tolerance, columns)
    return _in_cone(units, opposite, tolerance)


def weights_exist(
    x: ArrayLike, patterns: ArrayLike, v: ArrayLike, y: ArrayLike, *, bounds: Bounds
) -> bool:
    """The same question as `zero_loss_region` by a linear program in the weights themselves.

    Is there (w, b) with sum_j v_j a_ji (w_j x_i + b_j) = y_i and (2 a_ji - 1)(w_j x_i + b_j) >= 0?
    2 d1 unknowns and n (d1 + 1) rows, as the published experiment sets it up.

    Args:
        x: (n,) increasing points.
        patterns: (d1, n) zeros and ones.
        v: (d1,) last weights.
        y: (n,) target.
        bounds: FREE for the right answer; NON_NEGATIVE for what linprog does if it is not told.

    Raises:
        ValueError: the shapes do not fit.
        RuntimeError: the solver gives up.
    """
    active, last = np.asarray(patterns), np.asarray(v, dtype=np.float64)
    points, _ = check_region(x, active)
    d1, n = active.shape
    lifted = np.stack([points, np.ones(n)], axis=1)
    outputs = (last[:, None, None] * active[:, :, None] * lifted).transpose(1, 0, 2)
    inside = (1 - 2 * active[:, :, None].astype(np.float64)) * lifted
    rows = np.zeros((d1, n, d1, 2))
    rows[np.arange(d1), :, np.arange(d1)] = inside
    solution = linprog(
        np.zeros(2 * d1),
        A_ub=rows.reshape(d1 * n, 2 * d1),
        b_ub=np.zeros(d1 * n),
        A_eq=outputs.reshape(n, 2 * d1),
        b_eq=_target(y, n),
        bounds=bounds,
        method="highs",
    )
    if solution.status not in (0, 2):
        raise RuntimeError(f"the linear program in the weights was not solved: {solution.message}")
    return bool(solution.status == 0)


def _in_cone(
    generators: NDArray[np.float64], vector: NDArray[np.float64], tolerance: float
) -> ConeAnswer:
    columns = generators.shape[1]
    if not vector.any():
        return ConeAnswer(0.0, 0.0, 0.0, tolerance, columns)
    scale = float(_scales(vector))
    scaled_square = float(np.mean((vector / scale) ** 2))
    mean_square = scaled_square * scale * scale
    target = vector / scale / np.sqrt(scaled_square)
    if columns == 0:
        return ConeAnswer(1.0, 1.0, mean_square, tolerance, 0)
    units = _unit_columns(generators)
    squared, absolute = (
        float(np.mean((target - units @ coefficients) ** 2))
        for coefficients in (nearest_in_cone(units, target), _least_absolute(units, target))
    )
    return ConeAnswer(
        least_squares=squared,
        linear_program=absolute,
        mean_square=mean_square,
        tolerance=tolerance,
        generators=columns,
    )


def _scales(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """What to divide columns (n, ...) by before squares are taken: 1, or else the largest entry."""
    largest = np.abs(vectors).max(axis=0)
    return np.where((largest >= _SMALL) & (largest <= _LARGE), 1.0, largest)


def _unit_columns(generators: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns (n, generators), none zero, divided by their lengths."""
    scaled = generators / _scales(generators)
    units: NDArray[np.float64] = scaled / np.linalg.norm(scaled, axis=0)
    return units


def _least_absolute(
    columns: NDArray[np.float64], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The l >= 0 with least sum_i |target - C l|_i; the errors are further unknowns."""
    n, count = columns.shape
    solution = linprog(
        np.concatenate([np.zeros(count), np.ones(2 * n)]),
        A_eq=np.hstack([columns, np.eye(n), -np.eye(n)]),
        b_eq=target,
        bounds=NON_NEGATIVE,
        method="highs",
        options={
            "primal_feasibility_tolerance": _TIGHTEST,
            "dual_feasibility_tolerance": _TIGHTEST,
        },
    )
    if solution.status != 0 or solution.x is None:
        raise RuntimeError(f"the linear program of the cone was not solved: {solution.message}")
    coefficients: NDArray[np.float64] = np.maximum(solution.x[:count], 0.0)
    return coefficients


def _target(y: ArrayLike, n: int) -> NDArray[np.float64]:
    target = np.asarray(y, dtype=np.float64)
    if target.shape != (n,) or not np.isfinite(target).all():
        raise ValueError(f"the target must be {n} finite numbers, one a point, not {target}")
    return target
