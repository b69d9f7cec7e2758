"""How two vectors lie to each other, computed so that no angle is special.

With the unit vectors a = w/|w|, b = v/|v| at angle t everything is a function of a + b and a - b,

    |a - b| = 2 sin(t/2),    |a + b| = 2 cos(t/2),    (a + b) . (a - b) = 0,

and both are wrong by no more than a and b are, because nearly equal numbers are subtracted exactly.
The arccosine of a . b loses half of the digits of t near t = 0 and t = pi.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PairGeometry:
    """The lengths, directions and angle t of pairs of vectors w, v; leading axes broadcast.

    Args:
        first_norm: |w|, shape (...).
        second_norm: |v|, shape (...).
        first_unit: a = w/|w|, shape (..., d).
        second_unit: b = v/|v|, shape (..., d).
        sum_vector: a + b, shape (..., d).
        difference_vector: a - b, shape (..., d).
        sum_norm: |a + b| = 2 cos(t/2), shape (...).
        difference_norm: |a - b| = 2 sin(t/2), shape (...).
    """

    first_norm: NDArray[np.float64]
    second_norm: NDArray[np.float64]
    first_unit: NDArray[np.float64]
    second_unit: NDArray[np.float64]
    sum_vector: NDArray[np.float64]
    difference_vector: NDArray[np.float64]
    sum_norm: NDArray[np.float64]
    difference_norm: NDArray[np.float64]

    @property
    def angle(self) -> NDArray[np.float64]:
        """The angle t, in [0, pi] radians, shape (...)."""
        return 2.0 * np.arctan2(self.difference_norm, self.sum_norm)

    @property
    def supplement(self) -> NDArray[np.float64]:
        """The supplement pi - t, shape (...); zero, not a rounding error, if antiparallel."""
        return 2.0 * np.arctan2(self.sum_norm, self.difference_norm)

    @property
    def sine(self) -> NDArray[np.float64]:
        """The sine of t, shape (...)."""
        return 0.5 * self.sum_norm * self.difference_norm

    @property
    def cosine(self) -> NDArray[np.float64]:
        """The cosine of t, shape (...)."""
        return (
            0.25 * (self.sum_norm - self.difference_norm) * (self.sum_norm + self.difference_norm)
        )

    @property
    def inner(self) -> NDArray[np.float64]:
        """The product w . v = |w| |v| cos t, shape (...)."""
        return self.first_norm * self.second_norm * self.cosine

    @property
    def area(self) -> NDArray[np.float64]:
        """The area |w| |v| sin t of the parallelogram of w and v, shape (...)."""
        return self.first_norm * self.second_norm * self.sine

    @property
    def bisector(self) -> NDArray[np.float64]:
        """The unit vector p along a + b, zero if antiparallel, shape (..., d)."""
        return _direction(self.sum_vector, self.sum_norm)

    @property
    def separation(self) -> NDArray[np.float64]:
        """The unit vector q along a - b, zero if parallel, shape (..., d)."""
        return _direction(self.difference_vector, self.difference_norm)

    @property
    def normal(self) -> NDArray[np.float64]:
        """The unit vector sin(t/2) p - cos(t/2) q: the part of v orthogonal to w, shape (..., d).

        Its direction is as uncertain as that of q, by eps/t near t = 0: use it times sin t only.
        """
        return 0.5 * (
            self.difference_norm[..., None] * self.bisector
            - self.sum_norm[..., None] * self.separation
        )


def pair_geometry(first: NDArray[np.float64], second: NDArray[np.float64]) -> PairGeometry:
    """Return the geometry of pairs of non-zero vectors w (..., d) and v (..., d)."""
    first_norm, second_norm = np.linalg.norm(first, axis=-1), np.linalg.norm(second, axis=-1)
    first_unit, second_unit = first / first_norm[..., None], second / second_norm[..., None]
    sum_vector, difference_vector = first_unit + second_unit, first_unit - second_unit
    return PairGeometry(
        first_norm=first_norm,
        second_norm=second_norm,
        first_unit=first_unit,
        second_unit=second_unit,
        sum_vector=sum_vector,
        difference_vector=difference_vector,
        sum_norm=np.linalg.norm(sum_vector, axis=-1),
        difference_norm=np.linalg.norm(difference_vector, axis=-1),
    )


def _direction(vectors: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    # A zero vector has no direction: its terms carry sin t = 0, so any finite stand-in will do.
    return vectors / np.where(lengths > 0.0, lengths, 1.0)[..., None]
