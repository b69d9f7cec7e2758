"""The Hessian spectrum at a symmetric point, one isotypic component at a time.

Under G = Delta(S_p1 x ... x S_pr) the space M(k + extra, k) is a sum of irreducible
representations: the trivial one t, the standard one s_a of each block (dimension p_a - 1), the
products s_a*s_b, and y_a, x_a of the partitions (p_a - 2, 1, 1) and (p_a - 2, 2). The Hessian acts
on the copies of one representation by a small matrix, each of whose eigenvalues it has as many
times as the representation has dimensions. Copies, with e further neurons:

    t: dim Fix(G),   s_a: 2 r + 1 + e (one less if p_a = 2),   s_a*s_b: 2,   y_a: 1,   x_a: 1.

Where the rows of a block are absent so are the copies in them: with q blocks that have neurons, s_a
has r + q + 1 + e copies in one of these and q + e in one without, s_a*s_b one for each of a and b
that has neurons, and y_a, x_a occur in blocks with neurons alone.

The representatives, v = e_1 - e_2 on the block, are listed in `_standard_vectors` and below.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from relu_landscape.arguments import checked_arguments, extended_array, instance_of, several
from relu_landscape.symmetry.arithmetic import FLOAT64, Arithmetic, Numbers, Real
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.reduced import ReducedLoss
from relu_landscape.symmetry.refinement import Refinement, refine_blocks

BLOCK_LETTERS: Final = "pmqr"
"""Names of the blocks in names of representations: s_p is the standard one of the first block."""


@dataclass(frozen=True)
class Eigenvalue:
    """An eigenvalue, how often it occurs (real for real k), and its representation."""

    value: float
    multiplicity: float
    irrep: str


@dataclass(frozen=True)
class IsotypicBlock:
    """The Hessian on one isotypic component.

    irrep: name of the representation; dimension: its dimension, the multiplicity of the eigenvalues
    of the block; matrix: (copies, copies), in an orthonormal basis.
    """

    irrep: str
    dimension: float
    matrix: Numbers


@checked_arguments(
    space=instance_of(FixedPointSpace),
    parameters=extended_array,
    arithmetic=instance_of(Arithmetic),
)
def isotypic_blocks(
    space: FixedPointSpace, parameters: Numbers, arithmetic: Arithmetic = FLOAT64
) -> list[IsotypicBlock]:
    """Return the blocks of the Hessian of F at a point of a fixed-point space.

    Args:
        space: the space, at most 4 blocks larger than 1.
        parameters: (dimension,) the point; it need not be critical.
        arithmetic: numbers to calculate with; the matrices are in them.

    Returns:
        One block for each representation that occurs; its cost does not depend on k.

    Raises:
        ValueError: too many blocks.

    Source: representations of symmetric groups, as in AF21; the representatives are ours.
    """
    refined = refine_blocks(space.with_sizes_in(arithmetic))
    return blocks_of_reduced(refined, ReducedLoss(refined.fine, arithmetic), parameters)


def blocks_of_reduced(
    refined: Refinement, reduced: ReducedLoss, parameters: Numbers
) -> list[IsotypicBlock]:
    """Return the blocks of the Hessian of any loss that permutations leave alone.

    Args:
        refined: as `refine_blocks` makes it.
        reduced: the loss on the finer space.
        parameters: (dimension,) the point, in the coarser one.
    """
    arithmetic = reduced.arithmetic
    values = arithmetic.array(refined.coarse.require_parameters(parameters))
    hessian = reduced.hessian(values[refined.lift])
    counts = reduced.entry_counts
    return [
        IsotypicBlock(
            irrep, float(dimension), orthonormal_restriction(hessian, counts, vectors, arithmetic)
        )
        for irrep, dimension, vectors in _components(refined)
    ]


def isotypic_spectrum(
    space: FixedPointSpace, parameters: Numbers, arithmetic: Arithmetic = FLOAT64
) -> list[Eigenvalue]:
    """Return the distinct eigenvalues of the Hessian at a point of a fixed-point space, ascending.

    Args:
        space: the space, at most 4 blocks larger than 1.
        parameters: (dimension,) the point; it need not be critical.
        arithmetic: numbers to calculate with.

    Returns:
        Eigenvalues with multiplicities that add up to n k.

    Raises:
        ValueError: too many blocks.

    Source: as `isotypic_blocks`.
    """
    blocks = isotypic_blocks(space, parameters, arithmetic)
    return eigenvalues_of_blocks(blocks, arithmetic)


def eigenvalues_of_blocks(blocks: list[IsotypicBlock], arithmetic: Arithmetic) -> list[Eigenvalue]:
    """Return the eigenvalues of all blocks, ascending."""
    found = [
        Eigenvalue(float(value), block.dimension, block.irrep)
        for block in blocks
        for value in arithmetic.eigenvalues(block.matrix)
    ]
    return sorted(found, key=lambda eigenvalue: eigenvalue.value)


@checked_arguments(spectrum=several(instance_of(Eigenvalue)))
def morse_index(spectrum: Iterable[Eigenvalue]) -> float:
    """Number of negative eigenvalues with multiplicity; an integer if k is one."""
    return math.fsum(row.multiplicity for row in spectrum if row.value < 0)


def orthonormal_restriction(
    form: Numbers, counts: Numbers, vectors: list[Numbers], arithmetic: Arithmetic
) -> Numbers:
    """Return a quadratic form in the orthonormal basis along orthogonal vectors.

    Args:
        form: (dimension, dimension) in parameters.
        counts: (dimension,) number of entries of each parameter.
        vectors: parameters of the vectors.
        arithmetic: numbers to calculate with.

    Returns:
        Symmetric, one row a vector.
    """
    given = np.array(vectors)
    # Most entries are zero, and a product of mpmath numbers costs the same whatever they are.
    support = np.flatnonzero((given != 0).any(axis=0))
    basis = arithmetic.array(given[:, support])
    lengths = arithmetic.sqrt((basis * basis * counts[support]).sum(axis=1))
    unit = basis / lengths[:, None]
    restricted: Numbers = unit @ form[np.ix_(support, support)] @ unit.T
    return (restricted + restricted.T) / 2


def letter(block: int) -> str:
    """Name of a block in names of representations.

    Raises:
        ValueError: there is no such letter.
    """
    if block >= len(BLOCK_LETTERS):
        raise ValueError(
            f"block {block} is larger than 1; only the first {len(BLOCK_LETTERS)} blocks may be: "
            "put blocks of size 1 last"
        )
    return BLOCK_LETTERS[block]


def _components(refined: Refinement) -> Iterator[tuple[str, Real, list[Numbers]]]:
    """Name, dimension and representatives of each isotypic component."""
    blocks = refined.coarse.blocks
    moved = [block for block, size in enumerate(blocks) if size != 1]
    yield "t", 1, _trivial_vectors(refined)
    for block in moved:
        size, name = blocks[block], letter(block)
        yield f"s_{name}", size - 1, _standard_vectors(refined, block)
        if block >= refined.coarse.present:
            continue
        if size > 2:
            yield f"y_{name}", (size - 1) * (size - 2) / 2, [_alternating_vector(refined, block)]
        if size > 3:
            yield f"x_{name}", size * (size - 3) / 2, [_symmetric_vector(refined, block)]
    for position, a in enumerate(moved):
        for b in moved[position + 1 :]:
            if a < refined.coarse.present:
                dimension = (blocks[a] - 1) * (blocks[b] - 1)
                yield f"s_{letter(a)}*s_{letter(b)}", dimension, _product_vectors(refined, a, b)


def _trivial_vectors(refined: Refinement) -> list[Numbers]:
    return [
        (refined.lift == parameter).astype(object) for parameter in range(refined.coarse.dimension)
    ]


def _difference(refined: Refinement, block: int) -> Numbers:
    """The values of v = e_1 - e_2 of a block on the fine blocks."""
    first, second, *_ = refined.parts_of(block)
    v = np.zeros(refined.block_of_part.size, dtype=object)
    v[first], v[second] = 1, -1
    return v


def _standard_vectors(refined: Refinement, block: int) -> list[Numbers]:
    """diag(v); v 1^T + 1 v^T and v 1^T - 1 v^T off the diagonal; v 1_b^T; 1_b v^T; v in a row."""
    v, parts = _difference(refined, block), refined.parts_of(block)
    nothing = np.zeros(len(refined.fine.row_sizes), dtype=object)
    coarse, vectors = refined.coarse, []
    if block < coarse.present:
        own = nothing.copy()
        own[: refined.fine.present] = v[: refined.fine.present]
        vectors.append(refined.fine.vector(own, refined.zero_rest()))
        square = np.ix_(parts, parts)
        for sign in (1, -1):
            # For a block of two coordinates the sum is zero: one copy less.
            if sign == -1 or coarse.blocks[block] != 2:
                rest = refined.zero_rest()
                rest[square] = v[parts][:, None] + sign * v[parts][None, :]
                vectors.append(refined.fine.vector(nothing, rest))
        for other in range(len(coarse.blocks)):
            if other != block:
                rest = refined.zero_rest()
                rest[np.ix_(parts, refined.parts_of(other))] = v[parts][:, None]
                vectors.append(refined.fine.vector(nothing, rest))
    for row in range(len(coarse.row_sizes)):
        if not coarse.is_own(row, block):
            rest = refined.zero_rest()
            rest[np.ix_(refined.rows_of(row), parts)] = v[parts][None, :]
            vectors.append(refined.fine.vector(nothing, rest))
    return vectors


def _product_vectors(refined: Refinement, a: int, b: int) -> list[Numbers]:
    """v_a v_b^T in the rows of a, and v_b v_a^T in the rows of b, as far as they have rows."""
    nothing, present = np.zeros(len(refined.fine.row_sizes), dtype=object), refined.fine.present
    vectors = []
    for rows, columns in ((a, b), (b, a)):
        if rows < refined.coarse.present:
            rest = refined.zero_rest()
            product = np.outer(_difference(refined, rows), _difference(refined, columns))
            rest[:present] = product[:present]
            vectors.append(refined.fine.vector(nothing, rest))
    return vectors


def _alternating_vector(refined: Refinement, block: int) -> Numbers:
    """The antisymmetric matrix with zero row sums that the swap of coordinates 1, 2 negates."""
    first, second, others = refined.parts_of(block)
    share = _reciprocal(refined.coarse.blocks[block] - 2)
    rest = refined.zero_rest()
    for row, column, value in (
        (first, second, 1),
        (first, others, -share),
        (second, others, share),
    ):
        rest[row, column], rest[column, row] = value, -value
    return refined.fine.vector(np.zeros(len(rest), dtype=object), rest)


def _reciprocal(number: Real) -> Real:
    """One over a number, exactly if it is an int."""
    return Fraction(1, number) if isinstance(number, int) else 1 / number


def _symmetric_vector(refined: Refinement, block: int) -> Numbers:
    """The symmetric matrix with zero diagonal and row sums that permutations of the rest fix."""
    first, second, others = refined.parts_of(block)
    size = refined.coarse.blocks[block]
    share = _reciprocal(size - 2)
    rest = refined.zero_rest()
    rest[first, second] = rest[second, first] = 1
    rest[[first, second], others] = rest[others, [first, second]] = -share
    rest[others, others] = 2 * share / (size - 3)
    return refined.fine.vector(np.zeros(len(rest), dtype=object), rest)
