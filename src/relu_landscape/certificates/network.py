"""The population loss and its derivatives over a box of students, in balls.

    F(W) = 1/2 E (sum_i c_i relu(w_i . x) - sum_j relu(v_j . x))^2,  x ~ N(0, I_d)

with outputs c_i of 1 or -1. Every quantity is a ball, or a matrix of balls, that contains the true
values for every W in the box (and every V in theirs). Formulas as in `objective.population`,
written again: this room shares no arithmetic with the code whose results it proves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import arb, arb_mat

from relu_landscape.arguments import instance_of, several, whole_number
from relu_landscape.certificates.pairs import (
    Neuron,
    Pair,
    is_safe_divisor,
    neuron,
    pair,
    square_over_norm,
)
from relu_landscape.certificates.precision import Ball, Balls, ball_bits, dot, precision, total


@dataclass(frozen=True)
class BallNetwork:
    """Students and teachers over a box, and what the loss is there.

    Args:
        W: students, n rows of d balls.
        V: teachers, k rows of d balls.
        bits: precision of every method, from 53 to 4096.
        outputs: c, n numbers 1 or -1; none: all are 1.

    Every method raises ZeroNeuronError if the box holds a zero neuron.
    """

    W: Balls
    V: Balls
    bits: int
    outputs: Sequence[int] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "bits", ball_bits(self.bits, "bits"))
        rows_of_balls = several(several(instance_of(arb)))
        for name in ("W", "V"):
            object.__setattr__(self, name, rows_of_balls(getattr(self, name), name))
            if not getattr(self, name):
                raise ValueError(f"{name} has no rows; it must have a neuron or more, as of `box`")
        widths = {len(row) for row in (*self.W, *self.V)}
        if len(widths) != 1:
            raise ValueError(
                f"rows of W and V have {sorted(widths)} entries; all neurons need the same inputs"
            )

        signs = several(whole_number)(self.outputs, "outputs") or (1,) * len(self.W)
        if len(signs) != len(self.W) or not set(signs) <= {1, -1}:
            raise ValueError(
                f"outputs is {signs}; it must have {len(self.W)} entries, 1 or -1, one a row of W"
            )
        object.__setattr__(self, "outputs", signs)

    @property
    def own_curvature(self) -> Ball:
        """What the square of a neuron's own activation adds to H_ii, a multiple of I: 1/2."""
        return arb(1) / 2

    @property
    def inputs(self) -> int:
        """The dimension d of the inputs."""
        return len(self.W[0])

    def norms(self) -> list[Ball]:
        """Return the lengths |w_i|, n balls."""
        with precision(self.bits):
            return [student.norm for student in self._students]

    def teacher_norms(self) -> list[Ball]:
        """Return the lengths |v_j|, k balls."""
        with precision(self.bits):
            return [teacher.norm for teacher in self._teachers]

    def loss(self) -> Ball:
        """Return F = 1/2 sum c_i c_j f(w_i, w_j) - sum c_i f(w_i, v_j) + 1/2 sum f(v_i, v_j).

        Source: S21, eq. (64); f(w, w) = |w|^2/2.
        """
        with precision(self.bits):
            own = total(x.norm**2 for x in (*self._students, *self._teachers)) / 4
            c = self.outputs
            students = total(c[i] * c[j] * p.loss() for i, j, p in self._student_pairs)
            mixed = total(
                sign * p.loss() for sign, row in zip(c, self._teacher_pairs, strict=True)
                for p in row
            )  # fmt: skip
            teachers = total(
                pair(first, second).loss()
                for i, first in enumerate(self._teachers)
                for second in self._teachers[:i]
            )
            return own + students - mixed + teachers

    def gradient(self) -> list[list[Ball]]:
        """Return dF/dw_i = w_i/2 + sum_{j != i} c_i c_j g(w_i, w_j) - sum_j c_i g(w_i, v_j).

        It has n rows of d.

        Source: S21, eqs. (10), (11).
        """
        with precision(self.bits):
            n = len(self.W)
            own = [[arb(0)] * n for _ in range(n)]
            along = [arb(0)] * n
            for i in range(n):
                own[i][i] = arb.pi()
            c = self.outputs
            for i, j, p in self._student_pairs:
                own[i][j] = own[j][i] = c[i] * c[j] * p.supplement
                along[i] += c[i] * c[j] * p.second.norm * p.sine
                along[j] += c[i] * c[j] * p.first.norm * p.sine
            others = [
                [c[i] * p.supplement for p in row] for i, row in enumerate(self._teacher_pairs)
            ]
            for i, row in enumerate(self._teacher_pairs):
                along[i] -= c[i] * total(p.second.norm * p.sine for p in row)
                # sin t |w_j| w_i/|w_i| is a multiple of w_i, so it joins the diagonal.
                own[i][i] += along[i] / self._students[i].norm
            sums = arb_mat(own) * _matrix(self._students) - arb_mat(others) * _matrix(
                self._teachers
            )
            rows: list[list[Ball]] = (sums * (1 / (2 * arb.pi()))).tolist()
            return rows

    def hessian_blocks(self) -> Iterator[tuple[int, int, Any]]:
        """Yield i, j and the (d, d) block H_ij of the Hessian, for i <= j.

        H_ii = I/2 + H'_ii as in `inner_hessian`,  H_ij = c_i c_j h2(w_i, w_j).

        Source: S21, eq. (5) and Theorem 17.
        """
        half = arb(1) / 2
        for i in range(len(self.W)):
            block = self.inner_hessian(i)
            with precision(self.bits):
                for a in range(self.inputs):
                    block[a, a] += half
            yield i, i, block
        for i, j, p in self._student_pairs:
            with precision(self.bits):
                block = p.mixed_hessian() * (self.outputs[i] * self.outputs[j])
            yield i, j, block

    def hessian(self) -> Any:
        """Return the Hessian, (n d, n d) as an `arb_mat`, neuron by neuron."""
        n, d = len(self.W), self.inputs
        rows = [[arb(0)] * (n * d) for _ in range(n * d)]
        for i, j, block in self.hessian_blocks():
            for a, entries in enumerate(block.tolist()):
                rows[i * d + a][j * d : (j + 1) * d] = entries
            # Blocks are symmetric, so the one below the diagonal is the same.
            for a, entries in enumerate(block.tolist()):
                rows[j * d + a][i * d : (i + 1) * d] = entries
        return arb_mat(rows)

    def inner_hessian(self, i: int) -> Any:
        """Return H'_ii = sum_{j != i} c_i c_j h1(w_i, w_j) - sum_j c_i h1(w_i, v_j), (d, d).

        Args:
            i: neuron, 0 <= i < n.

        Source: S21, Theorem 16.
        """
        with precision(self.bits):
            d = self.inputs
            c = self.outputs
            signed = [(c[i] * c[j], self._pair_from(i, j)) for j in range(len(self.W)) if j != i]
            signed += [(-c[i], p) for p in self._teacher_pairs[i]]
            isotropic = total(sign * p.second.norm * p.sine for sign, p in signed)
            regular = [(sign, p) for sign, p in signed if is_safe_divisor(p.sine)]
            block = arb_mat(d, d)
            # Most pairs together are one product of matrices, which is what Arb is fast at.
            if regular:
                normals = arb_mat([list(p.normal) for _, p in regular])
                weights = [sign * p.second.norm / p.sine for sign, p in regular]
                weighted = arb_mat(
                    [[c * x for x in p.normal] for c, (_, p) in zip(weights, regular, strict=True)]
                )
                block = normals.transpose() * weighted
            for sign, p in signed:
                if not is_safe_divisor(p.sine):
                    block += square_over_norm(p.normal, p.sine) * (sign * p.second.norm)
            unit = self._students[i].unit
            column, row = arb_mat(d, 1, unit), arb_mat(1, d, unit)
            block -= column * row * isotropic
            for a in range(d):
                block[a, a] += isotropic
            return block * (1 / (2 * arb.pi() * self._students[i].norm))

    def orthogonal_hessian(self) -> Any:
        """Return M, (n, n): the Hessian in each direction orthogonal to all neurons and teachers.

        M_ii = 1/2 + c_i (sum_{j != i} c_j |w_j| sin t_ij - sum_j |v_j| sin t_i,vj)/(2 pi |w_i|),
        M_ij = c_i c_j (pi - t_ij)/(2 pi).

        With d' > d inputs, W and V padded with zeros, the Hessian is that of d inputs and
        I_{d' - d} (x) M, since h1 and h2 are multiples of the identity off the plane of a pair.

        Source: S21, Theorem 17.
        """
        with precision(self.bits):
            n, two_pi = len(self.W), 2 * arb.pi()
            entries = [[arb(0)] * n for _ in range(n)]
            turning = [arb(0)] * n
            c = self.outputs
            for i, j, p in self._student_pairs:
                entries[i][j] = entries[j][i] = c[i] * c[j] * p.supplement / two_pi
                turning[i] += c[i] * c[j] * p.second.norm * p.sine
                turning[j] += c[i] * c[j] * p.first.norm * p.sine
            for i, row in enumerate(self._teacher_pairs):
                turning[i] -= c[i] * total(p.second.norm * p.sine for p in row)
                entries[i][i] = arb(1) / 2 + turning[i] / (two_pi * self._students[i].norm)
            return arb_mat(entries)

    def added_neuron_slope(self, z: Sequence[Ball], output: int = 1) -> Ball:
        """Return the derivative of F(W, s z) at s = 0+, a further neuron growing along z.

            c (sum_j c_j f(w_j, z) - sum_j f(v_j, z)),   since f is homogeneous in z.

        Args:
            z: (d,) balls, not zero.
            output: c, that of the further neuron, 1 or -1.
        """
        with precision(self.bits):
            added = neuron(z, "the added neuron")
            students = total(
                sign * pair(x, added).loss()
                for sign, x in zip(self.outputs, self._students, strict=True)
            )
            return output * (students - total(pair(x, added).loss() for x in self._teachers))

    def hessian_form(self, U: Balls) -> Ball:
        """Return sum_ij u_i^T H_ij u_j for a displacement U, n rows of d balls."""
        with precision(self.bits):
            form = arb(0)
            for i, j, block in self.hessian_blocks():
                across = (block * arb_mat(self.inputs, 1, list(U[j]))).entries()
                form += dot(U[i], across) * (1 if i == j else 2)
            return form

    @cached_property
    def _students(self) -> list[Neuron]:
        return [neuron(row, f"neuron {i} of W") for i, row in enumerate(self.W)]

    @cached_property
    def _teachers(self) -> list[Neuron]:
        return [neuron(row, f"neuron {j} of V") for j, row in enumerate(self.V)]

    @cached_property
    def _student_pairs(self) -> list[tuple[int, int, Pair]]:
        students = self._students
        return [
            (i, j, pair(students[i], students[j]))
            for i in range(len(students))
            for j in range(i + 1, len(students))
        ]

    @cached_property
    def _teacher_pairs(self) -> list[list[Pair]]:
        return [
            [pair(student, teacher) for teacher in self._teachers] for student in self._students
        ]

    @cached_property
    def _pair_of(self) -> dict[tuple[int, int], Pair]:
        return {(i, j): p for i, j, p in self._student_pairs}

    def _pair_from(self, i: int, j: int) -> Pair:
        """The pair with neuron i first: q and with it m change with the order."""
        return self._pair_of[i, j] if i < j else self._pair_of[j, i].reversed()


def _matrix(neurons: Sequence[Neuron]) -> Any:
    return arb_mat([list(x.weights) for x in neurons])
