"""What the neurons of one region can put out on points on a line: a cone with few generators.

One input with bias, the last weights v fixed. Within the closure of its region a neuron that is
active on the first k points puts out a (t - x_i)_+ with a >= 0 and x_k <= t <= x_{k+1}: the cone
of the two vectors with t at the ends. The outputs of a network are the sums over its neurons, with
the signs of v; equal patterns with equal signs add nothing, so there are at most 8n generators
however many neurons there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.activation_regions.exact_cones import Whole, whole_multiples
from relu_landscape.activation_regions.step_patterns import checked_patterns, read_steps
from relu_landscape.arguments import checked_arguments, real_array

Signs = NDArray[np.int8]
"""(d1, n): the sign of v_j where neuron j is active on point i, and 0 where it is not."""

_LARGEST = float(np.finfo(np.float64).max) / 2.0  # differences of two such points do not overflow


@checked_arguments(v=real_array)
def sign_matrix(patterns: ArrayLike, v: ArrayLike) -> Signs:
    """Signs v_j a_ji of a network, all that its outputs depend on besides the points.

    Args:
        patterns: (d1, n) zeros and ones, n >= 1.
        v: (d1,) last weights, finite and none zero.

    Raises:
        ValueError: a last weight is zero or not finite, patterns have other entries, or the shapes
            do not fit.
    """
    active, weights = checked_patterns(patterns), np.asarray(v, dtype=np.float64)
    if active.ndim != 2 or weights.shape != active.shape[:1]:
        raise ValueError(
            f"patterns have shape {active.shape} and v {weights.shape}; give (neurons, points) and "
            "one last weight for each neuron"
        )
    if not np.isfinite(weights).all():
        raise ValueError(f"v has a last weight that is not finite: {weights}")
    if not np.all(weights != 0.0):
        raise ValueError("a last weight is zero: its neuron has no output; leave the neuron out")
    signs: Signs = (np.sign(weights)[:, None] * active).astype(np.int8)
    return signs


def output_generators(x: ArrayLike, signs: ArrayLike) -> NDArray[np.float64]:
    """Generators of the cone of outputs on the points, as columns (n, generators).

    Args:
        x: (n,) increasing points.
        signs: (d1, n), see `Signs`.

    Raises:
        ValueError: there is no point, the points are not finite or do not increase strictly, the
            shapes do not fit, a row has both signs, or a pattern changes more than once along the
            points.
    """
    points, rows = check_region(x, signs)
    return _generators(points, rows)


def whole_generators(x: ArrayLike, signs: ArrayLike) -> Whole:
    """The same generators without rounding, all multiplied by one power of two, as integers.

    Args:
        x: (n,) increasing points, exactly the floats they are.
        signs: (d1, n), see `Signs`.

    Raises:
        ValueError: see `output_generators`.
    """
    points, rows = check_region(x, signs)
    whole: Whole = _generators(whole_multiples(points.tolist()), rows)
    return whole


def _generators(points: NDArray[Any], rows: Signs) -> NDArray[Any]:
    columns = []
    for sign in (1, -1):
        steps = read_steps((rows == sign).astype(np.uint8))
        for gap in np.flatnonzero(steps.prefix).tolist():
            columns += [sign * np.maximum(points[gap + end] - points, 0) for end in (0, 1)]
        for gap in np.flatnonzero(steps.suffix).tolist():
            columns += [sign * np.maximum(points - points[gap + end], 0) for end in (0, 1)]
        if steps.full and len(points) > 1:
            columns += [sign * (points - points[0]), sign * (points[-1] - points)]
        elif steps.full:
            columns.append(np.array([sign], dtype=points.dtype))
    generators = np.array(columns, dtype=points.dtype).reshape(len(columns), len(points)).T
    return generators[:, np.any(generators != 0, axis=0)]


def check_region(x: ArrayLike, signs: ArrayLike) -> tuple[NDArray[np.float64], Signs]:
    """The points (n,) and the signs (d1, n) as arrays.

    Raises:
        ValueError: see `output_generators`.
    """
    points, rows = np.asarray(x, dtype=np.float64), np.asarray(signs)
    if points.ndim != 1 or points.size == 0 or not np.all(np.abs(points) <= _LARGEST):
        raise ValueError(
            f"the points are {points}, of shape {points.shape}; give one list of at least one "
            f"number, each finite and at most {_LARGEST:g} in size"
        )
    if not np.all(np.diff(points) > 0.0):
        raise ValueError("the points must be one list of strictly increasing numbers; sort them")
    if rows.ndim != 2 or rows.shape[1] != len(points) or not np.isin(rows, (-1, 0, 1)).all():
        raise ValueError(
            f"signs has shape {rows.shape} for {len(points)} points; give -1, 0 or 1 for each "
            "neuron (row) and point (column), as sign_matrix does"
        )
    if ((rows > 0).any(axis=1) & (rows < 0).any(axis=1)).any():
        raise ValueError("a neuron has both signs; all its entries carry the sign of its v_j, or 0")
    return points, rows.astype(np.int8)
