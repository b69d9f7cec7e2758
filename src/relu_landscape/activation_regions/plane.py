"""The activation regions of one neuron with two inputs: sectors of the plane of its weights."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Sectors:
    """The regions of one neuron, counterclockwise from the angle -pi.

    Attributes:
        patterns: (sectors, n) zeros and ones.
        start: (sectors,) angle of the first boundary ray of each, in radians, increasing.
        end: (sectors,) angle of the second one, at most 2 pi more than `start[0]`.
    """

    patterns: NDArray[np.uint8]
    start: NDArray[np.float64]
    end: NDArray[np.float64]


def plane_sectors(X: ArrayLike) -> Sectors:
    """The sectors into which the lines w . x_i = 0 cut the plane of w.

    Args:
        X: (n, 2), non-zero points.

    Raises:
        ValueError: the points are not in the plane, or one is zero.
    """
    points = np.asarray(X, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.any(points, axis=1).all():
        raise ValueError(
            f"X has shape {points.shape}; sectors need non-zero points as the rows of (n, 2)"
        )
    angles = np.arctan2(points[:, 1], points[:, 0])
    rays = np.concatenate([angles + pi / 2, angles - pi / 2])
    # Of two equal rays, of parallel points, one remains: their angles may differ by rounding.
    turns: NDArray[np.float64] = np.unique(np.round(np.mod(rays + pi, 2 * pi), 14))
    start = turns - pi
    end = np.append(start[1:], start[0] + 2 * pi)
    middle = (start + end) / 2
    inside = np.stack([np.cos(middle), np.sin(middle)], axis=1)
    return Sectors((inside @ points.T > 0.0).astype(np.uint8), start, end)


def gaussian_shares(sectors: Sectors) -> NDArray[np.float64]:
    """Probability of each sector for Gaussian weights: its angle over 2 pi, (sectors,)."""
    shares: NDArray[np.float64] = (sectors.end - sectors.start) / (2 * pi)
    return shares


def square_shares(sectors: Sectors) -> NDArray[np.float64]:
    """Probability of each sector for weights uniform on a square around zero, (sectors,).

    All triangles from the centre to equal lengths of the boundary have equal areas, so it is the
    length of the boundary in the sector over that of the whole.
    """
    shares: NDArray[np.float64] = (_along_square(sectors.end) - _along_square(sectors.start)) / 8.0
    return shares


def _along_square(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of the boundary of the square |x|, |y| <= 1 from angle zero to the given one."""
    quarter = np.floor(angle / (pi / 2) + 0.5)
    return 2.0 * quarter + np.tan(angle - quarter * (pi / 2))
