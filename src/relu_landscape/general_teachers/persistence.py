"""Certificates of minima that persist for every teacher near the orthonormal ones.

What is stated, and why it holds, stands in `check_persistence`. Here its constants are computed in
float64 and rounded away from what they bound, and the largest radius is searched that they allow;
the checker, which shares no code with this, proves them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, instance_of, real_array
from relu_landscape.certificates.gram_concentration import least_inputs
from relu_landscape.certificates.lines import to_line
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.general_teachers.teacher_response import (
    TeacherResponse,
    root_radius,
    symmetrised,
    teacher_response,
)

PERSISTENCE_BITS: Final = 96

FAILURES: Final = (Fraction(1, 2), Fraction(1, 100), Fraction(1, 1000))
"""Probabilities of teachers that are not within the radius, for each of which a d is stated."""

Array = NDArray[np.float64]

_ROOM: Final = 1e-6
_DIGITS: Final = 8
_TEACHER_WEIGHTS: Final = (0.75, 1.0, 1.5, 2.0, 3.0)
_RADII: Final = (1e-4, 0.4)
_HALVINGS: Final = 12  # of the logarithm: radii to a fifth of a percent
# Powers of the norms of neurons, by which directions may be measured.
_POWERS: Final = (0.0, 0.5)
_ROUNDS: Final = 60
_PLANE: Final = 155 / 16


@dataclass(frozen=True)
class PersistenceCertificate:
    """One strict minimum for every V with |V V^T - I| <= gram_radius, n = k, d >= k; F > 0.

    Attributes
    ----------
    W: centre W0, (k, k), fixed by the permutations within blocks of neurons and coordinates.
    blocks: their sizes.
    gram_radius: r, Frobenius norm.
    weights: c_i, one a block; teacher_weight: c. They measure directions, Lemma 3 of
        `check_persistence`.
    correction, center_hessian_lower, slope, own_slope, bend, displacement: t, lambda, s, l, q, z of
        its Lemma 4.
    distance: the minimum is no farther from W0, turned as the symmetric root of V V^T is.
    hessian_lower, loss_lower: lower bounds at the minimum, above zero.
    inputs: for each of FAILURES the least number of inputs from which on independent unit teachers
        are within the radius but for that probability.
    bits: precision of the balls in which to check.
    """

    W: Array
    blocks: tuple[int, ...]
    weights: tuple[Decimal, ...]
    teacher_weight: Decimal
    gram_radius: Decimal
    correction: Decimal
    center_hessian_lower: Decimal
    slope: Decimal
    own_slope: Decimal
    bend: Decimal
    displacement: Decimal
    distance: Decimal
    hessian_lower: Decimal
    loss_lower: Decimal
    inputs: tuple[int, ...]
    bits: int


@dataclass(frozen=True)
class _Choice:
    """A radius with the correction and the weight that allow it, and what follows."""

    radius: float
    correction: float
    teacher_weight: float
    share: float
    moved: float


@checked_arguments(W=real_array)
def persistence_certificate(W: ArrayLike) -> PersistenceCertificate | None:
    """Return the certificate with the largest radius found, None where no radius is.

    Proposed, not proved: `check_persistence` proves it.

    Args:
        W: (k, k), a spurious strict minimum for V = I, to rounding. The more permutations of
            neurons together with coordinates leave it as it is, the less there is to do.

    Raises:
        ValueError: W is not square, or no strict minimum.

    Source: ours; S18 has minima for nearly all teachers, by concentration of measure.
    """
    point = real_array(W, "W")
    if point.ndim != 2 or point.shape[0] != point.shape[1]:
        raise ValueError(f"W has the shape {point.shape}; it must be (k, k), n = k = d")
    center, blocks = symmetrised(point)
    norms = np.linalg.norm(center[np.cumsum([0, *blocks[:-1]])], axis=1)
    constants, proposals = teacher_response(center, blocks), []
    for power in _POWERS:
        weights = tuple(decimal_below(x**-power, _DIGITS) for x in norms)
        tube = ProposedTube(center, constants, np.repeat([float(x) for x in weights], blocks))
        proposals += [(choice, tube, weights) for choice in _choices(tube)]
    if not proposals:
        return None
    choice, tube, weights = max(proposals, key=lambda x: x[0].radius)
    narrow = float(min(weights))
    distance = _above(choice.moved / narrow)
    rest = constants.loss_root(float(distance), root_radius(choice.radius))
    radius = decimal_below(choice.radius * (1 - 10 * _ROOM), _DIGITS)
    return PersistenceCertificate(
        W=center,
        blocks=tuple(blocks),
        weights=weights,
        teacher_weight=decimal_below(choice.teacher_weight, _DIGITS),
        gram_radius=radius,
        correction=decimal_below(choice.correction, _DIGITS),
        center_hessian_lower=_below(tube.lower),
        slope=_above(constants.slope),
        own_slope=_above(constants.own_slope),
        bend=_above(constants.bend),
        displacement=_above(tube.displacement),
        distance=distance,
        hessian_lower=_below(choice.share * tube.lower * narrow**2),
        loss_lower=_below(rest**2 / 2),
        inputs=tuple(least_inputs(len(center), Fraction(radius), x) for x in FAILURES),
        bits=PERSISTENCE_BITS,
    )


@checked_arguments(found=instance_of(PersistenceCertificate))
def persistence_line(found: PersistenceCertificate) -> str:
    """Return the line that states a minimum which persists."""
    firsts = np.cumsum([0, *found.blocks[:-1]])
    lasts = firsts + found.blocks - 1
    own = [float(found.W[i, i]).hex() for i in firsts]
    rest = [[(0.0 if i == j else float(found.W[i, j])).hex() for j in lasts] for i in firsts]
    names = (
        *("teacher_weight", "gram_radius", "correction", "center_hessian_lower", "slope"),
        *("own_slope", "bend", "displacement", "distance", "hessian_lower", "loss_lower"),
    )
    return to_line(
        {
            "statement": "persistent_minimum",
            "bits": found.bits,
            "blocks": list(found.blocks),
            "own": own,
            "rest": rest,
            "weights": [str(x) for x in found.weights],
        }
        | {name: str(getattr(found, name)) for name in names}
        | {
            "inputs": [
                {"d": d, "failure": str(failure)}
                for d, failure in zip(found.inputs, FAILURES, strict=True)
            ]
        }
    )


def _above(number: float) -> Decimal:
    return decimal_above(number * (1 + _ROOM), _DIGITS)


def _below(number: float) -> Decimal:
    return decimal_below(number * (1 - _ROOM), _DIGITS)


class ProposedTube:
    """The centre, with the weights c_i of its neurons, and lambda and z."""

    def __init__(self, center: Array, constants: TeacherResponse, weights: Array) -> None:
        self.center, self.constants, self.weights = center, constants, weights
        measure = np.repeat(weights, len(center) + 1)
        self.lower = float(np.linalg.eigvalsh(constants.hessian / np.outer(measure, measure))[0])
        square = (measure[:, None] * constants.displaced).T @ (
            measure[:, None] * constants.displaced
        )
        self.displacement = float(np.sqrt(np.linalg.eigvalsh(square)[-1]))

    def fourth(self, moved: float, turned: float, teacher_weight: float) -> float:
        """The bound of fourth derivatives, Lemma 3; infinite where the tube is too wide."""
        k = len(self.center)
        neurons = np.vstack([self.center, np.eye(k)])
        norms = np.linalg.norm(neurons, axis=1)
        moves = np.concatenate([moved / self.weights, np.full(k, turned)])
        if not (norms > moves).all():
            return np.inf
        turn = np.arcsin(moves / norms)
        turns = (turn[:, None] + turn[None])[:k]
        cosine = np.abs(neurons @ neurons.T / np.outer(norms, norms)).clip(max=1)[:k]
        straight = np.sqrt(1 - cosine**2)
        itself, near = np.eye(k, 2 * k, dtype=bool), np.eye(k, 2 * k, k, dtype=bool)
        S, C = np.where(itself, 1, straight - turns), cosine + turns
        if not (S > 0).all():
            return np.inf
        scales = 1 / ((norms - moves) * np.concatenate([self.weights, np.full(k, teacher_weight)]))
        A, B, longest = scales[:k, None], scales[None], norms + moves
        size, far = longest[:k, None] * longest[None], ~itself & ~near
        N = (C * (A**2 + B**2) + np.hypot(C * (A**2 - B**2), 2 * A * B)) / 2
        K = size * (_PLANE * np.maximum(A, B) ** 4 + 3 / S * (N**2 + A**2 * B**2 / 2))
        mixed = size * A * B * np.maximum(A, B) ** 2 * (6 * np.sqrt(3) + 12 * C / S) * far
        even = 18 * size * A**2 * B**2 / S * far
        signs = np.where(np.arange(2 * k) < k, 1, -1) * far
        T = np.abs((signs * norms * straight).sum(axis=1))
        T += ((moves + norms * turns) * far).sum(axis=1)
        rows = (1 + (C * ~itself)[:, :k].sum(axis=1)).max(), 1 + 2 * (k - 1) * turn[k]
        P, Q = (
            (longest / S * far)[:, part].max(axis=1) * largest
            for part, largest in zip((slice(k), slice(k, None)), rows, strict=True)
        )
        H = (longest * C**2 / S * far).sum(axis=1)
        own = 3 * T + 6 * np.maximum(P, Q) + 4.5 * np.sqrt(3 * H * (P + Q)) + 3 * H
        of_teachers = (size * B**4 * (8 + 3 * C**2 / S) * far)[:, k:].sum(axis=0)
        students = _together(longest[:k] * scales[:k] ** 4 * own, mixed, even)
        teachers = _together(of_teachers, mixed[:, k:].T, even[:, k:].T)
        return float((K[near] + np.maximum(students, teachers)).max() / (2 * np.pi))


def _together(own: Array, mixed: Array, even: Array) -> Array:
    """The largest O a + G (a (1-a))^(1/2) + E (1-a)/2, by neuron."""
    half = even.max(axis=1) / 2
    found: Array = (own + half + np.hypot(own - half, np.linalg.norm(mixed, axis=1))) / 2
    return found


def _choices(tube: ProposedTube) -> Iterator[_Choice]:
    """Radii that will do, the larger the later for each weight of teachers: halvings."""
    for weight in _TEACHER_WEIGHTS:
        low, high = _RADII
        for _ in range(_HALVINGS):
            middle = np.sqrt(low * high)
            choice = _choose(tube, middle, weight)
            if choice is None:
                high = middle
            else:
                low = middle
                yield choice


def _choose(tube: ProposedTube, radius: float, weight: float) -> _Choice | None:
    """The smallest correction that does at this radius, where the Hessian is largest, if any.

    gamma/mu(t/2) grows with t: its least fixed point is the limit from below.
    """
    found, e, scale = tube.constants, root_radius(radius), 1 / np.sqrt(tube.lower)
    reach, t = np.hypot(tube.displacement, weight) * e, 0.0
    for _ in range(_ROUNDS):
        moved = tube.displacement * e + t * scale
        fourth = tube.fourth(moved, e, weight)
        beyond = fourth * (reach + t * scale) ** 2 * scale**2 / 2
        share = 1 - (1 + 4 * _ROOM) * (found.slope * e + found.own_slope * t + beyond)
        gamma = found.gradient + found.bend * e**2 / 2 + fourth * reach**3 * scale / 6
        if not share > 0 or not found.loss_root(moved / tube.weights.min(), e) > 0:
            return None
        least = gamma / (share + found.own_slope * t / 2)
        if least * (1 + 4 * _ROOM) < t:
            return _Choice(radius, t, weight, share, moved)
        t = least * (1 + 1e-3)
    return None
