"""Settings of the main study: minima that descent finds, and one more neuron."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from relu_landscape.search.settings import ProtocolName
from relu_landscape.settings.entries import pairs
from relu_landscape.settings.kinds import (
    AnyDistinct,
    Distinct,
    Entries,
    Extra,
    Name,
    Positive,
    Runs,
    Seed,
    Share,
    Steps,
    repeated_names,
)
from relu_landscape.settings.model import Misfit, Settings

__all__ = ["Confirmation", "DescentEnd", "FewStudents", "Part", "SplitDescent", "Splitting"]

MOST_BATCHES = 1000  # three digits in the names of their files

SearchedTeachers: TypeAlias = Annotated[int, Field(ge=1, le=1000)]
MeasuredTeachers: TypeAlias = Annotated[int, Field(ge=1, le=100)]


class SizeRange(Settings):
    """A range of k with the numbers n - k of extra students."""

    first_k: SearchedTeachers = Field(description="Smallest number of teachers k.")
    last_k: SearchedTeachers = Field(description="Largest number of teachers k; at least first_k.")
    extra_students: Distinct[Extra] = Field(description="Values of n - k.")
    runs: Runs = Field(description="Restarts of each (k, n).")
    batch: Runs = Field(
        description="Restarts of each size in one job, which takes those of several values of k; "
        "results do not depend on it."
    )

    def misfits(self) -> Iterator[Misfit]:
        """A range that is empty, more batches than files have names."""
        if self.last_k < self.first_k:
            yield (
                ("last_k",),
                f"{self.last_k} makes an empty range; allowed: {self.first_k} (first_k) or more",
            )
        least = -(-self.runs // MOST_BATCHES)
        if self.batch < least:
            yield (
                ("batch",),
                f"{self.batch} makes more than {MOST_BATCHES} batches of {self.runs} runs; "
                f"allowed: {least} or more",
            )


class Search(Settings):
    """One search."""

    name: Name = Field(description="Name of the search; a folder below restarts/.")
    protocol: ProtocolName = Field(description="One of the names in `protocols`.")
    seed: Seed = Field(description="Restart r of (k, n) depends on (seed, k, n, r) alone.")
    sizes: Entries[SizeRange] = Field(description="Sizes covered; no (k, n) twice.")

    def misfits(self) -> Iterator[Misfit]:
        """Sizes asked for twice."""
        asked = Counter(pair for size in self.sizes for pair in pairs(dict(size)))
        for (k, n), times in sorted(asked.items()):
            if times > 1:
                yield ("sizes",), f"k = {k}, n = {n} is asked for twice; allowed: once"


class Basins(Settings):
    """Balls around known minima at n = k from which descent provably leads to them."""

    searches: AnyDistinct[Name] = Field(
        description="Names of the searches whose runs end in such a ball; those of the others go "
        "on to the tolerance."
    )
    largest_q: int = Field(
        ge=0,
        le=100,
        description="Largest number q of neurons near -e_i at the minima that are tried, beside "
        "the global one: II_q, I_{k-q} and what is between them.",
    )


class Classes(Settings):
    """Which end points are sorted into classes, and when two count as one minimum."""

    extra_students: Distinct[Extra] = Field(
        description="Values of n - k whose end points are sorted into classes, measured and split."
    )
    tolerance: float = Field(
        gt=0,
        le=0.01,
        description="Largest Frobenius distance of a point from the representative of its class, "
        "neurons and coordinates permuted.",
    )


class Curvature(Settings):
    """How the representatives are measured."""

    largest_k: MeasuredTeachers = Field(
        description="Largest k whose classes are polished and measured with the whole Hessian, "
        "(n k)^2 entries; beyond it, through isotypic blocks."
    )


class DescentEnd(Settings):
    """When a descent from split points ends, and at a global minimum."""

    global_loss: Positive = Field(description="Loss below which the descent may stop.")
    global_distance: Positive = Field(
        description="Distance to the set of global minima below which such an end counts as global."
    )
    iteration_budget: Steps = Field(description="Largest number of steps of a descent.")


class SplitDescent(DescentEnd):
    """How descents from split points begin, go on and end."""

    displacement: float = Field(
        ge=1e-5,
        le=1,
        description="Frobenius length of the push along the direction of negative curvature, both "
        "signs.",
    )
    asymmetry: float = Field(
        ge=1e-5,
        le=0.1,
        description="Frobenius length of a random move of each start: an exactly symmetric start "
        "would stay symmetric.",
    )
    seed: Seed = Field(description="Seed of the random moves.")
    protocol: ProtocolName = Field(
        description="Protocol of the descent; one of the names in `protocols`."
    )


class Splitting(SplitDescent):
    """One more neuron: which neurons are split how, and what is followed."""

    largest_k: MeasuredTeachers = Field(description="Largest k whose classes are split.")
    alphas: Distinct[Share] = Field(
        description="Shares alpha of the split, w -> (alpha w, (1 - alpha) w)."
    )


class Confirmation(Settings):
    """Good runs for n > k that are continued until they are seen to approach a global minimum."""

    runs: Runs = Field(description="Runs continued for each search and size.")
    distance: Positive = Field(
        description="Distance to the set of global minima (Theorem 2 of S21) below which a run "
        "must come."
    )
    largest_exponent: float = Field(
        lt=0,
        description="Slope of log distance against log iteration that it must fall with at least; "
        "-1 is 1/t.",
    )
    iteration_budget: Steps = Field(
        description="Iterations after which a run counts as not confirmed."
    )


class FewStudents(Settings):
    """Fewer students than teachers: what splits of a neuron make of the minima (Theorem 14)."""

    largest_k: int = Field(
        ge=2, le=30, description="Largest k; every n from 1 to k - 1 is searched for k from 2 on."
    )
    runs: Runs = Field(description="Restarts of each (k, n).")
    seed: Seed
    protocol: ProtocolName = Field(
        description="Protocol of the restarts; one of the names in `protocols`."
    )


class Safran(Settings):
    """The main study: Safran & Shamir 2018; Safran, Yehudai & Shamir 2021, Section 4."""

    searches: Entries[Search] = Field(
        description="Batches of restarts, each a protocol, a seed and the sizes it covers."
    )
    basins: Basins
    classes: Classes
    curvature: Curvature
    splitting: Splitting
    few_students: FewStudents
    confirmation: Confirmation

    def misfits(self) -> Iterator[Misfit]:
        """Searches of one name, basins of a search that there is not."""
        names = [search.name for search in self.searches]
        yield from repeated_names("searches", names)
        for number, name in enumerate(self.basins.searches):
            if name not in names:
                yield (
                    ("basins", "searches", number),
                    f"no search {name!r}; allowed: {', '.join(names)}",
                )


class Part(Settings):
    """What a config says of the main study."""

    safran: Safran
