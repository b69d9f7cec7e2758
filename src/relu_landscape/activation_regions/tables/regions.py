"""Activation regions, their numbers and the shares of those with full rank."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.activation_regions.tables.columns import (
    DataSet,
    NumberOfInputs,
    NumberOfPoints,
    Width,
)
from relu_landscape.tables.columns import DrawCount, InputCount, PointCount, RegionCount, Share
from relu_landscape.tables.schema import Unit, at_least, table

PointLaw = Annotated[
    Literal["normal", "positive", "line"],
    "Law of the points: N(0, 1), its absolute value, or scalars with a coordinate of one for the "
    "bias.",
]
WeightLaw = Literal["normal", "uniform"]
Measure = Literal["count", WeightLaw]
InputsWithBias = Annotated[InputCount, at_least(1), "Number of inputs, that of the bias included."]


@table(key=("n", "d0", "data_set"), version=1)
class RegionCounts:
    """One row a set of Gaussian points; the non-empty activation regions of one neuron without
    bias, enumerated and by formula.
    """

    n: NumberOfPoints
    d0: NumberOfInputs
    data_set: DataSet
    enumerated: Annotated[RegionCount, at_least(2), "Regions found one by one, with exact signs."]
    formula: Annotated[RegionCount, at_least(2), "2 sum over j < d0 of C(n - 1, j)."]
    signature: Annotated[
        str,
        Unit("regions"),
        "Regions with 0, 1, ..., n active points; it depends on the signs of the data's minors "
        "alone.",
    ]


@table(key=("patterns", "data", "n", "d0", "d1", "data_set"), version=2)
class RegionShares:
    """One row a data set and width; exact numbers of networks, by their activation patterns,
    whose pattern or Jacobian has rank n.
    """

    patterns: Annotated[
        Literal["regions", "binary"],
        "Patterns of a neuron that are counted: those some weight has, or all 2^n.",
    ]
    data: PointLaw
    n: NumberOfPoints
    d0: InputsWithBias
    d1: Width
    data_set: Annotated[
        int, at_least(0), "Number of the data set; for the same n and d0 the same at every width."
    ]
    signature: Annotated[
        str,
        Unit("regions"),
        "Regions of a neuron with 0, 1, ..., n active points; it depends on the signs of the "
        "data's minors alone.",
    ]
    networks: Annotated[str, Unit("patterns"), "Number of patterns of the network, in decimal."]
    full_pattern: Annotated[
        str, Unit("patterns"), "Those of which the d1 x n pattern A has rank n, in decimal."
    ]
    full_jacobian: Annotated[
        str, Unit("patterns"), "Those of which the n x d0 d1 Jacobian J has rank n, in decimal."
    ]
    pattern_share: Annotated[Share, "full_pattern over networks."]
    jacobian_share: Annotated[Share, "full_jacobian over networks."]


@table(key=("n", "d0", "d1"), version=1)
class BinaryDraws:
    """One row a size; how many binary patterns, drawn uniformly, give generic points a Jacobian of
    full rank.
    """

    n: NumberOfPoints
    d0: NumberOfInputs
    d1: Width
    draws: Annotated[DrawCount, at_least(1), "Patterns drawn, each with N(0, 1) points."]
    full: Annotated[DrawCount, "Those with rank J = n, exactly."]


@table(key=("data", "n", "d0", "d1", "data_set", "measure"), version=2)
class VolumeShares:
    """One row a data set, width and measure; the share of networks whose Jacobian has full rank,
    by number of regions and by volume.
    """

    data: PointLaw
    n: NumberOfPoints
    d0: InputsWithBias
    d1: Width
    data_set: DataSet
    measure: Annotated[Measure, "Number of regions, or volume under N(0, 1) or uniform weights."]
    share: Annotated[float, at_least(0), "Share with rank J = n."]
    standard_error: Annotated[
        float, at_least(0), "Standard error of the share; 0 where it is exact."
    ]
    samples: Annotated[
        int,
        Unit("weights"),
        at_least(0),
        "Weights of one neuron drawn; 0 where the share is exact.",
    ]


@table(key=("n", "point"), version=1)
class IllustratedPoints:
    """One row a point of the data sets in the illustrations of regions in the plane."""

    n: Annotated[PointCount, at_least(1), "Number of points of the data set."]
    point: Annotated[int, at_least(0), "Number of the point."]
    x: Annotated[float, Unit("input"), "First coordinate."]
    y: Annotated[float, Unit("input"), "Second coordinate."]


@table(key=("n", "sector"), version=1)
class IllustratedSectors:
    """One row a region of one neuron with two inputs and no bias; its sector of weights, its
    vertex of the zonotope and the rank of its Jacobian.
    """

    n: NumberOfPoints
    sector: Annotated[int, at_least(0), "Place counterclockwise."]
    pattern: Annotated[str, "Zero or one for each point."]
    start: Annotated[float, Unit("radian"), "Angle of the first boundary of the sector."]
    end: Annotated[float, Unit("radian"), "Angle of the second boundary."]
    vertex_x: Annotated[
        float,
        Unit("input"),
        "First coordinate of the sum of the active points, a vertex of the zonotope.",
    ]
    vertex_y: Annotated[float, Unit("input"), "Second coordinate."]
    rank: Annotated[int, at_least(0), "Rank of the Jacobian of one neuron."]
