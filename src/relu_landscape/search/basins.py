"""Basins: balls around known minima in which gradient descent is known to stay.

Let W* be a critical point with 0 < mu <= H <= Lambda on the ball |W - W*|_F <= R, a convex set. A
step eta < 2/Lambda from W in it gives W - eta grad F(W) - W* = (I - eta A)(W - W*), A being the
mean of H between W* and W, with its spectrum in [mu, Lambda]: the distance shrinks at least by the
factor max(|1 - eta mu|, |1 - eta Lambda|) < 1, so that descent stays in the ball and converges to
W*. The same holds around P W* Q for all permutation matrices P, Q, since V = I. That the
hypotheses hold is for others to prove; here they are data.

Which P and Q may be close is guessed from the largest entry of each neuron, see `basin_kernel`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import real_array


class Basins(NamedTuple):
    """Balls around known minima for n = k = d, V = I; there may be none.

    centers: (basins, k, k), C within rounding of the minimum W*, its neurons in the order of their
    own entries, those on the diagonal (in size), descending; each is the largest of its neuron,
    except perhaps the last one (a centre that is not so is never found); radii: (basins,) r; if
    |W - P C Q|_F <= r, then W is in the ball around P W* Q; step_bounds: (basins,) 2/Lambda, above
    the steps that stay in the ball; gradient_bounds: (basins,) bound of |grad F|_F where
    |W - P C Q|_F <= r: only points below it need to be compared.
    """

    centers: NDArray[np.float64]
    radii: NDArray[np.float64]
    step_bounds: NDArray[np.float64]
    gradient_bounds: NDArray[np.float64]


def no_basins(n: int, d: int) -> Basins:
    """No known minimum, for n students in d dimensions."""
    return Basins(np.empty((0, n, d)), np.empty(0), np.empty(0), np.empty(0))


def checked_basins(basins: Basins, n: int, d: int) -> Basins:
    """Return basins that fit the students, as float64 arrays.

    Raises:
        ValueError: no real numbers, wrong shapes, basins for n != d, or one that is not finite or
            has no radius.
    """
    basins = Basins(*map(real_array, basins, (f"basins.{name}" for name in Basins._fields)))
    count = len(basins.centers)
    if basins.centers.shape != (count, n, d) or any(x.shape != (count,) for x in basins[1:]):
        shapes = [x.shape for x in basins]
        raise ValueError(
            f"basins have the shapes {shapes}; needs ({count}, {n}, {d}) and three of ({count},)"
        )
    if count and n != d:
        raise ValueError(f"basins are for n = k; here n = {n} and k = {d}")
    positive = np.all([bounds > 0.0 for bounds in basins[1:]], axis=0)
    if not positive.all():
        raise ValueError(
            f"basin {int(np.argmin(positive))} has a radius or bound that is not positive, and "
            "holds nothing"
        )
    return basins
