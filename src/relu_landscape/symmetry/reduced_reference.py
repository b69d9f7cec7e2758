"""The reduced loss a second time, from Gram matrices and arccosines in extended precision.

No formula here is shared with the rest of the room, only the names of the parameters: neuron i of
class s is u_s + d_s e_i, u_s constant on blocks, so inner products of neurons are those of the u_s
and a few products more, whatever k is. Derivatives are differences of the loss. Slow, and only for
tests and audits.
"""

from __future__ import annotations

from typing import Any

import mpmath

from relu_landscape.arguments import checked_arguments, extended_array, instance_of, whole_number
from relu_landscape.symmetry.fixed_points import NO_PARAMETER, FixedPointSpace


@checked_arguments(
    space=instance_of(FixedPointSpace), parameters=extended_array, digits=whole_number
)
def reference_reduced_loss(
    space: FixedPointSpace, parameters: Any, *, digits: int = 50
) -> mpmath.mpf:
    """Return F at a point of a fixed-point space, teacher V = I.

    Args:
        space: the space.
        parameters: (dimension,), float64 or mpmath numbers.
        digits: significant digits of the sums of k^2 terms; those of F are fewer by 2 log10 k.

    Source: S21, eq. (64); the orbit sums are elementary.
    """
    # The arccosine loses half of the digits of small angles.
    with mpmath.workdps(2 * digits):
        return _loss(space, [mpmath.mpf(value) for value in parameters])


@checked_arguments(
    space=instance_of(FixedPointSpace),
    parameters=extended_array,
    direction=extended_array,
    digits=whole_number,
)
def reference_slope_and_curvature(
    space: FixedPointSpace, parameters: Any, direction: Any, *, digits: int = 50
) -> tuple[mpmath.mpf, mpmath.mpf]:
    """Return the first and second derivative of F along a direction, by central differences.

    Args:
        space: the space.
        parameters: (dimension,), float64 or mpmath numbers.
        direction: (dimension,), of order one.
        digits: about a third of them are right in the result, less 2 log10 k.
    """
    with mpmath.workdps(2 * digits):
        point = [mpmath.mpf(value) for value in parameters]
        step = mpmath.mpf(10) ** -(digits // 3)
        ahead, here, behind = (
            _loss(space, [x + shift * u for x, u in zip(point, direction, strict=True)])
            for shift in (step, mpmath.mpf(0), -step)
        )
        return (ahead - behind) / (2 * step), (ahead - 2 * here + behind) / step**2


def _loss(space: FixedPointSpace, point: list[mpmath.mpf]) -> mpmath.mpf:
    sizes = [mpmath.mpf(size) for size in space.blocks]
    students = _neurons(space, point)
    teachers = [([mpmath.mpf(0)] * len(sizes), mpmath.mpf(1), block) for block in range(len(sizes))]
    return (
        _sum_of_pairs(students, students, sizes) / 2
        - _sum_of_pairs(students, teachers, sizes)
        + _sum_of_pairs(teachers, teachers, sizes) / 2
    )


def _neurons(space: FixedPointSpace, point: list[mpmath.mpf]) -> list[Any]:
    """(u, d, block) of each class; block is None, and d zero, for a further neuron."""
    neurons: list[Any] = []
    for row, places in enumerate(space.layout.rest):
        u = [mpmath.mpf(0) if place == NO_PARAMETER else point[place] for place in places]
        own = space.layout.own[row]
        if own == NO_PARAMETER:
            neurons.append((u, mpmath.mpf(0), None))
        else:
            neurons.append((u, point[own] - u[row], row))
    return neurons


def _sum_of_pairs(first: list[Any], second: list[Any], sizes: list[mpmath.mpf]) -> mpmath.mpf:
    total = mpmath.mpf(0)
    for s, (_, _, block) in enumerate(first):
        for t, (_, _, other) in enumerate(second):
            count = (1 if block is None else sizes[block]) * (1 if other is None else sizes[other])
            # Pairs with one coordinate in common: i with itself, or with its own teacher.
            common = mpmath.mpf(0)
            if block is not None and block == other:
                common = sizes[block]
            elif block is None and other is None and s == t:
                common = mpmath.mpf(1)
            if count != common:
                total += (count - common) * _pair(first[s], second[t], sizes, 0)
            if common:
                total += common * _pair(first[s], second[t], sizes, 1)
    return total


def _pair(first: Any, second: Any, sizes: list[mpmath.mpf], same: int) -> mpmath.mpf:
    lengths = mpmath.sqrt(_inner(first, first, sizes, 1) * _inner(second, second, sizes, 1))
    cosine = _inner(first, second, sizes, same) / lengths
    t = mpmath.acos(min(max(cosine, -1), 1))
    return lengths * (mpmath.sin(t) + (mpmath.pi - t) * cosine) / (2 * mpmath.pi)


def _inner(first: Any, second: Any, sizes: list[mpmath.mpf], same: int) -> mpmath.mpf:
    (u, d, block), (v, e, other) = first, second
    value = mpmath.fsum(size * a * b for size, a, b in zip(sizes, u, v, strict=True))
    value += 0 if block is None else d * v[block]
    value += 0 if other is None else e * u[other]
    return value + same * d * e
