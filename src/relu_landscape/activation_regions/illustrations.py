"""Numbers behind the pictures of a zonotope, a function space and a cut parameter space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from relu_landscape.activation_regions.output_cones import output_generators
from relu_landscape.activation_regions.plane import plane_sectors
from relu_landscape.activation_regions.supports import exact_rank
from relu_landscape.activation_regions.tables.one_dimensional import IllustratedFunctions
from relu_landscape.activation_regions.tables.regions import IllustratedPoints, IllustratedSectors
from relu_landscape.activation_regions.zero_loss_shares import step_patterns


def sector_rows(X: ArrayLike) -> list[IllustratedSectors]:
    """One row a region of one neuron in the plane: sector, zonotope vertex, rank of J.

    The zonotope sum_i conv{0, x_i} is largest in direction w at the sum of the points with
    w . x_i > 0. So its vertices are the sums over the patterns, and the sector of weights of a
    pattern is the normal cone at its vertex.

    Args:
        X: (n, 2) integers, points that are not zero.

    Source: Karhadkar et al. 2024, Proposition 8, by the caption of its figure.
    """
    points = np.asarray(X)
    sectors = plane_sectors(points)
    rows = []
    for place, pattern in enumerate(sectors.patterns):
        vertex = pattern @ points
        rows.append(
            IllustratedSectors(
                n=len(points),
                sector=place,
                pattern="".join(str(entry) for entry in pattern),
                start=float(sectors.start[place]),
                end=float(sectors.end[place]),
                vertex_x=float(vertex[0]),
                vertex_y=float(vertex[1]),
                rank=exact_rank(pattern[None], points),
            )
        )
    return rows


def point_rows(X: ArrayLike) -> list[IllustratedPoints]:
    """One row a point: its number and coordinates.

    Args:
        X: (n, 2).
    """
    points = np.asarray(X, dtype=np.float64)
    return [
        IllustratedPoints(n=len(points), point=place, x=float(x), y=float(y))
        for place, (x, y) in enumerate(points)
    ]


def function_space_rows(x: Sequence[float]) -> list[IllustratedFunctions]:
    """One row a vertex and point: the outputs of one neuron on a line, as shares of their sum.

    Up to a factor the outputs (w x_i + b)_+ are (t - x_i)_+ or (x_i - t)_+ for a kink t. Between
    two points the outputs are a cone of two generators, so their shares run along a segment: in
    the simplex all functions of one neuron are one polyline, from the first point alone active to
    the last one alone.

    Args:
        x: increasing points, at least 2.
    """
    points = np.asarray(x, dtype=np.float64)
    n = len(points)
    steps = step_patterns(n)
    # From the shortest prefix to the whole, then from it to the shortest suffix.
    path = [*steps[1:n], steps[n], *steps[n + 1 :]]
    vertices: list[tuple[float, ...]] = []
    for pattern in path:
        generators = output_generators(points, pattern[None].astype(np.int8)).T
        shares = [tuple((one / one.sum()).tolist()) for one in generators]
        # The one that continues from the last vertex comes first.
        shares.sort(key=lambda one: not vertices or one != vertices[-1])
        vertices += [one for one in shares if not vertices or one != vertices[-1]]
    return [
        IllustratedFunctions(n=n, vertex=place, point=point, share=share)
        for place, vertex in enumerate(vertices)
        for point, share in enumerate(vertex)
    ]
