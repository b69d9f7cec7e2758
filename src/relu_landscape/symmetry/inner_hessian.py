"""The inner Hessian of one neuron of a symmetric point, by the isotypic components of its row.

A_i = sum_{j != i} h1(w_i, w_j) - sum_j h1(w_i, v_j) commutes with the permutations that fix w_i: on
R^k they have the trivial component (own coordinate, rest of the own block, other blocks) and one
standard component for each set of coordinates on which w_i is constant. Splitting w_i into a w_i
and b w_i, a + b = 1, adds to the Hessian, exactly and with nothing mixed,

    Q_split = Q + delta^T A_i delta/(a b)   along (a s + delta, b s - delta),

so the split point is a strict saddle if A_i has a negative eigenvalue; for a = b = 1/2 the new
eigenvalues are twice those of A_i.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from relu_landscape.arguments import checked_arguments, extended_array, instance_of, whole_number
from relu_landscape.symmetry.arithmetic import FLOAT64, Arithmetic, Numbers, Real
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import (
    Eigenvalue,
    IsotypicBlock,
    eigenvalues_of_blocks,
    letter,
    orthonormal_restriction,
)
from relu_landscape.symmetry.reduced import ReducedLoss
from relu_landscape.symmetry.refinement import Refinement, refine_around_row


@dataclass(frozen=True)
class NeuronSplit:
    """What splitting one neuron of a class does.

    neuron_class: class of rows that the neuron belongs to; inner_spectrum: eigenvalues of A_i,
    ascending; 0 is always one of them (along w_i), up to rounding of the arithmetic.
    """

    neuron_class: int
    inner_spectrum: tuple[Eigenvalue, ...]

    @property
    def smallest(self) -> Eigenvalue:
        """The smallest eigenvalue of A_i."""
        return self.inner_spectrum[0]

    @property
    def eigenvalue_of_halves(self) -> float:
        """Smallest of the eigenvalues that a split into equal halves adds to the Hessian."""
        return 2 * self.smallest.value


@checked_arguments(
    space=instance_of(FixedPointSpace),
    parameters=extended_array,
    row=whole_number,
    arithmetic=instance_of(Arithmetic),
)
def split_neuron_class(
    space: FixedPointSpace, parameters: Numbers, row: int, arithmetic: Arithmetic = FLOAT64
) -> NeuronSplit:
    """Return the spectrum of the inner Hessian of a neuron of one class.

    Args:
        space: the fixed-point space of the point.
        parameters: (dimension,) the point.
        row: class of rows, 0 <= row < r + extra.
        arithmetic: numbers to calculate with.

    Returns:
        The eigenvalues of A_i with multiplicities that add up to k.

    Raises:
        ValueError: no such class.

    Source: S21, Theorem 16 and Lemma 28, with A_i for H'_ii; the decomposition is ours.
    """
    if not 0 <= row < len(space.row_sizes):
        raise ValueError(
            f"no class of neurons {row}; this point has classes 0 to {len(space.row_sizes) - 1}"
        )
    refined = refine_around_row(space.with_sizes_in(arithmetic), row)
    reduced = ReducedLoss(refined.fine, arithmetic)
    values = arithmetic.array(space.require_parameters(parameters))
    inner = reduced.inner_hessian(values[refined.lift], int(refined.rows_of(row)[0]))
    counts = arithmetic.array(list(refined.fine.blocks))
    blocks = [
        IsotypicBlock(
            irrep, float(dimension), orthonormal_restriction(inner, counts, vectors, arithmetic)
        )
        for irrep, dimension, vectors in _components_of_row(refined, row)
    ]
    return NeuronSplit(row, tuple(eigenvalues_of_blocks(blocks, arithmetic)))


def _components_of_row(refined: Refinement, row: int) -> Iterator[tuple[str, Real, list[Numbers]]]:
    """Name, dimension and representatives, (fine blocks,), of the components of R^k."""
    orbits = []
    for block, size in enumerate(refined.coarse.blocks):
        parts = refined.parts_of(block)
        if refined.coarse.is_own(row, block):
            orbits.append(("", 1, parts[:1]))
            if size != 1:
                orbits.append((f"s_{{{letter(block)}-1}}", size - 1, parts[1:]))
        else:
            orbits.append((f"s_{letter(block)}" if size != 1 else "", size, parts))
    number = refined.block_of_part.size
    yield "t", 1, [np.isin(np.arange(number), parts).astype(object) for _, _, parts in orbits]
    for name, size, parts in orbits:
        if size != 1:
            v = np.zeros(number, dtype=object)
            v[parts[0]], v[parts[1]] = 1, -1
            yield name, size - 1, [v]
