"""The curvature at the representative of a class, through its symmetry where that is cheaper.

What `minima.curvature` takes from the whole Hessian, O((n k)^3), comes from its isotypic blocks:
the same numbers to rounding, at a cost of k^3 a class of neurons.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from relu_landscape.minima.curvature import (
    ENTRY_ERROR,
    MeasuredCurvature,
    SecondOrder,
    SmallestEigenpair,
    inner_hessian,
    judge_curvature,
    measure_curvature,
    neuron_orbit_ids,
)
from relu_landscape.minima.usable_isotropy import usable_isotropy
from relu_landscape.search.polish import hessian_lipschitz
from relu_landscape.symmetry.isotypic import Eigenvalue, isotypic_spectrum
from relu_landscape.symmetry.recognition import RecognisedIsotropy
from relu_landscape.symmetry.reduced import ReducedLoss
from relu_landscape.symmetry.refinement import refine_blocks


def measure_representative(W: NDArray[np.float64], *, largest_whole_k: int) -> MeasuredCurvature:
    """Return the curvature of F at a critical point, as `measure_curvature` does.

    Through the symmetry, the bound on the error of the eigenvalues is the one for a whole Hessian,
    whose entries are summed here orbit by orbit, and what the Hessian changes between W and the
    space: Lipschitz constant times distance.

    Args:
        W: students, (n, k), teacher V = I_k.
        largest_whole_k: see `usable_isotropy`.

    Returns:
        The curvature.

    Raises:
        ValueError: as `usable_isotropy`, or as `measure_curvature`.

    Source: S21, Section 4.2; the reduction is derived in `symmetry.isotypic`.
    """
    teachers = np.eye(W.shape[1])
    found = usable_isotropy(W, largest_whole_k=largest_whole_k)
    if found is None:
        return measure_curvature(W, teachers)
    rows = isotypic_spectrum(found.space, found.parameters)
    smallest, means = _inner_curvatures(W)
    second_order = SecondOrder(
        spectrum=np.repeat([row.value for row in rows], [round(row.multiplicity) for row in rows]),
        softest=_softest_eigenpair(W, found, rows),
        inner_smallest_eigenvalues=smallest,
        mean_curvatures=means,
    )
    return judge_curvature(W, teachers, second_order)


def _softest_eigenpair(
    W: NDArray[np.float64], found: RecognisedIsotropy, rows: list[Eigenvalue]
) -> SmallestEigenpair:
    """The smallest eigenvalue, with an eigenvector from the finer space that holds all copies."""
    refined = refine_blocks(found.space)
    reduced = ReducedLoss(refined.fine)
    scale = np.sqrt(np.asarray(reduced.entry_counts, dtype=np.float64))
    hessian = np.asarray(
        reduced.hessian(found.parameters[refined.lift]) / np.outer(scale, scale), dtype=np.float64
    )
    vectors = eigh(hessian, subset_by_index=[0, 0])[1]
    arranged = refined.fine.embed(vectors[:, 0] / scale)
    direction = np.empty_like(arranged)
    direction[np.ix_(found.neuron_order, found.coordinate_order)] = arranged
    n, k = W.shape
    # The value is that of the blocks: what the two ways differ by counts as error.
    residual = float(np.linalg.norm(hessian @ vectors[:, 0] - rows[0].value * vectors[:, 0]))
    rounding = np.finfo(np.float64).eps * float(np.abs([row.value for row in rows]).max())
    moved = hessian_lipschitz(W, np.eye(k), found.distance) * found.distance
    error = residual + n * k * (rounding + (n + k) * ENTRY_ERROR) + moved
    return SmallestEigenpair(rows[0].value, direction, error)


def _inner_curvatures(W: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Smallest and mean eigenvalue of H'_ii for every neuron, from one neuron of each orbit."""
    _, first, orbit = np.unique(neuron_orbit_ids(W), return_index=True, return_inverse=True)
    spectra = np.array(
        [np.linalg.eigvalsh(inner_hessian(W, np.eye(W.shape[1]), int(i))) for i in first]
    )
    return spectra[orbit, 0], spectra.mean(axis=1)[orbit]
