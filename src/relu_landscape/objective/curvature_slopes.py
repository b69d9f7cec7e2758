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

from relu_landscape.arguments import real_array
from relu_landscape.compiling import compiled_and_kept

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
    return unchecked_curvature_slopes(W, V, U)


def unchecked_curvature_slopes(
    W: NDArray[np.float64], V: NDArray[np.float64], U: NDArray[np.float64]
) -> CurvatureSlopes:
    """Return `curvature_slopes` of arrays that are known to fit: to check them takes longer."""
    first, second = gradient_derivatives(W, V, U)
    return CurvatureSlopes(float(np.sum(U * first)), second, 2.0 * first)


@compiled_and_kept(error_model="numpy")
def _move_units(vectors, velocities, lengths, units):  # type: ignore[no-untyped-def]
    """Lengths (3, count) and units (3, count, d) of moving vectors, with two derivatives each."""
    for j in range(len(vectors)):
        squared, along, turned = 0.0, 0.0, 0.0
        for c in range(vectors.shape[1]):
            squared += vectors[j, c] ** 2
        length = np.sqrt(squared)
        for c in range(vectors.shape[1]):
            units[0, j, c] = vectors[j, c] / length
            along += units[0, j, c] * velocities[j, c]
        for c in range(vectors.shape[1]):
            units[1, j, c] = (velocities[j, c] - along * units[0, j, c]) / length
            turned += units[1, j, c] ** 2
        lengths[0, j], lengths[1, j], lengths[2, j] = length, along, length * turned
        for c in range(vectors.shape[1]):
            bend = 2.0 * along * units[1, j, c] + lengths[2, j] * units[0, j, c]
            units[2, j, c] = -bend / length


@compiled_and_kept(error_model="numpy")
def gradient_derivatives(W, V, U):  # type: ignore[no-untyped-def]
    """First and second derivative of the gradient of F along W + s U at s = 0, (n, d) each."""
    n, d = W.shape
    vectors = np.concatenate((W, V))
    velocities = np.concatenate((U, np.zeros_like(V)))
    lengths, units = np.empty((3, len(vectors))), np.empty((3, *vectors.shape))
    _move_units(vectors, velocities, lengths, units)
    first, second = np.zeros((n, d)), np.zeros((n, d))
    for i in range(n):
        along, along_1, along_2 = 0.0, 0.0, 0.0
        for j in range(len(vectors)):
            sign = 1.0 if j < n else -1.0
            squared_difference, squared_total, cosine_1, cosine_2 = 0.0, 0.0, 0.0, 0.0
            for c in range(d):
                a, b = units[:, i, c], units[:, j, c]
                squared_difference += (a[0] - b[0]) ** 2
                squared_total += (a[0] + b[0]) ** 2
                cosine_1 += a[1] * b[0] + a[0] * b[1]
                cosine_2 += a[2] * b[0] + 2.0 * a[1] * b[1] + a[0] * b[2]
            difference, total = np.sqrt(squared_difference), np.sqrt(squared_total)
            sine, cosine = 0.5 * difference * total, 1.0 - 0.5 * squared_difference
            supplement = 2.0 * np.arctan2(total, difference)
            # Where t is 0 or pi it moves to either side: its mean derivatives are zero.
            reciprocal = 1.0 / sine if sine > PARALLEL else 0.0
            angle_1 = -cosine_1 * reciprocal
            angle_2 = -(cosine_2 + cosine * angle_1**2) * reciprocal
            # |v| sin t and its derivatives, with the sign of the term.
            length, length_1, length_2 = lengths[:, j]
            along += sign * length * sine
            along_1 += sign * (length_1 * sine + length * cosine * angle_1)
            along_2 += sign * (
                (length_2 - length * angle_1**2) * sine
                + (2.0 * length_1 * angle_1 + length * angle_2) * cosine
            )
            for c in range(d):
                vector, velocity = vectors[j, c], velocities[j, c]
                first[i, c] += sign * (supplement * velocity - angle_1 * vector)
                second[i, c] -= sign * (angle_2 * vector + 2.0 * angle_1 * velocity)
        for c in range(d):
            a = units[:, i, c]
            first[i, c] += along_1 * a[0] + along * a[1]
            second[i, c] += along_2 * a[0] + 2.0 * along_1 * a[1] + along * a[2]
    return first / TWO_PI, second / TWO_PI
