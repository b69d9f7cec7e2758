"""Which groups a network trained on finite data has grown: neurons that meet the samples alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.finite_stationary.finite_data import FiniteData, Pattern

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """How a network of floats is read.

    Attributes:
        kink: |cos(w_i, x_s)| below which w_i.x_s counts as zero.
        share: of the root mean square of the targets that |h_i||w_i|, summed over a group, has to
            reach for it to count.
    """

    kink: float
    share: float


@dataclass(frozen=True)
class Group:
    """Neurons of one pattern.

    Attributes:
        pattern: of each sample the sign of w.x.
        members: their rows.
        matrix: (outputs, d) sum of h_i w_i^T over them.
    """

    pattern: Pattern
    members: tuple[int, ...]
    matrix: Weights


def patterns_of(W: Weights, inputs: Weights, kink: float) -> NDArray[np.int8]:
    """(n, S): the signs of w_i.x_s, 0 within `kink`; of a neuron that is zero all are 0."""
    z = W @ inputs.T
    reach = np.linalg.norm(W, axis=1)[:, None] * np.linalg.norm(inputs, axis=1)
    signs: NDArray[np.int8] = np.where(np.abs(z) <= kink * reach, 0, np.sign(z)).astype(np.int8)
    return signs


def grown_groups(W: Weights, H: Weights, data: FiniteData, reading: Reading) -> list[Group]:
    """The groups that count, in the order of their patterns; those that meet no sample do not.

    Args:
        W, H: (n, d) and (n, outputs).
        data: the samples.
        reading: what counts.
    """
    inputs, targets = data.floats()
    least = reading.share * np.sqrt(np.mean(targets**2))
    sizes = np.linalg.norm(W, axis=1) * np.linalg.norm(H, axis=1)
    patterns = patterns_of(W, inputs, reading.kink)
    members: dict[Pattern, list[int]] = {}
    for i, pattern in enumerate(patterns.tolist()):
        if max(pattern) > 0:
            members.setdefault(tuple(pattern), []).append(i)
    return [
        Group(pattern, tuple(rows), H[rows].T @ W[rows])
        for pattern, rows in sorted(members.items())
        if sizes[rows].sum() >= least
    ]
