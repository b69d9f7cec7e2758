"""Displacements at right angles to the neurons of a global minimum: Theorem 10, Remark 11.

W* has the rows w*_ij = a_ij v_i with shares a_ij > 0 that add up to one for each teacher, row
i m + j belonging to teacher i, and W = W* + G, every g_ij at right angles to v_i. With g_i the sum
over the neurons of teacher i, the form G^T H(W) G is to leading order a function of the g_i alone,
whatever the shares, and equals the bound where the matrix of the g_i is antisymmetric: there the
bound is tried hardest. Where the g_i add up to zero as well, it is the least that the bound can be
for their lengths.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.perturbations import curvature_bound
from relu_landscape.objective import population_curvature_along
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import OrthogonalDisplacements


class Displacement(StrEnum):
    """Which displacements, and of which global minimum."""

    EQUAL_SHARES = "equal_shares"  # of Theorem 10
    UNEQUAL_SHARES = "unequal_shares"  # of Remark 11
    EQUAL = "equal"  # equal shares, g_i1 = ... = g_im
    CANCELLING = "cancelling"  # equal shares, every g_i = 0


class Sums(StrEnum):
    """How the matrix of the g_i is drawn."""

    GAUSSIAN = "gaussian"
    ANTISYMMETRIC = "antisymmetric"
    BALANCED = "balanced"  # antisymmetric, and the g_i add up to zero
    ZERO = "zero"


def orthogonal_records(k: int, m: int, settings: OrthogonalDisplacements) -> list[dict[str, Any]]:
    """Return form and bound along random displacements, scaled down to each of the radii.

    Draw r depends on (seed, k, m, r) alone.

    Args:
        k: teachers and inputs.
        m: students of each teacher.
        settings: draws, radii as shares of the shortest neuron, and the seed.

    Source: S21, Theorem 10, Remark 11 and the examples between them.
    """
    teachers = np.eye(k)
    records = []
    for draw in range(settings.draws):
        for displacement, sums in _kinds(k, m):
            generator = indexed_generator(settings.seed, k, m, draw)
            shares = draw_shares(k, m, displacement, generator)
            W = shares[:, None] * np.repeat(teachers, m, axis=0)
            G = draw_displacement(k, m, displacement, sums, generator)
            G *= shares.min() / np.linalg.norm(G, axis=1).max()
            for radius in settings.scaled_radii:
                moved = radius * G
                records.append(
                    {
                        "k": k,
                        "m": m,
                        "displacement": displacement.value,
                        "sums": sums.value,
                        "draw": draw,
                        "scaled_radius": radius,
                        "largest_displacement": float(np.linalg.norm(moved, axis=1).max()),
                        "squared_norm": float(np.sum(moved**2)),
                        "form": population_curvature_along(W + moved, teachers, moved),
                        "bound": curvature_bound(moved, m),
                    }
                )
    return records


def draw_shares(
    k: int, m: int, displacement: Displacement, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return the shares a_ij, (m k,), between 1/(2 m) and 2/m where they are unequal."""
    drawn = 1.0 + generator.random((k, m))
    if displacement is not Displacement.UNEQUAL_SHARES:
        drawn = np.ones((k, m))
    shares: NDArray[np.float64] = (drawn / drawn.sum(axis=1, keepdims=True)).ravel()
    return shares


def draw_displacement(
    k: int, m: int, displacement: Displacement, sums: Sums, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return G, (m k, k), of no particular length, each row at right angles to its teacher."""
    matrix = generator.normal(size=(k, k))
    if sums in (Sums.ANTISYMMETRIC, Sums.BALANCED):
        matrix = matrix - matrix.T
    if sums is Sums.BALANCED:
        means = matrix.mean(axis=1)
        matrix = matrix - means[:, None] + means
    if sums is Sums.ZERO:
        matrix = np.zeros((k, k))
    aside = generator.normal(size=(k, m, k))
    aside -= aside.mean(axis=1, keepdims=True)
    if displacement is Displacement.EQUAL:
        aside = np.zeros_like(aside)
    G = aside + matrix[:, None, :] / m
    G[np.arange(k), :, np.arange(k)] = 0.0
    return G.reshape(m * k, k)


def _kinds(k: int, m: int) -> list[tuple[Displacement, Sums]]:
    """With one neuron a teacher all displacements are equal; with two teachers none balance."""
    kinds = [(Displacement.EQUAL, Sums.GAUSSIAN)]
    if k > 2:
        kinds.append((Displacement.EQUAL, Sums.BALANCED))
    if m > 1:
        kinds += [
            (shares, sums)
            for shares in (Displacement.EQUAL_SHARES, Displacement.UNEQUAL_SHARES)
            for sums in (Sums.GAUSSIAN, Sums.ANTISYMMETRIC)
        ]
        kinds.append((Displacement.CANCELLING, Sums.ZERO))
    return kinds
