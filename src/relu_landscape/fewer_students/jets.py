"""Functions of a few variables with their first and second derivatives, in any kind of numbers.

A jet is a value, a gradient and a Hessian at one point. Numbers are floats or balls of Arb: what
follows from a few lines of the loss, in place of its written-out second derivatives, is proved by
the same lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Real: TypeAlias = Any
"""A float or a ball."""


@dataclass(frozen=True)
class Jet:
    """value; gradient: (variables,); hessian: (variables, variables), symmetric."""

    value: Real
    gradient: NDArray[Any]
    hessian: NDArray[Any]

    def __add__(self, other: Jet) -> Jet:
        """The sum of two functions."""
        return Jet(
            self.value + other.value,
            self.gradient + other.gradient,
            self.hessian + other.hessian,
        )

    def __mul__(self, other: Jet) -> Jet:
        """The product of two functions."""
        across = self.gradient[:, None] * other.gradient[None, :]
        return Jet(
            self.value * other.value,
            self.gradient * other.value + other.gradient * self.value,
            self.hessian * other.value + other.hessian * self.value + across + across.T,
        )

    def times(self, factor: Real) -> Jet:
        """The function times a number."""
        return Jet(self.value * factor, self.gradient * factor, self.hessian * factor)


def constant(value: Real, variables: int) -> Jet:
    """Return a number as a function of so many variables."""
    kind = np.float64 if isinstance(value, float) else object
    return Jet(
        value,
        np.zeros(variables, dtype=kind),
        np.zeros((variables, variables), dtype=kind),
    )


def variables_at(point: Sequence[Real]) -> list[Jet]:
    """Return the coordinates as functions, at a point."""
    jets = []
    for place, value in enumerate(point):
        jet = constant(value, len(point))
        jet.gradient[place] = type(value)(1)
        jets.append(jet)
    return jets


def composed(
    value: Real, slopes: Sequence[Real], curvatures: Sequence[Sequence[Real]], inner: Sequence[Jet]
) -> Jet:
    """Return f(g_1, g_2, ...).

    Args:
        value: f at the values of the inner functions.
        slopes: its first derivatives there.
        curvatures: its second ones, symmetric.
        inner: g_1, g_2, ...
    """
    total = constant(value, len(inner[0].gradient))
    gradient, hessian = total.gradient, total.hessian
    for i, g in enumerate(inner):
        gradient = gradient + g.gradient * slopes[i]
        # sum_j f_ij dg_j, in which one outer product takes the place of many.
        turning = sum(
            (other.gradient * curvatures[i][j] for j, other in enumerate(inner)),
            start=np.zeros_like(gradient),
        )
        hessian = hessian + g.hessian * slopes[i] + g.gradient[:, None] * turning[None, :]
    return Jet(value, gradient, hessian)
