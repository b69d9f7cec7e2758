"""For every m one curve: rectangles that share an edge have the same critical points there.

As in `location` for pieces: where the box of location of one lies in the box of uniqueness of the
other, both hold the same critical point. Along a line s = 1/sqrt(m) that makes one curve from
k = infinity on, as every rectangle that does not begin there is joined to all on its left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb

from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.location import Location
from relu_landscape.every_k.rectangles import Rectangle, Surface


@dataclass(frozen=True)
class LocatedRectangle:
    """A rectangle over which the critical point is located.

    rectangle: of r and s; surface: a polynomial in r and s for each unknown; location: of the
    critical point about it.
    """

    rectangle: Rectangle
    surface: Surface
    location: Location


def first_unjoined(found: Sequence[LocatedRectangle]) -> LocatedRectangle | None:
    """Return a rectangle that is not shown to continue all those on its left, or None.

    Args:
        found: the rectangles that are proved.
    """
    ending = defaultdict(list)
    for x in found:
        ending[x.rectangle.r[1]].append(x)
    for right in found:
        for left in ending[right.rectangle.r[0]]:
            low = max(left.rectangle.s[0], right.rectangle.s[0])
            high = min(left.rectangle.s[1], right.rectangle.s[1])
            edge = Rectangle((right.rectangle.r[0],) * 2, (low, high))
            if low <= high and edge.special_rows != range(0) and not are_joined(left, right, edge):
                return right
    return None


def are_joined(left: LocatedRectangle, right: LocatedRectangle, edge: Rectangle) -> bool:
    """Say whether two rectangles are shown to have the same critical points on an edge.

    Args:
        left, right: the rectangles.
        edge: of both, r is constant.
    """
    apart = [
        abs(x)
        for x in (
            _over(edge, [a - b for a, b in zip(one, other, strict=True)])
            for one, other in zip(_along(left, edge), _along(right, edge), strict=True)
        )
    ]
    return any(
        all(
            gap + arb(near) <= arb(far)
            for gap, near, far in zip(
                apart, a.location.radius.tolist(), b.location.uniqueness.tolist(), strict=True
            )
        )
        for a, b in ((left, right), (right, left))
    )


def _along(found: LocatedRectangle, edge: Rectangle) -> list[list[Number]]:
    """Coefficients of 1, y, y^2 of the surface on the edge, y from its middle."""
    (r, s), (r0, s0) = edge.center, found.surface.center
    x, y = r - r0, s - s0
    values = found.surface.over(r, s, [0.0] * len(found.surface.coefficients))
    return [
        [value, arb(second) + 2 * y * arb(bend) + x * arb(mixed), arb(bend)]
        for value, (_, _, second, _, bend, mixed) in zip(
            values, found.surface.coefficients, strict=True
        )
    ]


def _over(edge: Rectangle, coefficients: Sequence[Number]) -> Number:
    """The values of c_0 + c_1 y + c_2 y^2 on the edge."""
    reach = arb(edge.reach[1])
    constant, slope, bend = coefficients
    return constant + slope * arb(0, reach) + bend * arb(0).union(reach * reach)
