"""Settings of the study of a single teacher neuron."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from relu_landscape.settings.kinds import Count, Distinct, Neurons, Positive, Runs, Seed, Teachers
from relu_landscape.settings.model import Misfit, Settings
from relu_landscape.settings.sizes import too_small

__all__ = ["Descents", "Part", "SeveralTeachers", "SingleTeacher", "Valleys"]


class SeveralTeachers(Settings):
    """One size with a valley that is a sum of those of a single teacher each."""

    k: Teachers = Field(description="Number of teachers k.")
    n: Teachers = Field(description="Number of students n, more than k.")

    def misfits(self) -> Iterator[Misfit]:
        """Students for a valley."""
        yield from too_small("n", self.n, self.k + 1, self.k)


class Descents(Settings):
    """Descent on a single teacher from random starts, on several from next to a global minimum."""

    students: Distinct[Neurons] = Field(description="Numbers of students n of the single teacher.")
    several_teachers: Distinct[SeveralTeachers] = Field(description="Sizes with more teachers.")
    inputs: Teachers = Field(description="Number of inputs d, at least every k.")
    runs: Runs = Field(description="Runs of each size and start.")
    small_standard_deviation: float = Field(
        gt=0,
        le=1e-2,
        description="Standard deviation of the entries of small starts; that of the others is "
        "d^(-1/2).",
    )
    start_distance: Positive = Field(
        description="Frobenius distance from the global minimum at which runs with several "
        "teachers start."
    )
    step: float = Field(gt=0, lt=1, description="Step eta of descent.")
    steps: int = Field(ge=1000, le=10**8, description="Steps of a run, T; its time is t = eta T.")
    checks_per_decade: int = Field(
        ge=4, le=1000, description="Checks in each power of ten of steps."
    )
    window: float = Field(
        ge=10, le=10**6, description="Last over first step of the checks that are fitted."
    )
    seed: Seed

    def misfits(self) -> Iterator[Misfit]:
        """Inputs for all teachers."""
        for size in self.several_teachers:
            yield from too_small("inputs", self.inputs, size.k, size.k)


class Valleys(Settings):
    """The local law beside the loss in extended precision, and its least directions."""

    students: Distinct[Teachers] = Field(description="Numbers of students n of a single teacher.")
    dimensions: Distinct[Annotated[int, Field(ge=1, le=100)]] = Field(
        description="Numbers of dimensions at right angles to the teacher, d - 1."
    )
    starts: Count = Field(description="Random starts of each search for the least direction.")
    draws: Count = Field(description="Random points of each size.")
    distances: Distinct[Annotated[float, Field(ge=1e-12, le=0.1)]] = Field(
        description="Distances |u| from the global minimum."
    )
    digits: int = Field(ge=30, le=1000, description="Decimal digits of the loss there.")
    seed: Seed


class SingleTeacher(Settings):
    """A single teacher neuron: Xu & Du 2023, and the local law behind its rates."""

    descents: Descents
    valleys: Valleys


class Part(Settings):
    """What a config says of a single teacher."""

    single_teacher: SingleTeacher
