"""Minima given by all their weights, polished and measured.

At a point W of Fix(G) the gradient lies in Fix(G), and so does the step of Newton's method: it is
that of the reduced loss. The extreme eigenvalues of the Hessian are those of its isotypic blocks.
So through the symmetry the cost is k^3, that of a gradient, where the whole Hessian takes k^6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.minima.usable_isotropy import usable_isotropy
from relu_landscape.search.polish import (
    ConvexBall,
    Polished,
    ball_of_extremes,
    newton_polish,
    polish_along,
    same_minimum_ball,
)
from relu_landscape.symmetry.isotypic import isotypic_spectrum
from relu_landscape.symmetry.recognition import RecognisedIsotropy
from relu_landscape.symmetry.reduced import ReducedLoss

# Eigenvalues below this share of the largest are those of flat directions, as in `search.polish`.
_FLAT: Final = 1e-10


@dataclass(frozen=True)
class MeasuredMinimum:
    """A polished point, and the ball around it from which descent leads to it."""

    polished: Polished
    ball: ConvexBall


def measure_minimum(W: NDArray[np.float64], *, largest_whole_k: int) -> MeasuredMinimum:
    """Polish a point and take its ball, in its fixed-point space or from its whole Hessian.

    The space is a guess of floats. A wrong one shows: the whole gradient at the end would not
    vanish, and the outcome says so.

    Args:
        W: (n, k), teacher V = I_k.
        largest_whole_k: see `usable_isotropy`.

    Returns:
        The polished point, in the arrangement of W, and its ball.

    Raises:
        ValueError: as `usable_isotropy`, or as `newton_polish`.

    Source: `newton_polish` and `same_minimum_ball`; the reduction is derived here.
    """
    teacher = np.eye(W.shape[1])
    found = usable_isotropy(W, largest_whole_k=largest_whole_k)
    if found is None:
        polished = newton_polish(W, teacher)
        return MeasuredMinimum(polished, same_minimum_ball(polished.weights, teacher))
    polished = polish_along(_step_in(found), W, teacher)
    spectrum = isotypic_spectrum(
        found.space, found.space.project(_arranged(polished.weights, found))
    )
    ball = ball_of_extremes(polished.weights, teacher, spectrum[0].value, spectrum[-1].value)
    return MeasuredMinimum(polished, ball)


def _step_in(
    found: RecognisedIsotropy,
) -> Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]:
    """Steps to the Newton iterate of the nearest point of the space."""
    space = found.space
    reduced = ReducedLoss(space)
    scale = np.sqrt(np.asarray(space.entry_counts, dtype=np.float64))

    def step_at(point: NDArray[np.float64], _: NDArray[np.float64]) -> NDArray[np.float64]:
        arranged = _arranged(point, found)
        parameters = space.project(arranged)
        hessian = np.asarray(reduced.hessian(parameters) / np.outer(scale, scale))
        gradient = np.asarray(reduced.gradient(parameters) / scale)
        move = np.linalg.lstsq(hessian, gradient, rcond=_FLAT)[0] / scale
        step = np.empty_like(point)
        step[np.ix_(found.neuron_order, found.coordinate_order)] = arranged - space.embed(
            parameters - move
        )
        return step

    return step_at


def _arranged(W: NDArray[np.float64], found: RecognisedIsotropy) -> NDArray[np.float64]:
    arranged: NDArray[np.float64] = W[np.ix_(found.neuron_order, found.coordinate_order)]
    return arranged
