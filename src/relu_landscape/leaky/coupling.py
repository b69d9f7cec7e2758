"""Leaky networks as ReLU networks whose neurons are coupled through their sum.

For the activation max(z, s z) the loss is

    F_s = (1 - s)^2 F + (s/2) |sum_i w_i - sum_j v_j|^2 = (1 - s)^2 (F + (t/2) |...|^2),
    t = s/(1 - s)^2,

F being the loss of the ReLU. The coupling t is the same for s and 1/s. It is least, -1/4, for the
absolute value, s = -1, zero for the ReLU, and grows beyond bounds towards the identity, s = 1: so
-1 <= s < 1 are all leaky networks there are. In a fixed-point space the sum of a column is one
number a block, and linear in the parameters. Derived.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, TypeVar

import numpy as np

from relu_landscape.symmetry.arithmetic import Numbers, Real
from relu_landscape.symmetry.fixed_points import NO_PARAMETER
from relu_landscape.symmetry.reduced import ReducedLoss

LEAST_COUPLING: Final = -0.25
"""That of the absolute value."""

Slope = TypeVar("Slope", float, Fraction)


def coupling_of(slope: Slope) -> Slope:
    """Return t = s/(1 - s)^2, s other than 1."""
    return slope / (1 - slope) ** 2


def slope_of(coupling: float) -> float:
    """Return the slope s in [-1, 1) of a coupling t >= -1/4."""
    # The smaller root of t (1 - s)^2 = s, in the form that does not cancel.
    return 2.0 * coupling / (1.0 + 2.0 * coupling + math.sqrt(1.0 + 4.0 * coupling))


@dataclass(frozen=True)
class CoupledReducedLoss(ReducedLoss):
    """F + (t/2) |sum_i w_i - sum_j v_j|^2 on a fixed-point space, teacher V = I.

    Args:
        space, arithmetic: as of `ReducedLoss`.
        coupling: t, a number of the arithmetic or one that it converts.
    """

    coupling: Real = 0.0

    def loss(self, parameters: Numbers) -> Real:
        """Return the loss.

        Args:
            parameters: (dimension,).
        """
        excess = self._excess(parameters)
        return super().loss(parameters) + self._coupling / 2 * self.arithmetic.total(
            self._columns * excess * excess
        )

    def gradient(self, parameters: Numbers) -> Numbers:
        """Return the derivatives by the parameters, (dimension,).

        Args:
            parameters: (dimension,).
        """
        gradient: Numbers = super().gradient(parameters) + self._coupling * self.pull(parameters)
        return gradient

    def hessian(self, parameters: Numbers) -> Numbers:
        """Return the second derivatives, (dimension, dimension).

        Args:
            parameters: (dimension,).
        """
        hessian: Numbers = super().hessian(parameters) + self._coupling * self.quadratic
        return hessian

    @cached_property
    def quadratic(self) -> Numbers:
        """The derivative of the Hessian by t, (dimension, dimension)."""
        quadratic: Numbers = (self._counts.T * self._columns) @ self._counts
        return quadratic

    def pull(self, parameters: Numbers) -> Numbers:
        """Return the derivative of the gradient by t, (dimension,).

        Args:
            parameters: (dimension,).
        """
        pull: Numbers = self._counts.T @ (self._columns * self._excess(parameters))
        return pull

    def _excess(self, parameters: Numbers) -> Numbers:
        """What the columns of each block add up to beyond those of the teachers, (r,)."""
        excess: Numbers = self._counts @ self.arithmetic.array(parameters) - 1
        return excess

    @property
    def _coupling(self) -> Real:
        return self.arithmetic.number(self.coupling)

    @cached_property
    def _columns(self) -> Numbers:
        """Columns of each block, (r,)."""
        return self.arithmetic.array(list(self._exact.blocks))

    @cached_property
    def _counts(self) -> Numbers:
        """How often each parameter stands in one column of each block, (r, dimension)."""
        layout = self.space.layout
        counts = np.zeros((len(self.space.blocks), self.space.dimension), dtype=object)
        for row, size in enumerate(self._exact.row_sizes):
            if layout.own[row] != NO_PARAMETER:
                counts[row, layout.own[row]] = 1
            for column, parameter in enumerate(layout.rest[row]):
                if parameter != NO_PARAMETER:
                    counts[column, parameter] = size - (row == column)
        return self.arithmetic.array(counts)
