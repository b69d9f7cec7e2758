"""Settings of the study of stationary points on finite data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relu_landscape.settings.kinds import (
    Entries,
    Neurons,
    Positive,
    Runs,
    Seed,
    Share,
    repeated_names,
)
from relu_landscape.settings.model import Misfit, Settings

__all__ = ["DataSetDescents", "Part", "StationaryPoints"]

DataSetName: TypeAlias = Literal["plane_one_output", "space_one_output", "plane_two_outputs"]


class DataSetDescents(Settings):
    """Gradient descent on one of the published data sets, from vanishing starts."""

    name: DataSetName = Field(description="Data set of published/wu2025_data_sets.csv.")
    step: float = Field(gt=0, lt=1, description="Step of descent.")
    iterations: int = Field(ge=1000, le=10**8, description="Iterations of each run.")
    checks: int = Field(
        ge=50, le=5000, description="How often, in equal parts, a run is looked at."
    )

    def misfits(self) -> Iterator[Misfit]:
        """Checks in equal parts."""
        if self.iterations % self.checks:
            yield (
                ("checks",),
                f"{self.checks} is no part of {self.iterations} iterations; allowed: a divisor",
            )


class StationaryPoints(Settings):
    """What descent passes and where it ends on finite data, in exact numbers."""

    descents: Entries[DataSetDescents] = Field(description="The data sets.")
    width: Neurons = Field(description="Number of neurons.")
    runs: Runs = Field(description="Runs on each data set.")
    kink: Annotated[float, Field(gt=0, le=0.1)] = Field(
        description="|cos(w_i, x_s)| below which a neuron counts as held where w.x_s = 0."
    )
    share: Share = Field(
        description="Of the root mean square of the targets: how large |h_i||w_i|, summed over the "
        "neurons that meet the samples alike, has to be for them to count as grown."
    )
    stay: Share = Field(
        description="Share of a run for which the same neurons have to stay grown for the point "
        "next to them to be looked for."
    )
    amplitude: Positive = Field(
        description="Largest random change of a weight, in units of the smallest one of a neuron "
        "that meets a sample."
    )
    draws: int = Field(ge=10, le=10**6, description="Random changes of each end.")
    seed: Seed

    def misfits(self) -> Iterator[Misfit]:
        """A data set that stands there twice."""
        yield from repeated_names("descents", [descent.name for descent in self.descents])


class Part(Settings):
    """What a config says of stationary points on finite data."""

    stationary_points: StationaryPoints
