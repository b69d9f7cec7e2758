"""Settings of the study of output weights of both signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from relu_landscape.search.settings import ProtocolName
from relu_landscape.settings.kinds import Distinct, Entries, Runs, Seed
from relu_landscape.settings.model import Misfit, Settings

__all__ = ["Channels", "Families", "Lines", "Part", "Restarts"]

SmallBlock: TypeAlias = Annotated[int, Field(ge=1, le=5)]
SmallTeachers: TypeAlias = Annotated[int, Field(ge=6, le=30)]
Gamma: TypeAlias = Annotated[float, Field(gt=1, le=1e6)]


class Classes(Settings):
    """Classes of minima whose neurons are split."""

    largest_k: SmallTeachers = Field(description="Largest k.")
    largest_full_k: SmallTeachers = Field(
        description="Largest k whose classes are proved from all their weights, not by symmetry."
    )


class Families(Settings):
    """Members of the families A, I_m and II_m whose neurons are split."""

    blocks: Distinct[SmallBlock] = Field(description="Values of m.")
    teachers: Distinct[Annotated[int, Field(ge=6, le=10**8)]] = Field(description="Values of k.")


class Lines(Settings):
    """Curvature along the lines of signed splits of the neurons of II_1, and F next to one."""

    teachers: Distinct[SmallTeachers] = Field(description="Values of k.")
    gammas: Distinct[Gamma] = Field(description="Values of gamma.")
    slice_points: int = Field(
        ge=5, le=201, description="Points of the slice in each of its two directions."
    )


class OrthonormalChannel(Settings):
    """One size with orthonormal teachers."""

    teachers: Annotated[int, Field(ge=2, le=5)] = Field(description="k.")
    students: Annotated[int, Field(ge=1, le=4)] = Field(description="Students beside the unit.")

    def misfits(self) -> Iterator[Misfit]:
        """So many students that the unit has nothing to do but to be a teacher."""
        if self.students > self.teachers - 2:
            yield (
                ("students",),
                f"{self.students} with teachers = {self.teachers} leaves only global minima; "
                "allowed: fewer than teachers - 1",
            )


class RandomChannels(Settings):
    """Random unit teachers."""

    teachers: Annotated[int, Field(ge=2, le=5)] = Field(description="k.")
    inputs: Annotated[int, Field(ge=2, le=5)] = Field(description="d.")
    students: Annotated[int, Field(ge=1, le=4)] = Field(description="Students beside the unit.")
    draws: Annotated[int, Field(ge=1, le=10_000)] = Field(description="Draws of teachers.")


class Channels(Settings):
    """The loss at the end of a channel: minima of networks with one gated linear unit."""

    orthonormal: Entries[OrthonormalChannel] = Field(description="Sizes.")
    random: RandomChannels
    starts: Annotated[int, Field(ge=1, le=1000)] = Field(description="Searches in each case.")
    gammas: Distinct[Gamma] = Field(description="Values of gamma next to an end.")
    seed: Seed


class Composition(Settings):
    """How many students have which output."""

    further: Annotated[int, Field(ge=0, le=3)] = Field(description="Students of output 1 beyond k.")
    negatives: Annotated[int, Field(ge=0, le=20)] = Field(description="Students of output -1.")


class RestartSize(Settings):
    """One size with restarts."""

    teachers: Annotated[int, Field(ge=6, le=20)] = Field(description="k.")
    runs: Runs = Field(description="Restarts of each composition.")


class Restarts(Settings):
    """How often restarts end badly, with students of both outputs."""

    sizes: Entries[RestartSize] = Field(description="Sizes.")
    compositions: Entries[Composition] = Field(description="Students beside the k of output 1.")
    iteration_budget: Annotated[int, Field(ge=2, le=10**7)] = Field(
        description="Steps after which a run that did not converge is looked at."
    )
    protocol: ProtocolName = Field(description="Protocol of the descent.")
    seed: Seed


class SignedOutputs(Settings):
    """Output weights of both signs."""

    classes: Classes
    families: Families
    lines: Lines
    channels: Channels
    restarts: Restarts


class Part(Settings):
    """What a config says of output weights of both signs."""

    signed_outputs: SignedOutputs
