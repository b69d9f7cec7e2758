"""Settings of the study of fewer students than teachers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relu_landscape.search.settings import ProtocolName
from relu_landscape.settings.entries import repeated_cells
from relu_landscape.settings.kinds import Distinct, Entries, Runs, Seed
from relu_landscape.settings.model import Misfit, Settings

__all__ = ["Certified", "Crossings", "OneStudent", "Part", "Points", "Restarts"]

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


class OneStudent(Settings):
    """One student, whose critical points are known for every k."""

    teachers: Distinct[Annotated[int, Field(ge=2, le=50)]] = Field(description="Values of k.")


class Certified(Settings):
    """Points that are proved strict minima, for every n < k."""

    teachers: Distinct[Annotated[int, Field(ge=3, le=30)]] = Field(description="Values of k.")


class RestartSizes(Settings):
    """Sizes with restarts."""

    teachers: Distinct[Annotated[int, Field(ge=3, le=50)]] = Field(description="Values of k.")
    students: Distinct[Annotated[int, Field(ge=1, le=49)]] = Field(description="Values of n.")
    runs: Runs = Field(description="Restarts at each size.")

    def misfits(self) -> Iterator[Misfit]:
        """As many students as teachers, or more."""
        fewest = min(self.teachers)
        for number, n in enumerate(self.students):
            if n >= fewest:
                yield (
                    ("students", number),
                    f"{n} is too many for k = {fewest}; allowed: {fewest - 1} or fewer",
                )


class Restarts(Settings):
    """Where descent ends from random starts with fewer students than teachers."""

    protocol: ProtocolName = Field(description="Protocol of the descent.")
    seed: Seed
    sizes: Entries[RestartSizes] = Field(description="Sizes and numbers of restarts.")

    def misfits(self) -> Iterator[Misfit]:
        """Sizes that are asked for twice."""
        yield from repeated_cells("sizes", self.sizes)


class FewerStudents(Settings):
    """Fewer students than teachers: copies and averages."""

    points: Points
    crossings: Crossings
    one_student: OneStudent
    certified: Certified
    restarts: Restarts


class Part(Settings):
    """What a config says of fewer students than teachers."""

    fewer_students: FewerStudents
