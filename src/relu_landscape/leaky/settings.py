"""Settings of the study of leaky networks."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from relu_landscape.search.settings import ProtocolName
from relu_landscape.settings.kinds import AnyDistinct, Distinct, Positive, Runs, Seed
from relu_landscape.settings.model import Settings

__all__ = ["Enclosures", "Families", "Part", "Restarts", "Sizes"]

Slope: TypeAlias = Annotated[float, Field(ge=-1, lt=1)]
SmallBlock: TypeAlias = Annotated[int, Field(ge=1, le=3)]
SmallTeachers: TypeAlias = Annotated[int, Field(ge=7, le=100)]


class Families(Settings):
    """The families A, I_m and II_m followed in the slope s."""

    teachers: Distinct[SmallTeachers] = Field(description="Values of k.")
    blocks: Distinct[SmallBlock] = Field(description="Values of m.")
    slopes: Distinct[Slope] = Field(description="Values of s, -1 being the absolute value.")


class Enclosures(Settings):
    """Points of the families whose index is proved in balls."""

    teachers: Distinct[SmallTeachers] = Field(description="Values of k.")
    blocks: Distinct[SmallBlock] = Field(description="Values of m.")
    slopes: Distinct[Slope] = Field(description="Values of s, each exactly this float.")


class Sizes(Settings):
    """The real k at which families become minima, or end in a fold before s = -1."""

    blocks: Distinct[SmallBlock] = Field(description="Values of m, for minima.")
    slopes: Distinct[Annotated[float, Field(ge=-0.6, lt=1)]] = Field(
        description="Values of s, for minima."
    )
    fold_blocks: AnyDistinct[Annotated[int, Field(ge=0, le=3)]] = Field(
        description="Values of m of I_m, and 0 for A, for folds; may be empty."
    )


class Restarts(Settings):
    """How often restarts of leaky networks end badly."""

    teachers: Distinct[Annotated[int, Field(ge=7, le=17)]] = Field(
        description="Values of k; from 18 on A does not reach s = -1."
    )
    slopes: Distinct[Slope] = Field(description="Values of s.")
    runs: Runs = Field(description="Restarts at each k and s, from the same weights at every s.")
    saddle_runs: Runs = Field(
        description="Restarts next to each point of A and I_1 at s = -1 and these k."
    )
    displacement: Positive = Field(
        description="Standard deviation of each weight of these starts from the point."
    )
    protocol: ProtocolName = Field(description="Protocol of the descent.")
    seed: Seed


class LeakySlope(Settings):
    """Leaky networks, from the absolute value over the ReLU towards the identity."""

    families: Families
    enclosures: Enclosures
    sizes: Sizes
    restarts: Restarts


class Part(Settings):
    """What a config says of leaky networks."""

    leaky_slope: LeakySlope
