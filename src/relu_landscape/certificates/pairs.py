"""Two neurons in balls: their lengths and angle, and the blocks that they add to the Hessian.

As in `objective.geometry` everything is a function of s = a + b and q = a - b of the unit vectors
a = w/|w|, b = v/|v| at angle t:

    |q| = 2 sin(t/2),  |s| = 2 cos(t/2),  t = 2 atan2(|q|, |s|),  sin t = |s| |q|/2,

    m = b - cos t a = |q|^2/4 s - |s|^2/4 q,
    h1 = |v|/(2 pi |w|) (sin t (I - a a^T) + m m^T/sin t),
    h2 = ((pi - t) I + |q|/2 s s^T/|s| - |s|/2 q q^T/|q|)/(2 pi).

A quotient x x^T/|x| is the only place where a box that holds parallel (|q| = 0, sin t = 0) or
antiparallel neurons could divide by zero. But its entries are at most |x|/2 off the diagonal, and
in [0, |x|] on it, so such a box gets this enclosure, whose width is that of |x|.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flint import arb, arb_mat

from relu_landscape.certificates.precision import Ball, ZeroNeuronError, norm

# With this relative accuracy of |x| the quotient x x^T/|x| needs no help.
_SAFE_BITS: Final = 16


@dataclass(frozen=True)
class Neuron:
    """A neuron over a box: its weights, length and unit vector, all in balls."""

    weights: Sequence[Ball]
    norm: Ball
    unit: Sequence[Ball]


@dataclass(frozen=True)
class Pair:
    """Two neurons over a box; the fields are those of the module's docstring.

    first, second: the neurons; sum_vector, difference_vector: s and q; sum_norm, difference_norm:
    |s| and |q|.
    """

    first: Neuron
    second: Neuron
    sum_vector: Sequence[Ball]
    difference_vector: Sequence[Ball]
    sum_norm: Ball
    difference_norm: Ball

    @cached_property
    def sine(self) -> Ball:
        """The sine of t."""
        return (self.sum_norm * self.difference_norm / 2).nonnegative_part()

    @cached_property
    def cosine(self) -> Ball:
        """The cosine of t."""
        return (self.sum_norm - self.difference_norm) * (self.sum_norm + self.difference_norm) / 4

    @cached_property
    def supplement(self) -> Ball:
        """The supplement pi - t."""
        return supplement(self.sum_norm, self.difference_norm)

    @cached_property
    def normal(self) -> Sequence[Ball]:
        """The vector m = b - cos t a, of length sin t."""
        along_sum, along_difference = self.difference_norm**2 / 4, self.sum_norm**2 / 4
        return [
            along_sum * s - along_difference * q
            for s, q in zip(self.sum_vector, self.difference_vector, strict=True)
        ]

    def reversed(self) -> Pair:
        """The same two neurons in the other order."""
        opposite = [-q for q in self.difference_vector]
        first, second = self.second, self.first
        return Pair(first, second, self.sum_vector, opposite, self.sum_norm, self.difference_norm)

    def loss(self) -> Ball:
        """f = |w| |v| (sin t + (pi - t) cos t)/(2 pi)."""
        shape = self.sine + self.supplement * self.cosine
        return self.first.norm * self.second.norm * shape / (2 * arb.pi())

    def mixed_hessian(self) -> Any:
        """h2, (d, d)."""
        d = len(self.sum_vector)
        along_sum = square_over_norm(self.sum_vector, self.sum_norm)
        along_difference = square_over_norm(self.difference_vector, self.difference_norm)
        block = along_sum * (self.difference_norm / 2) - along_difference * (self.sum_norm / 2)
        for a in range(d):
            block[a, a] += self.supplement
        return block * (1 / (2 * arb.pi()))


def neuron(weights: Sequence[Ball], name: str) -> Neuron:
    """Return a neuron over a box.

    Args:
        weights: (d,) balls.
        name: how an error calls it.

    Raises:
        ZeroNeuronError: the box holds the zero vector, or it cannot be told that it does not.
    """
    length = norm(weights)
    if not length > 0:
        raise ZeroNeuronError(
            f"{name} may be zero in the box, where F is not differentiable: take a smaller box"
        )
    return Neuron(weights, length, [entry / length for entry in weights])


def pair(first: Neuron, second: Neuron) -> Pair:
    """Return the geometry of two neurons over a box."""
    s = [a + b for a, b in zip(first.unit, second.unit, strict=True)]
    q = [a - b for a, b in zip(first.unit, second.unit, strict=True)]
    return Pair(first, second, s, q, norm(s), norm(q))


def supplement(sum_norm: Ball, difference_norm: Ball) -> Ball:
    """Return pi - t from |s| = 2 cos(t/2) and |q| = 2 sin(t/2).

    The smaller one is divided by the larger one: the other way round the quotient is wide where the
    box nearly holds parallel or antiparallel neurons.
    """
    if float(sum_norm) > float(difference_norm) and sum_norm > 0:
        return arb.pi() - 2 * (difference_norm / sum_norm).atan()
    if difference_norm > 0:
        return 2 * (sum_norm / difference_norm).atan()
    # The box is so wide that the neurons may have any angle.
    return arb(0).union(arb.pi())


def is_safe_divisor(length: Ball) -> bool:
    """Say whether x x^T/|x| is about as tight as it can be if it is simply calculated."""
    return bool(length > 0) and length.rel_accuracy_bits() >= _SAFE_BITS


def square_over_norm(vector: Sequence[Ball], length: Ball) -> Any:
    """Return x x^T/|x|, also over a box that holds x = 0.

    Args:
        vector: x, (d,).
        length: |x|.
    """
    d = len(vector)
    if length > 0:
        column = arb_mat(d, 1, vector)
        quotient = column * arb_mat(1, d, vector) * (1 / length)
        if is_safe_divisor(length):
            return quotient
    largest = length.upper()
    beside, on = arb(0, largest / 2), arb(0).union(largest)
    bounded = [[on if a == b else beside for b in range(d)] for a in range(d)]
    if not length > 0:
        return arb_mat(bounded)
    return arb_mat(
        [[quotient[a, b].intersection(bounded[a][b]) for b in range(d)] for a in range(d)]
    )
