"""Representatives of the isotypic components of weight matrices, on refined parts.

Under G = S_p1 x ... x S_pr, permuting neurons and coordinates of each block together, the space of
weight matrices is a sum of irreducible representations. The rows of block a have on block b != a
R^a (x) R^b = (1 + s_a)(1 + s_b), on their own coordinate 1 + s_a, and on the others of their block
1 + 2 s_a + x_a + y_a; a further row has 1 + s_b on block b. The last blocks may be absent: they
have columns and no rows. Here s is the standard representation,
y and x those of the partitions (p-2, 1, 1) and (p-2, 2); for p = 2 and 3 some of them are missing.
The Hessian at a point that G fixes commutes with G. By Schur's lemma it acts on all copies of one
representation by a small matrix, found from one vector of each copy, the same one up to equivariant
maps: v = e_1 - e_2 for s. These vectors are constant on the parts if every block is refined to
coordinate 1, coordinate 2 and the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from relu_landscape.certificates.precision import exact
from relu_landscape.certificates.structured import Structured


@dataclass(frozen=True)
class Component:
    """An isotypic component: name, and one representative of each copy, orthogonal to each other.

    dimension: of the representation.
    """

    name: str
    dimension: int
    vectors: list[Structured]


@dataclass(frozen=True)
class RefinedBlocks:
    """Blocks cut into parts: blocks of 1 are left alone, others are cut into 1, 1 and the rest.

    extra: further neurons; absent: how many of the last blocks have no neurons; block_of_part: for
    each part; sizes: of the parts.
    """

    blocks: tuple[int, ...]
    extra: int
    absent: int
    block_of_part: tuple[int, ...]
    sizes: tuple[int, ...]

    def lift(self, W: Structured) -> Structured:
        """Return a matrix that is structured by blocks as one structured by parts."""
        own = [W.own[block] for block in self._block_of_own]
        rest = [[W.rest[row][block] for block in self.block_of_part] for row in self.block_of_row]
        return Structured(own, rest)

    @property
    def present(self) -> int:
        """Number of blocks that have neurons, the first ones."""
        return len(self.blocks) - self.absent

    @property
    def row_sizes(self) -> tuple[int, ...]:
        """Number of neurons of each class by blocks."""
        return (*self.blocks[: self.present], *(1,) * self.extra)

    @property
    def block_of_row(self) -> tuple[int, ...]:
        """Class of rows by blocks, for each class of rows by parts."""
        return (*self._block_of_own, *range(self.present, self.present + self.extra))

    @property
    def _block_of_own(self) -> tuple[int, ...]:
        """Blocks of the parts that have neurons."""
        return tuple(block for block in self.block_of_part if block < self.present)

    def is_own(self, row: int, block: int) -> bool:
        """Whether neurons of a class by blocks have their own coordinates in a block."""
        return row == block < self.present

    def has_entry(self, row: int, block: int) -> bool:
        """Whether neurons of a class by blocks have (other) coordinates in a block."""
        return not self.is_own(row, block) or self.blocks[block] > 1

    def parts_of(self, block: int) -> list[int]:
        """Parts of a block; the first two are single coordinates if the block is larger than 1."""
        return [part for part, of in enumerate(self.block_of_part) if of == block]

    def rows_of(self, row: int) -> list[int]:
        """Classes of rows by parts, of one class by blocks."""
        return [fine for fine, of in enumerate(self.block_of_row) if of == row]


def unrefined(blocks: Sequence[int], extra: int, absent: int = 0) -> RefinedBlocks:
    """Leave every block whole."""
    return RefinedBlocks(tuple(blocks), extra, absent, tuple(range(len(blocks))), tuple(blocks))


def refine(blocks: Sequence[int], extra: int, absent: int = 0) -> RefinedBlocks:
    """Cut every block of more than one coordinate into coordinate 1, coordinate 2 and the rest."""
    block_of_part: list[int] = []
    sizes: list[int] = []
    for block, size in enumerate(blocks):
        parts = [1] if size == 1 else [part for part in (1, 1, size - 2) if part]
        block_of_part += [block] * len(parts)
        sizes += parts
    return RefinedBlocks(tuple(blocks), extra, absent, tuple(block_of_part), tuple(sizes))


def refine_around(
    blocks: Sequence[int], extra: int, row: int, absent: int = 0
) -> tuple[RefinedBlocks, int]:
    """Cut one neuron of a class from its block; return the parts and the neuron's own class."""
    whole = unrefined(blocks, extra, absent)
    block_of_part: list[int] = []
    sizes: list[int] = []
    for block, size in enumerate(blocks):
        parts = [1, size - 1] if whole.is_own(row, block) and size > 1 else [size]
        block_of_part += [block] * len(parts)
        sizes += parts
    refined = RefinedBlocks(tuple(blocks), extra, absent, tuple(block_of_part), tuple(sizes))
    return refined, refined.rows_of(row)[0]


