"""Settings of the study of symmetric critical points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from relu_landscape.families.member_reach import LARGEST_SPLIT
from relu_landscape.minima.settings import SplitDescent
from relu_landscape.settings.kinds import Block, Count, Distinct, Seed
from relu_landscape.settings.model import Misfit, Settings

__all__ = [
    "Fates",
    "FixedSpaces",
    "Part",
    "PerturbedTargets",
    "RandomTeachers",
    "Series",
    "SplitBlock",
    "SplitTeachers",
]

ExtendedTeachers: TypeAlias = Annotated[int, Field(ge=6, le=10**8)]
SplitTeachers: TypeAlias = Annotated[int, Field(ge=7, le=10**6)]
SplitBlock: TypeAlias = Annotated[int, Field(ge=2, le=LARGEST_SPLIT)]


class Families(Settings):
    """The families A, I_m and II_m of symmetric critical points."""

    teachers: Distinct[Annotated[int, Field(ge=5, le=10**8)]] = Field(
        description="Values of k; families with k < m + 4 are left out."
    )
    blocks: Distinct[Block] = Field(description="Values of m.")
    extra_teachers: Distinct[ExtendedTeachers] = Field(
        description="Values of k of A, I_1 and II_1 with one neuron more."
    )
    split_blocks: Distinct[SplitBlock] = Field(
        description="Values of m of I_m and II_m with m neurons more, each of the m special "
        "neurons split in two."
    )
    split_teachers: Distinct[SplitTeachers] = Field(
        description="Values of k of these; those below 3 m + 1 are left out."
    )


class Thresholds(Settings):
    """The real k at which families become local minima."""

    blocks: Distinct[Block] = Field(description="Values of m.")


class Series(Settings):
    """Puiseux series of loss and entries in k^(-1/2)."""

    blocks: Distinct[Block] = Field(description="Values of m.")
    terms: int = Field(ge=3, le=12, description="Coefficients of each quantity.")


class Fates(SplitDescent):
    """Where descent leads after a neuron of a symmetric minimum is split."""

    teachers: Distinct[Annotated[int, Field(ge=6, le=30)]] = Field(description="Values of k.")
    blocks: Distinct[Block] = Field(description="Values of m.")


class FixedSpaces(Settings):
    """Critical points in fixed-point spaces with more students than teachers."""

    teachers: Distinct[Annotated[int, Field(ge=4, le=1000)]] = Field(description="Values of k.")
    columns: Distinct[Annotated[int, Field(ge=0, le=10)]] = Field(
        description="Values of q, the number of single columns."
    )
    extra_students: Distinct[Annotated[int, Field(ge=0, le=10)]] = Field(
        description="Values of e = n - k."
    )
    starts: Count = Field(description="Random starts of each search.")
    seed: Seed


class PerturbedTargets(Settings):
    """Symmetric minima followed to targets that are not symmetric."""

    teachers: Distinct[Annotated[int, Field(ge=6, le=16)]] = Field(description="Values of k.")
    blocks: Distinct[Block] = Field(description="Values of m.")
    epsilons: Distinct[Annotated[float, Field(gt=0, le=1)]] = Field(
        description="Sizes of the perturbation."
    )
    samples: Count = Field(description="Draws of the perturbation.")
    seed: Seed

    def misfits(self) -> Iterator[Misfit]:
        """Families with more single columns than the smallest k has room for."""
        smallest = min(self.teachers)
        for number, m in enumerate(self.blocks):
            if m > smallest - 2:
                yield (
                    ("blocks", number),
                    f"{m} is too large for k = {smallest}; allowed: {smallest - 2} or fewer",
                )


class RandomTeachers(Settings):
    """The minimum II_1 followed to random unit teachers."""

    teachers: int = Field(ge=6, le=16, description="Number of teachers k.")
    inputs: Distinct[Annotated[int, Field(ge=16, le=10**6)]] = Field(
        description="Values of d: teachers are drawn from the unit sphere of R^d."
    )
    samples: Count = Field(description="Draws of the teachers for each d.")
    seed: Seed


class Identification(Settings):
    """Names of the classes that the main study met."""

    tolerance: float = Field(
        gt=0, le=0.01, description="Entries of a representative closer than this are equal."
    )


class Symmetry(Settings):
    """Symmetric minima and their annihilation: Arjevani & Field."""

    families: Families
    thresholds: Thresholds
    series: Series
    fates: Fates
    fixed_spaces: FixedSpaces
    perturbed_targets: PerturbedTargets
    random_teachers: RandomTeachers
    identification: Identification


class Part(Settings):
    """What a config says of symmetric critical points."""

    symmetry: Symmetry
