"""Settings of the study of certificates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, TypeAlias

from pydantic import Field

from relu_landscape.families.settings import SplitBlock, SplitTeachers
from relu_landscape.settings.kinds import Distinct
from relu_landscape.settings.model import Misfit, Settings
from relu_landscape.settings.sizes import PairSize

__all__ = ["Families", "Inequalities", "Pairs", "Part", "Timing"]

Exponent: TypeAlias = Annotated[int, Field(ge=1, le=30)]
PositiveFraction: TypeAlias = Annotated[str, Field(pattern=r"^[1-9][0-9]*/[1-9][0-9]*$")]


class Timing(Settings):
    """Proofs of II_1 at n = k whose cost is measured."""

    full: Distinct[Annotated[int, Field(ge=6, le=40)]] = Field(
        description="Values of k at which the proof works on all weights."
    )
    symmetric: Distinct[Annotated[int, Field(ge=6, le=10**10)]] = Field(
        description="Values of k at which it goes through the symmetry."
    )
    repeats: int = Field(
        ge=1, le=10_000, description="How often each is done; the least time counts."
    )


class Classes(Settings):
    """The classes of the main study."""

    largest_full_k: int = Field(
        ge=1,
        le=30,
        description="Largest k whose classes are proved from all their weights; beyond it a proof "
        "works through the symmetry of the class, and fails where there is too little.",
    )
    largest_k: int = Field(ge=1, le=100, description="Largest k whose classes are proved.")


class Pairs(Settings):
    """The pairs (k, n) of the 2018 theorem."""

    equal: Distinct[Annotated[int, Field(ge=6, le=100)]] = Field(
        description="Values of k with n = k."
    )
    one_more: Distinct[Annotated[int, Field(ge=7, le=100)]] = Field(
        description="Values of k with n = k + 1."
    )


class Families(Settings):
    """Symmetric critical points, proved at a cost that does not depend on k."""

    consecutive_to: int = Field(
        ge=6, le=100_000, description="Every k from 6 to this one is proved for II_1."
    )
    blocks: Distinct[Annotated[int, Field(ge=1, le=10)]] = Field(
        description="Values of m of the families I_m and II_m."
    )
    teachers: Distinct[Annotated[int, Field(ge=6, le=10**8)]] = Field(
        description="Values of k of all families, with and without one neuron more; families with "
        "k < m + 4 are left out."
    )
    split_blocks: Distinct[SplitBlock] = Field(
        description="Values of m of I_m and II_m with m neurons more, each of the m special "
        "neurons split in two."
    )
    split_teachers: Distinct[SplitTeachers] = Field(
        description="Values of k of these; those below 3 m + 1 are left out."
    )


class GlobalMinima(Settings):
    """Curvature at and around the global minimum of n = k."""

    largest_k: int = Field(ge=2, le=10_000, description="Largest k; every k from 2 on is proved.")


class Inequalities(Settings):
    """Failures of convexity at explicit rational points."""

    sizes: Distinct[PairSize] = Field(description="Sizes of Theorems 4, 7 and 9.")
    shares: Distinct[PositiveFraction] = Field(
        description="Share a of the first neuron of the pair, a fraction between 0 and 1."
    )
    epsilon_exponents: Distinct[Exponent] = Field(description="Values of e: epsilon = 10^-e.")
    scale_exponents: Distinct[Exponent] = Field(
        description="Values of e: witnesses against Conjecture 12 at the scale s = 10^-e."
    )

    def misfits(self) -> Iterator[Misfit]:
        """Shares that leave nothing to the other neuron."""
        for number, share in enumerate(self.shares):
            if Fraction(share) >= 1:
                yield (
                    ("shares", number),
                    f"{share} is not below 1; allowed: a fraction between 0 and 1",
                )


class Certificates(Settings):
    """Certificates: minima, saddles and counterexamples proved in ball arithmetic."""

    timing: Timing
    classes: Classes
    pairs: Pairs
    families: Families
    global_minima: GlobalMinima
    inequalities: Inequalities


class Part(Settings):
    """What a config says of certificates."""

    certificates: Certificates
