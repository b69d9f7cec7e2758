"""The non-empty activation regions of one neuron on finite data, and networks made of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice
from math import comb
from typing import Any

import flint
import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.activation_regions.patterns import whole_rows
from relu_landscape.activation_regions.step_patterns import checked_patterns
from relu_landscape.arguments import checked_arguments, exact_array, instance_of, whole_number

MOST_REGIONS = 10_000_000
"""Regions of one neuron beyond which they are not enumerated."""
MOST_SIGNS = 2_000_000_000
"""Signs that are written on the way to them, at most: minutes of work."""
MOST_ENTRIES = 400_000_000
"""Zeros and ones of the result, at most: its bytes, a quarter of what is held at one time."""

_SIGNS_AT_A_TIME = 2**24
# With so many points or fewer a table of all patterns is faster than sorting those that occur.
_TABLE_OF_POINTS = 24

Patterns = NDArray[np.uint8]
_Integers = tuple[tuple[int, ...], ...]


@checked_arguments(n=whole_number, d0=whole_number, d1=whole_number)
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
    `count_regions` says means that they are not. With fewer than 2 d0 points it is less work to
    leave out the patterns that no weight has: by Gordan's theorem those that agree, where it is not
    zero, with the signs of a linear dependence of the points, for which the extreme rays of the
    dependences are enough (circuits). Signs are exact: floats are taken as the rationals they are,
    and a sign that double precision does not settle is decided in integers.

    Args:
        X: (n, d0), rows are points; any finite numbers.

    Returns:
        (regions, n) zeros and ones, in lexicographic order.

    Raises:
        ValueError: X is no matrix of finite numbers, a point is zero and so on no side of any
            hyperplane, or generic points would have more than MOST_REGIONS regions, a result of
            more than MOST_ENTRIES, or take more work than MOST_SIGNS.

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
    if largest * n > MOST_ENTRIES or _signs_on_the_way(n, d0) > MOST_SIGNS:
        raise ValueError(
            f"not done: the regions of {n} points in {d0} dimensions would be {largest * n} zeros "
            f"and ones, at the cost of {_signs_on_the_way(n, d0)} signs on the way; at most "
            f"{MOST_ENTRIES} and {MOST_SIGNS} are allowed: take fewer points or inputs"
        )
    return _patterns(points)


@checked_arguments(d1=whole_number, draws=whole_number, generator=instance_of(np.random.Generator))
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

    Raises:
        ValueError: no regions, or a negative number.
    """
    rows = checked_patterns(regions, "regions").astype(np.uint8)
    if rows.ndim != 2 or len(rows) == 0 or min(d1, draws) < 0:
        raise ValueError(
            f"regions has shape {rows.shape}, d1 is {d1} and draws is {draws}; give (regions, n) "
            "with at least one region, d1 >= 0 and draws >= 0"
        )
    drawn: Patterns = rows[generator.integers(len(rows), size=(draws, d1))]
    return drawn


def _integer_points(X: ArrayLike) -> _Integers:
    """Every point times the least positive integer that makes it integral."""
    values = exact_array(X, "X")
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(f"X has shape {values.shape}; give points as the rows of a matrix (n, d0)")
    points = whole_rows(values)
    for index, point in enumerate(points):
        if not any(point):
            raise ValueError(
                f"point {index} of X is zero: no weight puts it on either side; leave it out, or "
                "append a column of ones for the bias"
            )
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
    if n < 2 * d0:
        return _patterns_off_circuits(points)
    return _patterns_around_rays(points)


def _signs_on_the_way(n: int, d0: int) -> int:
    """Signs that `_patterns` writes for n generic points in d0 dimensions."""
    if n <= d0:
        return 1 << n
    if n < 2 * d0:
        return (1 << n) + (comb(n, n - d0 - 1) << (n - d0))
    return (comb(n, d0 - 1) << (d0 - 1)) * n


