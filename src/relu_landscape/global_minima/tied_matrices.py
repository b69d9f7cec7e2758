"""Spaces of square matrices in which some entries are always equal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from relu_landscape.eigenspaces import softest_direction


@dataclass(frozen=True)
class TiedMatrices:
    """Matrices (k, k) whose entries with equal labels are equal; labels count from 0."""

    labels: NDArray[np.int64]

    @cached_property
    def _lengths(self) -> NDArray[np.float64]:
        return np.sqrt(np.bincount(self.labels.ravel()))

    @property
    def dimension(self) -> int:
        """Number of its coordinates in an orthonormal basis."""
        return len(self._lengths)

    def matrix(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """The matrix (k, k) with these coordinates."""
        entries: NDArray[np.float64] = (coordinates / self._lengths)[self.labels]
        return entries

    def coordinates(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coordinates of the projection of a matrix (k, k)."""
        sums = np.bincount(self.labels.ravel(), matrix.ravel())
        projected: NDArray[np.float64] = sums / self._lengths
        return projected

    def softest(self, hessian: NDArray[np.float64]) -> NDArray[np.float64]:
        """Unit matrix (k, k) of the space along which a Hessian (k^2, k^2) is least."""
        basis = (self.labels.ravel()[:, None] == np.arange(self.dimension)) / self._lengths
        return self.matrix(softest_direction(basis.T @ hessian @ basis))


def tied_matrices(labels: NDArray[np.int64]) -> TiedMatrices:
    """The space of matrices whose entries with equal labels (k, k) are equal."""
    return TiedMatrices(np.unique(labels, return_inverse=True)[1].reshape(labels.shape))


def all_matrices(k: int) -> TiedMatrices:
    """The space of all matrices (k, k)."""
    return TiedMatrices(np.arange(k * k).reshape(k, k))
