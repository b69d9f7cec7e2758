"""Finer fixed-point spaces, in which vectors of the other isotypic components live.

A subgroup H of G fixes more weights than G does. If H leaves two coordinates of a block alone, then
each copy of an irreducible representation that this room needs has one vector (up to a scale) that
is antisymmetric or symmetric in them and fixed by H. The Hessian commutes with G, so it maps such
vectors to such vectors of the same kind: its block for a representation is the restriction of the
reduced Hessian on Fix(H) to them. That is how cost comes to be independent of k.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from relu_landscape.symmetry.arithmetic import Numbers, Real
from relu_landscape.symmetry.fixed_points import FixedPointSpace


@dataclass(frozen=True)
class Refinement:
    """A fixed-point space and a finer one whose blocks are parts of its blocks.

    Args:
        coarse: the space.
        parts: for each of its blocks the sizes of the parts it falls into, in order.
    """

    coarse: FixedPointSpace
    parts: tuple[tuple[Real, ...], ...]

    @cached_property
    def fine(self) -> FixedPointSpace:
        """The finer space."""
        sizes = tuple(size for parts in self.parts for size in parts)
        absent = sum(len(parts) for parts in self.parts[self.coarse.present :])
        return FixedPointSpace(sizes, self.coarse.extra, absent)

    @cached_property
    def block_of_part(self) -> NDArray[np.int64]:
        """Block that each part belongs to, (fine blocks,)."""
        return np.repeat(np.arange(len(self.parts)), [len(parts) for parts in self.parts])

    def parts_of(self, block: int) -> NDArray[np.int64]:
        """Fine blocks that make up a block, in order."""
        return np.flatnonzero(self.block_of_part == block)

    def rows_of(self, row: int) -> NDArray[np.int64]:
        """Fine classes of rows that make up a class of rows, in order."""
        if row < self.coarse.present:
            return self.parts_of(row)
        return np.array([row - self.coarse.present + self.fine.present])

    @cached_property
    def lift(self) -> NDArray[np.int64]:
        """Parameter of the coarse space behind each parameter of the fine one, (fine dimension,).

        `parameters[lift]` is the same weight matrix as a point of the finer space.
        """
        coarse, blocks = self.coarse.layout, self.block_of_part
        further = self.coarse.present + np.arange(self.coarse.extra)
        rows = np.concatenate([blocks[: self.fine.present], further])
        own, rest = coarse.own[rows], coarse.rest[np.ix_(rows, blocks)]
        return self.fine.vector(own, rest).astype(np.int64)

    def zero_rest(self) -> Numbers:
        """Return zeros in the shape of `rest` of the fine space, to be filled in."""
        return np.zeros((len(self.fine.row_sizes), self.block_of_part.size), dtype=object)


def distinguish_two(size: Real) -> tuple[Real, ...]:
    """Parts of a block with two coordinates singled out, as far as it has that many."""
    if size in (1, 2):
        return (1,) * int(size)
    return (1, 1, size - 2)


def refine_blocks(space: FixedPointSpace) -> Refinement:
    """Single out two coordinates of every block."""
    return Refinement(space, tuple(distinguish_two(size) for size in space.blocks))


def refine_around_row(space: FixedPointSpace, row: int) -> Refinement:
    """Single out one neuron of a class, and two further coordinates of every block.

    Args:
        space: the space.
        row: class of rows; its first neuron becomes a class of its own, `rows_of(row)[0]`.
    """
    return Refinement(
        space,
        tuple(
            (1, *distinguish_two(size - 1))
            if space.is_own(row, block) and size != 1
            else distinguish_two(size)
            for block, size in enumerate(space.blocks)
        ),
    )
