"""Searches for a least value that run until independent ones agree.

A single search ends where it happens to: at a saddle, in a shallower minimum, at the last bit of a
line search. What several chains of searches agree on, each with random numbers of its own, hangs on
none of this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

AGREEMENT: Final = 1e-7
"""Chains agree on a value where it differs between them by no more than this share of itself."""


class Chain(Protocol):
    """Searches that go on from the best that they have found, for one or several problems."""

    @property
    def least(self) -> NDArray[np.float64]:
        """Least value found for each problem, (problems,)."""

    def extend(self) -> None:
        """Search for one more round; no value found rises."""


class ChainAgreement(NamedTuple):
    """What chains found for each problem, (problems,) each.

    holder: number of the chain with the least value; spread: largest minus least value over the
    chains; agreed: whether the spread is within AGREEMENT.
    """

    holder: NDArray[np.int64]
    spread: NDArray[np.float64]
    agreed: NDArray[np.bool_]


def extend_until_agreement(
    chains: Sequence[Chain],
    *,
    rounds: int,
    progress: Callable[[int, int], None] | None = None,
) -> ChainAgreement:
    """Extend chains until they agree on every problem and a whole round has lowered no value.

    Args:
        chains: 2 or more, with random numbers of their own.
        rounds: rounds at most, 2 or more, since the first one lowers all values.
        progress: called with (rounds done, rounds at most).

    Raises:
        ValueError: fewer than two chains or rounds.
    """
    if len(chains) < 2 or rounds < 2:
        raise ValueError(
            f"got {len(chains)} chain(s) and {rounds} round(s); agreement takes 2 or more of each"
        )
    before = np.full((len(chains), len(chains[0].least)), np.inf)
    for done in range(1, rounds + 1):
        for chain in chains:
            chain.extend()
        least = np.array([chain.least for chain in chains])
        found = _compare(least)
        if progress is not None:
            progress(done, rounds)
        if found.agreed.all() and not (before - least > AGREEMENT * np.abs(least)).any():
            break
        before = least
    return found


def _compare(least: NDArray[np.float64]) -> ChainAgreement:
    """Compare the values (chains, problems) that chains have found."""
    lowest = least.min(axis=0)
    spread = least.max(axis=0) - lowest
    return ChainAgreement(least.argmin(axis=0), spread, spread <= AGREEMENT * np.abs(lowest))
