"""Whether a lane is in a basin: the compiled side of `basins`.

The neurons in the order of their largest entries, descending, and the coordinates where these
stand, in the same order, are compared with a centre that is stored in this order. One neuron may
have its largest entry on the coordinate of a larger one, as where it is on its way from e_i to
-e_i: it gets the coordinate that is left, and comes last. Equal entries, a symmetry of the centre,
may leave the order open: it makes no difference. If the guess is wrong otherwise, a run goes on
that could have ended: what decides is the distance |W - P C Q|_F itself.

The entries of `width` runs stand side by side in a workspace; `lane` is the run's place among them.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from relu_landscape.search.lanes import borrowing

CHECK_EVERY = 32  # steps: a check costs about as much as a step


@njit(error_model="numpy", _nrt=True)  # it makes arrays, which its callers do not
def _arrange(work, lane, width, columns, order, owned):
    """Neurons of a lane by their largest entries, descending, and the coordinates of these.

    Returns whether no neuron, or one, has its largest entry on the coordinate of a larger one.
    """
    n = order.size
    sizes = np.empty(n)
    own = np.empty(n, np.int64)
    for i in range(n):
        sizes[i] = 0.0
        own[i] = 0
        for column in range(n):
            entry = abs(work.weights[(i * columns + column) * width + lane])
            if entry > sizes[i]:
                sizes[i] = entry
                own[i] = column
        # Inserted by hand: compiling a sort of numpy takes longer than the whole of this module.
        place = i
        while place > 0 and sizes[order[place - 1]] < sizes[i]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = i
    taken = np.zeros(n, np.bool_)
    placed = 0
    left = -1
    for i in order:
        if not taken[own[i]]:
            taken[own[i]] = True
            order[placed], owned[placed] = i, own[i]
            placed += 1
        elif left < 0:
            left = i
        else:
            return False
    if left >= 0:
        order[placed], owned[placed] = left, np.argmin(taken)
    return True


@borrowing
def _is_within(work, lane, width, columns, center, radius, order, owned):
    """Whether |W - P C Q|_F <= r."""
    squared = 0.0
    for a in range(order.size):
        for b in range(order.size):
            at = (order[a] * columns + owned[b]) * width + lane
            squared += (work.weights[at] - center[a, b]) ** 2
        if squared > radius * radius:
            return False
    return squared <= radius * radius


@borrowing
def find_basin(work, lane, width, columns, basins, order, owned):
    """The basin that the lane is in and cannot leave, or -1; fills the arrangement.

    `order` and `owned`, (n,), receive the neurons and coordinates in the order of the centre.
    """
    arranged = False
    for basin in range(basins.radii.size):
        bound = basins.gradient_bounds[basin]
        if work.squared_gradient[lane] > bound * bound:
            continue
        if not work.steps[lane] < basins.step_bounds[basin]:
            continue
        if not arranged:
            arranged = _arrange(work, lane, width, columns, order, owned)
            if not arranged:
                return -1
        if _is_within(
            work, lane, width, columns, basins.centers[basin], basins.radii[basin], order, owned
        ):
            return basin
    return -1


@borrowing
def move_to_center(work, lane, width, columns, center, order, owned):
    """Put the centre into the lane, in the lane's own arrangement."""
    for a in range(order.size):
        for b in range(order.size):
            work.weights[(order[a] * columns + owned[b]) * width + lane] = center[a, b]
