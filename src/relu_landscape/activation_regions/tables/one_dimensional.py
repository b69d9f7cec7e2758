"""Networks with one input."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.activation_regions.tables.columns import NumberOfPoints, Width
from relu_landscape.tables.columns import NeuronCount, PointCount, Share
from relu_landscape.tables.schema import Unit, at_least, table

PointsOnALine = Annotated[PointCount, at_least(2), "Number of points; one input, with bias."]
Matrix = Annotated[
    Literal["pattern", "jacobian"], "Matrix whose rank is n: the pattern A or the Jacobian J."
]


@table(key=("n", "matrix", "d1"), version=1)
class OneDimensionalProbabilities:
    """One row a number of points on a line, matrix and width; the probability of full rank over
    the regions, exact and sampled.
    """

    n: PointsOnALine
    matrix: Matrix
    d1: Width
    probability: Annotated[
        float,
        at_least(0),
        "Probability of full rank, uniform over all regions; exact up to rounding.",
    ]
    draws: Annotated[int, Unit("networks"), at_least(1), "Networks drawn."]
    full_rank: Annotated[int, Unit("networks"), at_least(0), "Those with full rank."]
    share_low: Annotated[Share, "Lower end of the interval of the drawn share."]
    share_high: Annotated[Share, "Upper end of the interval of the drawn share."]


@table(key=("n", "matrix", "level"), version=1)
class OneDimensionalWidths:
    """One row a number of points on a line, matrix and probability; the least width at which that
    share of the regions has full rank, exactly.
    """

    n: PointsOnALine
    matrix: Matrix
    level: Annotated[Share, "Share of regions with full rank."]
    width: Annotated[NeuronCount, at_least(1), "Least width at which the share is reached."]
    predicted_width: Annotated[
        float,
        Unit("neurons"),
        "Derived estimate of the width at one half, n ln((n-1)/ln 2) for A and (n/2) ln(n/ln 2) "
        "for J.",
    ]
    recalled_width: Annotated[
        float,
        Unit("neurons"),
        at_least(0),
        "2 n ln(n/epsilon) with epsilon = 1 - level; constant of the published theorem as "
        "recalled.",
    ]
    share_at_recalled_width: Annotated[
        float, at_least(0), "Share of regions with full rank at that width, rounded up."
    ]


@table(key=("n", "vertex", "point"), version=1)
class IllustratedFunctions:
    """One row a vertex and point; the outputs of one neuron with one input and bias, as shares of
    their sum, form a polyline with these vertices.
    """

    n: Annotated[NumberOfPoints, at_least(2)]
    vertex: Annotated[int, at_least(0), "Place along the polyline."]
    point: Annotated[int, at_least(0), "Number of the point."]
    share: Annotated[float, at_least(0), "Output at the point over the sum of all outputs."]
