"""The loss and its derivatives a second time: slow, in extended precision, from the textbook.

No formula here is shared with the rest of the package, so that one mistake cannot hide in both. The
formulas are those printed in S21, eqs. (64), (10) and (5), with an arccosine for the angle. The
arccosine loses half of the digits at parallel neurons: twice the digits asked for are carried.

Weights in float64 are taken as the exact numbers that they are; mpmath numbers are welcome too.
Results are mpmath numbers: calculate with them inside `mpmath.workdps`, or convert them with
`reference_to_float64`.
"""

from typing import Final, TypeAlias

import mpmath
import numpy as np
from numpy.typing import ArrayLike, NDArray

import relu_landscape.pickling  # noqa: F401  (results keep their digits)
from relu_landscape.arguments import checked_arguments, extended_array, whole_number

Numbers: TypeAlias = NDArray[np.object_]

FEWEST_DIGITS: Final = 16

# In every product of an array and a number the array comes first: the other order is ten times
# slower, because the number first tries to convert the array.
_to_mpf: Final = np.frompyfunc(mpmath.mpf, 1, 1)


@checked_arguments(W=extended_array, V=extended_array, digits=whole_number)
def reference_loss(W: ArrayLike, V: ArrayLike, *, digits: int = 50) -> mpmath.mpf:
    """Return F(W) = 1/2 sum f(w_i, w_j) - sum f(w_i, v_j) + 1/2 sum f(v_i, v_j).

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        digits: correct decimal digits after the point, for weights of order one.

    Returns:
        F, with the factor 1/2.

    Raises:
        ValueError: a row is zero or not finite, the shapes do not fit, or too few digits.

    Source: S21, eq. (64).
    """
    with _precision(digits):
        return _loss(*_network(W, V))


@checked_arguments(W=extended_array, V=extended_array, digits=whole_number)
def reference_gradient(W: ArrayLike, V: ArrayLike, *, digits: int = 50) -> Numbers:
    """Return dF/dw_i = w_i/2 + sum_{j != i} g(w_i, w_j) - sum_j g(w_i, v_j).

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        digits: correct decimal digits after the point, for weights of order one.

    Returns:
        The gradient, (n, d), an array of mpmath numbers.

    Raises:
        ValueError: a row is zero or not finite, the shapes do not fit, or too few digits.

    Source: S21, eqs. (10), (11).
    """
    with _precision(digits):
        W, V = _network(W, V)
        gradient: Numbers = W / 2
        for i, w in enumerate(W):
            for j, other in enumerate(W):
                if j != i:
                    gradient[i] = gradient[i] + _pair_gradient(w, other)
            for v in V:
                gradient[i] = gradient[i] - _pair_gradient(w, v)
        return gradient


@checked_arguments(W=extended_array, V=extended_array, digits=whole_number)
def reference_hessian(W: ArrayLike, V: ArrayLike, *, digits: int = 50) -> Numbers:
    """Return H_ii = I/2 + sum_{j != i} h1(w_i, w_j) - sum_j h1(w_i, v_j) and H_ij = h2(w_i, w_j).

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        digits: correct decimal digits after the point, for weights of order one.

    Returns:
        The Hessian, (n d, n d), row i d + a for coordinate a of neuron i, an array of mpmath
        numbers.

    Raises:
        ValueError: a row is zero or not finite, the shapes do not fit, or too few digits.

    Source: S21, eq. (5) and Theorem 17; limits at parallel vectors from Lemma 18.
    """
    with _precision(digits):
        W, V = _network(W, V)
        n, d = W.shape
        blocks = np.empty((n, d, n, d), dtype=object)
        for i, w in enumerate(W):
            blocks[i, :, i, :] = _diagonal_block(w, np.delete(W, i, axis=0), V)
            for j in range(i + 1, n):
                mixed = _pair_hessian_mixed(w, W[j])
                blocks[i, :, j, :] = mixed
                blocks[j, :, i, :] = mixed.T
        return blocks.reshape(n * d, n * d)


