"""Balls: numbers of Arb that enclose what they stand for, at a precision that is always stated.

A ball [m +/- r] is a midpoint and a radius; every operation returns a ball that contains all
results for all numbers in its operands, rounding included. `flint.ctx.prec` is global to the
process, so every public function of this room sets it for itself and puts it back.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, Final, TypeAlias

from flint import arb, arf, ctx, fmpq

from relu_landscape.arguments import checked_arguments, exact_array, exact_number, whole_number

FEWEST_BITS: Final = 53
# As many as the checkers read; more would prove nothing more, and a slip would take for ever.
MOST_BITS: Final = 4096
DEFAULT_BITS: Final = 96

# With this relative accuracy the usual arithmetic of balls is as tight as that of their ends.
_ACCURATE_BITS: Final = 16

Ball: TypeAlias = Any
"""A `flint.arb`."""

Balls: TypeAlias = Sequence[Sequence[Any]]
"""Rows of balls, one neuron a row."""


def _ball(midpoint: tuple[int, int], radius: tuple[int, int]) -> Ball:
    """The ball with these mantissas and exponents."""
    return arb(arf(midpoint), arf(radius))


def _parts(ball: Ball) -> tuple[Callable[..., Ball], tuple[tuple[int, int], tuple[int, int]]]:
    """How a ball is pickled; python-flint does not say. A radius above zero may come back wider."""
    midpoint, radius = (
        (int(mantissa), int(exponent))
        for mantissa, exponent in (ball.mid().man_exp(), ball.rad().man_exp())
    )
    return _ball, (midpoint, radius)


# Certificates hold balls, and go from process to process.
copyreg.pickle(arb, _parts)


class ZeroNeuronError(ArithmeticError):
    """A box holds weights at which a neuron is zero, where the loss is not differentiable."""


def ball_bits(value: Any, name: str) -> int:
    """The precision of balls as an int, for `checked_arguments`.

    Raises:
        ValueError: not whole, fewer bits than float64 has, or more than the checkers read.
    """
    bits = whole_number(value, name)
    if not FEWEST_BITS <= bits <= MOST_BITS:
        raise ValueError(
            f"{name} = {bits}; it must be from {FEWEST_BITS} bits, which float64 has, to "
            f"{MOST_BITS}, which the checkers of certificates read"
        )
    return bits


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Calculate with midpoints of this many bits, then with as many as before.

    Args:
        bits: from 53 to 4096.

    Raises:
        ValueError: bits out of this range.
    """
    ball_bits(bits, "bits")
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def exact(number: Any) -> Ball:
    """Return a ball around a float, an integer, a fraction or a ball; floats have radius zero."""
    if isinstance(number, arb):
        return number
    if isinstance(number, Fraction):
        return arb(fmpq(number.numerator, number.denominator))
    return arb(number)


@checked_arguments(weights=exact_array, radius=exact_number, bits=ball_bits)
def box(weights: Any, radius: float | Fraction = 0, *, bits: int = DEFAULT_BITS) -> Balls:
    """Return the box of all matrices whose entries are within `radius` of those given.

    Args:
        weights: (neurons, d), floats or fractions.
        radius: half-width of the box, 0 or more.
        bits: precision of the midpoints; floats are exact at any precision.

    Returns:
        Rows of balls.

    Raises:
        ValueError: a negative radius, or bits not from 53 to 4096.
    """
    if not radius >= 0:
        raise ValueError(f"radius = {radius}; the half-width of a box must be 0 or more")
    with precision(bits):
        spread = arb(0, exact(radius))
        return [[exact(entry) + spread for entry in row] for row in weights]


def root(square: Ball) -> Ball:
    """Return the square root of a quantity known to be >= 0, whatever its ball says.

    The ball of a sum of squares over a box that holds the zero vector reaches below zero, where
    Arb gives no root at all, and next to zero its bound of the slope is poor: there, the roots of
    the two ends enclose the root.
    """
    if square > 0 and square.rel_accuracy_bits() >= _ACCURATE_BITS:
        return square.sqrt()
    low = square.lower()
    upper = square.nonnegative_part().upper().sqrt()
    return (low.sqrt() if low > 0 else arb(0)).union(upper)


def norm(vector: Sequence[Ball]) -> Ball:
    """Return the length of a vector of balls; above zero unless the box does hold zero."""
    square = dot(vector, vector)
    if not (square > 0 and square.rel_accuracy_bits() >= _ACCURATE_BITS):
        # A product of balls is symmetric about its midpoint, and loses sight of zero too early.
        nearest, farthest = ([x.abs_lower() for x in vector], [x.abs_upper() for x in vector])
        square = dot(nearest, nearest).union(dot(farthest, farthest))
    return root(square)


def total(terms: Any) -> Ball:
    """Return the sum of balls, zero for none."""
    return sum(terms, start=arb(0))


def dot(first: Sequence[Ball], second: Sequence[Ball]) -> Ball:
    """Return the inner product of two vectors of balls."""
    return total(x * y for x, y in zip(first, second, strict=True))
