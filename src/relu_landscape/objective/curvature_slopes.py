"""The curvature of the loss along a displacement, and how it changes with both of its arguments.

Along the line W + s U the gradient of F has the first derivative H U and the second derivative
T[U, U], T being the tensor of third derivatives. With c(W, U) = U^T H(W) U,

    dc/dU = 2 H U,    dc/dW = T[U, U].

Both are sums over pairs of neurons of derivatives of g = (|v| sin t a + (pi - t) v)/(2 pi), where
a = w/|w| and t is the angle between w and v.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from relu_landscape.arguments import real_array

from .pair import TWO_PI
from .weights import checked_network

PARALLEL: Final = 1e-14
"""Where sin t is not above this, units are rounded too coarsely to tell t from 0 or pi."""


class CurvatureSlopes(NamedTuple):
    """c(W, U) = U^T H(W) U, and its derivatives dc/dW and dc/dU, of the shape (n, d) of W."""

    value: float
    in_weights: NDArray[np.float64]
    in_displacement: NDArray[np.float64]


def curvature_slopes(W: ArrayLike, V: ArrayLike, U: ArrayLike) -> CurvatureSlopes:
    """Return U^T H(W) U and its derivatives in W and U.

    Third derivatives of F jump where a student is parallel or antiparallel to another neuron; there
    the mean over the two sides is returned, and at an angle t to it their error is eps/t.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        U: displacement of the students, (n, d).

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit.

    Source: S21, eqs. (10), (11), differentiated twice along a line.
    """
    W, V = checked_network(W, V)
    U = real_array(U, "U")
    if U.shape != W.shape:
        raise ValueError(f"U has shape {U.shape}; it must have the shape {W.shape} of W")
    students = _Moving.along(W, U)
    others = _Moving.along(np.concatenate([W, V]), np.concatenate([U, np.zeros_like(V)]))
    signs = np.concatenate([np.ones(len(W)), -np.ones(len(V))])
    first, second = _gradient_derivatives(students, others, signs)
    return CurvatureSlopes(float(np.sum(U * first)), second, 2.0 * first)


class _Moving(NamedTuple):
    """Vectors on straight lines: their units a and lengths, with derivatives along the line."""

    vector: NDArray[np.float64]
    velocity: NDArray[np.float64]
    length: NDArray[np.float64]
    length_1: NDArray[np.float64]
    length_2: NDArray[np.float64]
    unit: NDArray[np.float64]
    unit_1: NDArray[np.float64]
    unit_2: NDArray[np.float64]

    @classmethod
    def along(cls, vector: NDArray[np.float64], velocity: NDArray[np.float64]) -> _Moving:
        length = np.linalg.norm(vector, axis=1)[:, None]
        unit = vector / length
        length_1 = np.sum(unit * velocity, axis=1, keepdims=True)
        unit_1 = (velocity - length_1 * unit) / length
        length_2 = length * np.sum(unit_1**2, axis=1, keepdims=True)
        unit_2 = -(2.0 * length_1 * unit_1 + length_2 * unit) / length
        return cls(vector, velocity, length, length_1, length_2, unit, unit_1, unit_2)


def _gradient_derivatives(
    students: _Moving, others: _Moving, signs: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and second derivative along the line of sum_j sign_j g(w_i, v_j), (n, d) each."""
    a, b = students, others
    length, length_1, length_2 = b.length.T, b.length_1.T, b.length_2.T
    difference, total = cdist(a.unit, b.unit), cdist(a.unit, -b.unit)
    sine, cosine = 0.5 * difference * total, 1.0 - 0.5 * difference**2
    supplement = 2.0 * np.arctan2(total, difference)
    # Where t is 0 or pi it moves to either side: its mean derivatives are zero.
    reciprocal = np.divide(1.0, sine, out=np.zeros_like(sine), where=sine > PARALLEL)
    angle_1 = -(a.unit_1 @ b.unit.T + a.unit @ b.unit_1.T) * reciprocal
    angle_2 = (
        -(
            a.unit_2 @ b.unit.T
            + 2.0 * (a.unit_1 @ b.unit_1.T)
            + a.unit @ b.unit_2.T
            + cosine * angle_1**2
        )
        * reciprocal
    )
    # |v| sin t and its derivatives, times the sign of the term.
    height = signs * length * sine
    height_1 = signs * (length_1 * sine + length * cosine * angle_1)
    height_2 = signs * (
        (length_2 - length * angle_1**2) * sine
        + (2.0 * length_1 * angle_1 + length * angle_2) * cosine
    )
    along_unit, along_unit_1, along_unit_2 = (
        x.sum(axis=1, keepdims=True) for x in (height, height_1, height_2)
    )
    first = (
        along_unit_1 * a.unit
        + along_unit * a.unit_1
        - (signs * angle_1) @ b.vector
        + (signs * supplement) @ b.velocity
    )
    second = (
        along_unit_2 * a.unit
        + 2.0 * along_unit_1 * a.unit_1
        + along_unit * a.unit_2
        - (signs * angle_2) @ b.vector
        - 2.0 * (signs * angle_1) @ b.velocity
    )
    return first / TWO_PI, second / TWO_PI
