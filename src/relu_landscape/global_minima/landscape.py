"""Two plane slices of the loss through a global minimum with a split neuron."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.members import global_minimum
from relu_landscape.objective import population_hessian, population_loss

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Landscape


def slice_landscape(settings: Landscape) -> dict[str, NDArray[np.float64]]:
    """Return the loss and the smallest Hessian eigenvalue on two planes through W*.

    At W* the first two neurons share the teacher v_1 equally. Coordinates, all zero at W*:

        share s:   w_1 = (1/2 + s) v_1,        w_2 = (1/2 - s) v_1       (the loss stays zero)
        spread y:  w_1 += y v_2,               w_2 -= y v_2              (the valley of Theorem 7)
        tilt x:    w_1 += x v_2/2,             w_2 += x v_2/2            (the tilt of Theorem 4)

    Args:
        settings: teachers and inputs k, students n, the half width of the range of tilt and spread,
            of which share goes half as far, and the points of the grid along each coordinate.

    Returns:
        share (p,), spread (p,), tilt (p,); loss and eigenvalue on spread x share and on
        spread x tilt, (p, p), the first axis being the spread; size = [k, n].

    Source: S21, Theorems 2, 4 and 7.
    """
    k, n = settings.k, settings.n
    minimum = np.zeros((n, k))
    minimum[:2, 0] = 0.5
    minimum[2:, 1:] = global_minimum(n - 2, k - 1)
    share, spread, tilt = (np.zeros_like(minimum) for _ in range(3))
    share[:2, 0] = [1.0, -1.0]
    spread[:2, 1] = [1.0, -1.0]
    tilt[:2, 1] = 0.5
    line = np.linspace(-settings.half_width, settings.half_width, settings.points)
    slices = {"share": 0.5 * line, "spread": line, "tilt": line, "size": np.array([k, n])}
    teachers = np.eye(k)
    for name, across in (("share", share), ("tilt", tilt)):
        grid = [[minimum + x * across + y * spread for x in slices[name]] for y in slices["spread"]]
        slices[f"loss_{name}_spread"] = np.array(
            [[population_loss(point, teachers) for point in row] for row in grid]
        )
        slices[f"eigenvalue_{name}_spread"] = np.array(
            [
                [np.linalg.eigvalsh(population_hessian(point, teachers))[0] for point in row]
                for row in grid
            ]
        )
    return slices
