"""Leaky networks in balls: from the loss F of the ReLU, exactly.

With max(z, s z) = (1 - s) relu(z) + s z in place of relu(z), and E relu(w . x) (v . x) = w . v/2,

    F_s(W) = (1 - s)^2 F(W) + (s/2) |r|^2,    r = sum_i c_i w_i - sum_j v_j,

so that all but a quadratic form is known from the networks of the ReLU.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from flint import arb, arb_mat

from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.precision import Ball, Balls, dot, precision, total
from relu_landscape.certificates.structured import Structured, StructuredNetwork

_SLOPES: Final = MappingProxyType({"relu": 0.0, "absolute_value": -1.0})


def checked_slope(kernel: Any) -> float:
    """Return the slope s of the activation for negative inputs, 0 for the ReLU.

    Args:
        kernel: its name, or what `leaky_relu` returns.

    Raises:
        ValueError: no activation, or one that the checker of certificates does not know.
    """
    named = isinstance(kernel, str)
    slope = _SLOPES.get(kernel) if named else getattr(kernel, "slope", None)
    if not isinstance(slope, float):
        raise ValueError(
            f"kernel is {kernel!r:.60}; it must be 'relu', 'absolute_value' or leaky_relu(slope), "
            "which the checker of certificates knows"
        )
    return slope


@dataclass(frozen=True)
class LeakyBallNetwork(BallNetwork):
    """F_s over a box of all weights.

    Args:
        leak: s, meant exactly.
    """

    leak: float = 0.0

    @property
    def own_curvature(self) -> Ball:
        """(1 + s^2)/2, that of E max(w . x, s w . x)^2/2."""
        with precision(self.bits):
            return (1 + self._slope**2) / 2

    def loss(self) -> Ball:
        """Return F_s."""
        with precision(self.bits):
            residual = self._residual()
            return self._share * super().loss() + self._slope * dot(residual, residual) / 2

    def gradient(self) -> list[list[Ball]]:
        """Return dF_s/dw_i = (1 - s)^2 dF/dw_i + s c_i r, n rows of d."""
        with precision(self.bits):
            residual = self._residual()
            return [
                [self._share * x + c * self._slope * y for x, y in zip(row, residual, strict=True)]
                for c, row in zip(self.outputs, super().gradient(), strict=True)
            ]

    def hessian_blocks(self) -> Iterator[tuple[int, int, Any]]:
        """Yield i, j and H_ij = c_i c_j ((1 - s)^2 h2 + s I), H_ii = (1 + s^2)/2 I + H'_ii."""
        for i, j, block in super().hessian_blocks():
            with precision(self.bits):
                if i == j:  # it holds H'_ii as it is below, and I/2
                    yield i, j, block + self._identity * (self._slope**2 / 2)
                else:
                    linear = self._identity * (self.outputs[i] * self.outputs[j] * self._slope)
                    yield i, j, block * self._share + linear

    def inner_hessian(self, i: int) -> Any:
        """Return (1 - s)^2 H'_ii, (d, d)."""
        inner = super().inner_hessian(i)
        with precision(self.bits):
            return inner * self._share

    def orthogonal_hessian(self) -> Any:
        """Return (1 - s)^2 M + s c c^T, (n, n)."""
        M = super().orthogonal_hessian()
        with precision(self.bits):
            return M * self._share + arb_mat([[a * b * self._slope for b in self.outputs]
                                              for a in self.outputs])  # fmt: skip

    def added_neuron_slope(self, z: Sequence[Ball], output: int = 1) -> Ball:
        """Return the slope for F times (1 - s)^2, and s c r . z for the output c."""
        slope = super().added_neuron_slope(z, output)
        with precision(self.bits):
            return self._share * slope + output * self._slope * dot(self._residual(), z)

    @property
    def _slope(self) -> Ball:
        return arb(self.leak)

    @property
    def _share(self) -> Ball:
        return (1 - self._slope) ** 2

    @property
    def _identity(self) -> Any:
        d = self.inputs
        return arb_mat([[int(a == b) for b in range(d)] for a in range(d)])

    def _residual(self) -> list[Ball]:
        """r, (d,)."""
        students, teachers = zip(*self.W, strict=True), zip(*self.V, strict=True)
        return [
            total(c * x for c, x in zip(self.outputs, w, strict=True)) - total(v)
            for w, v in zip(students, teachers, strict=True)
        ]


