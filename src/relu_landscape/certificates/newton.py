"""Newton's method with gradients in balls, from next to a critical point to a float64 centre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.leaky_networks import ball_network
from relu_landscape.certificates.precision import box
from relu_landscape.certificates.rounding import float_balls

STEP_BUDGET: Final = 12
# The last steps move a centre of float64 numbers by their rounding.
SETTLED: Final = 1e-15
LARGEST_DISPLACEMENT: Final = 1e-2


class NewtonError(ArithmeticError):
    """Newton's method did not settle near where it started."""


def polish_center(
    W: NDArray[np.float64],
    V: NDArray[np.float64],
    bits: int,
    outputs: Sequence[int] = (),
    slope: float = 0.0,
) -> NDArray[np.float64]:
    """Return a float64 point next to W at which the gradient is about as small as it can be.

    Nothing is proved here: the point is a candidate for the centre of a box. The Hessian is
    inverted anew only while steps are long.

    Args:
        W: students, (n, d), next to a critical point.
        V: teachers, (k, d).
        bits: precision of the gradient.
        outputs: of the students, as for `BallNetwork`.
        slope: of the activation, for negative inputs.

    Raises:
        NewtonError: steps do not shrink, or lead further than LARGEST_DISPLACEMENT.
        ZeroNeuronError: a neuron is zero.
    """
    point: NDArray[np.float64] = W
    teachers = box(V, bits=bits)
    inverse, last = None, np.inf
    for _ in range(STEP_BUDGET):
        network = ball_network(box(point, bits=bits), teachers, bits, outputs, slope)
        gradient = np.array([[float(x) for x in row] for row in network.gradient()])
        scale = max(1.0, float(np.abs(point).max())) * np.sqrt(point.size)
        if np.linalg.norm(gradient) <= SETTLED * scale:
            return point
        if inverse is None or last > 1e-6:
            try:
                inverse = np.linalg.inv(float_balls(network.hessian()).midpoints)
            except np.linalg.LinAlgError as error:
                raise NewtonError("the Hessian is singular next to the point") from error
        step = (inverse @ gradient.ravel()).reshape(point.shape)
        length = float(np.linalg.norm(step))
        moved = float(np.linalg.norm(point - step - W))
        if not moved <= LARGEST_DISPLACEMENT:
            raise NewtonError(
                f"Newton's method moved the point by {moved:.2g}, more than "
                f"{LARGEST_DISPLACEMENT:g}: polish it first"
            )
        if length >= last / 2 and last < 1e-10:
            return point
        point, last = point - step, length
        if length <= SETTLED * scale:
            return point
    raise NewtonError(f"the last of {STEP_BUDGET} steps of Newton's method had length {last:.2g}")
