"""The loss in the valley of several students of one teacher, to leading order.

Near a global minimum write the students of a teacher v, |v| = 1, as w_i = a_i v + u_i with u_i at
right angles to v. The sums of the a_i and of the u_i relax exponentially, to 1 and 0 up to
O(|u|^2). Where they are 1 and 0,

    F = Phi(u) (1 + O(|u|^2)),
    Phi(u) = 1/(12 pi) [sum_ij a_i a_j |u_i/a_i - u_j/a_j|^3 - 2 sum_i |u_i|^3/a_i^2].

Derivation. With z = v.x and s_i = u_i.x/a_i, independent of z, the difference of the networks is

    f(z) = sum_i a_i (z + s_i)_+ - z_+,

whose second derivative in z is the measure mu = sum_i a_i delta(-s_i) - delta(0). Its moments of
order 0 and 1 vanish, so that f does outside of max |s_i|, where z has the density
(1 + O(z^2))/sqrt(2 pi), and integrating by parts four times, int f^2 dz = 1/12 iint |x - y|^3 dmu
dmu. Then E|b.x|^3 = 2 sqrt(2/pi) |b|^3, and F = E f^2/2.

With several orthonormal teachers F is the sum of the Phi of each with its own students, up to a
relative O(|u|) where two of them have several: the wedges in which teachers differ from their
students overlap. A teacher with one student adds nothing.

Phi is homogeneous of degree 3. On the way of gradient flow, u' = -grad Phi, the direction of u
descends Phi on the unit sphere of {sum u = 0}. At a critical point of Phi = c there |u|' = -3 c
|u|^2, hence

    |u| = 1/(3 c t),    F t^3 -> 1/(27 c^2),    |grad F| F^(-2/3) -> 3 c^(1/3),

and |grad Phi| >= 3 Phi/|u| everywhere, so that 3 c^(1/3) with the least c bounds it from below.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from relu_landscape.arguments import checked_arguments, real_array, whole_number

GRADIENT_TOLERANCE: Final = 1e-10
MOST_STUDENTS: Final = 2**53  # beyond, whole numbers are not those of float64


class TeacherValley(NamedTuple):
    """The students of one teacher: multiples of it, shares (m,), and the rest u, (m, d)."""

    shares: NDArray[np.float64]
    displacements: NDArray[np.float64]


def valley_coordinates(W: NDArray[np.float64], V: NDArray[np.float64]) -> tuple[TeacherValley, ...]:
    """Return the students of each teacher, every student with the teacher of the least angle.

    Args:
        W: students, (n, d).
        V: teachers, (k, d), orthonormal.
    """
    products = W @ V.T
    nearest = products.argmax(axis=1)
    valleys = []
    for teacher, v in enumerate(V):
        own = W[nearest == teacher]
        shares = own @ v
        valleys.append(TeacherValley(shares, own - shares[:, None] * v))
    return tuple(valleys)


@checked_arguments(shares=real_array, displacements=real_array)
def valley_loss(shares: ArrayLike, displacements: ArrayLike) -> float:
    """Return Phi(u), the leading order of F next to a global minimum.

    Args:
        shares: a, (m,), positive multiples of the teacher, whose sum is 1.
        displacements: u, (m, d), at right angles to the teacher, whose sum is 0.

    Returns:
        Phi = 1/(12 pi) [sum_ij a_i a_j |u_i/a_i - u_j/a_j|^3 - 2 sum_i |u_i|^3/a_i^2]. Where the
        sums are 1 and 0 up to O(|u|^2) the error is of higher order.

    Raises:
        ValueError: shapes do not fit, there is no share, one is not positive, or |u|^3/a^2 is not
            finite.

    Source: derived in this module.
    """
    a, u = _checked(shares, displacements)
    differences = u[:, None] / a[:, None, None] - u / a[:, None]
    pairs = a[:, None] * a * np.linalg.norm(differences, axis=-1) ** 3
    alone = np.linalg.norm(u, axis=1) ** 3 / a**2
    return float((pairs.sum() - 2 * alone.sum()) / (12 * np.pi))


@checked_arguments(shares=real_array, displacements=real_array)
def valley_gradient(shares: ArrayLike, displacements: ArrayLike) -> NDArray[np.float64]:
    """Return the gradient of Phi in u along {sum u = 0}, (m, d).

    dPhi/du_i = 1/(2 pi) [sum_j a_j |D_ij| D_ij - |u_i| u_i/a_i^2],  D_ij = u_i/a_i - u_j/a_j,
    without its mean over i.

    Args:
        shares: a, (m,), positive.
        displacements: u, (m, d).

    Raises:
        ValueError: as for `valley_loss`.
    """
    a, u = _checked(shares, displacements)
    differences = u[:, None] / a[:, None, None] - u / a[:, None]
    lengths = np.linalg.norm(differences, axis=-1)
    pairs = ((a * lengths)[..., None] * differences).sum(axis=1)
    alone = (np.linalg.norm(u, axis=1) / a**2)[:, None] * u
    gradient = (pairs - alone) / (2 * np.pi)
    free: NDArray[np.float64] = gradient - gradient.mean(axis=0)
    return free


@checked_arguments(n_students=whole_number, corners=whole_number)
def simplex_valley_constant(n_students: int, corners: int) -> float:
    """Return Phi on the unit sphere where some of n students of equal shares form a simplex.

    u of `corners` students are the corners of a regular simplex, the others are at rest:

        c = n/(12 pi) [2^(3/2) m/sqrt(m - 1) - 2 sqrt m],    m = corners,

    least at m = 4.

    Args:
        n_students: n.
        corners: m, 2 <= m <= n <= 2^53.

    Raises:
        ValueError: corners out of range.
    """
    if not 2 <= corners <= n_students <= MOST_STUDENTS:
        raise ValueError(
            f"corners is {corners} and n_students {n_students}; "
            f"allowed: 2 <= corners <= n_students <= {MOST_STUDENTS}"
        )
    form = 2**1.5 * corners / np.sqrt(corners - 1) - 2 * np.sqrt(corners)
    return float(n_students / (12 * np.pi) * form)


def simplex_displacements(n: int, corners: int) -> NDArray[np.float64]:
    """Return u of length 1, (n, corners - 1): a regular simplex, and students at rest."""
    centred = np.eye(corners) - 1 / corners
    basis = np.linalg.svd(centred)[0][:, : corners - 1]
    u = np.zeros((n, corners - 1))
    u[:corners] = centred @ basis
    return np.asarray(u / np.linalg.norm(u))


def least_valley_constant(shares: NDArray[np.float64], start: NDArray[np.float64]) -> float:
    """Return the value of Phi on the unit sphere that a quasi-Newton search from `start` ends at.

    Args:
        shares: a, (m,), positive.
        start: u, (m, p), p the number of inputs less one.
    """

    def value_and_slope(free: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        u = free.reshape(start.shape)
        u = u - u.mean(axis=0)
        length = np.linalg.norm(u)
        u = u / length
        value = valley_loss(shares, u)
        return value, ((valley_gradient(shares, u) - 3 * value * u) / length).ravel()

    return float(
        minimize(
            value_and_slope,
            start.ravel(),
            jac=True,
            method="BFGS",
            options={"gtol": GRADIENT_TOLERANCE},
        ).fun
    )


def _checked(
    shares: ArrayLike, displacements: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, u = np.asarray(shares, np.float64), np.asarray(displacements, np.float64)
    if a.ndim != 1 or u.ndim != 2 or len(a) != len(u):
        raise ValueError(
            f"shares have shape {a.shape} and displacements {u.shape}; they must be (students,) "
            "and (students, inputs)"
        )
    if not (len(a) and (a > 0).all()):
        raise ValueError(f"shares are {a.tolist()}; at least one is needed, and all positive")
    # Where u/a overflows, F is no longer near 0: the law is about small displacements.
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        largest = np.abs(u).max(initial=0.0) ** 3 / a.min() ** 2
    if not np.isfinite(largest):
        raise ValueError(
            f"displacements are up to {np.abs(u).max():.3g} beside shares down to {a.min():.3g}; "
            "|u|^3/a^2 must be finite"
        )
    return a, u