def _patterns_around_rays(points: _Integers) -> Patterns:
    n, d0 = len(points), len(points[0])
    subsets = _batches(combinations(range(n), d0 - 1), 2 ** (d0 - 1) * n)
    around = (patterns for batch in subsets for patterns in _around_rays(points, batch))
    # The opposite of each ray was left out: it has the opposite patterns.
    if n <= _TABLE_OF_POINTS:
        occurs = np.zeros(2**n, np.bool_)
        for patterns in around:
            occurs[patterns @ _places(n)] = True
        return _with_codes(np.flatnonzero(occurs | occurs[::-1]), n)
    halves: Patterns = np.empty((0, n), np.uint8)
    for patterns in around:
        halves = np.unique(np.concatenate([halves, patterns]), axis=0)
    both: Patterns = np.unique(np.concatenate([halves, 1 - halves]), axis=0)
    return both


def _patterns_off_circuits(points: _Integers) -> Patterns:
    """All patterns but those that agree with a dependence of the points.

    The dependences sum_i y_i x_i = 0 are y = K t; those on an extreme ray of a cone in which the
    signs of y are given vanish on as many rows of K as leave one dimension.
    """
    n = len(points)
    dependences = _dependences(points)
    c = len(dependences[0])
    kept = [i for i in range(n) if any(dependences[i])]
    rows = tuple(dependences[i] for i in kept)
    places = _places(n)
    alone = np.delete(places, kept)
    possible = np.ones(2**n, np.bool_)
    for subsets in _batches(combinations(range(len(rows)), c - 1), 2 ** (n - len(rows) + c)):
        signs, settled = _signs_in_doubles(rows, subsets)
        always = np.broadcast_to(alone, (len(subsets), alone.size))
        free = np.hstack([places[kept][subsets], always])
        _rule_out(possible, signs[settled], places[kept], free[settled])
        for subset in subsets[~settled].tolist():
            exact = _exact_signs(rows, subset)
            if exact is not None:
                ties = np.concatenate([places[kept][exact == 0], alone])
                _rule_out(possible, exact[None], places[kept], ties[None])
    return _with_codes(np.flatnonzero(possible), n)


def _rule_out(
    possible: NDArray[np.bool_],
    signs: NDArray[np.int8],
    places: NDArray[np.int64],
    free: NDArray[np.int64],
) -> None:
    """Mark the codes of all patterns that agree with the signs (rays, rows), or with the opposite.

    places: (rows,) what a one at each row adds to the code; free: (rays, ties) the same for the
    points whose signs may be any.
    """
    ties = all_patterns(free.shape[1]).astype(np.int64) @ free.T
    for ones in (signs > 0, signs < 0):
        possible[ties + ones @ places] = False


def _dependences(points: _Integers) -> _Integers:
    """A basis of the linear dependences of the points as columns, (n, n - d0), in integers."""
    basis, nullity = flint.fmpz_mat(
        [list(column) for column in zip(*points, strict=True)]
    ).nullspace()
    return tuple(tuple(int(basis[i, j]) for j in range(nullity)) for i in range(len(points)))


def _places(n: int) -> NDArray[np.int64]:
    """What a one at each of n points adds to the number that a pattern spells."""
    return 2 ** np.arange(n - 1, -1, -1, dtype=np.int64)


def _with_codes(codes: NDArray[np.int64], n: int) -> Patterns:
    """The patterns on n points that these numbers spell, (codes, n)."""
    patterns = np.empty((len(codes), n), np.uint8)
    for point, shift in enumerate(range(n - 1, -1, -1)):
        patterns[:, point] = codes >> shift & 1
    return patterns


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
    return _with_codes(np.arange(2**n), n)


def _batches(subsets: Iterator[tuple[int, ...]], signs: int) -> Iterator[NDArray[np.intp]]:
    """Subsets, as many at a time as may be, each of which writes so many signs."""
    for first in subsets:
        batch = [first, *islice(subsets, _SIGNS_AT_A_TIME // signs)]
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
        if exact is None:
            continue
        on_ray = np.flatnonzero(exact == 0)
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


def _exact_signs(points: _Integers, subset: list[int]) -> NDArray[np.int8] | None:
    """Signs of r . x_i, (n,), for the ray r of a subset; None if its points are dependent."""
    rays, nullity = flint.fmpz_mat([list(points[i]) for i in subset]).nullspace()
    if nullity != 1:
        return None
    ray = [int(rays[i, 0]) for i in range(rays.nrows())]
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
