"""Settings of the study of activation regions on finite data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relu_landscape.settings.entries import repeated_cells
from relu_landscape.settings.kinds import (
    FROM_LIST,
    NONE_TWICE,
    Count,
    Distinct,
    Neurons,
    Positive,
    Seed,
    Share,
    Width,
)
from relu_landscape.settings.model import Misfit, Settings

__all__ = [
    "CountedNetworks",
    "CurvesOnALine",
    "Deep",
    "DrawnRegions",
    "FixedInputs",
    "FullRank",
    "GrowingInputs",
    "Illustrations",
    "NeuronSizes",
    "OneDimensional",
    "Part",
    "RegionCounts",
    "RegionShares",
    "Training",
    "TrainingDescent",
    "Volume",
    "WidthsOnALine",
    "ZeroLoss",
]

DataLaw: TypeAlias = Literal["uniform", "normal"]
Coordinate: TypeAlias = Annotated[int, Field(ge=-100_000, le=100_000)]
Vector: TypeAlias = Annotated[tuple[Coordinate, ...], Field(min_length=2, max_length=2), FROM_LIST]
Line: TypeAlias = Annotated[
    tuple[Coordinate, ...], Field(min_length=3, max_length=4), FROM_LIST, NONE_TWICE
]
SomePoints: TypeAlias = Annotated[int, Field(ge=2, le=10_000)]
PointsOnALine: TypeAlias = Annotated[int, Field(ge=2, le=100_000)]
Confidence: TypeAlias = Annotated[Share, Field(description="Level of the intervals.")]


class Laws(Settings):
    """Laws of which every pair is drawn."""

    data: Distinct[DataLaw] = Field(
        description="Of the coordinates of points: uniform on [0, 1], N(0, 1)."
    )
    initialisations: Distinct[Literal["linear_layer", "linear_layer_no_bias", "normal"]] = Field(
        description="Of the first layer: U(-1/sqrt(d0), 1/sqrt(d0)) with biases or without, "
        "N(0, 1) with biases."
    )


class FixedInputs(Settings):
    """Fixed numbers of inputs."""

    inputs: Distinct[Neurons] = Field(description="Inputs d0.")
    points: Distinct[Width] = Field(description="Points n.")
    widths: Distinct[Width] = Field(description="Widths d1.")


class GrowingInputs(Settings):
    """Numbers of inputs that grow with the points."""

    ratios: Distinct[Positive] = Field(description="d0/n before rounding up.")
    points: Distinct[Width] = Field(description="Points n.")
    widths: Distinct[Width] = Field(description="Widths d1.")


class FullRank(Settings):
    """Figures 1 and 2: the share of random networks whose Jacobian has full rank."""

    figure_1: FixedInputs
    figure_2: GrowingInputs
    trials: Count = Field(description="Draws of a cell.")
    compared_trials: int = Field(
        ge=0,
        le=10**9,
        description="Draws of a cell, the first ones, whose singular values are taken as well.",
    )
    confidence: Confidence
    seed: Seed = Field(description="Seed of points and weights, of the training as well.")

    def misfits(self) -> Iterator[Misfit]:
        """More comparisons than draws."""
        if self.compared_trials > self.trials:
            yield (
                ("compared_trials",),
                f"{self.compared_trials} is more than there are trials; "
                f"allowed: {self.trials} or fewer",
            )


class TrainingSize(Settings):
    """Points and inputs, and the widths tried."""

    n: Neurons = Field(description="Points.")
    d0: Neurons = Field(description="Inputs.")
    widths: Distinct[Width] = Field(description="Widths d1.")


class TrainingDescent(Settings):
    """How a run goes on and ends."""

    checks: Distinct[Annotated[int, Field(ge=0, le=10**12)]] = Field(
        description="Steps after which loss, rank and region are looked at, ascending from 0; the "
        "last one is the budget."
    )
    zero_loss: Positive = Field(description="Mean squared error that counts as zero.")
    settled: Positive = Field(
        description="Norm of the gradient that ends a run at a critical point."
    )

    def misfits(self) -> Iterator[Misfit]:
        """Checks that do not increase from 0."""
        checks, ascending = list(self.checks), sorted({0, *self.checks})
        if checks != ascending:
            yield ("checks",), f"{checks} does not increase from 0; allowed: {ascending}"


class Training(Settings):
    """Gradient descent in the first layer from starts around the transition."""

    sizes: Distinct[TrainingSize] = Field(description="Sizes.")
    trials: Count = Field(description="Runs of a size.")
    descent: TrainingDescent


class DeepSize(Settings):
    """Points and inputs."""

    n: Neurons = Field(description="Points.")
    d0: Neurons = Field(description="Inputs.")


class Deep(Settings):
    """Networks with two hidden layers at initialisation."""

    data: DataLaw = Field(description="Law of the coordinates of points.")
    sizes: Distinct[DeepSize] = Field(description="Sizes.")
    first_widths: Distinct[Width] = Field(description="Widths of the first hidden layer.")
    second_widths: Distinct[Width] = Field(description="Widths of the second.")
    trials: Count = Field(description="Draws of a size.")
    seed: Seed


class Networks(Settings):
    """Data sets, sizes and widths; every combination of the entries is taken."""

    data: Distinct[str]
    n: Distinct[Neurons] = Field(description="Points.")
    d0: Distinct[Neurons] = Field(description="Inputs.")
    d1: Distinct[Width] = Field(description="Width.")
    data_sets: Count = Field(description="Data sets of a size.")

    def misfits(self) -> Iterator[Misfit]:
        """Data on a line with other inputs than the number and the bias."""
        if "line" in self.data and self.d0 != (2,):
            yield (
                ("d0",),
                f"{list(self.d0)} with data on a line; allowed: [2], the number and the bias",
            )


class CountedNetworks(Networks):
    """Patterns, data and sizes."""

    patterns: Distinct[Literal["regions", "binary"]] = Field(
        description="All non-empty regions, or all binary patterns."
    )
    data: Distinct[Literal["normal", "positive", "line"]] = Field(
        description="N(0, 1) points, points of the positive orthant, or points on a line with the "
        "bias as second input."
    )


class NeuronSizes(Settings):
    """Sizes."""

    n: Distinct[Neurons] = Field(description="Points.")
    d0: Distinct[Neurons] = Field(description="Inputs.")
    data_sets: Count = Field(description="Data sets of a size.")


class DrawnPatterns(Settings):
    """Points, inputs and width, and binary patterns drawn uniformly."""

    n: Neurons = Field(description="Points, N(0, 1).")
    d0: Neurons = Field(description="Inputs.")
    d1: Width = Field(description="Width.")
    draws: Count = Field(description="Patterns drawn.")


class RegionShares(Settings):
    """Regions counted. Every combination of their entries is taken."""

    seed: Seed
    sizes: Distinct[NeuronSizes] = Field(
        description="Data sets whose one-neuron regions are enumerated."
    )
    cells: Distinct[CountedNetworks] = Field(
        description="Networks whose regions are counted by rank."
    )
    binary: Distinct[DrawnPatterns] = Field(
        description="Sizes beyond counting, at which binary patterns are drawn."
    )

    def misfits(self) -> Iterator[Misfit]:
        """Cells asked for twice."""
        yield from repeated_cells("sizes", self.sizes)
        yield from repeated_cells("cells", self.cells)


class WidthsOnALine(Settings):
    """Widths at which a share of the regions has full rank."""

    sizes: Distinct[PointsOnALine] = Field(description="Points.")
    levels: Distinct[Share] = Field(description="Shares; 0.5 must be one of them.")

    def misfits(self) -> Iterator[Misfit]:
        """Levels without the one that the transition is named by."""
        if 0.5 not in self.levels:
            yield ("levels",), f"{list(self.levels)} lacks 0.5; allowed: shares with 0.5 among them"


class CurvesOnALine(Settings):
    """Probabilities against the width, and samples of regions beside them."""

    sizes: Distinct[PointsOnALine] = Field(description="Points.")
    widths: Width = Field(description="Widths of a curve.")
    draws: Count = Field(description="Regions drawn at a width.")
    confidence: Confidence
    seed: Seed


class OneDimensional(Settings):
    """One input with bias: exact probabilities over all regions."""

    widths: WidthsOnALine
    curves: CurvesOnALine


class RegionCounts(Settings):
    """Sizes."""

    n: Distinct[SomePoints] = Field(description="Points.")
    d1: Distinct[Width] = Field(description="Width.")
    data_sets: Count = Field(description="Data sets.")


class DrawnRegions(Settings):
    """Laws and sizes."""

    regions: Distinct[Literal["uniform", "initial"]] = Field(
        description="Every region alike, or the region of a random initialisation."
    )
    targets: Distinct[Literal["random", "polynomial", "teacher"]] = Field(description="Targets.")
    n: Distinct[SomePoints] = Field(description="Points.")
    d1: Distinct[Width] = Field(description="Width.")
    draws: Count = Field(description="Draws.")


class ZeroLoss(Settings):
    """Regions on a line that hold a zero-loss minimum. Every combination is taken."""

    seed: Seed
    confidence: Confidence
    cells: Distinct[DrawnRegions] = Field(description="Drawn regions.")
    counts: Distinct[RegionCounts] = Field(description="Sizes at which all regions are decided.")
    bounds: Distinct[DrawnRegions] = Field(
        description="Cells at which a linear program with weights kept non-negative is set beside "
        "one without bounds."
    )

    def misfits(self) -> Iterator[Misfit]:
        """Cells asked for twice."""
        yield from repeated_cells("cells", self.cells)
        yield from repeated_cells("counts", self.counts)
        yield from repeated_cells("bounds", self.bounds)


class SampledNetworks(Networks):
    """Data and sizes."""

    data: Distinct[Literal["line", "normal"]] = Field(
        description="Points on a line with the bias as second input, or N(0, 1) points."
    )


class Volume(Settings):
    """Share of the volume of parameter space with full rank. Every combination is taken."""

    cells: Distinct[SampledNetworks] = Field(description="Cells.")
    samples: Count = Field(
        description="Draws in each of 20 batches, where a volume has no closed form."
    )
    seed: Seed

    def misfits(self) -> Iterator[Misfit]:
        """Cells asked for twice."""
        yield from repeated_cells("cells", self.cells)


class Illustrations(Settings):
    """Points with whole coordinates from which one neuron is drawn."""

    points: Distinct[Distinct[Vector]] = Field(
        description="Data sets of points in the plane, of different sizes."
    )
    lines: Distinct[Line] = Field(description="Data sets of increasing numbers, 3 or 4 of them.")

    def misfits(self) -> Iterator[Misfit]:
        """Points at the origin, data sets of one size, which is their name, unordered numbers."""
        sizes = [len(points) for points in self.points]
        for number, points in enumerate(self.points):
            if (0, 0) in points:
                yield ("points", number), "holds [0, 0]; allowed: points other than the origin"
            if sizes.index(sizes[number]) < number:
                yield (
                    ("points", number),
                    f"a second set of {sizes[number]} points; allowed: sets of different sizes",
                )
        for number, line in enumerate(self.lines):
            if list(line) != sorted(line):
                yield (
                    ("lines", number),
                    f"{list(line)} is not in order; allowed: {sorted(line)}",
                )


class ActivationRegions(Settings):
    """Finite data: activation regions, ranks of Jacobians, zero-loss regions."""

    laws: Laws
    full_rank: FullRank
    training: Training
    deep: Deep
    region_shares: RegionShares
    one_dimensional: OneDimensional
    zero_loss: ZeroLoss
    volume: Volume
    illustrations: Illustrations


class Part(Settings):
    """What a config says of activation regions."""

    activation_regions: ActivationRegions
