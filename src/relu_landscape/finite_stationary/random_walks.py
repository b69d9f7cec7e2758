"""Random changes of the weights of a network, each undone before the next, or none of them.

As published the test of a local minimum adds each change to the network that has the changes before
it: a random walk, whose steps lead away from the point, where it should try 5000 places next to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from relu_landscape.finite_stationary.finite_data import FiniteData
from relu_landscape.finite_stationary.following import losses_of
from relu_landscape.finite_stationary.neuron_groups import Weights

Way: TypeAlias = Literal["walk", "independent"]

_AT_A_TIME = 500


@dataclass(frozen=True)
class Perturbed:
    """What changes of the weights do to the loss.

    Attributes:
        smallest, largest: change of the loss, against the network that was not changed.
        lower: how many networks have a smaller loss than it.
        farthest: largest change of a weight in any of them.
    """

    smallest: float
    largest: float
    lower: int
    farthest: float


@dataclass(frozen=True)
class RandomChanges:
    """How weights are changed: each uniformly within an amplitude, in each draw.

    Attributes:
        way: "walk" adds the changes up, as published; "independent" takes each by itself.
        amplitude: largest change of a weight in a draw.
        draws: how many.
    """

    way: Way
    amplitude: float
    draws: int


def perturb(
    W: Weights, H: Weights, data: FiniteData, trial: RandomChanges, generator: np.random.Generator
) -> Perturbed:
    """Change all weights of a network at random.

    Args:
        W, H: (n, d) and (n, outputs).
        data: the samples.
        trial: how.
        generator: of the changes, which are the same for both ways.
    """
    joined = np.concatenate([W, H], axis=1)
    base = losses_of(W, H, data)
    changes, farthest = [], 0.0
    for moved in _changed(joined.shape, trial, generator):
        networks = joined + moved
        changes.append(losses_of(networks[..., : W.shape[1]], networks[..., W.shape[1] :], data))
        farthest = max(farthest, float(np.abs(moved).max()))
    found = np.concatenate(changes) - base
    return Perturbed(
        float(found.min()), float(found.max()), int(np.count_nonzero(found < 0.0)), farthest
    )


def _changed(
    shape: tuple[int, ...], trial: RandomChanges, generator: np.random.Generator
) -> Iterator[Weights]:
    """All that is added to the network, some draws at a time."""
    sofar = np.zeros(shape)
    for start in range(0, trial.draws, _AT_A_TIME):
        count = min(_AT_A_TIME, trial.draws - start)
        drawn = generator.uniform(-trial.amplitude, trial.amplitude, size=(count, *shape))
        if trial.way == "walk":
            drawn = sofar + np.cumsum(drawn, axis=0)
            sofar = drawn[-1]
        yield drawn
