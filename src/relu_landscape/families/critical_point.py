"""Symmetric critical points by name, at any k."""

from __future__ import annotations

import math
from dataclasses import dataclass

from relu_landscape.arguments import checked_arguments, extended_number, whole_number
from relu_landscape.families.family import Family, checked_family, solve_family
from relu_landscape.symmetry.arithmetic import digits_for, extended, to_float64
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.inner_hessian import NeuronSplit, split_neuron_class
from relu_landscape.symmetry.isotypic import isotypic_spectrum
from relu_landscape.symmetry.reduced import ReducedLoss
from relu_landscape.symmetry.symmetric_point import SymmetricPoint


@dataclass(frozen=True, kw_only=True)
class SymmetricCriticalPoint(SymmetricPoint):
    """A critical point of a family, n = k + extra, with its complete spectrum.

    family, k, m, extra: its name, m = 0 for A.
    """

    family: Family
    k: float
    m: int
    extra: int

    def split(self, neuron_class: int) -> NeuronSplit:
        """Return what splitting one neuron of a class does: the spectrum of its inner Hessian.

        Args:
            neuron_class: class of rows: 0 for the first block, and so on, further neurons last.

        Raises:
            ValueError: no such class.
        """
        return split_neuron_class(
            self.space, self.extended_parameters, neuron_class, extended(digits_for(self.k))
        )


@checked_arguments(k=extended_number, extra=whole_number)
def symmetric_critical_point(
    family: str, k: float, *, m: int | None = None, extra: int = 0
) -> SymmetricCriticalPoint:
    """Return the critical point of a symmetric family for the teacher V = I_k, at any real k.

    Solved by Newton's method in the fixed-point space, from the first terms of its series in
    k^{-1/2} or by continuation in k, the last steps in extended precision; the spectrum comes from
    isotypic blocks, also in extended precision. The cost grows with the digits needed, not with k.

    Args:
        family: "A", "I" or "II", see `families.family`.
        k: number of teachers, m + 2 or any real number from m + 3 on; tested from m + 4 to 1e8. At
            k = m + 2 the paths meet points of larger isotropy: I_m a permutation matrix, II_m the
            point A of this k. In between, multiplicities would be negative.
        m: neurons in the second block, for families I and II.
        extra: 0, or the neurons beyond n = k with which it is known: 1 for A, m for I and II with
            m <= 3.

    Returns:
        The point, its loss and spectrum, rounded to float64 at the end.

    Raises:
        ValueError: no such family, or an m, k or number of neurons that it does not come with.
        SolveError: the family could not be followed to this k.

    Source: AF20 and AF22 study these families; the points are computed, not copied.
    """
    name, block = checked_family(family, m, extra)
    if not (block + 2 <= k < math.inf) or (k < block + 3 and k != int(k)):
        raise ValueError(
            f"k = {k} with m = {block}; needs m + 2, or any finite number from m + 3 "
            "on: two, or three and more, neurons in the first block"
        )
    arithmetic = extended(digits_for(k))
    space, solution = solve_family(name, block, extra, k, arithmetic)
    return SymmetricCriticalPoint(
        family=name,
        k=float(k),
        m=block,
        extra=extra,
        space=FixedPointSpace(tuple(map(float, space.blocks)), extra),
        parameters=to_float64(solution.parameters),
        loss=float(ReducedLoss(space, arithmetic).loss(solution.parameters)),
        spectrum=tuple(isotypic_spectrum(space, solution.parameters, arithmetic)),
        extended_parameters=solution.parameters,
    )