@checked_arguments(W=extended_array, V=extended_array, U=extended_array, digits=whole_number)
def reference_curvature_along(
    W: ArrayLike, V: ArrayLike, U: ArrayLike, *, digits: int = 50
) -> mpmath.mpf:
    """Return u^T H u = (F(W + h U) - 2 F(W) + F(W - h U))/h^2 for u = U.ravel(), with a tiny h.

    No formula of a derivative enters. The step moves no neuron by more than 10^-(digits/2) of its
    length, which leaves about `digits` decimal digits right, and half as many if neurons are
    parallel or antiparallel, where the third derivatives of F jump.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        U: displacement of the students, (n, d), of any length.
        digits: see above.

    Returns:
        The second derivative of F along U, not divided by |U|^2.

    Raises:
        ValueError: a row of W or V is zero or not finite, U is not finite, the shapes do not fit,
            or too few digits.
    """
    with _precision(digits):
        W, V = _network(W, V)
        U = _matrix(U, "U")
        if U.shape != W.shape:
            raise ValueError(f"U has shape {U.shape}; it must have the shape {W.shape} of W")
        fastest = max(_norm(u) / _norm(w) for u, w in zip(U, W, strict=True))
        if fastest == 0:
            return mpmath.mpf(0)
        step = mpmath.mpf(10) ** -(digits // 2) / fastest
        ahead, here, behind = (_loss(W + U * shift, V) for shift in (step, 0, -step))
        return (ahead - 2 * here + behind) / step**2


@checked_arguments(values=extended_array)
def reference_to_float64(values: ArrayLike) -> NDArray[np.float64]:
    """Return mpmath numbers, or an array of them, rounded to float64, of the same shape."""
    return np.asarray(values, dtype=object).astype(np.float64)


def _loss(W: Numbers, V: Numbers) -> mpmath.mpf:
    students = mpmath.fsum(_pair_loss(w, other) for w in W for other in W)
    mixed = mpmath.fsum(_pair_loss(w, v) for w in W for v in V)
    teachers = mpmath.fsum(_pair_loss(v, other) for v in V for other in V)
    return students / 2 - mixed + teachers / 2


def _pair_loss(w: Numbers, v: Numbers) -> mpmath.mpf:
    t = _angle(w, v)
    shape = mpmath.sin(t) + (mpmath.pi - t) * mpmath.cos(t)
    return _norm(w) * _norm(v) * shape / (2 * mpmath.pi)


def _pair_gradient(w: Numbers, v: Numbers) -> Numbers:
    t = _angle(w, v)
    along_w = _norm(v) * mpmath.sin(t) / _norm(w)
    gradient: Numbers = (w * along_w + v * (mpmath.pi - t)) / (2 * mpmath.pi)
    return gradient


def _diagonal_block(w: Numbers, others: Numbers, V: Numbers) -> Numbers:
    # sum h1 = sum c (I - w_bar w_bar^T + n_vw n_vw^T), c = sin t |v|/(2 pi |w|), minus for teachers
    w_bar = w / _norm(w)
    weights, normals = [mpmath.mpf(0)], [w * 0]
    for sign, vectors in ((1, others), (-1, V)):
        for v in vectors:
            t = _angle(w, v)
            if not _aligned(t):
                weights.append(sign * mpmath.sin(t) * _norm(v) / (2 * mpmath.pi * _norm(w)))
                normals.append(_unit_residual(v, w))
    total, rows = mpmath.fsum(weights), np.array(normals)
    along_normals: Numbers = rows.T @ (rows * np.array(weights)[:, None])
    block = along_normals - np.outer(w_bar, w_bar * total)
    return _plus_identity(block, total + mpmath.mpf(0.5))


def _pair_hessian_mixed(w: Numbers, v: Numbers) -> Numbers:
    t = _angle(w, v)
    isotropic = (mpmath.pi - t) / (2 * mpmath.pi)
    if _aligned(t):
        return _plus_identity(np.outer(w, v) * 0, isotropic)
    w_bar, v_bar = w / _norm(w), v / _norm(v)
    n_wv, n_vw = _unit_residual(w, v), _unit_residual(v, w)
    turning = np.outer(n_wv, v_bar / (2 * mpmath.pi)) + np.outer(n_vw, w_bar / (2 * mpmath.pi))
    return _plus_identity(turning, isotropic)


def _plus_identity(matrix: Numbers, multiple: mpmath.mpf) -> Numbers:
    result = matrix.copy()
    on_diagonal = np.arange(len(matrix))
    result[on_diagonal, on_diagonal] += multiple
    return result


def _angle(w: Numbers, v: Numbers) -> mpmath.mpf:
    cosine = mpmath.fdot(w, v) / (_norm(w) * _norm(v))
    return mpmath.acos(min(max(cosine, -1), 1))


def _aligned(t: mpmath.mpf) -> bool:
    # Half of the working digits: below that an arccosine is noise.
    return bool(mpmath.sin(t) < mpmath.mpf(10) ** -(mpmath.mp.dps // 2 - 4))


def _unit_residual(of: Numbers, along: Numbers) -> Numbers:
    residual: Numbers = of - along * (mpmath.fdot(of, along) / mpmath.fdot(along, along))
    unit: Numbers = residual / _norm(residual)
    return unit


def _norm(vector: Numbers) -> mpmath.mpf:
    return mpmath.sqrt(mpmath.fdot(vector, vector))


def _precision(digits: int) -> "mpmath.workdps":
    if digits < FEWEST_DIGITS:
        raise ValueError(
            f"digits = {digits}; the reference needs at least {FEWEST_DIGITS}, or it is no better "
            "than float64"
        )
    return mpmath.workdps(2 * digits + 10)


def _network(W: ArrayLike, V: ArrayLike) -> tuple[Numbers, Numbers]:
    students, teachers = _matrix(W, "W"), _matrix(V, "V")
    if students.shape[1] != teachers.shape[1]:
        raise ValueError(
            f"W has {students.shape[1]} columns and V has {teachers.shape[1]}; they must agree"
        )
    for name, rows in (("W", students), ("V", teachers)):
        for index, row in enumerate(rows):
            if not row.any():
                raise ValueError(f"row {index} of {name} is zero; F is not differentiable there")
    return students, teachers


def _matrix(rows: ArrayLike, name: str) -> Numbers:
    given = np.asarray(rows)
    if given.ndim != 2 or given.size == 0:
        raise ValueError(f"{name} has shape {given.shape}; it must be (neurons, inputs)")
    for index, row in enumerate(given):
        if not all(mpmath.isfinite(entry) for entry in row):
            raise ValueError(f"row {index} of {name} has an entry that is not finite")
    matrix: Numbers = _to_mpf(given)
    return matrix
