"""Share of parameter space, by volume, where the Jacobian has full rank."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from relu_landscape.activation_regions.plane import (
    gaussian_shares,
    plane_sectors,
    square_shares,
)
from relu_landscape.activation_regions.region_shares import draw_points
from relu_landscape.activation_regions.regions import Patterns, enumerate_regions
from relu_landscape.activation_regions.supports import full_rank_branches, weigh_full_rank
from relu_landscape.activation_regions.tables.regions import Measure, VolumeShares, WeightLaw
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.activation_regions.settings import Volume

WEIGHT_LAWS: tuple[WeightLaw, ...] = ("normal", "uniform")
"""N(0, 1), and uniform on a cube around zero: the scale changes no region."""

BATCHES = 20
"""Independent samples behind a standard error."""


def region_weights(
    points: NDArray[np.int64], regions: Patterns, law: str, *, samples: int, seed: int
) -> NDArray[np.float64]:
    """Probability of each region of one neuron under a law of its weights.

    In the plane, where points (x, 1) of a line with bias belong too, they are exact: angles for
    Gaussian weights, lengths along the boundary for a square. In more dimensions they are
    frequencies in BATCHES independent samples, and there is one row a batch.

    Args:
        points: (n, d0) integers.
        regions: (regions, n), as `enumerate_regions` returns them.
        law: one of WEIGHT_LAWS.
        samples: weights drawn in each batch.
        seed: seed of the batches.

    Returns:
        (1 or BATCHES, regions), rows that sum to one.

    Raises:
        ValueError: an unknown law, or a sampled or computed pattern that is none of the regions.
    """
    if law not in WEIGHT_LAWS:
        raise ValueError(f"no law {law!r} of weights; choose one of {', '.join(WEIGHT_LAWS)}")
    if points.shape[1] == 2:
        sectors = plane_sectors(points)
        shares = gaussian_shares(sectors) if law == "normal" else square_shares(sectors)
        exact = np.zeros((1, len(regions)))
        exact[0, _places(sectors.patterns, regions)] = shares
        return exact
    frequencies = []
    for batch in range(BATCHES):
        generator = indexed_generator(seed, batch)
        size = (samples, points.shape[1])
        weights = (
            generator.normal(size=size)
            if law == "normal"
            else generator.uniform(-1.0, 1.0, size=size)
        )
        patterns = (weights @ points.T > 0.0).astype(np.uint8)
        counts = np.bincount(_places(patterns, regions), minlength=len(regions))
        frequencies.append(counts / samples)
    return np.array(frequencies)


def measure_volume(settings: Volume) -> list[VolumeShares]:
    """One row a network, data set and measure: share of networks with rank J = n.

    The measures are the number of regions, and volume under each law of the weights. For the latter
    the share of d1 independent neurons follows exactly from the probabilities of the regions of
    one; a standard error of zero means that those are exact as well.

    Args:
        settings: cells of which every combination is taken, weights drawn in each of BATCHES
            batches where probabilities are sampled, and the seed; data are those of `count_shares`
            with the same seed.
    """
    rows = []
    samples, seed = settings.samples, settings.seed
    for cell in settings.cells:
        every = product(cell.data, cell.n, cell.d0, cell.d1, range(cell.data_sets))
        for data, n, d0, d1, data_set in every:
            points = draw_points(data, n, d0, indexed_generator(seed, n, d0, data_set))
            regions = enumerate_regions(points)
            branches = full_rank_branches(regions, points, min(d1, len(regions)))
            measures: dict[Measure, NDArray[np.float64]] = {
                "count": np.full((1, len(regions)), 1.0 / len(regions))
            }
            for law in WEIGHT_LAWS:
                measures[law] = region_weights(points, regions, law, samples=samples, seed=seed)
            for measure, weights in measures.items():
                shares = weigh_full_rank(branches, weights, d1)
                exact = len(shares) == 1
                error = 0.0 if exact else float(shares.std(ddof=1) / np.sqrt(len(shares)))
                rows.append(
                    VolumeShares(
                        data=data,
                        n=n,
                        d0=d0,
                        d1=d1,
                        data_set=data_set,
                        measure=measure,
                        share=float(shares.mean()),
                        standard_error=error,
                        samples=0 if exact else samples * BATCHES,
                    )
                )
    return rows


def _places(patterns: Patterns, regions: Patterns) -> NDArray[np.intp]:
    """Row of each pattern among the regions, which are in lexicographic order."""
    powers = 1 << np.arange(regions.shape[1], dtype=np.int64)[::-1]
    known, asked = regions @ powers, patterns @ powers
    places = np.searchsorted(known, asked)
    if not np.array_equal(known[np.minimum(places, len(known) - 1)], asked):
        raise ValueError(
            "a weight has a pattern that is none of the regions; enumerate the regions of the same "
            "points"
        )
    return places
