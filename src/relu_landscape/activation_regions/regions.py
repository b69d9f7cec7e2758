"""The non-empty activation regions of one neuron on finite data, and networks made of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice
from math import comb, lcm
from typing import Any

import flint
import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_REGIONS = 10_000_000
"""Regions of one neuron beyond which they are not enumerated."""

_SUBSETS_AT_A_TIME = 4096

Patterns = NDArray[np.uint8]
_Integers = tuple[tuple[int, ...], ...]


def count_regions(n: int, d0: int, d1: int) -> int:
    """Number of non-empty activation regions of a network without bias on generic points.

    (2 sum_{j < d0} C(n - 1, j))^{d1}: the regions of d1 neurons are the products of those of one,
    and n hyperplanes through the origin in general position cut R^{d0} into the sum in brackets.

    Args:
        n: number of points.
        d0: number of inputs; an input with bias counts as one more.
        d1: number of neurons.

    Raises:
        ValueError: n < 1, d0 < 1 or d1 < 0.

    Source: Karhadkar et al. 2024, Proposition 6 (its title is known, the formula is derived here).
    """
    if n < 1 or d0 < 1 or d1 < 0:
        raise ValueError(
            f"there are no regions of {d1} neurons on {n} points in {d0} dimensions; "
            "give n >= 1, d0 >= 1 and d1 >= 0"
        )
    return int((2 * sum(comb(n - 1, j) for j in range(d0))) ** d1)


def enumerate_regions(X: ArrayLike) -> Patterns:
    """Every zero-one pattern (w . x_i > 0)_i that some weight w with no w . x_i = 0 has.

    A cone of the arrangement of the hyperplanes x_i has an extreme ray r, the common zero of d0 - 1
    independent points. Around r the points off their hyperplanes keep the sign of r . x_i, and
    those with r . x_i = 0 take the signs of their own arrangement, in one dimension less. So the
    patterns are gathered over all rays, for points in general position or not: fewer regions than
    `count_regions` says means that they are not. Signs are exact: floats are taken as the
    rationals they are, and a sign that double precision does not settle is decided in integers.

    Args:
        X: (n, d0), rows are points; integers or finite floats.

    Returns:
        (regions, n) zeros and ones, in lexicographic order.

    Raises:
        ValueError: X is no matrix of finite numbers, a point is zero and so on no side of any
            hyperplane, or generic points would have more than MOST_REGIONS regions.

    Source: Karhadkar et al. 2024, Proposition 8: the regions are the normal cones of a zonotope.
    """
    points = _integer_points(X)
    n, d0 = len(points), len(points[0])
    largest = count_regions(n, d0, 1)
    if largest > MOST_REGIONS:
        raise ValueError(
            f"not done: {n} points in {d0} dimensions have up to {largest} regions a neuron and at "
            f"most {MOST_REGIONS} are enumerated; take fewer points or inputs"
        )
    return _patterns(points)


def draw_networks(
    regions: Patterns, d1: int, draws: int, generator: np.random.Generator
) -> Patterns:
    """Networks drawn uniformly from the non-empty regions, (draws, d1, n).

    Each neuron is one of its own regions, uniform and independent of the others: every product of
    regions is non-empty.

    Args:
        regions: (regions, n), what `enumerate_regions` returns.
        d1: number of neurons.
        draws: number of networks.
        generator: source of randomness.
    """
    drawn: Patterns = regions[generator.integers(len(regions), size=(draws, d1))]
    return drawn


def _integer_points(X: ArrayLike) -> _Integers:
    """Every point times the least positive integer that makes it integral."""
    values = np.asarray(X)
    if values.ndim != 2 or 0 in values.shape or values.dtype.kind not in "iuf":
        raise ValueError(
            f"X has shape {values.shape} and type {values.dtype}; give points as the rows of a "
            "matrix (n, d0) of integers or floats"
        )
    if not np.isfinite(values).all():
        raise ValueError("X holds a number that is not finite; points need exact coordinates")
    points = []
    for index, row in enumerate(values.tolist()):
        exact = [Fraction(entry) for entry in row]
        if not any(exact):
            raise ValueError(
                f"point {index} is zero: no weight puts it on either side; leave it out, or append "
                "a column of ones for the bias"
            )
        scale = lcm(*(entry.denominator for entry in exact))
        points.append(tuple(int(entry * scale) for entry in exact))
    return tuple(points)


@lru_cache(maxsize=1024)
def _patterns_of_ties(points: _Integers) -> Patterns:
    return _patterns(points)


def _patterns(points: _Integers) -> Patterns:
    """Patterns of non-zero points, in lexicographic order."""
    points = _in_own_span(points)
    n, d0 = len(points), len(points[0])
    if n == d0:
        return all_patterns(n)
    halves: Patterns = np.empty((0, n), np.uint8)
    for subsets in _batches(combinations(range(n), d0 - 1)):
        around = np.concatenate(list(_around_rays(points, subsets)) or [halves[:0]])
        halves = np.unique(np.concatenate([halves, around]), axis=0)
    # The opposite of each ray was left out: it has the opposite patterns.
    both: Patterns = np.unique(np.concatenate([halves, 1 - halves]), axis=0)
    return both


def _in_own_span(points: _Integers) -> _Integers:
    """The points in as many coordinates as their rank, with the same patterns.

    With columns B that span those of X = B C, w -> C w is onto, so X w takes the signs of B u.
    """
    reduced, _, rank = flint.fmpz_mat([list(point) for point in points]).rref()
    pivots = [
        next(column for column in range(reduced.ncols()) if reduced[row, column] != 0)
        for row in range(rank)
    ]
    return tuple(tuple(point[column] for column in pivots) for point in points)


def all_patterns(n: int) -> Patterns:
    """Return all 2^n zero-one patterns on n points, in lexicographic order, (2^n, n)."""
    codes = np.arange(2**n)[:, None] >> np.arange(n)[::-1]
    return (codes & 1).astype(np.uint8)


def _batches(subsets: Iterator[tuple[int, ...]]) -> Iterator[NDArray[np.intp]]:
    for first in subsets:
        batch = [first, *islice(subsets, _SUBSETS_AT_A_TIME - 1)]
        yield np.array(batch, np.intp).reshape(len(batch), len(first))


def _around_rays(points: _Integers, subsets: NDArray[np.intp]) -> Iterator[Patterns]:
    """Patterns next to the ray of each subset of d0 - 1 points, (patterns, n) at a time."""
    signs, settled = _signs_in_doubles(points, subsets)
    generic = signs[settled]
    on = subsets[settled]
    ties = all_patterns(on.shape[1])
    spread = np.repeat((generic > 0).astype(np.uint8)[:, None], len(ties), axis=1)
    np.put_along_axis(spread, np.repeat(on[:, None], len(ties), axis=1), ties[None], axis=2)
    yield spread.reshape(-1, signs.shape[1])
    for subset in subsets[~settled].tolist():
        exact = _exact_signs(points, subset)
        on_ray = np.flatnonzero(exact == 0)
        if len(on_ray) == len(points):
            continue  # dependent points have no single ray
        own = _patterns_of_ties(tuple(points[i] for i in on_ray)) if len(on_ray) else ties
        around = np.repeat((exact > 0).astype(np.uint8)[None], len(own), axis=0)
        around[:, on_ray] = own
        yield around


def _signs_in_doubles(
    points: _Integers, subsets: NDArray[np.intp]
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Signs of r . x_i, (subsets, n), zero on the subset, and which rows are beyond doubt.

    A product of d0 entries in these sums carries at most d0^2/2 + 3 d0 roundings, those of the
    entries included, so 4 d0^2 eps times the same sum of absolute values bounds the error.
    """
    scaled = np.array(
        [[float(Fraction(entry, max(map(abs, point)))) for entry in point] for point in points]
    )
    values = _minors(scaled[subsets]) @ scaled.T
    sizes = _permanents(np.abs(scaled)[subsets]) @ np.abs(scaled).T
    d0 = scaled.shape[1]
    sure = np.abs(values) > 4.0 * d0**2 * np.finfo(np.float64).eps * sizes
    np.put_along_axis(sure, subsets, True, axis=1)
    signs = np.sign(values).astype(np.int8)
    np.put_along_axis(signs, subsets, 0, axis=1)
    return signs, sure.all(axis=1)


