"""Fixed-point spaces: the weights that a group of diagonal permutations leaves alone.

The coordinates, and with them the first k neurons, are dealt to blocks of sizes p_1, ..., p_r that
add up to k. The group Delta(S_p1 x ... x S_pr) permutes coordinates and neurons of each block
together, and leaves `extra` further neurons in their place. A weight matrix that it fixes has, in
the rows of a block, one value on the own coordinate and one value on the (other) coordinates of
each block; an extra row has one value on the coordinates of each block. With fewer neurons than
coordinates the last blocks have coordinates and no neurons: their rows are absent.

Sizes are real numbers: entries of the matrix become parameters, and numbers of entries become
weights in sums, in which nothing has to be an integer. Only `embed` and `project` need integers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import extended_number, real_array, several, whole_number
from relu_landscape.symmetry.arithmetic import Arithmetic, Numbers, Real

NO_PARAMETER = -1


@dataclass(frozen=True)
class Layout:
    """Which parameter stands where, NO_PARAMETER where there is no such entry.

    own: (rows,) parameter of the own coordinate of each class of rows; rest: (rows, r) parameter on
    the coordinates of each block, the own coordinate left out.
    """

    own: NDArray[np.int64]
    rest: NDArray[np.int64]


@dataclass(frozen=True)
class FixedPointSpace:
    """Fix(Delta(S_p1 x ... x S_pr)) in M(n, k), k = p_1 + ... + p_r.

    n = k + extra, less the sizes of the blocks whose rows are absent. Over-parameterised points
    with q single columns are `(k - q, 1, ..., 1)` with `extra` neurons: a block of size 1 is a
    coordinate and a neuron that nothing moves.

    Args:
        blocks: sizes p, real numbers above 0; a size below 1 makes sense only as a part of a block.
        extra: neurons of no block, each fixed by the whole group.
        absent: how many of the last blocks have no neurons.

    Raises:
        ValueError: no block, a size that is not positive, a negative number of neurons or of absent
            rows, or no neuron at all.

    Source: AF20, AF21 for isotropy subgroups of the diagonal S_k; the parameters are elementary.
    """

    blocks: tuple[Real, ...]
    extra: int = 0
    absent: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", several(extended_number)(self.blocks, "blocks"))
        object.__setattr__(self, "extra", whole_number(self.extra, "extra"))
        object.__setattr__(self, "absent", whole_number(self.absent, "absent"))
        if not self.blocks or not all(size > 0 for size in self.blocks):
            raise ValueError(
                f"blocks = {tuple(map(float, self.blocks))}; needs one size or more, each above 0: "
                "k is too small for these blocks"
            )
        if self.extra < 0:
            raise ValueError(f"extra = {self.extra}; the number of further neurons must be >= 0")
        if not 0 <= self.absent <= len(self.blocks) - (self.extra == 0):
            raise ValueError(
                f"absent = {self.absent} with {len(self.blocks)} blocks and {self.extra} further "
                "neurons; the number of blocks without neurons must be >= 0 and leave a neuron"
            )

    @property
    def k(self) -> Real:
        """Number of teachers and coordinates, the sum of the blocks."""
        return sum(self.blocks)

    @property
    def present(self) -> int:
        """Number of blocks that have neurons, the first ones."""
        return len(self.blocks) - self.absent

    @property
    def isotropy(self) -> str:
        """Name of the isotropy subgroup, "Delta(S_7 x S_1)"."""
        return f"Delta({' x '.join(f'S_{float(size):.12g}' for size in self.blocks)})"

    @property
    def row_sizes(self) -> tuple[Real, ...]:
        """Number of neurons of each class: one class a block, then one a further neuron."""
        return (*self.blocks[: self.present], *(1,) * self.extra)

    def is_own(self, row: int, block: int) -> bool:
        """Whether neurons of a class have their own coordinates in a block."""
        return row == block < self.present

    @cached_property
    def layout(self) -> Layout:
        """The parameters of each class of rows: own coordinate first, then block by block."""
        rows = len(self.row_sizes)
        own = np.full(rows, NO_PARAMETER)
        rest = np.full((rows, len(self.blocks)), NO_PARAMETER)
        count = 0
        for row in range(rows):
            if row < self.present:
                own[row] = count
                count += 1
            for column in range(len(self.blocks)):
                if not self.is_own(row, column) or self.blocks[column] != 1:
                    rest[row, column] = count
                    count += 1
        return Layout(own, rest)

    @property
    def dimension(self) -> int:
        """Number of parameters; with no row absent r^2 + #{p_i > 1}, and r a further neuron."""
        return int(self.layout.rest.max(initial=self.layout.own.max())) + 1

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """r0.diag, r0.c0, r0.c1, ...: class of rows, then own coordinate or block of columns."""
        names = [""] * self.dimension
        for row, columns in enumerate(self.layout.rest):
            if self.layout.own[row] != NO_PARAMETER:
                names[self.layout.own[row]] = f"r{row}.diag"
            for column, parameter in enumerate(columns):
                if parameter != NO_PARAMETER:
                    names[parameter] = f"r{row}.c{column}"
        return tuple(names)

    @property
    def entry_counts(self) -> tuple[Real, ...]:
        """Number of entries of W that each parameter fills: its squared length as a direction."""
        counts: list[Real] = [0] * self.dimension
        for row, size in enumerate(self.row_sizes):
            if self.layout.own[row] != NO_PARAMETER:
                counts[self.layout.own[row]] = size
            for column, parameter in enumerate(self.layout.rest[row]):
                if parameter != NO_PARAMETER:
                    counts[parameter] = size * (self.blocks[column] - self.is_own(row, column))
        return tuple(counts)

    def with_sizes_in(self, arithmetic: Arithmetic) -> FixedPointSpace:
        """Return the space with its block sizes as numbers of this arithmetic."""
        return replace(self, blocks=tuple(map(arithmetic.number, self.blocks)))

    def vector(self, own: Any, rest: Any) -> Numbers:
        """Parameters of a matrix given class by class.

        Args:
            own: (rows,) values on own coordinates; only those of classes of blocks are read.
            rest: (rows, r) values on blocks of coordinates.
        """
        own, rest = np.asarray(own), np.asarray(rest)
        parameters = np.empty(self.dimension, dtype=np.result_type(own, rest))
        for values, places in ((own, self.layout.own), (rest, self.layout.rest)):
            present = places != NO_PARAMETER
            parameters[places[present]] = values[present]
        return parameters

    def embed(self, parameters: ArrayLike) -> NDArray[np.float64]:
        """Return the weights of these parameters, blocks in order, further neurons last.

        Args:
            parameters: (dimension,).

        Returns:
            W, (n, k).

        Raises:
            ValueError: a block is not an integer, or a wrong number of parameters.
        """
        places = self.entry_places()
        return self.require_parameters(real_array(parameters, "parameters"))[places]

    def project(self, W: ArrayLike) -> NDArray[np.float64]:
        """Return the parameters of the point of this space that is nearest to W.

        Args:
            W: (n, k), neurons and coordinates in the order of the blocks.

        Returns:
            The mean of W over the entries of each parameter, (dimension,).

        Raises:
            ValueError: a block is not an integer, or W has another shape.
        """
        places, weights = self.entry_places(), real_array(W, "W")
        if weights.shape != places.shape:
            raise ValueError(f"W has shape {weights.shape}; this space has {places.shape}")
        sums = np.bincount(places.ravel(), weights=weights.ravel(), minlength=self.dimension)
        return sums / np.bincount(places.ravel(), minlength=self.dimension)

    def entry_places(self) -> NDArray[np.int64]:
        """Return the parameter of each entry of W, (n, k).

        Raises:
            ValueError: a block is not an integer.
        """
        sizes = [round(float(size)) for size in self.blocks]
        if any(size != given for size, given in zip(sizes, self.blocks, strict=True)):
            raise ValueError(
                f"blocks = {tuple(map(float, self.blocks))}; only integer blocks have a weight "
                "matrix, for real k work with the parameters"
            )
        columns = np.repeat(np.arange(len(sizes)), sizes)
        of_blocks = columns[columns < self.present]
        rows = np.concatenate([of_blocks, self.present + np.arange(self.extra)])
        places = self.layout.rest[np.ix_(rows, columns)]
        own = np.arange(of_blocks.size)
        places[own, own] = self.layout.own[of_blocks]
        return np.asarray(places)

    def require_parameters(self, values: Numbers) -> Numbers:
        """Return parameters of this space, (dimension,).

        Raises:
            ValueError: a wrong number of them.
        """
        if values.shape != (self.dimension,):
            raise ValueError(
                f"parameters have shape {values.shape}; this space has ({self.dimension},): "
                f"{', '.join(self.parameter_names)}"
            )
        return values
