"""Finite data in fractions, and the network and its loss on them.

f_q(x) = sum_i h_qi relu(w_i.x), without explicit bias: a bias is an input that is 1. The loss is
the mean of (f_q(x_s) - y_sq)^2 over all S samples and all outputs, without a factor 1/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from relu_landscape.finite_stationary.exact_algebra import Row, Rows, dot
from relu_landscape.finite_stationary.surds import Number

Pattern: TypeAlias = tuple[int, ...]
"""Of each sample the sign of w.x: 1, 0 or -1."""


@dataclass(frozen=True)
class FiniteData:
    """Samples with their targets.

    Attributes:
        inputs: (S, d) rational numbers.
        targets: (S, outputs) rational numbers.
    """

    inputs: tuple[tuple[Fraction, ...], ...]
    targets: tuple[tuple[Fraction, ...], ...]

    @property
    def terms(self) -> int:
        """How many squares the loss is the mean of: samples times outputs."""
        return len(self.targets) * len(self.targets[0])

    def floats(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Inputs (S, d) and targets (S, outputs), rounded."""
        return np.array(self.inputs, dtype=np.float64), np.array(self.targets, dtype=np.float64)


@dataclass(frozen=True)
class ExactNetwork:
    """A network in exact numbers.

    Attributes:
        weights: (n, d), row i is w_i.
        outputs: (n, outputs), row i is h_i.
    """

    weights: tuple[tuple[Number, ...], ...]
    outputs: tuple[tuple[Number, ...], ...]


def network(weights: Rows, outputs: Rows) -> ExactNetwork:
    """The network of these rows."""
    return ExactNetwork(tuple(map(tuple, weights)), tuple(map(tuple, outputs)))


def pattern_of(w: Row, inputs: Rows) -> Pattern:
    """The sign of w.x at each sample."""
    return tuple((z > 0) - (z < 0) for z in (dot(w, x) for x in inputs))


def activations(weights: Rows, inputs: Rows) -> list[list[Number]]:
    """(S, n): relu(w_i.x_s)."""
    return [[max(dot(w, x), Fraction(0)) for w in weights] for x in inputs]


def errors(found: ExactNetwork, data: FiniteData) -> list[list[Number]]:
    """(S, outputs): e_s = f(x_s) - y_s."""
    columns = list(zip(*found.outputs, strict=True))
    return [
        [dot(column, units) - target for column, target in zip(columns, targets, strict=True)]
        for units, targets in zip(
            activations(found.weights, data.inputs), data.targets, strict=True
        )
    ]


def mean_square(e: Sequence[Row]) -> Number:
    """The loss of these errors."""
    squares = [x * x for row in e for x in row]
    return sum(squares, Fraction(0)) / len(squares)
