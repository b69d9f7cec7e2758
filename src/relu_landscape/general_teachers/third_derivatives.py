"""How the second derivatives of the loss change as students and teachers move, in float64.

The formulas are those of `check_persistence`, Lemma 1, which shares no code with this.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class ThirdDerivatives:
    """How the second derivatives of F in W, and in W and V, change; all pairs at once."""

    def __init__(self, W: Array, V: Array) -> None:
        self.students, self.neurons = len(W), np.vstack([W, V])
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
