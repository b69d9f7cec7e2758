"""Where searches for violations of Conjecture 12 begin.

Points are perturbations in units of their radius: X (m k, k) with rows in the unit ball, rows
i m .. i m + m - 1 belonging to teacher i. The worst ones found are symmetric more often than not:
at (k, m) = (3, 3) a permutation of the teachers leaves those at .4/m and .5/m unchanged. Of 200
starts from symmetric points 6 and 9 end there, of 800 others one: with few of them, independent
searches agree on the second lowest minimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

START_NOISE: Final = 0.1  # share of an unstructured direction in an antisymmetric start
SYMMETRIC: Final = 4  # symmetric starts for each of the other kinds
SHAKE: Final = 0.3  # length by which a shaken point moves a row, about


def starting_points(
    k: int, m: int, tries: int, generator: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    """Draw antisymmetric and unstructured points, so many of each, and SYMMETRIC times as many."""
    for _ in range(tries):
        yield antisymmetric_point(k, m, generator)
        yield unstructured_point(k, m, generator)
        for _ in range(SYMMETRIC):
            yield symmetric_point(k, m, generator)


def variations(
    X: NDArray[np.float64], m: int, tries: int, generator: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    """Draw points near X: with a row drawn afresh, with all rows of a teacher, shaken."""
    for _ in range(tries):
        row, teacher = int(generator.integers(len(X))), int(generator.integers(X.shape[1]))
        yield with_rows_drawn(X, slice(row, row + 1), generator)
        yield with_rows_drawn(X, slice(teacher * m, (teacher + 1) * m), generator)
        yield _within_ball(X + SHAKE * generator.normal(size=X.shape) / np.sqrt(X.shape[1]))


def antisymmetric_point(k: int, m: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """A point with max |x_ij| = 1 and sums of each teacher's rows nearly antisymmetric."""
    square = generator.normal(size=(k, k))
    shares = generator.dirichlet(np.ones(m), size=k)
    rows = shares[:, :, None] * (square - square.T)[:, None, :]
    rows = rows + START_NOISE * generator.normal(size=rows.shape)
    return _of_length_one(rows.reshape(m * k, k))


def unstructured_point(k: int, m: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """A point with rows drawn uniformly from the unit ball."""
    return _drawn_rows(m * k, k, generator)


def symmetric_point(k: int, m: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """A point with max |x_ij| = 1 that some permutation, not the identity, does not change.

    It permutes teachers, with all their rows, and coordinates alike; the point drawn is
    averaged over its powers.
    """
    kind: Callable[[int, int, np.random.Generator], NDArray[np.float64]] = (
        antisymmetric_point if generator.integers(2) else unstructured_point
    )
    rows = kind(k, m, generator).reshape(k, m, k)
    permutation = np.arange(k)
    while (permutation == np.arange(k)).all():
        permutation = generator.permutation(k)
    total, power = rows.copy(), permutation
    while (power != np.arange(k)).any():
        total += rows[power][:, :, power]
        power = permutation[power]
    return _of_length_one(total.reshape(m * k, k))


def with_rows_drawn(
    X: NDArray[np.float64], rows: slice, generator: np.random.Generator
) -> NDArray[np.float64]:
    """X with some rows drawn afresh from the unit ball."""
    varied = X.copy()
    varied[rows] = _drawn_rows(len(X[rows]), X.shape[1], generator)
    return varied


def _drawn_rows(count: int, d: int, generator: np.random.Generator) -> NDArray[np.float64]:
    rows = generator.normal(size=(count, d))
    lengths = generator.random(size=(count, 1)) ** (1.0 / d)
    drawn: NDArray[np.float64] = lengths * rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return drawn


def _of_length_one(X: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = X / np.linalg.norm(X, axis=1).max()
    return scaled


def _within_ball(X: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled: NDArray[np.float64] = X / max(1.0, float(np.linalg.norm(X, axis=1).max()))
    return scaled
