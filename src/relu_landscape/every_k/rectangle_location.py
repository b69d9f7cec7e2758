"""Existence and uniqueness of the critical point over a rectangle, by Krawczyk's operator.

As in `location`, with x(r, s) a polynomial, u the radii of the box of uniqueness, E >= |I - Y J|
over it and b >= |Y G| on the surface: if b + E u < u, then there is exactly one zero in the box,
for each (r, s), as x - Y G maps the box into its interior and contracts in the norm max |x_i|/u_i.
It is within any q <= u with b + E q < q. Here u is a multiple of b, unknown by unknown.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from relu_landscape.every_k.generic_numbers import Number, independent, partials
from relu_landscape.every_k.location import Location
from relu_landscape.every_k.rectangles import (
    Rectangle,
    Surface,
    bound_over,
    coefficients_of,
    expand_over,
    factors_of,
    network_at,
)
from relu_landscape.every_k.residual import residual
from relu_landscape.every_k.scaling import SymmetricFamily

# Multiples of the bounds of |Y G| that are tried as radii of uniqueness.
_MULTIPLES: Final = (4.0, 2.0)
_LARGEST_RADIUS: Final = 2.0**-5
_LEAST_RADIUS: Final = 2.0**-40
# Radii of location are larger than they need be, for a checker that rounds differently.
_ROOM: Final = 1.125
_RESIDUAL_ORDER: Final = 3
_JACOBIAN_ORDER: Final = 2


def locate_over(
    member: SymmetricFamily, rectangle: Rectangle, surface: Surface, inverse: NDArray[np.float64]
) -> Location | None:
    """Prove that there is exactly one critical point near a surface, at each point of a rectangle.

    Args:
        member: stands for the families of the rectangle.
        rectangle: of r and s.
        surface: about its middle.
        inverse: Y, any regular matrix; near the inverse Jacobian at the middle.

    Returns:
        Where it is, or None if that is not shown.

    Raises:
        UndefinedError: the rectangle is too large.
    """
    size = len(member.unknowns)
    results = expand_over(
        lambda r, s, x: residual(network_at(member, r, s, x)),
        rectangle,
        surface,
        [0.0] * size,
        _RESIDUAL_ORDER,
    )
    coefficients = [
        coefficients_of(rectangle, values, _RESIDUAL_ORDER) for values in zip(*results, strict=True)
    ]
    factors = factors_of(rectangle, _RESIDUAL_ORDER)
    preconditioner = arb_mat(inverse.tolist())
    # Y is applied before absolute values are taken.
    moved = (preconditioner * arb_mat(coefficients)).tolist()
    shift = arb_mat(size, 1, [bound_over(row, factors).abs_upper() for row in moved])
    shifts = np.array([float(x) for x in shift.entries()]) + _LEAST_RADIUS
    if not shifts.max() < _LARGEST_RADIUS:
        return None
    for multiple in _MULTIPLES:
        uniqueness = shifts * multiple
        jacobian = _jacobian(member, rectangle, surface, uniqueness.tolist())
        contraction = arb_mat(
            size, size, [x.abs_upper() for x in (_unit(size) - preconditioner * jacobian).entries()]
        )
        location = _location(shift, contraction, uniqueness)
        if location is not None:
            return location
    return None


def _location(shift: Any, contraction: Any, uniqueness: NDArray[np.float64]) -> Location | None:
    if not _is_mapped_into_itself(shift, contraction, uniqueness):
        return None
    size = len(uniqueness)
    matrix = np.array([float(x) for x in contraction.entries()]).reshape(size, size)
    shifts = np.array([float(x) for x in shift.entries()]) * _ROOM + _LEAST_RADIUS
    radius = np.minimum(np.linalg.solve(np.eye(size) - matrix, shifts), uniqueness)
    if not _is_mapped_into_itself(shift, contraction, radius):
        radius = uniqueness
    return Location(radius, uniqueness)


def _is_mapped_into_itself(shift: Any, contraction: Any, box: NDArray[np.float64]) -> bool:
    """b + E u < u: it is false, too, where a ball is not finite."""
    image = shift + contraction * arb_mat(len(box), 1, box.tolist())
    return all(x < r for x, r in zip(image.entries(), box.tolist(), strict=True))


def _unit(size: int) -> Any:
    return arb_mat([[int(i == j) for j in range(size)] for i in range(size)])


def _jacobian(
    member: SymmetricFamily, rectangle: Rectangle, surface: Surface, spread: list[float]
) -> Any:
    """The derivatives of the residual by the unknowns over a rectangle and a box, an `arb_mat`."""

    def derivatives(r: Number, s: Number, unknowns: list[Number]) -> list[Number]:
        values = residual(network_at(member, r, s, independent(unknowns)))
        return [x for value in values for x in partials(value, len(unknowns))]

    results = expand_over(derivatives, rectangle, surface, spread, _JACOBIAN_ORDER)
    factors = factors_of(rectangle, _JACOBIAN_ORDER)
    entries = [
        bound_over(coefficients_of(rectangle, values, _JACOBIAN_ORDER), factors)
        for values in zip(*results, strict=True)
    ]
    return arb_mat(len(spread), len(spread), entries)
