"""Two plane slices of the loss through a global minimum with a split neuron."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.members import global_minimum
from relu_landscape.objective import population_hessian, population_loss


def slice_landscape(
    k: int, n: int, *, half_width: float, points: int
) -> dict[str, NDArray[np.float64]]:
    """Return the loss and the smallest Hessian eigenvalue on two planes through W*.

    At W* the first two neurons share the teacher v_1 equally. Coordinates, all zero at W*:

        share s:   w_1 = (1/2 + s) v_1,        w_2 = (1/2 - s) v_1       (the loss stays zero)
        spread y:  w_1 += y v_2,               w_2 -= y v_2              (the valley of Theorem 7)
        tilt x:    w_1 += x v_2/2,             w_2 += x v_2/2            (the tilt of Theorem 4)

    Args:
        k: teachers and inputs, 2 or more.
        n: students, n > k.
        half_width: of the range of tilt and spread; share goes half as far.
        points: of the grid along each coordinate.

    Returns:
        share (p,), spread (p,), tilt (p,); loss and eigenvalue on spread x share and on
        spread x tilt, (p, p), the first axis being the spread; size = [k, n].

    Raises:
        ValueError: n <= k, k < 2, or shares that reach 0.

    Source: S21, Theorems 2, 4 and 7.
    """
    if not 2 <= k < n or not 0.0 < half_width < 1.0:
        raise ValueError(
            f"got k = {k}, n = {n}, half_width = {half_width}; needs 2 <= k < n and a half width "
            "strictly between 0 and 1, at which a neuron would vanish"
        )
    minimum = np.zeros((n, k))
    minimum[:2, 0] = 0.5
    minimum[2:, 1:] = global_minimum(n - 2, k - 1)
    share, spread, tilt = (np.zeros_like(minimum) for _ in range(3))
    share[:2, 0] = [1.0, -1.0]
    spread[:2, 1] = [1.0, -1.0]
    tilt[:2, 1] = 0.5
    line = np.linspace(-half_width, half_width, points)
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
