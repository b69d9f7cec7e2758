"""The inner Hessian of a neuron off the neuron itself: its extreme eigenvalues, and where F falls.

H'_ii w_i = 0, so that what splits of neuron i do is decided on the complement of w_i.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from relu_landscape.certificates.components import refine
from relu_landscape.certificates.precision import Ball, exact, precision
from relu_landscape.certificates.rounding import float_balls
from relu_landscape.certificates.structured import Structured
from relu_landscape.certificates.symmetric_minimum import (
    SymmetricMinimumCertificate,
    structured_network,
)
from relu_landscape.certificates.symmetric_plateau import ClassInnerForm, class_inner_form
from relu_landscape.eigenspaces import softest_direction
from relu_landscape.minima.curvature import inner_hessian, mean_curvature


@dataclass(frozen=True)
class InnerSpectrum:
    """Extreme eigenvalues of H'_ii on the complement of w_i, and its eigenvalue off the span."""

    lowest: float
    highest: float
    off_span: float


def inner_spectrum(W: NDArray[np.float64], V: NDArray[np.float64], i: int) -> InnerSpectrum:
    """Return the spectrum of neuron i of students W (n, d), all outputs 1, teachers V (k, d)."""
    across = on_complement(inner_hessian(W, V, i), W[i])
    values = np.linalg.eigvalsh(across)
    # Off the span H'_ii is a multiple of the identity, and what it adds in the span has no trace.
    return InnerSpectrum(float(values[0]), float(values[-1]), mean_curvature(W, V, i))


def class_forms(minimum: SymmetricMinimumCertificate, W: Structured) -> list[ClassInnerForm]:
    """Return the inner Hessian of each class of neurons of a symmetric minimum.

    Args:
        minimum: the proof of it.
        W: the centre or the box of the proof.
    """
    refined = refine(minimum.blocks, minimum.extra, minimum.absent)
    with precision(minimum.bits):
        network = structured_network(
            refined, refined.lift(W), minimum.bits, minimum.outputs, minimum.slope
        )
        return [class_inner_form(refined, network, row) for row in range(len(minimum.outputs))]


def class_spectrum(form: ClassInnerForm) -> InnerSpectrum:
    """Return the spectrum of a class of neurons, from its form at the centre of a proof."""
    across = on_complement(_midpoints(form.matrix), _midpoints(form.unit)[0])
    values = np.linalg.eigvalsh(across)
    return InnerSpectrum(float(values[0]), float(values[-1]), float(form.off_span))


def rises_somewhere(matrix: arb_mat, bits: int) -> bool:
    """Say whether balls prove that a symmetric matrix has a positive eigenvalue.

    Args:
        matrix: (d, d) balls; that of an inner Hessian, for which signed splits then are saddles.
        bits: precision.
    """
    u = softest_direction(-_midpoints(matrix))
    with precision(bits):
        column = arb_mat(len(u), 1, [exact(float(x)) for x in u])
        form: Ball = (column.transpose() * matrix * column)[0, 0]
        return bool(form > 0)


def on_complement(matrix: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a symmetric matrix (d, d) on the complement of w (d,), (d-1, d-1)."""
    basis = np.linalg.qr(w[:, None], mode="complete")[0][:, 1:]
    across: NDArray[np.float64] = basis.T @ matrix @ basis
    return across


def _midpoints(matrix: Any) -> NDArray[np.float64]:
    return float_balls(matrix).midpoints
