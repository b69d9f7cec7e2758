"""Certificates of minima that persist for every teacher near the orthonormal ones.

What is stated, and why it holds, stands in `check_persistence`. Here its constants are computed in
float64 and rounded away from what they bound, and the largest radius is searched that they allow;
the checker, which shares no code with this, proves them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, instance_of, real_array
from relu_landscape.certificates.basin_lines import blocks_of
from relu_landscape.certificates.lines import to_line
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.objective import population_gradient, population_hessian, population_loss

PERSISTENCE_BITS: Final = 96

Array = NDArray[np.float64]

_ROOM: Final = 1e-6
_DIGITS: Final = 8
_TEACHER_WEIGHTS: Final = (0.75, 1.0, 1.5, 2.0, 3.0)
_HALVINGS: Final = 20
# Powers of the norms of neurons, by which directions may be measured.
_POWERS: Final = (0.0, 0.5, 1.0)
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
    bits: int


@dataclass(frozen=True)
class _Constants:
    """Of Lemma 4: lambda, s, l, q, z, |grad F|_*."""

    lower: float
    slope: float
    own_slope: float
    bend: float
    displacement: float
    gradient: float


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
    center, blocks = _symmetrised(point)
    norms = np.linalg.norm(center[np.cumsum([0, *blocks[:-1]])], axis=1)
    proposals = []
    for power in _POWERS:
        weights = [decimal_below(x**-power, _DIGITS) for x in norms]
        tube = _Tube(center, np.repeat([float(x) for x in weights], blocks))
        constants = _constants(tube, blocks)
        choice = _largest(tube, constants)
        if choice is not None:
            proposals.append((choice, constants, tube, weights))
    if not proposals:
        return None
    choice, constants, tube, weights = max(proposals, key=lambda x: x[0].radius)
    narrow = float(min(weights))
    distance = _above(choice.moved / narrow)
    rest = tube.loss_root(float(distance), _root_radius(choice.radius))
    return PersistenceCertificate(
        W=center,
        blocks=tuple(blocks),
        weights=tuple(weights),
        teacher_weight=decimal_below(choice.teacher_weight, _DIGITS),
        gram_radius=decimal_below(choice.radius * (1 - 10 * _ROOM), _DIGITS),
        correction=decimal_below(choice.correction, _DIGITS),
        center_hessian_lower=_below(constants.lower),
        slope=_above(constants.slope),
        own_slope=_above(constants.own_slope),
        bend=_above(constants.bend),
        displacement=_above(constants.displacement),
        distance=distance,
        hessian_lower=_below(choice.share * constants.lower * narrow**2),
        loss_lower=_below(rest**2 / 2),
        bits=PERSISTENCE_BITS,
    )


@checked_arguments(found=instance_of(PersistenceCertificate))
def persistence_line(found: PersistenceCertificate) -> str:
    """Return the line that states a minimum which persists."""
    firsts = np.cumsum([0, *found.blocks[:-1]])
    lasts = firsts + found.blocks - 1
    own = [float(found.W[i, i]).hex() for i in firsts]
    rest = [[(0.0 if i == j else float(found.W[i, j])).hex() for j in lasts] for i in firsts]
    names = ("teacher_weight", "gram_radius", "correction", "center_hessian_lower", "slope",
             "own_slope", "bend", "displacement", "distance", "hessian_lower", "loss_lower")  # fmt: skip
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
    )


def _above(number: float) -> Decimal:
    return decimal_above(number * (1 + _ROOM), _DIGITS)


def _below(number: float) -> Decimal:
    return decimal_below(number * (1 - _ROOM), _DIGITS)


def _root_radius(radius: float) -> float:
    """e: how far the symmetric root of a Gram matrix is from the identity."""
    return radius / (1 + np.sqrt(1 - radius))


def _symmetrised(W: Array) -> tuple[Array, list[int]]:
    """W to the last bit as its symmetry has it, to rounding, and the blocks."""
    blocks = blocks_of(W.round(9))
    pairs = list(product(range(len(W)), repeat=2))
    averaged = _Orbits(blocks).mean(W.ravel(), [_Orbits(blocks).pattern(*x) for x in pairs])
    return averaged.reshape(W.shape), blocks


class _Orbits:
    """Orbits of tuples of indices under the permutations within blocks."""

    def __init__(self, blocks: Sequence[int]) -> None:
        self.block = np.repeat(np.arange(len(blocks)), blocks).tolist()

    def pattern(self, *indices: int) -> tuple[tuple[int, int], ...]:
        """What tells the orbit of a tuple."""
        return tuple((self.block[i], indices.index(i)) for i in indices)

    def representatives(self, pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """The place of one pair of each orbit, and how many are in it."""
        patterns = [self.pattern(*pair) for pair in pairs]
        yield from ((patterns.index(x), patterns.count(x)) for x in dict.fromkeys(patterns))

    @staticmethod
    def mean(values: Array, keys: Sequence[Any]) -> Array:
        """Each value replaced by the mean of those with the same key."""
        number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        places = np.array([number[key] for key in keys])
        means = np.bincount(places, values) / np.bincount(places)
        found: Array = means[places]
        return found

    def average(self, M: Array, pairs: Sequence[tuple[int, int]]) -> Array:
        """The average over the group of a matrix whose rows and columns are pairs."""
        keys = [self.pattern(*x, *y) for x in pairs for y in pairs]
        found = self.mean(M.ravel(), keys).reshape(M.shape)
        return (found + found.T) / 2


class _ThirdDerivatives:
    """How the second derivatives of F in W, and in W and V, change; all pairs at once."""

    def __init__(self, W: Array, V: Array) -> None:
        self.students, self.teachers = len(W), len(V)
        self.neurons = np.vstack([W, V])
        n, N = len(W), len(self.neurons)
        self.signs = np.where(np.arange(N) < n, 1.0, -1.0) - np.eye(n, N)
        norms = np.linalg.norm(self.neurons, axis=1)
        units = self.neurons / norms[:, None]
        cosine = units @ units.T
        normal = units[None] - cosine[..., None] * units[:, None]
        length = np.linalg.norm(normal, axis=2)
        length[np.diag_indices(N)] = 1
        self.norms, self.units, self.cosine, self.sine = norms, units, cosine, length
        self.normal = normal / length[..., None]
        d = W.shape[1]
        self.across = np.eye(d) - np.einsum("ia,ib->iab", units, units)

    def along(self, Z: Array) -> Array:
        """As (W, V) moves along Z, (n + k, d): (n d, (n + k) d)."""
        n, N, d = self.students, len(self.neurons), self.neurons.shape[1]
        circle, norms = 2 * np.pi, self.norms
        # [i, j]: as seen from neuron i, with neuron j
        near = self._forms(np.broadcast_to(Z[:, None], (N, N, d)), 0 * self.cosine, 1.0)
        near /= circle * norms[:, None, None, None]
        other = self._forms(np.broadcast_to(Z[None], (N, N, d)), 0 * self.cosine, 1.0)
        other /= circle * norms[:, None, None, None]
        own = self._forms(np.broadcast_to(Z[:, None], (N, N, d)), self.sine, self.cosine)
        own *= (-norms[None] / (circle * norms[:, None] ** 2))[..., None, None]
        blocks = self.signs[..., None, None] * (near + near.transpose(1, 0, 2, 3))[:n]
        diagonal = np.einsum("ij,ijab->iab", self.signs, (own + other)[:n])
        blocks[np.arange(n), np.arange(n)] = diagonal
        matrix: Array = blocks.transpose(0, 2, 1, 3).reshape(n * d, N * d)
        return matrix

    def _forms(self, z: Array, sine: Array, cosine: Any) -> Array:
        """The forms sine (x_1 ([y, z] + y_2 z_2) + ...) + cosine T(x, y, z) of the pairs."""
        c = np.broadcast_to(cosine, sine.shape)[..., None, None]
        s = sine[..., None, None]
        a = np.broadcast_to(self.units[:, None], z.shape)
        along = np.einsum("ia,ija->ij", self.units, z)[..., None, None]
        tilt = np.einsum("ija,ija->ij", self.normal, z)[..., None, None]
        beside = z - along[..., 0] * a
        m, S = self.normal, self.across[:, None]
        mm = np.einsum("ija,ijb->ijab", m, m)
        mz = np.einsum("ija,ijb->ijab", m, beside)
        az = np.einsum("ija,ijb->ijab", a, beside + tilt[..., 0] * m)
        bent = tilt * (S - mm) + mz + mz.swapaxes(2, 3)
        found: Array = c * bent + s * (along * (S + mm) + az + az.swapaxes(2, 3))
        return found


@dataclass(frozen=True)
class _Tube:
    """The centre, with the weights c_i of its neurons."""

    center: Array
    weights: Array

    def loss_root(self, distance: float, turned: float) -> float:
        """A lower bound of sqrt(2 F), Lemma 5."""
        k = len(self.center)
        root = np.sqrt(2 * population_loss(self.center, np.eye(k)))
        return float(root - np.sqrt(k / 2) * (distance + turned))

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
        sine = np.sqrt(1 - cosine**2) - turns
        itself = np.eye(k, 2 * k, dtype=bool)
        sine[itself] = 1
        if not (sine > 0).all():
            return np.inf
        cosine += turns
        scales = 1 / ((norms - moves) * np.concatenate([self.weights, np.full(k, teacher_weight)]))
        A, B = scales[:k, None], scales[None]
        N = cosine * (A**2 + B**2) + np.hypot(cosine * (A**2 - B**2), 2 * A * B)
        K = _PLANE * np.maximum(A, B) ** 4 + 3 / sine * (N**2 / 4 + A**2 * B**2 / 2)
        K *= (norms + moves)[:k, None] * (norms + moves)[None] / (2 * np.pi)
        K[itself] = 0
        return float(max(K.sum(axis=1).max(), K[:, k:].sum(axis=0).max()))


def _constants(tube: _Tube, blocks: Sequence[int]) -> _Constants:
    center, k = tube.center, len(tube.center)
    d = k + 1
    W, V = (np.pad(x, ((0, 0), (0, 1))) for x in (center, np.eye(k)))
    hessian, measure = population_hessian(W, V), np.repeat(tube.weights, d)
    lower = float(np.linalg.eigvalsh(hessian / np.outer(measure, measure))[0])
    if not lower > 0:
        raise ValueError(
            f"W has a Hessian eigenvalue of {lower:.3g}, off the span of the teachers or on it; it "
            "must be a strict minimum for V = I"
        )
    inverse = np.linalg.inv(hessian)
    bends, orbits = _ThirdDerivatives(W, V), _Orbits([*blocks, 1])
    squares, places = list(product(range(k), range(k))), list(product(range(k), range(d)))
    turned = np.zeros((k * k, k, d))
    for b, (i, j) in enumerate(squares):
        turned[b, i, j] += 0.5
        turned[b, j, i] += 0.5
    turned = turned.reshape(k * k, k * d).T
    displaced = -inverse @ _mixed_hessian(W, V) @ turned
    both = np.vstack([displaced, turned])
    by_teachers, by_students = (np.zeros((k * d, k * d)) for _ in range(2))
    bent = np.zeros((k * k, k * k))
    for b, copies in orbits.representatives(squares):
        change = bends.along(both[:, b].reshape(2 * k, d))
        M, image = change[:, : k * d], change @ both
        by_teachers += copies * M @ inverse @ M
        bent += copies * image.T @ inverse @ image
    still = np.zeros((k, d))
    for a, copies in orbits.representatives(places):
        M, other = (
            bends.along(np.vstack([x[:, a].reshape(k, d), still]))[:, : k * d]
            for x in (np.eye(k * d), inverse)
        )
        by_students += copies * M @ inverse @ other
    gradient = population_gradient(W, V).ravel()
    root = np.linalg.cholesky(inverse)

    def largest(M: Array) -> float:
        return float(np.sqrt(np.linalg.eigvalsh(root.T @ orbits.average(M, places) @ root)[-1]))

    return _Constants(
        lower=lower,
        slope=largest(by_teachers),
        own_slope=largest(by_students),
        bend=float(np.sqrt(np.linalg.eigvalsh(orbits.average(bent, squares))[-1])),
        displacement=float(np.linalg.norm(measure[:, None] * displaced, 2)),
        gradient=float(np.sqrt(gradient @ inverse @ gradient)),
    )


def _mixed_hessian(W: Array, V: Array) -> Array:
    """The second derivatives of F in W and V, (n d, k d)."""
    # Were the teachers students, the mixed blocks would be those of two students, here negative.
    n, d = W.shape
    return -population_hessian(np.vstack([W, V]), V)[: n * d, n * d :]


def _largest(tube: _Tube, found: _Constants) -> _Choice | None:
    """The choice of the largest radius, in halvings of an interval for each weight of teachers."""
    choices = []
    for weight in _TEACHER_WEIGHTS:
        low, high = 0.0, 0.5
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            choice = _choose(tube, found, middle, weight)
            if choice is None:
                high = middle
            else:
                low = middle
                choices.append(choice)
    return max(choices, key=lambda x: x.radius, default=None)


def _choose(tube: _Tube, found: _Constants, radius: float, weight: float) -> _Choice | None:
    """The smallest correction that does at this radius, where the Hessian is largest, if any.

    gamma/mu(t/2) grows with t: its least fixed point is the limit from below.
    """
    e, scale = _root_radius(radius), 1 / np.sqrt(found.lower)
    reach, t = np.hypot(found.displacement, weight) * e, 0.0
    for _ in range(_ROUNDS):
        moved = found.displacement * e + t * scale
        fourth = tube.fourth(moved, e, weight)
        beyond = fourth * (reach + t * scale) ** 2 * scale**2 / 2
        share = 1 - (1 + 4 * _ROOM) * (found.slope * e + found.own_slope * t + beyond)
        gamma = found.gradient + found.bend * e**2 / 2 + fourth * reach**3 * scale / 6
        if not share > 0 or not tube.loss_root(moved / tube.weights.min(), e) > 0:
            return None
        least = gamma / (share + found.own_slope * t / 2)
        if least * (1 + 4 * _ROOM) < t:
            return _Choice(radius, t, weight, share, moved)
        t = least * (1 + 1e-3)
    return None
