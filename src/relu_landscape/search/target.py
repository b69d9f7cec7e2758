"""What descent goes towards, where it is not V = I_k with outputs 1 and the ReLU."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.objective.pair import angle, pair_loss
from relu_landscape.objective.pair_kernels import (
    LeakyReluKernel,
    PairKernel,
    ReluKernel,
    checked_kernel,
)
from relu_landscape.objective.weights import checked_outputs, checked_weights

# Two teachers at a smaller angle are one teacher: their difference is rounding.
PARALLEL: Final = 1e-12


class Target(NamedTuple):
    """Teachers (k, d), outputs (n,) of the students, 1 or -1, and the slope s of max(z, s z)."""

    teachers: NDArray[np.float64]
    outputs: NDArray[np.float64]
    slope: float

    @property
    def is_standard(self) -> bool:
        """Whether the teachers are the identity and all outputs 1, whatever the slope."""
        k, d = self.teachers.shape
        return k == d and bool((self.teachers == np.eye(k)).all() and (self.outputs == 1.0).all())

    @property
    def loss_of_no_students(self) -> float:
        """F(0) = 1/2 sum f(v_i, v_j) of the ReLU, whatever the slope."""
        return 0.5 * math.fsum(pair_loss(self.teachers[:, None], self.teachers).ravel().tolist())

    def size_of_terms(self, loss_of_no_students: float) -> float:
        """(1 - s)^2 F(0) + |s|/2 |sum_j v_j|^2, given F(0) of the ReLU; F(0) itself at s = 0."""
        squared_sum = float(np.sum(self.teachers.sum(axis=0) ** 2))
        return (1.0 - self.slope) ** 2 * loss_of_no_students + 0.5 * abs(self.slope) * squared_sum


def checked_target(
    teachers: NDArray[np.float64] | None,
    outputs: NDArray[np.float64] | None,
    kernel: str | PairKernel,
    n: int,
    d: int,
) -> Target:
    """Return the target of n students in d dimensions.

    Args:
        teachers: (k, d), or None for I_d.
        outputs: (n,), or None for 1 everywhere.
        kernel: the activation: the ReLU, the absolute value or a leaky ReLU.
        n, d: numbers of students and of inputs.

    Raises:
        ValueError: teachers of other inputs, with a zero row or two parallel rows; outputs of
            another shape or other than 1 and -1; another kernel.
    """
    V = np.eye(d) if teachers is None else checked_weights(teachers, "teachers")
    if V.shape[1] != d:
        raise ValueError(
            f"teachers has {V.shape[1]} columns and the students have {d} inputs; they must agree: "
            "pad the narrower ones with zero columns"
        )
    angles = angle(V[:, None], V)
    np.fill_diagonal(angles, np.pi)
    if angles.min() < PARALLEL:
        i, j = (int(index) for index in np.argwhere(angles < PARALLEL)[0])
        raise ValueError(
            f"rows {i} and {j} of teachers are parallel; no two may be: give their sum as one row"
        )
    return Target(V, checked_outputs(outputs, n, signs_only=True), _checked_slope(kernel))


def _checked_slope(kernel: str | PairKernel) -> float:
    match checked_kernel(kernel, "kernel"):
        case ReluKernel():
            return 0.0
        case LeakyReluKernel(slope=slope):
            return slope
    raise ValueError(
        f"kernel is {kernel!r:.60}; descent is compiled for 'relu', 'absolute_value' and "
        "leaky_relu(slope) alone: use train_with_outputs for 'erf', and a solver of your own on "
        "population_gradient for others"
    )
