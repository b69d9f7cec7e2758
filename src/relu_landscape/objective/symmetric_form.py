"""Symmetric matrices that are a multiple of the identity plus a few projections."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SymmetricForm:
    """The matrices M = alpha I + sum_r beta_r z_r z_r^T, kept as alpha, beta and z.

    Args:
        identity: alpha, shape (...).
        coefficients: beta, shape (..., r).
        directions: z, shape (..., r, d).
    """

    identity: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    directions: NDArray[np.float64]

    def matrix(self) -> NDArray[np.float64]:
        """Return M, exactly symmetric, shape (..., d, d)."""
        d = self.directions.shape[-1]
        weighted = self.coefficients[..., None] * self.directions
        projections = np.swapaxes(weighted, -1, -2) @ self.directions
        # The two halves differ in the last bit, by the order in which they are multiplied.
        symmetric: NDArray[np.float64] = 0.5 * (projections + np.swapaxes(projections, -1, -2))
        symmetric += self.identity[..., None, None] * np.eye(d)
        return symmetric

    def apply(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return M u for vectors u of shape (..., d), shape (..., d)."""
        components = np.einsum("...rd,...d->...r", self.directions, vectors)
        projected: NDArray[np.float64] = np.einsum(
            "...r,...rd->...d", self.coefficients * components, self.directions
        )
        return projected + self.identity[..., None] * vectors

    def scaled(self, factors: NDArray[np.float64]) -> "SymmetricForm":
        """Return the forms times these factors, which broadcast to shape (...)."""
        return SymmetricForm(
            identity=factors * self.identity,
            coefficients=factors[..., None] * self.coefficients,
            directions=self.directions,
        )

    def total(self) -> "SymmetricForm":
        """Return the sum of the forms along the last leading axis, (..., m) -> (...)."""
        *leading, m, r, d = self.directions.shape
        return SymmetricForm(
            identity=self.identity.sum(axis=-1),
            coefficients=self.coefficients.reshape(*leading, m * r),
            directions=self.directions.reshape(*leading, m * r, d),
        )
