"""Regions that have weights of zero loss."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.activation_regions.tables.columns import DataSet, NumberOfPoints, Width
from relu_landscape.tables.columns import NeuronCount, PointCount, RegionCount, Share
from relu_landscape.tables.schema import Unit, at_least, table

TargetLaw = Literal["random", "polynomial", "teacher"]
RegionLaw = Annotated[
    Literal["uniform", "initial"],
    "Regions drawn uniformly, or as those of weights and biases U(-sqrt 6, sqrt 6).",
]


@table(key=("regions", "targets", "n", "d1"), version=3)
class ZeroLossShares:
    """One row a law of regions and of targets and a size; in how many drawn regions on a line
    there are weights of zero loss, decided exactly, and how often two float methods are wrong.
    """

    regions: RegionLaw
    targets: Annotated[
        TargetLaw,
        "Labels N(0, 1), polynomials of degree 2 with coefficients U(-1, 1), or networks of the "
        "same width.",
    ]
    n: Annotated[PointCount, at_least(1), "Number of points, U(-1, 1)."]
    d1: Annotated[NeuronCount, at_least(1), "Width; last weights +1 and -1 in turn."]
    draws: Annotated[
        RegionCount, at_least(1), "Regions drawn, each with points and target of its own."
    ]
    zero_loss: Annotated[RegionCount, "Regions whose closure holds weights that fit the target."]
    share_low: Annotated[Share, "Lower end of the interval of that share."]
    share_high: Annotated[Share, "Upper end of the interval of that share."]
    least_squares_wrong: Annotated[
        RegionCount, "Regions about which non-negative least squares in floats is wrong."
    ]
    linear_program_wrong: Annotated[
        RegionCount, "Regions about which the linear program in floats is wrong."
    ]
    within_published_tolerance: Annotated[
        RegionCount,
        "Regions with a least mean squared error of at most 1e-8, which the authors' code takes "
        "for zero.",
    ]
    largest_zero: Annotated[
        float | None,
        at_least(0),
        "Largest error of least squares where the target is fitted: mean squared error over mean "
        "square of the target. Empty if none is.",
    ]
    smallest_positive: Annotated[
        float | None, at_least(0), "Smallest such error where the target is not fitted."
    ]
    interior: Annotated[
        RegionCount,
        "Regions that hold such weights themselves, not only on their boundary; the loss is "
        "differentiable there.",
    ]
    codimension_n: Annotated[
        RegionCount,
        "Those of them in which such weights fill 2 d1 - n dimensions: the Jacobian has rank n.",
    ]
    every_target: Annotated[RegionCount, "Regions with zero loss for every target."]
    every_target_least_squares_wrong: Annotated[
        RegionCount, "Regions about which, and every target, least squares is wrong."
    ]
    every_target_linear_program_wrong: Annotated[
        RegionCount, "Regions about which, and every target, the linear program is wrong."
    ]
    most_generators: Annotated[
        int, Unit("columns"), at_least(0), "Most generators of an output cone."
    ]


@table(key=("n", "d1", "data_set"), version=3)
class ZeroLossCounts:
    """One row a size and data set on a line; the number of regions that have zero loss for every
    target, with as many positive as negative last weights.
    """

    n: Annotated[PointCount, at_least(1), "Number of points, U(-1, 1)."]
    d1: Annotated[
        NeuronCount, at_least(2), "Width, half of it with either sign of the last weight."
    ]
    data_set: DataSet
    regions: Annotated[str, Unit("regions"), "All regions, (2n)^d1, in decimal."]
    every_target: Annotated[
        str, Unit("regions"), "Those with zero loss for every target, in decimal."
    ]
    share: Annotated[Share, "every_target over regions."]
    cones: Annotated[
        int,
        Unit("cones"),
        at_least(1),
        "Different output cones decided; those that differ by the sign of all outputs once.",
    ]
    least_squares_wrong: Annotated[
        int, Unit("cones"), at_least(0), "Cones about which least squares in floats is wrong."
    ]
    linear_program_wrong: Annotated[
        int, Unit("cones"), at_least(0), "Cones about which the linear program is wrong."
    ]


@table(key=("regions", "targets", "n", "d1"), version=2)
class ZeroLossBounds:
    """One row a law of regions and a size; what the bounds of a linear program in the weights do
    to the number of regions with zero loss.
    """

    regions: RegionLaw
    targets: Annotated[
        TargetLaw, "Labels N(0, 1), polynomials of degree 2, or networks of the same width."
    ]
    n: NumberOfPoints
    d1: Width
    draws: Annotated[RegionCount, at_least(1), "Regions drawn."]
    free_bounds: Annotated[RegionCount, "Feasible with free weights."]
    default_bounds: Annotated[
        RegionCount, "Feasible with weights >= 0, the default of scipy's linprog."
    ]
    cone: Annotated[
        RegionCount, "Zero loss by the output cone, a method without weights, decided exactly."
    ]
    free_wrong: Annotated[
        RegionCount, "Regions about which the program with free weights is wrong."
    ]
