"""The loss on and next to the line of signed splits of a neuron."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.eigenspaces import softest_direction
from relu_landscape.families import symmetric_critical_point
from relu_landscape.minima.curvature import inner_hessian
from relu_landscape.minima.signed_splitting import signed_split
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.signed_outputs.inner_spectra import on_complement
from relu_landscape.signed_outputs.tables import SignedSlices, SplitCurvatures

ROWS: Final = (0, 1)
"""Blocks of II_1: its first neuron is one of the k - 1, its last the single one."""

SLICE_GAMMAS: Final = (1.05, 20.0)
SLICE_DELTA: Final = 0.2
"""How far the slice reaches: from next to gamma = 1, where a part is zero; a fifth of a neuron."""


def curvature_rows(k: int, gammas: Sequence[float]) -> Iterator[SplitCurvatures]:
    """Signed splits of both kinds of neurons of II_1, with the whole Hessian.

    Args:
        k: number of teachers.
        gammas: sizes of the part of output 1.
    """
    W, V = _point(k), np.eye(k)
    loss, hessian = population_loss(W, V), population_hessian(W, V)
    for row in ROWS:
        i = _neuron(row, k)
        inner = inner_hessian(W, V, i)
        across = float(-np.linalg.eigvalsh(on_complement(inner, W[i]))[-1])
        for gamma in gammas:
            split, outputs = signed_split(W, i, gamma)
            found = population_hessian(split, V, outputs=outputs)
            values = np.linalg.eigvalsh(found)
            zero = int(np.abs(values).argmin())
            yield SplitCurvatures(
                k=k,
                row=row,
                gamma=gamma,
                loss_change=population_loss(split, V, outputs=outputs) - loss,
                gradient_norm=float(np.linalg.norm(population_gradient(split, V, outputs=outputs))),
                smallest_eigenvalue=float(values[zero]),
                next_eigenvalue=float(np.delete(values, zero)[0]),
                form_error=_form_error(found, hessian, inner, i, gamma),
                curvature_across=across / (gamma * (gamma - 1.0)),
            )


def slice_rows(k: int, points: int) -> Iterator[SignedSlices]:
    """F where both parts of a signed split are displaced along the softest direction across.

    Args:
        k: number of teachers.
        points: of gamma, in equal ratios, and of the displacement.
    """
    W, V = _point(k), np.eye(k)
    loss = population_loss(W, V)
    gammas = np.geomspace(*SLICE_GAMMAS, points)
    for row in ROWS:
        i = _neuron(row, k)
        y = _softest_across(inner_hessian(W, V, i), W[i])
        for gamma in gammas.tolist():
            split, outputs = signed_split(W, i, gamma)
            for delta in np.linspace(-SLICE_DELTA, SLICE_DELTA, points).tolist():
                moved = split.copy()
                moved[i : i + 2] += delta * y
                excess = population_loss(moved, V, outputs=outputs) - loss
                yield SignedSlices(k=k, row=row, gamma=gamma, delta=delta, excess=excess)


def _point(k: int) -> NDArray[np.float64]:
    return symmetric_critical_point("II", k, m=1).weights()


def _neuron(row: int, k: int) -> int:
    return 0 if row == 0 else k - 1


def _softest_across(inner: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """The unit vector off w along which the inner Hessian is largest."""
    unit = w / np.linalg.norm(w)
    # An eigenvalue below all others takes w itself out of the search.
    return softest_direction(-inner + np.outer(unit, unit) * 10.0 * np.abs(inner).sum())


def _form_error(
    found: NDArray[np.float64],
    hessian: NDArray[np.float64],
    inner: NDArray[np.float64],
    i: int,
    gamma: float,
) -> float:
    """Largest entry of the difference between Q_split and Q - y^T H'_ii y/(gamma (gamma - 1)).

    Displacements: of neuron j of W by row j, the parts by gamma s_i + y and (gamma - 1) s_i + y.
    """
    d = len(inner)
    n = len(hessian) // d
    turn = np.zeros((n + 1, n + 1))
    for j in range(n):
        turn[j + (j > i), j] = 1.0
    turn[i, i], turn[i + 1, i] = gamma, gamma - 1.0
    turn[i, n] = turn[i + 1, n] = 1.0
    along = np.kron(turn, np.eye(d))
    expected: NDArray[Any] = np.zeros_like(found)
    expected[: n * d, : n * d] = hessian
    expected[n * d :, n * d :] = -inner / (gamma * (gamma - 1.0))
    return float(np.abs(along.T @ found @ along - expected).max())
