"""The curvature of the loss along one displacement, without a Hessian and without its products.

u^T H u is a sum over pairs of neurons of functions of a few inner products. They are matrix
products of size n x d; what is left is a dozen operations a pair, whatever the number of inputs.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from relu_landscape.arguments import real_array

from .pair import TWO_PI
from .weights import checked_network


def population_curvature_along(W: ArrayLike, V: ArrayLike, U: ArrayLike) -> float:
    """Return u^T H u, the second derivative of F at W along the displacement U.

    With the unit vectors a_i, b_j of W and V, h1 and h2 as in S21, eq. (5),

        u^T H u = sum_{i,j} u_i^T h2(w_i, w_j) u_j + sum_{i,j} u_i^T (h1(w_i, w_j) - h1(w_i, v_j))
        u_i.

    Lengths |a_i - b_j| and |a_i + b_j| are taken from the differences, not from cosines, so that
    the error stays near eps |U|^2 at every angle, as for `population_hessian`.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        U: displacement of the students, (n, d), of any length.

    Returns:
        The second derivative, not divided by |U|^2.

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit.

    Source: S21, eq. (5) and Theorem 17; limits at parallel vectors from Lemma 18.
    """
    W, V = checked_network(W, V)
    U = real_array(U, "U")
    if U.shape != W.shape:
        raise ValueError(f"U has shape {U.shape}; it must have the shape {W.shape} of W")
    lengths = np.linalg.norm(W, axis=1)
    students = W / lengths[:, None]
    own = np.einsum("ij,ij->i", U, students)
    squares = np.einsum("ij,ij->i", U, U)
    turned_by_students = _turning(students, W, U, own, squares)
    turned_by_teachers = _turning(students, V, U, own, squares)
    turning = (turned_by_students - turned_by_teachers) / (TWO_PI * lengths)
    return float(turning.sum() + _mixing(students, U, own))


def _turning(
    students: NDArray[np.float64],
    others: NDArray[np.float64],
    U: NDArray[np.float64],
    own: NDArray[np.float64],
    squares: NDArray[np.float64],
) -> NDArray[np.float64]:
    """sum_j u_i^T h1(w_i, v_j) u_i times 2 pi |w_i|, shape (n,).

    sin t |v| (|u|^2 - (u.a)^2 + (u.e)^2) with e sin t = b - a cos t = (b - a) + a |a - b|^2/2.
    """
    lengths = np.linalg.norm(others, axis=1)
    units = others / lengths[:, None]
    difference, total = cdist(students, units), cdist(students, -units)
    sine = 0.5 * difference * total
    across = U @ units.T - own[:, None] + 0.5 * difference**2 * own[:, None]
    orthogonal = sine * (squares - own**2)[:, None]
    # Where sin t = 0 the whole term vanishes, and so does `across`: any stand-in will do. Below
    # sin t ~ eps `across` is rounding; no component along a unit vector exceeds the whole.
    along_normal = np.minimum(across**2 / np.where(sine > 0.0, sine, 1.0), orthogonal)
    forms: NDArray[np.float64] = orthogonal + along_normal
    turning: NDArray[np.float64] = forms @ lengths
    return turning


def _mixing(
    students: NDArray[np.float64], U: NDArray[np.float64], own: NDArray[np.float64]
) -> float:
    """sum_ij u_i^T h2(w_i, w_j) u_j, the pairs i = j giving |u_i|^2/2.

    2 pi h2 = (pi - t) I + sin t (p p^T - q q^T), where p and q are the unit vectors along s = a + b
    and r = a - b, and sin t = |s||r|/2: the two projections are s s^T |r|/(2 |s|) and
    r r^T |s|/(2 |r|).
    """
    difference, total = cdist(students, students), cdist(students, -students)
    supplement = 2.0 * np.arctan2(total, difference)
    components = U @ students.T
    on_sum = (own[:, None] + components) * (own[:, None] + components).T
    on_difference = -(own[:, None] - components) * (own[:, None] - components).T
    # A vanishing sum or difference has no component: any stand-in for its length will do. Where it
    # is of the order of eps its components are rounding, and are kept to the size they can have.
    half_tangent = difference / np.where(total > 0.0, total, 1.0)
    half_cotangent = total / np.where(difference > 0.0, difference, 1.0)
    lengths = np.linalg.norm(U, axis=1)
    largest = difference * total * lengths[:, None] * lengths
    along_bisector = np.clip(half_tangent * on_sum, -largest, largest)
    along_separation = np.clip(half_cotangent * on_difference, -largest, largest)
    forms = supplement * (U @ U.T) + 0.5 * (along_bisector - along_separation)
    return float(forms.sum() / TWO_PI)