def _exact_signs(points: _Integers, subset: list[int]) -> NDArray[np.int8]:
    rows = np.array(points, dtype=object)
    ray = _minors(rows[subset][None])[0]
    values = [sum(a * b for a, b in zip(ray, point, strict=True)) for point in points]
    return np.array([(value > 0) - (value < 0) for value in values], np.int8)


def _minors(rows: NDArray[Any]) -> NDArray[Any]:
    """The signed maximal minors of (..., d - 1, d), a vector orthogonal to all rows, (..., d)."""
    return _expand(rows, -1)


def _permanents(rows: NDArray[Any]) -> NDArray[Any]:
    """What `_minors` are with every sign positive, for entries >= 0: bounds of what it adds up."""
    return _expand(rows, 1)


def _expand(rows: NDArray[Any], alternation: int) -> NDArray[Any]:
    """Maximal minors by Laplace's expansion along the last row; signs are powers of alternation."""
    size = rows.shape[-1]
    one = np.ones(rows.shape[:-2], rows.dtype)
    minors: dict[tuple[int, ...], NDArray[Any]] = {(): one}
    for height in range(1, size):
        row = rows[..., height - 1, :]
        minors = {
            columns: sum(
                (alternation ** (height - 1 - place))
                * row[..., column]
                * minors[columns[:place] + columns[place + 1 :]]
                for place, column in enumerate(columns)
            )
            for columns in combinations(range(size), height)
        }
    everything = tuple(range(size))
    return np.stack(
        [
            alternation**left_out * minors[everything[:left_out] + everything[left_out + 1 :]]
            for left_out in everything
        ],
        axis=-1,
    )
