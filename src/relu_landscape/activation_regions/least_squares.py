"""Non-negative least squares with a check of its own answer.

scipy.optimize.nnls (1.15 to 1.17, scipy issue 25389) reports an error of zero for some cones of
this study that do not contain the vector, and coefficients that are not optimal. Here each step
solves its least-squares problem anew, and the answer is checked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_STATIONARY = 1e-8
"""Largest cosine between the error and a generator that counts as zero."""
_FITTED = 1e-13
"""Error, relative to the vector, at which the vector is fitted."""


def nearest_in_cone(
    generators: NDArray[np.float64], vector: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Coefficients l >= 0 for which C l is nearest to the vector, (generators,).

    Lawson and Hanson's active-set method. The answer fits the vector, or its error e has
    <e, c> <= 0 for every generator c up to a cosine of 1e-8 while <e, y> > 0: then e separates the
    vector from the cone.

    Args:
        generators: (n, columns), of length one.
        vector: (n,), not zero.

    Raises:
        RuntimeError: the steps do not end.

    Source: Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23.
    """
    columns = generators.shape[1]
    coefficients = np.zeros(columns)
    free = np.zeros(columns, np.bool_)
    useless = np.zeros(columns, np.bool_)
    size = float(np.linalg.norm(vector))
    error = vector
    for _ in range(30 * columns + 30):
        distance = float(np.linalg.norm(error))
        gains = np.where(free | useless, -np.inf, generators.T @ error)
        if distance <= _FITTED * size or gains.max() <= _STATIONARY * distance:
            return coefficients
        entering = int(gains.argmax())
        free[entering] = True
        moved = _step(generators, vector, coefficients, free)
        nearer = float(np.linalg.norm(vector - generators @ moved)) < distance
        if not (nearer and moved[entering] > 0.0):
            # Its gain was rounding: leave the point where it is and try the next generator.
            free = coefficients > 0.0
            useless[entering] = True
            continue
        coefficients, free = moved, moved > 0.0
        useless[:] = False
        error = vector - generators @ coefficients
    raise RuntimeError(
        f"non-negative least squares with {columns} generators did not end; the generators may be "
        "too close to each other, spread the points"
    )


def _step(
    generators: NDArray[np.float64],
    vector: NDArray[np.float64],
    start: NDArray[np.float64],
    free: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Least squares over the free coefficients, each that would turn negative fixed at zero."""
    current, used = start.copy(), free.copy()
    while used.any():
        aim = np.zeros_like(current)
        aim[used] = np.linalg.lstsq(generators[:, used], vector, rcond=None)[0]
        negative = used & (aim <= 0.0)
        if not negative.any():
            return aim
        reach = current[negative] / (current[negative] - aim[negative])
        current += float(reach.min()) * (aim - current)
        first = np.flatnonzero(negative)[reach <= reach.min()]
        current[first] = 0.0
        used[first] = False
        current[~used] = 0.0
    return current
