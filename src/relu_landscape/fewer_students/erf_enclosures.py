"""Critical points of a family enclosed in balls: that they exist, their loss and their index.

Perturbed copies: let G be the gradient in the 4 parameters, and X the box of half-width r around a
float64 point next to a zero of G. If X passes Krawczyk's test, it holds exactly one zero of G, and
as its parameters span the fixed-point space of a group of symmetries of F, the zero is a critical
point of F in all weights and outputs. Copy-average points have a closed form.

The index: by the law of inertia, the signs of D in B = L D L^T of each block B of `components`,
over the box. Representatives of a component are orthogonal, hence independent, and consist of whole
numbers, so that no rounding moves them out of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from flint import arb
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, whole_number
from relu_landscape.certificates.erf_slopes import BALLS, FLOATS
from relu_landscape.certificates.inertia import negative_pivots
from relu_landscape.certificates.krawczyk import (
    NotEnclosedError,
    krawczyk_image,
    lies_inside,
)
from relu_landscape.certificates.precision import Ball, precision
from relu_landscape.fewer_students.arrangement import NO_PARAMETER, NeuronArrangement
from relu_landscape.fewer_students.copy_branches import CopyBranch
from relu_landscape.fewer_students.erf_components import components, refine
from relu_landscape.fewer_students.erf_points import (
    copy_average_arrangement,
    copy_average_parameters,
    perturbed_copy_erf,
)

BITS: Final = 128
RADII: Final = (1e-12, 1e-10, 1e-8)


@dataclass(frozen=True)
class ErfEnclosure:
    """What is proved of a point of a family.

    branch, k, n: its name; loss_lower, loss_upper: F is between; index: number of negative
    eigenvalues of the Hessian over weights and outputs at d = k + unused_inputs, all others being
    positive: a strict minimum if 0; None if an eigenvalue has no sign.
    """

    branch: CopyBranch
    k: int
    n: int
    unused_inputs: int
    loss_lower: float
    loss_upper: float
    index: int | None


@checked_arguments(k=whole_number, n=whole_number, unused_inputs=whole_number)
def enclose_copy_average(k: int, n: int, *, unused_inputs: int = 1) -> ErfEnclosure:
    """Enclose the copy-average point of the extreme partition.

    Args:
        k, n, unused_inputs: as for `copy_average_erf`, whole.

    Raises:
        ValueError: as for `copy_average_erf`.
    """
    arrangement = copy_average_arrangement(k, n)
    with precision(BITS):
        box = copy_average_parameters(arrangement, BALLS)
        return _enclosure(CopyBranch.COPY_AVERAGE, (k, n, unused_inputs), arrangement, box)


@checked_arguments(k=whole_number, n=whole_number, unused_inputs=whole_number)
def enclose_perturbed_copy(k: int, n: int, *, unused_inputs: int = 1) -> ErfEnclosure:
    """Prove that there is a critical point next to that of perturbed copies, and enclose it.

    Args:
        k, n, unused_inputs: as for `perturbed_copy_erf`, whole.

    Raises:
        ValueError, SolveError: as for `perturbed_copy_erf`.
        NotEnclosedError: no box passed.
    """
    point = perturbed_copy_erf(k, n)
    with precision(BITS):
        box = _proved_box(point.arrangement, point.parameters)
        return _enclosure(CopyBranch.PERTURBED_COPY, (k, n, unused_inputs), point.arrangement, box)


def _proved_box(arrangement: NeuronArrangement, center: NDArray[np.float64]) -> list[Ball]:
    """A box around the centre that holds exactly one critical point of the reduced loss."""
    middle = [arb(x) for x in center]
    slope = arrangement.loss(middle, BALLS).gradient
    hessian = arrangement.loss(center.tolist(), FLOATS).hessian
    inverse = np.array([[arb(x) for x in row] for row in np.linalg.inv(hessian)], dtype=object)
    for radius in RADII:
        box = [arb(x, radius) for x in center]
        turning = arrangement.loss(box, BALLS).hessian
        spread = np.array([arb(0, radius)] * len(box), dtype=object)
        image = krawczyk_image(np.array(middle, dtype=object), slope, inverse, turning, spread)
        if lies_inside(image, np.array(box, dtype=object)):
            return list(image)
    raise NotEnclosedError(
        f"no box of half-width {RADII} around {center.tolist()} is mapped into itself: the "
        "Hessian may be singular there"
    )


def _enclosure(
    branch: CopyBranch,
    size: tuple[int, int, int],
    arrangement: NeuronArrangement,
    box: list[Ball],
) -> ErfEnclosure:
    loss = arrangement.loss(box, BALLS).value
    return ErfEnclosure(
        branch=branch,
        k=size[0],
        n=size[1],
        unused_inputs=size[2],
        loss_lower=math.nextafter(float(loss.lower()), -math.inf),
        loss_upper=math.nextafter(float(loss.upper()), math.inf),
        index=_index(arrangement, box, size[2]),
    )


def _index(arrangement: NeuronArrangement, box: list[Ball], unused_inputs: int) -> int | None:
    """Number of negative eigenvalues over the box, or None."""
    refined = refine(arrangement)
    values = [arb(0) if place == NO_PARAMETER else box[place] for place in refined.lift]
    hessian = refined.fine.loss(values, BALLS).hessian
    index = 0
    for component in components(refined, unused_inputs):
        vectors = np.array([[arb(x) for x in row] for row in component.vectors], dtype=object)
        support = np.flatnonzero(component.vectors.any(axis=0))
        vectors = vectors[:, support]
        negative = negative_pivots(vectors @ hessian[np.ix_(support, support)] @ vectors.T)
        if negative is None:
            return None
        index += negative * round(component.dimension)
    return index
