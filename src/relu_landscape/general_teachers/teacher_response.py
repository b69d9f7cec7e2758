"""How a minimum for V = I, and the Hessian there, answer to a change of the teachers, in float64.

Notation and use: `check_persistence`, Lemma 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.basin_lines import blocks_of
from relu_landscape.general_teachers.third_derivatives import ThirdDerivatives
from relu_landscape.objective import population_gradient, population_hessian, population_loss

Array = NDArray[np.float64]

_SYMMETRIC_DIGITS: Final = 9
_CLIMBS: Final = 60


def root_radius(radius: float) -> float:
    """Return e: the symmetric root of a Gram matrix within r of I is within r/(1 + sqrt(1 - r))."""
    return float(radius / (1 + np.sqrt(1 - radius)))


class IndexOrbits:
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


def symmetrised(W: Array) -> tuple[Array, list[int]]:
    """Return W with the symmetry that it has to rounding, and the sizes of its blocks.

    Args:
        W: (k, k).
    """
    blocks = blocks_of(W.round(_SYMMETRIC_DIGITS))
    orbits = IndexOrbits(blocks)
    pairs = product(range(len(W)), repeat=2)
    return orbits.mean(W.ravel(), [orbits.pattern(*x) for x in pairs]).reshape(W.shape), blocks


@dataclass(frozen=True)
class TeacherResponse:
    """Of Lemma 4, in k + 1 inputs: H, D, s, l, q, |grad F|_*, and F at the centre.

    bends: third derivatives; turned: the symmetric parts of all E_jl, as columns; displaced: D, in
    the same columns.
    """

    hessian: Array
    bends: ThirdDerivatives
    turned: Array
    displaced: Array
    slope: float
    own_slope: float
    bend: float
    gradient: float
    loss: float

    def loss_root(self, distance: float, turned: float) -> float:
        """A lower bound of sqrt(2 F), Lemma 5."""
        k = np.sqrt(self.displaced.shape[1])
        return float(np.sqrt(2 * self.loss) - np.sqrt(k / 2) * (distance + turned))

    def steepest(self, start: Array) -> Array:
        """Return an E along which the Hessian falls fastest, relative to itself: a local optimum.

        Args:
            start: (k, k) symmetric, from which one is climbed to.

        Returns:
            (k, k), symmetric, of norm 1.
        """
        k, size = len(start), len(self.hessian)
        root, E = np.linalg.inv(np.linalg.cholesky(self.hessian)), start.ravel()
        both = np.vstack([self.displaced, self.turned])
        for _ in range(_CLIMBS):
            M = self.bends.along((both @ E).reshape(2 * k, k + 1))[:, :size]
            softest = np.linalg.eigh(root @ M @ root.T)[1][:, 0] @ root
            along = np.vstack([softest.reshape(k, k + 1), np.zeros((k, k + 1))])
            E = -(softest @ self.bends.along(along) @ both)
            E /= np.linalg.norm(E)
        return E.reshape(k, k)


def teacher_response(center: Array, blocks: Sequence[int]) -> TeacherResponse:
    """Return what there is at a minimum.

    Args:
        center: (k, k), which permutations within blocks of neurons and coordinates leave as it is.
        blocks: their sizes.

    Raises:
        ValueError: no strict minimum.
    """
    k = len(center)
    d = k + 1
    W, V = (np.pad(x, ((0, 0), (0, 1))) for x in (center, np.eye(k)))
    hessian = population_hessian(W, V)
    lower = float(np.linalg.eigvalsh(hessian)[0])
    if not lower > 0:
        raise ValueError(
            f"W has a Hessian eigenvalue of {lower:.3g}, off the span of the teachers or on it; it "
            "must be a strict minimum for V = I"
        )
    inverse = np.linalg.inv(hessian)
    bends, orbits = ThirdDerivatives(W, V), IndexOrbits([*blocks, 1])
    squares, places = list(product(range(k), range(k))), list(product(range(k), range(d)))
    parts = np.zeros((k * k, k, d))
    for b, (i, j) in enumerate(squares):
        parts[b, i, j] += 0.5
        parts[b, j, i] += 0.5
    turned = parts.reshape(k * k, k * d).T
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

    return TeacherResponse(
        hessian=hessian,
        bends=bends,
        turned=turned,
        displaced=displaced,
        slope=largest(by_teachers),
        own_slope=largest(by_students),
        bend=float(np.sqrt(np.linalg.eigvalsh(orbits.average(bent, squares))[-1])),
        gradient=float(np.sqrt(gradient @ inverse @ gradient)),
        loss=population_loss(W, V),
    )


def _mixed_hessian(W: Array, V: Array) -> Array:
    """The second derivatives of F in W and V, (n d, k d)."""
    # Were the teachers students, the mixed blocks would be those of two students, here negative.
    n, d = W.shape
    return -population_hessian(np.vstack([W, V]), V)[: n * d, n * d :]
