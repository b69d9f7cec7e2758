"""Where a run stays with the same grown neurons: what may be next to a stationary point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from relu_landscape.finite_stationary.finite_data import FiniteData, Pattern
from relu_landscape.finite_stationary.following import Followed
from relu_landscape.finite_stationary.neuron_groups import Group, Reading, grown_groups


@dataclass(frozen=True)
class Stay:
    """Successive checks of a run at which neurons of the same patterns are grown.

    Attributes:
        groups: the neurons where the loss falls slowest.
        iterations: from the first to the last of these checks.
        loss: where it falls slowest.
        fall: how much it then falls from one check to the next.
    """

    groups: tuple[Group, ...]
    iterations: int
    loss: float
    fall: float

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Which patterns these are."""
        return tuple(group.pattern for group in self.groups)


def stays_of(
    followed: Followed, run: int, data: FiniteData, reading: Reading, least: float
) -> Iterator[Stay]:
    """The stays of a run, one after another.

    Args:
        followed: the runs.
        run: which of them.
        data: the samples.
        reading: what counts as grown.
        least: share of the run's iterations below which a stay is left out.
    """
    losses, iterations = followed.losses[:, run], followed.iterations
    falls = np.abs(np.gradient(losses))
    seen = [
        tuple(grown_groups(W, H, data, reading))
        for W, H in zip(followed.weights[:, run], followed.outputs[:, run], strict=True)
    ]
    for _, members in groupby(
        range(len(seen)), key=lambda check: [group.pattern for group in seen[check]]
    ):
        checks = list(members)
        slowest = min(checks, key=lambda check: falls[check])
        lasts = int(iterations[checks[-1]] - iterations[checks[0]])
        if lasts >= least * iterations[-1]:
            yield Stay(seen[slowest], lasts, float(losses[slowest]), float(falls[slowest]))