def components(refined: RefinedBlocks) -> Iterator[Component]:
    """Yield all isotypic components, the trivial one first.

    Args:
        refined: as `refine` returns it.
    """
    blocks = refined.blocks
    moved = [block for block, size in enumerate(blocks) if size > 1]
    yield Component("t", 1, trivial_vectors(refined))
    for a in moved:
        p = blocks[a]
        yield Component(f"s_{a}", p - 1, _standard_vectors(refined, a))
        if p > 2 and a < refined.present:
            yield Component(f"y_{a}", (p - 1) * (p - 2) // 2, [_alternating_vector(refined, a)])
        if p > 3 and a < refined.present:
            yield Component(f"x_{a}", p * (p - 3) // 2, [_symmetric_vector(refined, a)])
    for position, a in enumerate(moved):
        for b in moved[position + 1 :]:
            dimension = (blocks[a] - 1) * (blocks[b] - 1)
            if a < refined.present:
                yield Component(f"s_{a}*s_{b}", dimension, _product_vectors(refined, a, b))


def trivial_vectors(refined: RefinedBlocks) -> list[Structured]:
    """Return the indicator of each entry that a structured matrix has, own coordinates first."""
    vectors = []
    for block in range(refined.present):
        builder = _Builder(refined)
        for part in refined.parts_of(block):
            builder.own[part] = Fraction(1)
        vectors.append(builder.build())
    for row in range(len(refined.row_sizes)):
        for block in range(len(refined.blocks)):
            if refined.has_entry(row, block):
                builder = _Builder(refined)
                for fine in refined.rows_of(row):
                    for part in refined.parts_of(block):
                        builder.rest[fine][part] = Fraction(1)
                vectors.append(builder.build())
    return vectors


class _Builder:
    """A structured matrix of fractions in the making; all zero at first."""

    def __init__(self, refined: RefinedBlocks) -> None:
        rows = refined.block_of_row
        self.own = [Fraction(0)] * (len(rows) - refined.extra)
        self.rest = [[Fraction(0)] * len(refined.sizes) for _ in rows]

    def build(self) -> Structured:
        """Return the matrix as it stands, a ball around each fraction."""
        own = [exact(x) for x in self.own]
        return Structured(own, [[exact(x) for x in row] for row in self.rest])


def _difference(refined: RefinedBlocks, block: int) -> dict[int, int]:
    """v = e_1 - e_2 on the parts of a block."""
    parts = refined.parts_of(block)
    return {part: (1, -1, 0)[place] for place, part in enumerate(parts)}


def _standard_vectors(refined: RefinedBlocks, a: int) -> list[Structured]:
    """diag(v); v 1^T +- 1 v^T off the diagonal; 1_b v^T and v 1_b^T; v in a further row.

    Of a block without neurons 1_b v^T and v alone.
    """
    v = _difference(refined, a)
    vectors = _square_vectors(refined, a) if a < refined.present else []
    for other in range(max(len(refined.row_sizes), len(refined.blocks))):
        if other < len(refined.row_sizes) and not refined.is_own(other, a):
            across = _Builder(refined)
            for row in refined.rows_of(other):
                for column, y in v.items():
                    across.rest[row][column] = Fraction(y)
            vectors.append(across.build())
        if other < len(refined.blocks) and other != a < refined.present:
            along = _Builder(refined)
            for row, x in v.items():
                for column in refined.parts_of(other):
                    along.rest[row][column] = Fraction(x)
            vectors.append(along.build())
    return vectors


def _square_vectors(refined: RefinedBlocks, a: int) -> list[Structured]:
    """Those in the rows and columns of a block."""
    v = _difference(refined, a)
    diagonal = _Builder(refined)
    for part, value in v.items():
        diagonal.own[part] = Fraction(value)
    vectors = [diagonal.build()]
    for sign in (1, -1):
        # For a block of two coordinates the sum vanishes off the diagonal: one copy less.
        if sign == -1 or refined.blocks[a] > 2:
            square = _Builder(refined)
            for row, x in v.items():
                for column, y in v.items():
                    square.rest[row][column] = Fraction(x + sign * y)
            vectors.append(square.build())
    return vectors


def _product_vectors(refined: RefinedBlocks, a: int, b: int) -> list[Structured]:
    """v_a v_b^T in the rows of a, and v_b v_a^T in the rows of b, if it has any."""
    vectors = []
    for rows, columns in ((a, b), (b, a)):
        if rows >= refined.present:
            continue
        builder = _Builder(refined)
        for row, x in _difference(refined, rows).items():
            for column, y in _difference(refined, columns).items():
                builder.rest[row][column] = Fraction(x * y)
        vectors.append(builder.build())
    return vectors


def _alternating_vector(refined: RefinedBlocks, a: int) -> Structured:
    """The antisymmetric matrix with zero row sums that the swap of coordinates 1 and 2 negates."""
    first, second, others = refined.parts_of(a)
    share = Fraction(1, refined.blocks[a] - 2)
    builder = _Builder(refined)
    entries = {(first, second): Fraction(1), (first, others): -share, (second, others): share}
    for (row, column), value in entries.items():
        builder.rest[row][column] = value
        builder.rest[column][row] = -value
    return builder.build()


def _symmetric_vector(refined: RefinedBlocks, a: int) -> Structured:
    """The symmetric matrix with zero diagonal and row sums that permutations of the rest fix."""
    first, second, others = refined.parts_of(a)
    share = Fraction(1, refined.blocks[a] - 2)
    builder = _Builder(refined)
    builder.rest[first][second] = builder.rest[second][first] = Fraction(1)
    for single in (first, second):
        builder.rest[single][others] = builder.rest[others][single] = -share
    builder.rest[others][others] = 2 * share / (refined.blocks[a] - 3)
    return builder.build()
