"""Critical points of leaky networks enclosed in balls, with the signs of their Hessian eigenvalues.

In the fixed-point space a box that passes Krawczyk's test holds exactly one critical point; by
symmetry it is one of the whole loss. Over the box X each isotypic block M of the Hessian becomes
Q^T M Q, nearly diagonal, with the signs of its pivots: by Sylvester these are the signs of the
eigenvalues of M. Numbers of coordinates, the slope, Q and the vectors of the blocks are exact, all
else are balls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from flint import arb
from numpy.typing import NDArray

from relu_landscape.arguments import (
    checked_arguments,
    exact_number,
    optional,
    text,
    whole_number,
)
from relu_landscape.certificates.inertia import negative_pivots
from relu_landscape.certificates.krawczyk import (
    NotEnclosedError,
    krawczyk_image,
    lies_inside,
)
from relu_landscape.certificates.precision import exact, precision, root, total
from relu_landscape.leaky.coupling import CoupledReducedLoss, coupling_of
from relu_landscape.leaky.leaky_points import LeakyCriticalPoint, leaky_critical_point
from relu_landscape.symmetry.arithmetic import Arithmetic, Numbers, extended
from relu_landscape.symmetry.continuation import solve_critical_point
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import blocks_of_reduced
from relu_landscape.symmetry.refinement import refine_blocks

BITS: Final = 160
DIGITS: Final = 40
RADIUS: Final = 1e-20
"""Half-width of the box: far below the eigenvalues, far above the error of 40 digits."""


@dataclass(frozen=True)
class EnclosedPoint:
    """What is proved of a critical point of F_s.

    index: number of negative Hessian eigenvalues, none being zero; loss_lower, loss_upper: bounds
    of the loss.
    """

    index: int
    loss_lower: float
    loss_upper: float


class _EnclosedLoss(CoupledReducedLoss):
    """The coupled loss in balls, also where a neuron may be parallel to another or to a teacher."""

    def _units(self, vectors: Numbers, lengths: Numbers) -> Numbers:
        """Directions of vectors; of one that may be zero, all that there are."""
        # Slots hold no or whole numbers of coordinates, so that entries of units are at most 1.
        known = np.array([bool(length > 0) for length in lengths])
        units = np.full(vectors.shape, arb(0, 1), dtype=object)
        units[known] = vectors[known] / lengths[known, None]
        return units


@checked_arguments(family=text, k=whole_number, slope=exact_number, m=optional(whole_number))
def enclose_leaky_point(
    family: str, k: int, slope: float | Fraction, *, m: int | None = None
) -> EnclosedPoint:
    """Prove that a family has a non-degenerate critical point of F_s here, and its index.

    Args:
        family: "A", "I" or "II".
        k: number of teachers, as many as inputs and students.
        slope: s, exactly.
        m: neurons in the second block, for families I and II.

    Raises:
        ValueError: as `leaky_critical_point`.
        SolveError: the point could not be found.
        NotEnclosedError: it was found, and nothing proved.

    Source: Krawczyk's operator; Sylvester's law of inertia.
    """
    point = leaky_critical_point(family, k, float(slope), m=m)
    coupling = coupling_of(Fraction(slope))
    center = _in_many_digits(point, coupling)
    with precision(BITS):
        space = FixedPointSpace(tuple(round(size) for size in point.space.blocks))
        balls = _balls()
        box = np.array([exact(value) + arb(0, RADIUS) for value in center], dtype=object)
        _require_critical_point(_EnclosedLoss(space, balls, coupling), center, box)
        refined = refine_blocks(space)
        fine = _EnclosedLoss(refined.fine, balls, coupling)
        index = sum(
            round(block.dimension) * _negative_eigenvalues(block.matrix)
            for block in blocks_of_reduced(refined, fine, box)
        )
        loss = exact((1 - Fraction(slope)) ** 2) * _EnclosedLoss(space, balls, coupling).loss(box)
        return EnclosedPoint(
            index=index,
            loss_lower=math.nextafter(float(loss.lower()), -math.inf),
            loss_upper=math.nextafter(float(loss.upper()), math.inf),
        )


def _in_many_digits(point: LeakyCriticalPoint, coupling: Fraction) -> list[Fraction]:
    """The point solved for in extended precision, as exact numbers."""
    arithmetic = extended(DIGITS)
    exact_coupling = arithmetic.number(coupling.numerator) / coupling.denominator
    coupled = CoupledReducedLoss(point.space, arithmetic, exact_coupling)
    solved = solve_critical_point(coupled, arithmetic.array(point.parameters)).parameters
    return [_fraction(value) for value in solved]


def _fraction(value: Any) -> Fraction:
    """The number that an mpmath number is."""
    sign, mantissa, exponent, _ = value._mpf_
    size = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -size if sign else size


def _require_critical_point(
    coupled: CoupledReducedLoss, center: list[Fraction], box: Numbers
) -> None:
    """Prove that the box holds exactly one critical point of the reduced loss."""
    at = np.array([exact(value) for value in center], dtype=object)
    hessian = coupled.hessian(box)
    inverse = np.linalg.inv(_midpoints(hessian))
    preconditioner = np.array([[exact(x) for x in row] for row in inverse], dtype=object)
    image = krawczyk_image(at, coupled.gradient(at), preconditioner, hessian, box - at)
    if not lies_inside(image, box):
        raise NotEnclosedError("no critical point is proved in the box: solve in more digits")


def _negative_eigenvalues(matrix: Numbers) -> int:
    """Number of negative eigenvalues of a symmetric matrix of balls, if none can be zero."""
    axes = np.linalg.eigh(_midpoints(matrix))[1]
    basis = np.array([[exact(x) for x in row] for row in axes], dtype=object)
    negative = negative_pivots(basis.T @ matrix @ basis)
    if negative is None:
        raise NotEnclosedError("an eigenvalue may be zero: solve in more digits")
    return negative


def _midpoints(matrix: Numbers) -> NDArray[np.float64]:
    return np.array([[float(ball.mid()) for ball in row] for row in matrix])


def _ball_array(values: Any) -> Numbers:
    return np.asarray(np.frompyfunc(exact, 1, 1)(np.asarray(values, dtype=object)), dtype=object)


def _undecided(*_: Numbers) -> Numbers:
    raise ArithmeticError("balls give the signs of eigenvalues: ask for the index")


def _balls() -> Arithmetic:
    """Balls as numbers of the reduced loss, at the precision that is set."""
    return Arithmetic(
        digits=DIGITS,
        pi=arb.pi(),
        eps=2.0**-BITS,
        number=exact,
        array=_ball_array,
        sqrt=np.frompyfunc(root, 1, 1),
        arctan2=np.frompyfunc(arb.atan2, 2, 1),
        total=lambda values: total(values.ravel().tolist()),
        solve=_undecided,
        eigenvalues=_undecided,
    )
