"""Which share of the activation regions has a Jacobian of full rank, by exact count."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.activation_regions.integer_data import FIXED_POINT
from relu_landscape.activation_regions.regions import (
    Patterns,
    all_patterns,
    count_regions,
    enumerate_regions,
)
from relu_landscape.activation_regions.supports import (
    count_full_rank,
    exact_rank,
    full_rank_branches,
)
from relu_landscape.activation_regions.tables.regions import BinaryDraws, RegionCounts, RegionShares
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.activation_regions.settings import (
        CountedNetworks,
        DrawnPatterns,
        NeuronSizes,
    )

POINT_LAWS = ("normal", "positive", "line")
"""N(0, 1); its absolute value, so in the positive orthant; distinct scalars in order, with bias."""


def draw_points(law: str, n: int, d0: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Points drawn from the law, times FIXED_POINT and rounded, (n, d0) integers.

    On the "line" a point is (x, 1): the second coordinate belongs to the bias and d0 must be 2.

    Args:
        law: one of POINT_LAWS.
        n: number of points.
        d0: number of inputs, that of the bias included.
        generator: source of randomness.

    Raises:
        ValueError: an unknown law, or the line in other than two dimensions.
    """
    if law not in POINT_LAWS or (law == "line" and d0 != 2):
        raise ValueError(
            f"no points of law {law!r} in {d0} dimensions; the laws are {', '.join(POINT_LAWS)}, "
            "and a line with bias has 2"
        )
    scaled = np.rint(FIXED_POINT * generator.normal(size=(n, d0))).astype(np.int64)
    if law == "positive":
        return np.abs(scaled)
    if law == "line":
        return np.stack([np.sort(scaled[:, 0]), np.full(n, FIXED_POINT)], axis=1)
    return scaled


def region_signature(regions: ArrayLike) -> str:
    """How many regions have 0, 1, ..., n active points, such as "1-2-2-1".

    It depends on the data through the signs of its d0-minors alone, the oriented matroid, and is
    the same for every order of the points; different signatures mean different sign configurations.

    Args:
        regions: (regions, n) zeros and ones.
    """
    patterns = np.asarray(regions)
    active = np.bincount(patterns.sum(axis=1, dtype=np.intp), minlength=patterns.shape[1] + 1)
    return "-".join(str(count) for count in active)


class NetworkCounts(NamedTuple):
    """Exact numbers of networks: all, those with rank A = n, and those with rank J = n."""

    networks: int
    full_pattern: int
    full_jacobian: int


def count_networks(patterns: Patterns, points: NDArray[np.int64], d1: int) -> NetworkCounts:
    """Count the networks of d1 neurons.

    Args:
        patterns: (choices, n) zeros and ones, the choices of a neuron.
        points: (n, d0) integers.
        d1: number of neurons.
    """
    largest = min(d1, len(patterns))
    ones = np.ones((len(points), 1), np.int64)
    full_pattern, full_jacobian = (
        count_full_rank(full_rank_branches(patterns, rows, largest), len(patterns), d1)
        for rows in (ones, points)
    )
    return NetworkCounts(len(patterns) ** d1, full_pattern, full_jacobian)


def count_shares(cells: Sequence[CountedNetworks], *, seed: int) -> list[RegionShares]:
    """One row a network and data set: exact counts over its regions, or over all binary patterns.

    Counts are written out in decimal, as they outgrow 64 bits. Data set s depends on (seed,
    n, d0, s) and its law alone, so that networks of different d1 see the same data.

    Args:
        cells: patterns, laws and sizes, of which every combination is taken.
        seed: seed of the experiment.

    Raises:
        ValueError: there are too many patterns to go through.
    """
    rows = []
    for cell in cells:
        every = product(cell.patterns, cell.data, cell.n, cell.d0, cell.d1, range(cell.data_sets))
        for choice, law, n, d0, d1, data_set in every:
            points = draw_points(law, n, d0, indexed_generator(seed, n, d0, data_set))
            regions = enumerate_regions(points)
            patterns = regions if choice == "regions" else all_patterns(n)
            counts = count_networks(patterns, points, d1)
            rows.append(
                RegionShares(
                    patterns=choice,
                    data=law,
                    n=n,
                    d0=d0,
                    d1=d1,
                    data_set=data_set,
                    signature=region_signature(regions),
                    networks=str(counts.networks),
                    full_pattern=str(counts.full_pattern),
                    full_jacobian=str(counts.full_jacobian),
                    pattern_share=counts.full_pattern / counts.networks,
                    jacobian_share=counts.full_jacobian / counts.networks,
                )
            )
    return rows


def compare_region_counts(sizes: Sequence[NeuronSizes], *, seed: int) -> list[RegionCounts]:
    """One row a data set: enumerated regions of one neuron and the number in the formula.

    Args:
        sizes: of which every combination is taken; Gaussian points.
        seed: seed of the experiment.
    """
    rows = []
    for size in sizes:
        for n, d0, data_set in product(size.n, size.d0, range(size.data_sets)):
            points = draw_points("normal", n, d0, indexed_generator(seed, n, d0, data_set))
            regions = enumerate_regions(points)
            rows.append(
                RegionCounts(
                    n=n,
                    d0=d0,
                    data_set=data_set,
                    enumerated=len(regions),
                    formula=count_regions(n, d0, 1),
                    signature=region_signature(regions),
                )
            )
    return rows


def draw_binary_patterns(sizes: Sequence[DrawnPatterns], *, seed: int) -> list[BinaryDraws]:
    """One row a size: how many of the binary patterns drawn have rank J = n, exactly.

    Args:
        sizes: of N(0, 1) points and networks, with the draws of each.
        seed: seed of the experiment.
    """
    rows = []
    for size in sizes:
        n, d0, d1 = size.n, size.d0, size.d1
        full = 0
        for draw in range(size.draws):
            generator = indexed_generator(seed, n, d0, d1, draw)
            points = draw_points("normal", n, d0, generator)
            full += exact_rank(generator.integers(2, size=(d1, n)), points) == n
        rows.append(BinaryDraws(n=n, d0=d0, d1=d1, draws=size.draws, full=full))
    return rows
