"""Random networks, the rank of their Jacobian and where descent takes them."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.activation_regions.tables.columns import NumberOfInputs, NumberOfPoints, Width
from relu_landscape.tables.columns import DrawCount, NeuronCount, PointCount, StepCount, StepsTaken
from relu_landscape.tables.schema import Unit, at_least, table

CoordinateLaw = Literal["uniform", "normal"]
FirstLayerLaw = Literal["linear_layer", "linear_layer_no_bias", "normal"]
Figure = Literal["figure_1", "figure_2"]
Reading = Literal["exact", "float32"]
RunOutcome = Literal["running", "zero_loss", "settled", "unfinished"]
Ratio = Annotated[float | None, at_least(0), "d0/n before rounding up; missing in figure_1."]
Data = Annotated[CoordinateLaw, "Law of each coordinate of a point."]


@table(key=("figure", "data", "initialisation", "d0", "n", "d1"), version=1)
class FullRankCells:
    """One row a cell of Figures 1 and 2; in how many random networks the Jacobian has full rank,
    exactly and as read with singular values.
    """

    figure: Annotated[
        Figure,
        "Figure of the paper that the cell belongs to; d0 is fixed in figure_1 and ceil(ratio n) "
        "in figure_2.",
    ]
    data: Annotated[
        CoordinateLaw,
        "Law of each coordinate of a point, uniform on [0, 1] or N(0, 1), rounded to integers "
        "over 2^22.",
    ]
    initialisation: Annotated[
        FirstLayerLaw,
        "Law of the first layer, U(-1/sqrt(d0), 1/sqrt(d0)) with biases (linear_layer) or without "
        "(linear_layer_no_bias), or N(0, 1) with biases (normal).",
    ]
    ratio: Ratio
    d0: NumberOfInputs
    n: NumberOfPoints
    d1: Width
    trials: Annotated[DrawCount, at_least(1), "Draws of points and weights."]
    full: Annotated[DrawCount, "Draws whose Jacobian has the exact rank n."]
    too_few_columns: Annotated[
        DrawCount, "Draws with fewer columns than points (all of a cell or none)."
    ]
    zero_row: Annotated[DrawCount, "Draws, of the rest, with a point at which no neuron is active."]
    equal_rows: Annotated[
        DrawCount,
        "Draws, of the rest, with more points in one linear piece of the network than a neuron "
        "has weights.",
    ]
    dependent_rows: Annotated[
        DrawCount, "Draws, of the rest, with a deficient rank modulo two primes."
    ]
    compared_trials: Annotated[
        DrawCount, "Draws, the first ones, whose singular values were taken as well."
    ]
    compared_full: Annotated[DrawCount, "Draws of these with the exact rank n."]
    svd_disagreements: Annotated[
        DrawCount, "Draws of these whose rank in float64 is not the exact one."
    ]
    float32_full: Annotated[
        DrawCount,
        "Draws of these read as full rank in float32, with the columns and the tolerance of the "
        "public code.",
    ]
    float32_differs: Annotated[
        DrawCount, "Draws of these whose reading in float32 is not the exact one."
    ]


@table(key=("figure", "data", "initialisation", "d0", "n", "reading"), version=1)
class TransitionWidths:
    """One row a column of the heat maps of Figures 1 and 2; the width at which half of the
    Jacobians have full rank.
    """

    figure: Annotated[Figure, "Figure of the paper."]
    data: Data
    initialisation: Annotated[FirstLayerLaw, "Law of the first layer."]
    ratio: Ratio
    d0: NumberOfInputs
    n: NumberOfPoints
    reading: Annotated[
        Reading, "How full rank was decided, exactly or in float32 as by the public code."
    ]
    width: Annotated[
        float | None,
        Unit("neurons"),
        at_least(0),
        "Width at which the polygon through the shares, made to grow, reaches 1/2; missing where "
        "it does not within the widths tried.",
    ]
    width_low: Annotated[
        float | None,
        Unit("neurons"),
        at_least(0),
        "Lower end of its confidence interval; missing below the widths tried.",
    ]
    width_high: Annotated[
        float | None, Unit("neurons"), at_least(0), "Upper end; missing above the widths tried."
    ]
    begins_above: Annotated[
        bool, "Whether the share exceeds 1/2 at the smallest width tried already."
    ]
    first_width: Annotated[NeuronCount, at_least(1), "Smallest width tried."]
    last_width: Annotated[NeuronCount, at_least(1), "Largest width tried."]
    trials: Annotated[DrawCount, at_least(1), "Fewest draws of a cell of the column."]
    necessary_width: Annotated[
        NeuronCount,
        at_least(1),
        "Smallest width with as many columns as points, ceil(n/d0'), d0' = d0 + 1 with a bias and "
        "d0 without.",
    ]
    row_width: Annotated[
        float,
        Unit("neurons"),
        at_least(0),
        "d1 at which (1 - 2^-d1)^n = 1/2; for patterns drawn uniformly from all binary ones.",
    ]
    sufficient_width: Annotated[
        float,
        Unit("neurons"),
        at_least(0),
        "d1 at which d0' 2^(ceil(n/d0') - d1) = 1/2; for patterns drawn uniformly from all binary "
        "ones.",
    ]
    wide_zero_row: Annotated[
        DrawCount, "Of the exact draws with d0' d1 >= n, those with a row of zeros."
    ]
    wide_equal_rows: Annotated[
        DrawCount, "Of the rest, those with more than d0' points in one linear piece."
    ]
    wide_dependent_rows: Annotated[DrawCount, "Of the rest, those with dependent rows."]


@table(key=("data", "n", "d0", "d1", "d2"), version=1)
class DeepRanks:
    """One row a pair of widths of a network with two hidden layers; how often its Jacobian has
    full rank at initialisation.
    """

    data: Data
    n: NumberOfPoints
    d0: NumberOfInputs
    d1: Annotated[NeuronCount, at_least(1), "Width of the first hidden layer."]
    d2: Annotated[NeuronCount, at_least(1), "Width of the second."]
    trials: Annotated[DrawCount, at_least(1), "Draws of points and weights."]
    full: Annotated[
        DrawCount,
        "Draws whose Jacobian in all weights and biases of both hidden layers has the exact rank "
        "n.",
    ]
    full_last_layer: Annotated[
        DrawCount, "Draws for which the weights and biases of the second hidden layer suffice."
    ]
    mean_rank: Annotated[
        float, at_least(0), "Mean exact rank in all weights and biases of both hidden layers."
    ]
    mean_rank_last_layer: Annotated[float, at_least(0), "Mean exact rank in those of the second."]


@table(key=("data", "initialisation", "n", "d0", "d1", "trial", "iteration"), version=1)
class TrainingRuns:
    """One row a check of a run of gradient descent in the first layer, from a start of the heat
    maps of Figures 1 and 2 and with random labels.
    """

    data: Data
    initialisation: Annotated[FirstLayerLaw, "Law of the first layer at the start."]
    n: Annotated[PointCount, at_least(1), "Number of points; the labels are N(0, 1)."]
    d0: NumberOfInputs
    d1: Annotated[
        NeuronCount,
        at_least(1),
        "Width; the weights of the last layer are +1, -1, +1, ... and stay.",
    ]
    trial: Annotated[int, at_least(0), "Number of the run."]
    iteration: StepsTaken
    step: Annotated[
        float,
        Unit("weight per gradient of 1/2 sum (F - y)^2"),
        at_least(0),
        "Step size, one over d1 times the largest eigenvalue of X X^T (with a column of ones for "
        "the bias); no region is steeper.",
    ]
    mean_square_error: Annotated[
        float, Unit("label squared"), at_least(0), "Mean of (F(x_i) - y_i)^2."
    ]
    gradient_norm: Annotated[
        float, Unit("label times input"), at_least(0), "Norm of the gradient of 1/2 sum (F - y)^2."
    ]
    rank: Annotated[int, at_least(0), "Exact rank of the Jacobian here."]
    crossings: Annotated[StepCount, "Steps up to here that led into another activation region."]
    flips: Annotated[
        int, at_least(0), "Entries of the activation pattern changed by all steps up to here."
    ]
    outcome: Annotated[
        RunOutcome,
        "How the run ended here, at zero loss, at a critical point of another loss (settled) or "
        "with its budget used up (unfinished); running at earlier checks.",
    ]
