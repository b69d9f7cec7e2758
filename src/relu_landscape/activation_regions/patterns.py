"""Activation patterns with signs that are exact."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import as_fractions, exact_array

# Twice the unit roundoff, and the smallest normal number against underflow.
_ROUNDING = float(np.finfo(np.float64).eps)
_TINY = float(np.finfo(np.float64).tiny)


def with_bias(
    X: ArrayLike, W: ArrayLike, b: ArrayLike | None = None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Points (x_i, 1) and weights (w_j, b_j), or just x_i and w_j without a bias.

    Args:
        X: points, (n, d0).
        W: weights, (d1, d0), rows are neurons.
        b: biases, (d1,), or None.

    Returns:
        Points (n, d0') and weights (d1, d0') with the values given: float64, or fractions (dtype
        object) if not all of them are doubles; d0' = d0 + 1 with a bias and d0 without.

    Raises:
        ValueError: shapes that do not fit, no points, inputs or neurons, or numbers that are not
            finite.
    """
    points, weights = exact_array(X, "X"), exact_array(W, "W")
    if points.ndim != 2 or weights.ndim != 2 or points.shape[1] != weights.shape[1]:
        raise ValueError(
            f"X has shape {points.shape} and W {weights.shape}; "
            "give points (n, d0) and weights (d1, d0) with one d0"
        )
    if 0 in points.shape or 0 in weights.shape:
        raise ValueError(
            f"X has shape {points.shape} and W {weights.shape}; "
            "give at least one point, one input and one neuron"
        )
    if b is None:
        return _of_one_kind(points, weights)
    biases = exact_array(b, "b")
    if biases.shape != weights.shape[:1]:
        raise ValueError(
            f"b has shape {biases.shape}; give one bias for each of {len(weights)} rows of W"
        )
    ones = np.ones((len(points), 1))
    weights, column = _of_one_kind(weights, biases[:, None])
    return _of_one_kind(np.hstack([*_of_one_kind(points, ones)]), np.hstack([weights, column]))


def _of_one_kind(first: NDArray[Any], second: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both as float64, or both as fractions if one of them holds any."""
    if first.dtype == second.dtype:
        return first, second
    return as_fractions(first), as_fractions(second)


def whole_rows(values: NDArray[Any]) -> list[tuple[int, ...]]:
    """Each row (d,) of exact numbers times the least positive integer that makes it whole."""
    rows = []
    for row in values.tolist():
        exact = [Fraction(entry) for entry in row]
        scale = lcm(*(entry.denominator for entry in exact))
        rows.append(tuple(int(entry * scale) for entry in exact))
    return rows


def activation_pattern(X: ArrayLike, W: ArrayLike, b: ArrayLike | None = None) -> NDArray[np.bool_]:
    """Which neurons are active at which points: A_ij = [<w_j, x_i> + b_j > 0], exactly.

    The sum is taken in float64. Its rounding error is at most
    (d + 2) eps sum_c |x_c| |w_c| <= d (d + 2) eps max|x| max|w|, with d the number of summands;
    a sign that this leaves open is decided in fractions of Python integers, which cannot overflow.

    Args:
        X: points, (n, d0).
        W: weights, (d1, d0).
        b: biases, (d1,), or None.

    Returns:
        A, (n, d1), bool: rows are points, unlike in the paper.

    Raises:
        ValueError: as `with_bias`.
    """
    return pattern_of(*with_bias(X, W, b))


def pattern_of(points: NDArray[Any], weights: NDArray[Any]) -> NDArray[np.bool_]:
    """`activation_pattern` of points (n, d) and weights (d1, d) that hold the bias already."""
    if points.dtype == object:
        return np.asarray(points @ weights.T > 0, dtype=np.bool_)
    d = points.shape[1]
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        sums = points @ weights.T
        largest = float(np.abs(points).max()) * float(np.abs(weights).max())
        error = d * (d + 2) * (_ROUNDING * largest + _TINY)
        decided = np.abs(sums) > error
    pattern: NDArray[np.bool_] = sums > 0.0
    if not decided.all() or not np.isfinite(error):
        # Sums that overflowed compare as larger than the error, or as nothing at all.
        for i, j in np.argwhere(~(decided & np.isfinite(sums) & np.isfinite(error))):
            pattern[i, j] = _exact_sum(points[i], weights[j]) > 0
    return pattern


def _exact_sum(left: NDArray[np.float64], right: NDArray[np.float64]) -> Fraction:
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return sum((Fraction(x) * Fraction(w) for x, w in pairs), Fraction(0))
