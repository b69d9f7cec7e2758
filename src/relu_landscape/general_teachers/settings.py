"""Settings of the study of teachers that are not orthonormal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from relu_landscape.search.settings import ProtocolName
from relu_landscape.settings.kinds import (
    Distinct,
    Entries,
    Name,
    Positive,
    Runs,
    Seed,
    repeated_names,
)
from relu_landscape.settings.model import Misfit, Settings

__all__ = [
    "Equiangular",
    "NormList",
    "Part",
    "PersistentFamily",
    "PersistingMinima",
    "RandomDraws",
    "RebuiltDraw",
    "Searches",
    "Survival",
]

FewTeachers: TypeAlias = Annotated[int, Field(ge=2, le=40)]
FewExtra: TypeAlias = Annotated[int, Field(ge=0, le=4)]
Inputs: TypeAlias = Annotated[int, Field(ge=2, le=10**6)]
DrawNumber: TypeAlias = Annotated[int, Field(ge=0, le=10**9)]


class Equiangular(Settings):
    """Unit teachers with one inner product between any two of them."""

    teachers: FewTeachers = Field(description="k.")
    extra_students: Distinct[FewExtra] = Field(description="Values of n - k.")
    correlations: Distinct[Annotated[float, Field(gt=-1, lt=1)]] = Field(
        description="Inner products of two teachers, each above -1/(k - 1)."
    )
    runs: Runs = Field(description="Restarts at each of them.")

    def misfits(self) -> Iterator[Misfit]:
        """Inner products that so many teachers cannot have."""
        for correlation in self.correlations:
            if correlation * (self.teachers - 1) <= -1:
                yield (
                    ("correlations",),
                    f"{correlation:g} is no inner product of any two of {self.teachers} linearly "
                    f"independent unit teachers; allowed: above {-1 / (self.teachers - 1):.4g}",
                )


class NormList(Settings):
    """Orthogonal teachers of given norms, n = k."""

    name: Name = Field(description="Name by which tables and claims refer to it.")
    norms: Entries[Positive] = Field(description="Norm of each teacher.")
    runs: Runs = Field(description="Restarts.")


class RandomDraws(Settings):
    """Random unit teachers, several draws of one size."""

    teachers: FewTeachers = Field(description="k.")
    inputs: Inputs = Field(description="d; where it is above k the Gram matrix alone is kept.")
    extra_students: Distinct[FewExtra] = Field(description="Values of n - k.")
    first_draw: DrawNumber = Field(description="Seed of the first draw; the next ones follow.")
    draws: Runs = Field(description="Number of draws.")
    runs: Runs = Field(description="Restarts at each draw.")

    def shares_draws_with(self, other: RandomDraws) -> bool:
        """Whether both search one draw with as many students."""
        return (
            (self.teachers, self.inputs) == (other.teachers, other.inputs)
            and not set(self.extra_students).isdisjoint(other.extra_students)
            and self.first_draw < other.first_draw + other.draws
            and other.first_draw < self.first_draw + self.draws
        )


class RebuiltDraw(Settings):
    """One draw of random unit teachers, n = k, searched for longer."""

    teachers: FewTeachers = Field(description="k, and d.")
    draw: DrawNumber = Field(description="Seed of the draw.")
    runs: Runs = Field(description="Restarts.")


class Searches(Settings):
    """Restarts with teachers of every kind."""

    protocol: ProtocolName = Field(
        description="Protocol of the descent; its loss of a bad run stops runs with n > k alone."
    )
    equiangular: Equiangular
    norms: Entries[NormList] = Field(description="Orthogonal teachers of unequal norms.")
    random: Entries[RandomDraws] = Field(description="Random unit teachers.")
    rebuilt: RebuiltDraw = Field(
        description="The draw with a minimum of which splits of one neuron are minima again."
    )
    seed: Seed

    def misfits(self) -> Iterator[Misfit]:
        """Lists of norms of one name, and draws that are asked for twice."""
        yield from repeated_names("norms", [one.name for one in self.norms])
        for number, draws in enumerate(self.random):
            if any(draws.shares_draws_with(earlier) for earlier in self.random[:number]):
                yield (
                    ("random", number),
                    "searches a draw again that an earlier entry has, with as many students; draws "
                    "of one size must differ: change first_draw",
                )


class Survival(Settings):
    """What becomes of II_1 at random unit teachers, and at equiangular ones."""

    teachers: Distinct[Annotated[int, Field(ge=6, le=40)]] = Field(description="Values of k.")
    inputs: Distinct[Inputs] = Field(description="Values of d; where d < k nothing is drawn.")
    draws: Runs = Field(description="Draws at each k and d.")
    correlations: Distinct[Annotated[float, Field(gt=0, lt=1)]] = Field(
        description="Inner products of two equiangular teachers."
    )
    protocol: ProtocolName = Field(description="Protocol of the descent from II_1.")
    seed: Seed


class PersistentFamily(Settings):
    """A family of minima for orthonormal teachers."""

    family: Literal["A", "I", "II"] = Field(description="Family of symmetric critical points.")
    block: Annotated[int, Field(ge=0, le=10)] = Field(description="m of I_m and II_m; 0 for A.")
    teachers: Distinct[Annotated[int, Field(ge=6, le=24)]] = Field(
        description="Values of k at which the point is a strict minimum."
    )

    def misfits(self) -> Iterator[Misfit]:
        """A block with A, none with the others, or too few teachers."""
        if (self.family == "A") != (self.block == 0):
            yield (
                ("block",),
                f"{self.block} does not fit family {self.family}; allowed: 0 for A, 1 or more for "
                "I and II",
            )
        if min(self.teachers) < self.block + 4:
            yield (
                ("teachers",),
                f"{min(self.teachers)} is too small for m = {self.block}; allowed: "
                f"{self.block + 4} or more",
            )


class PersistingMinima(Settings):
    """How far from orthonormal teachers minima persist."""

    families: Entries[PersistentFamily] = Field(description="Minima for orthonormal teachers.")
    draws: Runs = Field(description="Random unit teachers towards which each is followed.")
    seed: Seed


class GeneralTeachers(Settings):
    """Teachers that are not orthonormal."""

    searches: Searches
    survival: Survival
    persistence: PersistingMinima


class Part(Settings):
    """What a config says of teachers that are not orthonormal."""

    general_teachers: GeneralTeachers
