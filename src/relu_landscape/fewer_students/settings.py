"""Settings of the study of fewer students than teachers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relu_landscape.search.settings import ProtocolName
from relu_landscape.settings.entries import repeated_cells
from relu_landscape.settings.kinds import Distinct, Entries, Positive, Runs, Seed
from relu_landscape.settings.model import Misfit, Settings

__all__ = [
    "Certified",
    "Crossings",
    "ErfBranches",
    "ErfFlow",
    "Part",
    "Partings",
    "Points",
    "Restarts",
]

Kernel: TypeAlias = Literal["relu"]
FewTeachers: TypeAlias = Annotated[int, Field(ge=3, le=200)]


class Points(Settings):
    """The copy-average and the perturbed copy, for every n < k."""

    teachers: Distinct[FewTeachers] = Field(description="Values of k.")
    kernels: Distinct[Kernel] = Field(description="Activations.")


class Crossings(Settings):
    """The real n at which both have the same loss."""

    teachers: Distinct[Annotated[int, Field(ge=8, le=10**8)]] = Field(description="Values of k.")
    extrapolated_from: int = Field(
        ge=8, le=10**8, description="Least k of those from which the limit is extrapolated."
    )

    def misfits(self) -> Iterator[Misfit]:
        """Too few values of k to extrapolate from."""
        if sum(k >= self.extrapolated_from for k in self.teachers) < 2:
            yield (
                ("extrapolated_from",),
                f"{self.extrapolated_from} leaves fewer than two of teachers; allowed: one that "
                "two of them reach",
            )


class Partings(Settings):
    """The real k at which the copies of the copy-average part."""

    students: Distinct[Annotated[int, Field(ge=3, le=50)]] = Field(description="Values of n.")
    teachers: Distinct[Annotated[int, Field(ge=5, le=10**6)]] = Field(
        description="Values of k between which a change of sign is looked for."
    )

    def misfits(self) -> Iterator[Misfit]:
        """More students than the branch has next to the least k."""
        most = min(self.teachers) - 2
        for number, n in enumerate(self.students):
            if n > most:
                yield (
                    ("students", number),
                    f"{n} is too many for k = {most + 2}; allowed: {most} or fewer",
                )


class Certified(Settings):
    """Points that are proved strict minima, for every n < k."""

    teachers: Distinct[Annotated[int, Field(ge=3, le=30)]] = Field(description="Values of k.")
    unequal: Distinct[Annotated[int, Field(ge=94, le=1000)]] = Field(
        description="Values of k at which three students have unequal copies."
    )


class RestartSizes(Settings):
    """Sizes with restarts."""

    teachers: Distinct[Annotated[int, Field(ge=3, le=50)]] = Field(description="Values of k.")
    students: Distinct[Annotated[int, Field(ge=1, le=49)]] = Field(description="Values of n.")
    runs: Runs = Field(description="Restarts at each size.")

    def misfits(self) -> Iterator[Misfit]:
        """As many students as teachers, or more."""
        yield from _too_many_students(self.teachers, self.students)


class Restarts(Settings):
    """Where descent ends from random starts with fewer students than teachers."""

    protocol: ProtocolName = Field(description="Protocol of the descent.")
    seed: Seed
    sizes: Entries[RestartSizes] = Field(description="Sizes and numbers of restarts.")

    def misfits(self) -> Iterator[Misfit]:
        """Sizes that are asked for twice."""
        yield from repeated_cells("sizes", self.sizes)


class ErfProofs(Settings):
    """Sizes at which both points of erf are enclosed, and their indices proved."""

    teachers: Distinct[Annotated[int, Field(ge=3, le=100)]] = Field(description="Values of k.")
    students: Distinct[Annotated[int, Field(ge=2, le=99)]] = Field(description="Values of n.")

    def misfits(self) -> Iterator[Misfit]:
        """As many students as teachers, or more."""
        yield from _too_many_students(self.teachers, self.students)


class ErfBranches(Settings):
    """Both points of erf, for every n < k, with trained outputs and d = k + 1."""

    teachers: Distinct[Annotated[int, Field(ge=3, le=100)]] = Field(description="Values of k.")
    proved: Entries[ErfProofs] = Field(description="Sizes to prove, among these.")
    crossings: Distinct[Annotated[int, Field(ge=3, le=10_000)]] = Field(
        description="Values of k at which the real n of equal losses is found."
    )

    def misfits(self) -> Iterator[Misfit]:
        """Sizes that are asked for twice, or to be proved and not to be solved."""
        yield from repeated_cells("proved", self.proved)
        for number, sizes in enumerate(self.proved):
            if not set(sizes.teachers) <= set(self.teachers):
                yield (
                    ("proved", number, "teachers"),
                    f"{list(sizes.teachers)}; allowed: values of k among teachers, "
                    f"{list(self.teachers)}",
                )


class ErfFlowSizes(RestartSizes):
    """Sizes with restarts, some of them followed twice."""

    again: int = Field(
        ge=0, description="Restarts at each size that are followed a second time, more accurately."
    )


class ErfFlow(Settings):
    """Where gradient flow of erf ends from Glorot's starts, weights and outputs trained."""

    seed: Seed
    time: float = Field(ge=1, le=1e12, description="Time at which the flow ends.")
    accuracy: float = Field(ge=1e-10, le=1e-2, description="Relative error of a step.")
    tolerance: Positive = Field(
        description="Largest norm of the gradient after the Newton steps that follow the flow."
    )
    sizes: Entries[ErfFlowSizes] = Field(description="Sizes and numbers of restarts.")

    def misfits(self) -> Iterator[Misfit]:
        """Sizes that are asked for twice."""
        yield from repeated_cells("sizes", self.sizes)


class ErfStudents(Settings):
    """Students with the activation erf and trained output weights."""

    partitions: int = Field(
        ge=2, le=20, description="Largest k of which all partitions are looked at."
    )
    branches: ErfBranches
    flow: ErfFlow

    def misfits(self) -> Iterator[Misfit]:
        """Flows whose two possible ends are not solved for."""
        for number, sizes in enumerate(self.flow.sizes):
            if not set(sizes.teachers) <= set(self.branches.teachers):
                yield (
                    ("flow", "sizes", number, "teachers"),
                    f"{list(sizes.teachers)}; allowed: values of k among branches.teachers, "
                    f"{list(self.branches.teachers)}",
                )


class FewerStudents(Settings):
    """Fewer students than teachers: copies and averages."""

    points: Points
    crossings: Crossings
    partings: Partings
    certified: Certified
    restarts: Restarts
    erf: ErfStudents


class Part(Settings):
    """What a config says of fewer students than teachers."""

    fewer_students: FewerStudents


def _too_many_students(teachers: tuple[int, ...], students: tuple[int, ...]) -> Iterator[Misfit]:
    fewest = min(teachers)
    for number, n in enumerate(students):
        if n >= fewest:
            yield (
                ("students", number),
                f"{n} is too many for k = {fewest}; allowed: {fewest - 1} or fewer",
            )
