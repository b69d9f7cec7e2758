"""Numbers of teachers k, students n and inputs d that belong together."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from relu_landscape.settings.kinds import Teachers
from relu_landscape.settings.model import Misfit, Settings

__all__ = ["PairSize", "too_small"]


def too_small(key: str, value: int, least: int, k: int) -> Iterator[Misfit]:
    """A misfit if there are fewer than `least` students or inputs for k teachers."""
    if value < least:
        yield (key,), f"{value} is too small for k = {k}; allowed: {least} or more"


class PairSize(Settings):
    """One size, with a teacher that has a pair of students."""

    k: Teachers = Field(description="Number of teachers k.")
    n: int = Field(ge=3, le=10_000, description="Number of students n, more than k.")
    d: Teachers = Field(description="Number of inputs d, at least k.")

    def misfits(self) -> Iterator[Misfit]:
        """Students for a pair, inputs for all teachers."""
        yield from too_small("n", self.n, self.k + 1, self.k)
        yield from too_small("d", self.d, self.k, self.k)
