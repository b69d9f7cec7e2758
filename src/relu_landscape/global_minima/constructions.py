"""Points next to a global minimum with n > k at which convexity fails, and what is known of them.

Two neurons share the teacher v_1 at the global minimum: w_1 = a v_1, w_2 = (1 - a) v_1, 0 < a < 1.
Theorem 4 of S21 tilts both the same way, Theorems 7 and 9 spread them apart. In the plane of v_1
and the displacement everything is elementary; the closed forms below are derived here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.members import global_minimum


@dataclass(frozen=True)
class Construction:
    """A point next to a global minimum.

    weights: (n, d) the point; minimum: (n, d) the global minimum; teachers: (k, d) = (e_1, ...,
    e_k); pair: the two rows that moved.
    """

    weights: NDArray[np.float64]
    minimum: NDArray[np.float64]
    teachers: NDArray[np.float64]
    pair: tuple[int, int]


@dataclass(frozen=True)
class ValleyConstants:
    """Leading constants along the valley of Theorems 7 and 9, as epsilon -> 0.

    loss: F/eps^3; squared_gradient_norm: |grad F|^2/eps^4; one_point_gradient, one_point_hessian,
    pl_ratio: the quotient over eps.
    """

    loss: float
    squared_gradient_norm: float
    one_point_gradient: float
    one_point_hessian: float
    pl_ratio: float


def tilted_pair(n: int, k: int, d: int, share: float, epsilon: float) -> Construction:
    """Return the point of Theorem 4: w_1 = a (v_1 + eps v_2), w_2 = (1 - a)(v_1 + eps v_2).

    Args:
        n: students, n > k.
        k: teachers, k >= 2.
        d: inputs, d >= k.
        share: a, strictly between 0 and 1.
        epsilon: tangent of the tilt, positive.

    Raises:
        ValueError: a number out of range.

    Source: S21, Theorem 4, with the unit vector u = v_2.
    """
    minimum, pair = _split_minimum(n, k, d, share, epsilon)
    weights = minimum.copy()
    weights[pair, 1] = epsilon * minimum[pair, 0]
    return Construction(weights, minimum, np.eye(k, d), pair)


def spread_pair(n: int, k: int, d: int, share: float, epsilon: float) -> Construction:
    """Return the point of Theorems 7 and 9: w_1 = a v_1 + eps v_2, w_2 = (1 - a) v_1 - eps v_2.

    Args and raises: as for `tilted_pair`; epsilon is the length of each displacement.

    Source: S21, proofs of Theorems 7 and 9.
    """
    minimum, pair = _split_minimum(n, k, d, share, epsilon)
    weights = minimum.copy()
    weights[pair, 1] = [epsilon, -epsilon]
    return Construction(weights, minimum, np.eye(k, d), pair)


def separating_direction(point: Construction) -> NDArray[np.float64]:
    """Return (z, -z) on the two neurons of a tilted pair and 0 on the rest, (n, d).

    z is the unit vector in the plane of v_1 and v_2 that is orthogonal to the neurons, the top
    eigenvector of h1(w_1, v_1).

    Source: S21, proof of Theorem 4.
    """
    first, second = point.pair
    along = point.weights[first] / np.linalg.norm(point.weights[first])
    direction = np.zeros_like(point.weights)
    direction[first, :2] = [-along[1], along[0]]
    direction[second] = -direction[first]
    return direction


def tilted_form(share: float, epsilon: float) -> float:
    """Return (z, -z)^T H (z, -z) at a tilted pair, -(sin t/pi)(1/|w_1| + 1/|w_2|), t = atan(eps).

    The two neurons are parallel, so each is turned by no student but by its teacher: the block of
    neuron i along z is 1/2 - 2 sin t/(2 pi |w_i|) and the mixed block 1/2, and the halves cancel.

    Raises:
        ValueError: share or epsilon are out of range, see `tilted_pair`.

    Source: S21, Lemma 28; the exact value is derived here.
    """
    _require_tilt(share, epsilon)
    length = np.hypot(1.0, epsilon)
    inverse_norms = (1.0 / share + 1.0 / (1.0 - share)) / length
    return float(-(epsilon / length) / np.pi * inverse_norms)


def printed_tilted_form(share: float, epsilon: float) -> float:
    """Return the value printed for it, -(1 + eps)(sin t/pi)(a_1 + a_2)^2/(a_1 a_2).

    It takes |w_i| = (1 + eps) a_i, and so holds to leading order only.

    Raises:
        ValueError: as `tilted_form`.

    Source: S21, proof of Theorem 4.
    """
    _require_tilt(share, epsilon)
    sine = epsilon / np.hypot(1.0, epsilon)
    return float(-(1.0 + epsilon) * sine / np.pi / (share * (1.0 - share)))


def valley_constants(n: int, k: int, share: float) -> ValleyConstants:
    """Return the leading constants at `spread_pair(n, k, d, share, eps)` as eps -> 0.

    With t_i the angle of w_i and v_1, S = 1/a + 1/(1 - a) and areas |w_i||v_1| sin t_i = eps,

        2 pi F = t_1 a + t_2 (1 - a) - eps - (t_1 + t_2)(a (1 - a) - eps^2)      ~ 2 S eps^3/3,
        2 pi dF/dw = X, -X on the pair, X on the neurons of v_2, (|w_1| + |w_2| - 1) v_j on those of
        any other teacher v_j, with X = t_1 w_1 - t_2 w_2 ~ S eps^2 v_2, |w_1| + |w_2| - 1 ~ S
        eps^2/2,

    so that <grad F, W - W*> = eps^2 (t_1 + t_2)/pi. The Hessian form is twice the gradient form to
    leading order, since F is homogeneous of degree three along the displacement.

    Source: S21, proofs of Theorems 7 and 9; the constants are derived here.
    """
    _require_pair(n, k, share)
    total = 1.0 / share + 1.0 / (1.0 - share)
    on_second = -(-(n - 2) // (k - 1))  # neurons of v_2: the rest is dealt out in turn
    on_others = n - 2 - on_second
    loss = total / (3.0 * np.pi)
    squared = total**2 * (2.0 + on_second + on_others / 4.0) / (4.0 * np.pi**2)
    return ValleyConstants(
        loss=loss,
        squared_gradient_norm=squared,
        one_point_gradient=total / (2.0 * np.pi),
        one_point_hessian=total / np.pi,
        pl_ratio=squared / (2.0 * loss),
    )


def _require_pair(n: int, k: int, share: float) -> None:
    if not 2 <= k < n:
        raise ValueError(f"got n = {n} and k = {k}; the construction needs 2 <= k < n")
    _require_share(share)


def _require_share(share: float) -> None:
    if not 0.0 < share < 1.0:
        raise ValueError(f"share is {share}; it must lie strictly between 0 and 1")


def _require_tilt(share: float, epsilon: float) -> None:
    _require_share(share)
    if not 0.0 < epsilon < np.inf:
        raise ValueError(f"epsilon is {epsilon}; it must be positive and finite")


def _split_minimum(
    n: int, k: int, d: int, share: float, epsilon: float
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """A global minimum whose first two rows share v_1; further neurons share the other teachers."""
    _require_pair(n, k, share)
    _require_tilt(share, epsilon)
    minimum = np.zeros((n, d))
    # Two doubles that add up to one exactly: otherwise the point is no global minimum, and below
    # epsilon ~ 1e-8 the gradient of what is missing outweighs that of the displacement.
    second = 1.0 - share
    minimum[:2, 0] = [1.0 - second, second]
    minimum[2:, 1:] = global_minimum(n - 2, k - 1, d=d - 1)
    return minimum, (0, 1)
