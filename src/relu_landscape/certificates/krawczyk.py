"""Krawczyk's test, by which a box of balls holds exactly one zero of a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class NotEnclosedError(ArithmeticError):
    """Balls decided nothing: no box passed the test, or an eigenvalue may be zero."""


def krawczyk_image(
    center: NDArray[Any],
    slope: NDArray[Any],
    inverse: NDArray[Any],
    hessian: NDArray[Any],
    displacements: NDArray[Any],
) -> NDArray[Any]:
    """Return x - Y G(x) + (I - Y G'(X))(X - x), which holds every zero of G in the box X.

    Args:
        center: x, (size,) balls of one number each.
        slope: G(x), (size,) balls.
        inverse: Y, (size, size), any matrix; next to the inverse of G'(x) for a narrow image.
        hessian: G'(X), (size, size) balls.
        displacements: X - x, (size,) balls.

    Source: Krawczyk 1969.
    """
    remaining = np.identity(len(center), dtype=object) - inverse @ hessian
    image: NDArray[Any] = center - inverse @ slope + remaining @ displacements
    return image


def lies_inside(image: NDArray[Any], box: NDArray[Any]) -> bool:
    """Whether the image lies in the interior of the box, which then holds exactly one zero.

    Args:
        image, box: (size,) balls.

    Source: Moore 1977.
    """
    return all(
        bool(outer.contains_interior(inner)) for outer, inner in zip(box, image, strict=True)
    )