@dataclass(frozen=True)
class LeakyStructuredNetwork(StructuredNetwork):
    """F_s at structured students.

    Args:
        leak: s, meant exactly.
    """

    leak: float = 0.0

    @property
    def own_curvature(self) -> Ball:
        """(1 + s^2)/2, as of `LeakyBallNetwork`."""
        with precision(self.bits):
            return (1 + self._slope**2) / 2

    def loss(self) -> Ball:
        """Return F_s."""
        loss = super().loss()
        with precision(self.bits):
            residual = self._residual()
            return self._share * loss + self._slope * self._dot(residual, residual) / 2

    def slope(self, U: Structured) -> Ball:
        """Return <grad F_s, U> = (1 - s)^2 <grad F, U> + s r . sum_i c_i u_i."""
        slope = super().slope(U)
        with precision(self.bits):
            moved = self._dot(self._residual(), self._row_sum(U))
            return self._share * slope + self._slope * moved

    def hessian_forms(self, vectors: Sequence[Structured]) -> list[list[Ball]]:
        """Return the matrix of U^T H U', (1 - s)^2 times that of F and s (c U) . (c U')."""
        forms = super().hessian_forms(vectors)
        with precision(self.bits):
            sums = [self._row_sum(x) for x in vectors]
            return [
                [
                    self._share * x + self._slope * self._dot(a, b)
                    for x, b in zip(row, sums, strict=True)
                ]
                for row, a in zip(forms, sums, strict=True)
            ]

    def inner_hessian_forms(self, row: int, vectors: Sequence[Sequence[Ball]]) -> list[list[Ball]]:
        """Return (1 - s)^2 u^T H'_ii u'."""
        forms = super().inner_hessian_forms(row, vectors)
        with precision(self.bits):
            return [[self._share * x for x in entries] for entries in forms]

    def added_neuron_slope(self, z: Sequence[Ball], output: int = 1) -> Ball:
        """Return the slope for F times (1 - s)^2, and s c r . z for the output c."""
        slope = super().added_neuron_slope(z, output)
        with precision(self.bits):
            return self._share * slope + output * self._slope * self._dot(self._residual(), z)

    def orthogonal_entries(self) -> tuple[list[list[Ball]], list[Ball]]:
        """Return the entries of (1 - s)^2 M + s c c^T."""
        mixed, own = super().orthogonal_entries()
        with precision(self.bits):
            rows = [
                [
                    self._share * x + a * b * self._slope
                    for x, b in zip(row, self.signs, strict=True)
                ]
                for row, a in zip(mixed, self.signs, strict=True)
            ]
            return rows, [self._share * x + self._slope for x in own]

    @property
    def _slope(self) -> Ball:
        return arb(self.leak)

    @property
    def _share(self) -> Ball:
        return (1 - self._slope) ** 2

    def _row_sum(self, X: Structured) -> list[Ball]:
        """sum_i c_i x_i over the rows of X, one value a part."""
        sums = []
        for column in range(len(self.sizes)):
            own = self.signs[column] * X.own[column] if column < self.present else arb(0)
            sums.append(own + total(
                c * (size - self.is_own(row, column)) * X.rest[row][column]
                for row, (c, size) in enumerate(zip(self.signs, self.row_sizes, strict=True))
            ))  # fmt: skip
        return sums

    def _residual(self) -> list[Ball]:
        """r, one value a part."""
        return [x - 1 for x in self._row_sum(self.W)]

    def _dot(self, x: Sequence[Ball], y: Sequence[Ball]) -> Ball:
        """Inner product of vectors that are constant on the parts."""
        return total(size * a * b for size, a, b in zip(self.sizes, x, y, strict=True))


def ball_network(
    W: Balls, V: Balls, bits: int, outputs: Sequence[int], slope: float
) -> BallNetwork:
    """Return the network over a box whose activation has this slope for negative inputs."""
    if slope == 0:
        return BallNetwork(W, V, bits, outputs)
    return LeakyBallNetwork(W, V, bits, outputs, slope)
