"""Settings of the study around the global minima."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from relu_landscape.settings.kinds import (
    Count,
    Distinct,
    Extra,
    Neurons,
    Positive,
    Runs,
    Seed,
    Share,
    Steps,
    Teachers,
)
from relu_landscape.settings.model import Misfit, Settings
from relu_landscape.settings.sizes import PairSize, too_small

__all__ = [
    "Conjecture12",
    "Convergence",
    "Convexity",
    "Directions",
    "Failures",
    "Landscape",
    "MemberSize",
    "Members",
    "Part",
    "Perturbations",
    "PerturbedDescent",
    "Spectrum",
]


class MemberSize(Settings):
    """One size."""

    k: Neurons = Field(description="Number of teachers k.")
    n: Neurons = Field(description="Number of students n, at least k.")
    d: Neurons = Field(description="Number of inputs d, at least k.")

    def misfits(self) -> Iterator[Misfit]:
        """Students and inputs for all teachers."""
        yield from too_small("n", self.n, self.k, self.k)
        yield from too_small("d", self.d, self.k, self.k)


class Members(Settings):
    """Random members of the set of global minima (Theorem 2)."""

    sizes: Distinct[MemberSize] = Field(description="Sizes sampled.")
    samples: Count = Field(description="Members of each size.")
    displacement: Positive = Field(
        description="Frobenius length by which a member is moved before its distance is measured."
    )
    seed: Seed


class Spectrum(Settings):
    """The Hessian spectrum at the global minimum of n = k in closed form (Theorem 3)."""

    largest_k: int = Field(ge=2, le=60, description="Largest k; every k from 2 on is compared.")
    extra_inputs: Distinct[Extra] = Field(description="Values of d - k.")


class ChainedSearch(Settings):
    """Independent chains of searches for the least value, until they agree."""

    chains: int = Field(
        ge=2, le=1000, description="Independent chains of searches, whose spread is reported."
    )
    rounds: int = Field(
        ge=2,
        le=10**9,
        description="Rounds at most; the search ends where the chains agree and a round lowers "
        "nothing.",
    )
    seed: Seed


class Convexity(ChainedSearch):
    """How far strong convexity reaches around the global minimum of n = k (Theorem 3)."""

    teachers: Distinct[Teachers] = Field(description="Values of k.")
    random_directions: Count = Field(description="Directions drawn uniformly for each k.")
    tries: Count = Field(
        description="Random directions, symmetric ones and variations of the best one, so many of "
        "each, from which a chain searches in a round."
    )
    largest_radius: float = Field(
        gt=0, le=4, description="Radius at which to stop looking; at 1 a neuron can vanish."
    )


class Failures(Settings):
    """The constructions of Theorems 4, 7 and 9."""

    sizes: Distinct[PairSize] = Field(
        description="Sizes; the shares of teachers with several neurons are exact in binary if "
        "n - 2 <= 2 (k - 1)."
    )
    shares: Distinct[Share] = Field(description="Share a of the first neuron of the pair.")
    double: Distinct[Positive] = Field(
        description="Values of epsilon measured in double precision."
    )
    extended: Distinct[Positive] = Field(
        description="Values of epsilon measured by the reference in extended precision; orders are "
        "fitted to the smallest ones."
    )


class Perturbations(Settings):
    """Random perturbations of the global minimum with equal neurons.

    Theorem 10, Appendix D.1, Table 1.
    """

    teachers: Distinct[Teachers] = Field(description="Values of k.")
    students_per_teacher: Distinct[Teachers] = Field(description="Values of m; n = m k.")
    samples: Count = Field(description="Draws of each kind for each (k, m); the paper has 1000.")
    standard_deviation: Positive = Field(description="Standard deviation of the entries.")
    seed: Seed


class Smoothness(Settings):
    """Steps away from points with parallel neurons (Lemmas 1 and 18)."""

    teachers: Distinct[Teachers] = Field(description="Values of k, the number of inputs, too.")
    draws: Count = Field(description="Random points for each k.")
    steps: Distinct[Share] = Field(
        description="Lengths of the steps, and angles from parallel vectors."
    )
    seed: Seed


class OrthogonalDisplacements(Settings):
    """Displacements at right angles to the neurons of a global minimum (Theorem 10, Remark 11)."""

    teachers: Distinct[Teachers] = Field(description="Values of k.")
    students_per_teacher: Distinct[Neurons] = Field(description="Values of m; n = m k.")
    draws: Count = Field(description="Draws of each kind for each (k, m).")
    scaled_radii: Distinct[Share] = Field(
        description="Values of the largest |g_ij| over the norm of the shortest neuron."
    )
    seed: Seed


class Directions(Settings):
    """One-point quotients along uniformly drawn directions."""

    teachers: Distinct[Teachers] = Field(description="Values of k.")
    extra_students: Distinct[Extra] = Field(description="Values of n - k.")
    directions: Count = Field(description="Directions for each (k, n).")
    radius: Positive = Field(description="Frobenius distance from the global minimum.")
    seed: Seed


class MultipliedSize(Settings):
    """One size."""

    k: Teachers = Field(description="Number of teachers k.")
    m: Neurons = Field(description="Students of each teacher m.")


class Conjecture12(ChainedSearch):
    """Conjecture 12: the search for violations, and explicit witnesses."""

    sizes: Distinct[MultipliedSize] = Field(description="Sizes searched.")
    tries: Count = Field(
        description="Antisymmetric and unstructured starts, so many of each, four times as many "
        "symmetric ones, and variations of the best point, so many of each of three kinds, from "
        "which a chain searches in a round at each radius."
    )
    scaled_radii: Distinct[Share] = Field(
        description="Values of m times the largest |g_ij| allowed."
    )
    scale_exponents: Distinct[Annotated[int, Field(ge=1, le=12)]] = Field(
        description="Values of e: witnesses are evaluated at the scale s = 10^-e."
    )
    stored_exponent: int = Field(
        ge=1, le=6, description="Value of e at which the weights of the witnesses are stored."
    )


class DescentSize(Settings):
    """One size."""

    k: Teachers = Field(description="Number of teachers k.")
    n: Teachers = Field(description="Number of students n, at least k.")

    def misfits(self) -> Iterator[Misfit]:
        """Students for all teachers."""
        yield from too_small("n", self.n, self.k, self.k)


class DescentNearMinimum(Settings):
    """Runs of descent that start next to a global minimum."""

    sizes: Distinct[DescentSize] = Field(description="Sizes.")
    runs: Runs = Field(description="Runs of each combination.")
    start_distance: Positive = Field(
        description="Frobenius distance of the starts from the global minimum."
    )
    iterations: Steps = Field(description="Steps of a run.")
    seed: Seed


class PerturbedDescent(DescentNearMinimum):
    """Perturbed gradient descent next to a global minimum (Theorem 13)."""

    step_factors: Distinct[Positive] = Field(description="Steps times k.")
    noise_factors: Distinct[Annotated[float, Field(ge=0, le=10**6)]] = Field(
        description="Noise amplitudes in units of delta/(4 n); 0 is gradient descent."
    )
    delta: Share = Field(description="Squared distance that the theorem promises.")
    checks_per_decade: int = Field(
        ge=1, le=10_000, description="Checks in each power of ten of steps."
    )


class Convergence(DescentNearMinimum):
    """Gradient descent next to a global minimum, and its fitted rates."""

    step_factor: Positive = Field(description="Step times k.")
    checks_per_decade: int = Field(
        ge=3, le=10_000, description="Checks in each power of ten of steps."
    )
    window: float = Field(
        ge=2, le=10**6, description="Last over first step of the checks that are fitted."
    )


class Landscape(Settings):
    """Plane slices of the loss through a global minimum with a split neuron."""

    k: Teachers = Field(description="Number of teachers k.")
    n: int = Field(ge=3, le=10_000, description="Number of students n, more than k.")
    half_width: Share = Field(description="Half width of the slices.")
    points: int = Field(ge=3, le=401, description="Grid points along each axis.")

    def misfits(self) -> Iterator[Misfit]:
        """A neuron to split."""
        yield from too_small("n", self.n, self.k + 1, self.k)


class GlobalMinima(Settings):
    """Around the global minima: Safran, Yehudai & Shamir 2021, Section 3 and Appendix D."""

    members: Members
    spectrum: Spectrum
    convexity: Convexity
    failures: Failures
    perturbations: Perturbations
    smoothness: Smoothness
    orthogonal: OrthogonalDisplacements
    directions: Directions
    conjecture12: Conjecture12
    perturbed_descent: PerturbedDescent
    convergence: Convergence
    landscape: Landscape


class Part(Settings):
    """What a config says of the global minima."""

    global_minima: GlobalMinima
