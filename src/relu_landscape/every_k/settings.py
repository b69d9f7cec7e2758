"""Settings of the study of theorems for every k."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from relu_landscape.settings.kinds import Distinct, Entries
from relu_landscape.settings.model import Misfit, Settings

__all__ = [
    "Conjecture12",
    "FamiliesForEveryM",
    "FamilyForEveryK",
    "FurtherMinimum",
    "FurtherSaddle",
    "Part",
    "Splits",
    "Theorems",
]


class PairOfTeachers(Settings):
    """A number of teachers, and one of students for each of them."""

    k: int = Field(ge=2, le=10, description="Teachers.")
    m: int = Field(ge=1, le=10, description="Students a teacher.")


class FamilyForEveryK(Settings):
    """A symmetric family that is proved to be a spurious minimum for every k from a bound on."""

    family: Literal["A", "I", "II"] = Field(description="A, I or II.")
    special_rows: Annotated[int, Field(ge=0, le=20)] = Field(
        description="Neurons in the second block, m; 0 for A alone."
    )
    least_k: int = Field(ge=3, le=10**8, description="From which k on.")

    @property
    def name(self) -> str:
        """The name of its theorem in paths."""
        return f"{self.family}-{self.special_rows}"

    def misfits(self) -> Iterator[Misfit]:
        """Blocks that the family does not have, and bounds that leave no regular neurons."""
        if (self.family == "A") != (self.special_rows == 0):
            yield (
                ("special_rows",),
                f"family {self.family} with {self.special_rows} special rows; allowed: 0 for A, "
                "1 or more for I and II",
            )
        elif self.least_k <= self.special_rows + 2:
            yield (
                ("least_k",),
                f"{self.least_k} with {self.special_rows} special rows; allowed: more than "
                f"{self.special_rows + 2}",
            )


class FamiliesForEveryM(Settings):
    """Families of every number of special rows at once that are proved to be spurious minima."""

    family: Literal["I", "II"] = Field(description="I or II.")
    least_m: int = Field(ge=3, le=1000, description="From how many special rows m on.")
    least_ratio: float = Field(gt=1, le=10**6, description="From which k/m on.")

    @property
    def name(self) -> str:
        """The name of its theorem in paths."""
        return f"{self.family}-{self.least_m}-{self.least_ratio:g}"


class Corrected(Settings):
    """An inequality in the place of Conjecture 12, and how far from the global minimum it holds."""

    constant: Annotated[int, Field(ge=1, le=10_000)] = Field(
        description="C in LHS >= (1 - C eps) RHS, or D in LHS >= (1 - 4/(pi - 2) eps - D k eps^2) "
        "RHS."
    )
    one_over_reach: Annotated[int, Field(ge=10, le=10_000)] = Field(
        description="One over the largest eps."
    )


class Conjecture12(Settings):
    """How Conjecture 12 fails next to the global minima, and what holds in its place."""

    directions: Entries[PairOfTeachers] = Field(
        description="k and m of the leading constants that are bounded from below."
    )
    two_teachers: Corrected = Field(description="The inequality for k = 2, m = 1.")
    every_k: Corrected = Field(description="The inequality for every k, m = 1.")
    tries: int = Field(ge=1, le=1000, description="Starts of the search for a leading constant.")
    seed: int = Field(ge=0, description="Seed of these starts.")


class FurtherSaddle(Settings):
    """A with one neuron more, which is proved a saddle for every k from a bound on."""

    least_k: int = Field(ge=5, le=10**8, description="From which k on.")
    threshold: bool = Field(
        description="Whether the real k from which on it is one is enclosed, too."
    )


class FurtherMinimum(Settings):
    """II_1 with one neuron more, which is proved a minimum for every k from a bound on."""

    least_k: int = Field(ge=5, le=10**8, description="From which k on.")
    threshold: bool = Field(
        description="Whether the real k from which on it is one is enclosed, too."
    )


class Splits(Settings):
    """What splits of the neurons of II_1 add to the Hessian, for every k from a bound on."""

    least_k: int = Field(ge=5, le=10**8, description="From which k on.")
    terms: int = Field(
        ge=1, le=6, description="Coefficients of these eigenvalues in k^(-1/2) that are enclosed."
    )


class Theorems(Settings):
    """Theorems for every k: proofs in which k is an interval."""

    families: Distinct[FamilyForEveryK] = Field(description="Families that are proved minima.")
    every_m: Distinct[FamiliesForEveryM] = Field(
        description="Families that are proved minima for every m at once."
    )
    terms: int = Field(
        ge=1, le=12, description="Coefficients of the loss in k^(-1/2) that are enclosed."
    )
    further_saddle: FurtherSaddle
    further_minimum: FurtherMinimum
    splits: Splits
    conjecture12: Conjecture12
    convexity: Distinct[Annotated[int, Field(ge=3, le=10**9)]] = Field(
        description="Values of k at which the proved bounds of the radius of strong convexity are "
        "written down."
    )


class Part(Settings):
    """What a config says of theorems."""

    theorems: Theorems
