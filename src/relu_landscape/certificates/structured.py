"""Weights that a group of permutations leaves alone, and their loss in balls, at a cost free of k.

Coordinates, and with them the first k neurons, are dealt to parts of sizes p_1, ..., p_q; further
neurons stand alone, and the last parts may have no neurons. A structured matrix has, in the rows of
a part, one value on the own coordinate and one on the (other) coordinates of each part; a further
row has one value on each part. All neurons of a class have one output, 1 or -1. A pair of
neurons sees the coordinates in q + 2 slots: the own one of the first, that of the second, and the
rest of each part, in each of which both are constant. With the numbers of coordinates as weights of
inner products a pair is one of short vectors, and pairs of one kind are counted instead of summed.

The formulas are those of `pairs`, on weighted slots; teachers are e_1, ..., e_k.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import arb, arb_mat

from relu_landscape.certificates.pairs import supplement
from relu_landscape.certificates.precision import Ball, ZeroNeuronError, precision, root, total

Weights = Sequence[int]


@dataclass(frozen=True)
class Structured:
    """A structured matrix.

    own: value on the own coordinate, one for each part with neurons, the first ones; rest: as many
    rows, and extra ones, of q values on the (other) coordinates of each part. A value with no
    coordinate to stand on is ignored.
    """

    own: Sequence[Ball]
    rest: Sequence[Sequence[Ball]]

    def row(self, row: int, own_slot: bool, other: int | None) -> list[Ball]:
        """Values of a neuron of class `row` on the slots of a pair.

        Args:
            row: class of rows.
            own_slot: whether the first slot is that of the neuron itself, else the second.
            other: the part of the other neuron or teacher, None if it has no coordinate.
        """
        mine = self.own[row] if row < len(self.own) else arb(0)
        theirs = arb(0) if other is None else self.rest[row][other]
        first = [mine, theirs] if own_slot else [theirs, mine]
        return [*first, *self.rest[row]]


@dataclass(frozen=True)
class PairKind:
    """Pairs of neurons, or of a neuron and a teacher, that all look alike.

    count: number of ordered pairs; weights: coordinates in each slot; row: class of the first;
    other: class of the second neuron, None for teachers; column: part of the second, None if it has
    no coordinate or it is the own coordinate of the first; first, second: vectors on the slots.
    """

    count: int
    weights: Weights
    row: int
    other: int | None
    column: int | None
    first: Sequence[Ball]
    second: Sequence[Ball]

    def dot(self, x: Sequence[Ball], y: Sequence[Ball]) -> Ball:
        """Inner product on the slots."""
        return total(
            weight * a * b for weight, a, b in zip(self.weights, x, y, strict=True) if weight
        )

    @cached_property
    def first_norm(self) -> Ball:
        """|w|."""
        norm = root(self.dot(self.first, self.first))
        if not norm > 0:
            raise ZeroNeuronError(
                f"neurons of class {self.row} may be zero in the box, where F is not "
                "differentiable: take a smaller box"
            )
        return norm

    @cached_property
    def second_norm(self) -> Ball:
        """|v|."""
        return root(self.dot(self.second, self.second))

    @cached_property
    def _sum_and_difference(self) -> tuple[list[Ball], list[Ball]]:
        a = [x / self.first_norm for x in self.first]
        b = [x / self.second_norm for x in self.second]
        return (
            [x + y for x, y in zip(a, b, strict=True)],
            [x - y for x, y in zip(a, b, strict=True)],
        )

    @cached_property
    def sum_norm(self) -> Ball:
        """|s| = 2 cos(t/2)."""
        s, _ = self._sum_and_difference
        return root(self.dot(s, s))

    @cached_property
    def difference_norm(self) -> Ball:
        """|q| = 2 sin(t/2)."""
        _, q = self._sum_and_difference
        return root(self.dot(q, q))

    @cached_property
    def sine(self) -> Ball:
        """The sine of t."""
        return self.sum_norm * self.difference_norm / 2

    @cached_property
    def supplement(self) -> Ball:
        """pi - t."""
        return supplement(self.sum_norm, self.difference_norm)

    def loss(self) -> Ball:
        """f, of one pair."""
        cosine = (self.sum_norm - self.difference_norm) * (self.sum_norm + self.difference_norm) / 4
        shape = self.sine + self.supplement * cosine
        return self.first_norm * self.second_norm * shape / (2 * arb.pi())

    def slope(self, x: Sequence[Ball]) -> Ball:
        """g . x, of one pair."""
        along_first = self.second_norm * self.sine / self.first_norm * self.dot(self.first, x)
        return (along_first + self.supplement * self.dot(self.second, x)) / (2 * arb.pi())

    def first_forms(self, X: Any) -> Any:
        """x^T h1 y for all rows x, y of X, of one pair.

        h1 = |v|/(2 pi |w|) (sin t (I - a a^T) + m m^T/sin t), m = |q|^2/4 s - |s|^2/4 q.

        Args:
            X: (vectors, slots), an `arb_mat`.
        """
        weighted = X * self._weight_matrix
        along_sum, along_difference = (weighted * _column(x) for x in self._sum_and_difference)
        along = (along_sum + along_difference) / 2
        normal = (self.difference_norm**2 * along_sum - self.sum_norm**2 * along_difference) / 4
        isotropic = weighted * X.transpose() - along * along.transpose()
        bent = normal * normal.transpose()
        scale = self.second_norm / (2 * arb.pi() * self.first_norm)
        return isotropic * (scale * self.sine) + bent * (scale / self.sine)

    def mixed_forms(self, X: Any, Y: Any) -> Any:
        """x^T h2 y for the rows x of X and y of Y, of one pair.

        h2 = ((pi - t) I + |q|/2 s s^T/|s| - |s|/2 q q^T/|q|)/(2 pi).

        Args:
            X, Y: (vectors, slots), each an `arb_mat`.
        """
        ratio = self.difference_norm / self.sum_norm
        weighted = X * self._weight_matrix, Y * self._weight_matrix
        sums, differences = (
            (weighted[0] * _column(x)) * (weighted[1] * _column(x)).transpose()
            for x in self._sum_and_difference
        )
        turning = sums * ratio - differences / ratio
        return (weighted[0] * Y.transpose() * self.supplement + turning / 2) / (2 * arb.pi())

    @cached_property
    def _weight_matrix(self) -> Any:
        """The coordinates in each slot on the diagonal, so that X D Y^T holds inner products."""
        size = len(self.weights)
        return arb_mat(
            [[weight * (i == j) for j in range(size)] for i, weight in enumerate(self.weights)]
        )


@dataclass(frozen=True)
class StructuredNetwork:
    """Structured students with the teachers e_1, ..., e_k, and F and its derivatives there.

    Args:
        sizes: p_1, ..., p_q, their sum is k; extra: further neurons; W: the students, by its `own`
            also which parts have neurons; bits: precision of every method; outputs: 1 or -1 for
            each class of neurons, none: all are 1.
    """

    sizes: tuple[int, ...]
    extra: int
    W: Structured
    bits: int
    outputs: tuple[int, ...] = ()

    @property
    def present(self) -> int:
        """Number of parts that have neurons, the first ones."""
        return len(self.W.own)

    @property
    def row_sizes(self) -> tuple[int, ...]:
        """Number of neurons of each class."""
        return (*self.sizes[: self.present], *(1,) * self.extra)

    @property
    def signs(self) -> tuple[int, ...]:
        """The output of each class of neurons."""
        return self.outputs or (1,) * len(self.row_sizes)

    @property
    def own_curvature(self) -> Ball:
        """What the square of a neuron's own activation adds to H_ii, a multiple of I: 1/2."""
        return arb(1) / 2

    def norms(self) -> list[Ball]:
        """Return |w| for each class of neurons."""
        with precision(self.bits):
            found: dict[int, Ball] = {}
            for kind in self._teacher_pairs:
                found.setdefault(kind.row, kind.first_norm)
            return [found[row] for row in range(len(self.row_sizes))]

    def loss(self) -> Ball:
        """Return F."""
        k = sum(self.sizes)
        with precision(self.bits):
            own = total(p * x**2 for p, x in zip(self.row_sizes, self.norms(), strict=True)) / 4
            students, mixed = (
                total(sign * kind.count * kind.loss() for sign, kind in kinds)
                for kinds in (self._signed_students, self._signed_teachers)
            )
            # f(v_i, v_j) = 1/(2 pi), f(v, v) = 1/2.
            teachers = arb(k) / 4 + arb(k * (k - 1)) / (4 * arb.pi())
            return own + students / 2 + mixed + teachers

    def slope(self, U: Structured) -> Ball:
        """Return <grad F, U> for a structured displacement."""
        with precision(self.bits):
            value = self.inner(self.W, U) / 2
            for sign, kind in self._signed_pairs:
                value += sign * kind.count * kind.slope(U.row(kind.row, True, kind.column))
            return value

    def hessian_forms(self, vectors: Sequence[Structured]) -> list[list[Ball]]:
        """Return the matrix of U^T H U' for structured displacements."""
        with precision(self.bits):
            forms = arb_mat([[self.inner(x, y) / 2 for y in vectors] for x in vectors])
            for sign, kind in self._signed_pairs:
                first = arb_mat([x.row(kind.row, True, kind.column) for x in vectors])
                forms += kind.first_forms(first) * (sign * kind.count)
            for sign, kind in self._signed_students:
                assert kind.other is not None
                back = kind.row if kind.row < self.present else None
                first = arb_mat([x.row(kind.row, True, kind.column) for x in vectors])
                second = arb_mat([x.row(kind.other, False, back) for x in vectors])
                forms += kind.mixed_forms(first, second) * (sign * kind.count)
            rows: list[list[Ball]] = forms.tolist()
            return rows

    def inner_hessian_forms(self, row: int, vectors: Sequence[Sequence[Ball]]) -> list[list[Ball]]:
        """Return u^T H'_ii u' for the one neuron of a class, u constant on the parts.

        Args:
            row: a class of one neuron.
            vectors: values on the parts.
        """
        with precision(self.bits):
            forms = arb_mat(len(vectors), len(vectors))
            for sign, kind in self._signed_pairs:
                if kind.row == row:
                    on_slots = [self.values_on_slots(u, row, kind.column) for u in vectors]
                    forms += kind.first_forms(arb_mat(on_slots)) * (sign * kind.count)
            rows: list[list[Ball]] = forms.tolist()
            return rows

    def values_on_slots(self, u: Sequence[Ball], row: int, column: int | None) -> list[Ball]:
        """Values of a vector that is constant on the parts, on the slots of a pair."""
        own = u[row] if row < self.present else arb(0)
        return [own, arb(0) if column is None else u[column], *u]

    def added_neuron_slope(self, z: Sequence[Ball], output: int = 1) -> Ball:
        """Return the derivative of F at s = 0+ along a further neuron s z, z constant on the parts.

        Args:
            z: one value a part.
            output: that of the further neuron, 1 or -1.

        Source: as `BallNetwork.added_neuron_slope`.
        """
        with precision(self.bits):
            W = Structured(self.W.own, [*self.W.rest, list(z)])
            signs = (*self.signs, output)
            grown = StructuredNetwork(self.sizes, self.extra + 1, W, self.bits, signs)
            added = len(self.row_sizes)
            students, teachers = (
                total(sign * kind.count * kind.loss() for sign, kind in kinds if kind.row == added)
                for kinds in (grown._signed_students, grown._signed_teachers)
            )
            return students + teachers

    def orthogonal_entries(self) -> tuple[list[list[Ball]], list[Ball]]:
        """Return M_ij for different neurons of two classes, and M_ii for each class."""
        with precision(self.bits):
            rows = len(self.row_sizes)
            mixed = [[arb(0)] * rows for _ in range(rows)]
            turning = [arb(0)] * rows
            for sign, kind in self._signed_students:
                assert kind.other is not None
                mixed[kind.row][kind.other] = sign * kind.supplement / (2 * arb.pi())
            for sign, kind in self._signed_pairs:
                share = kind.count // self.row_sizes[kind.row]
                turning[kind.row] += sign * share * kind.second_norm * kind.sine
            norms = self.norms()
            own = [arb(1) / 2 + t / (2 * arb.pi() * x) for t, x in zip(turning, norms, strict=True)]
            return mixed, own

    def inner(self, X: Structured, Y: Structured) -> Ball:
        """Return the Frobenius inner product of two structured matrices."""
        value = arb(0)
        for row, size in enumerate(self.row_sizes):
            for column, width in enumerate(self.sizes):
                entries = size * (width - self.is_own(row, column))
                value += entries * X.rest[row][column] * Y.rest[row][column]
            if row < self.present:
                value += size * X.own[row] * Y.own[row]
        return value

    def slots(self, row: int, column: int | None, has_column: bool) -> Weights:
        """Coordinates in each slot of a pair."""
        own = int(row < self.present)
        rest = (
            p - self.is_own(row, c) - (has_column and c == column) for c, p in enumerate(self.sizes)
        )
        return [own, int(has_column), *rest]

    def is_own(self, row: int, column: int) -> bool:
        """Whether neurons of a class have their own coordinates in a part."""
        return row == column < self.present

    @cached_property
    def _signed_students(self) -> list[tuple[int, PairKind]]:
        """Pairs of students with c_i c_j."""
        c = self.signs
        return [
            (c[kind.row] * c[kind.other], kind)
            for kind in self._student_pairs
            if kind.other is not None
        ]

    @cached_property
    def _signed_teachers(self) -> list[tuple[int, PairKind]]:
        """Pairs of a student and a teacher with -c_i."""
        return [(-self.signs[kind.row], kind) for kind in self._teacher_pairs]

    @property
    def _signed_pairs(self) -> list[tuple[int, PairKind]]:
        return [*self._signed_students, *self._signed_teachers]

    @cached_property
    def _student_pairs(self) -> list[PairKind]:
        return list(self._collect_students())

    @cached_property
    def _teacher_pairs(self) -> list[PairKind]:
        return list(self._collect_teachers())

    def _collect_students(self) -> Iterator[PairKind]:
        for row, size in enumerate(self.row_sizes):
            for other, others in enumerate(self.row_sizes):
                count = size * (others - (row == other))
                if count:
                    column = other if other < self.present else None
                    yield PairKind(
                        count=count,
                        weights=self.slots(row, column, column is not None),
                        row=row,
                        other=other,
                        column=column,
                        first=self.W.row(row, True, column),
                        second=self.W.row(other, False, row if row < self.present else None),
                    )

    def _collect_teachers(self) -> Iterator[PairKind]:
        q = len(self.sizes)
        for row, size in enumerate(self.row_sizes):
            for column, width in enumerate(self.sizes):
                count = size * (width - self.is_own(row, column))
                if count:
                    yield PairKind(
                        count=count,
                        weights=self.slots(row, column, True),
                        row=row,
                        other=None,
                        column=column,
                        first=self.W.row(row, True, column),
                        second=[arb(0), arb(1), *[arb(0)] * q],
                    )
            if row < self.present:
                yield PairKind(
                    count=size,
                    weights=self.slots(row, None, False),
                    row=row,
                    other=None,
                    column=None,
                    first=self.W.row(row, True, None),
                    second=[arb(1), arb(0), *[arb(0)] * q],
                )


def _column(x: Sequence[Ball]) -> Any:
    return arb_mat(len(x), 1, list(x))
