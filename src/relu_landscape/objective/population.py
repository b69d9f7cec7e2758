"""The population loss of a student network against a teacher network, and its derivatives.

    F(W) = 1/2 E (sum_i relu(w_i . x) - sum_j relu(v_j . x))^2,  x ~ N(0, I_d)

in closed form for any students W (n, d) and any teachers V (k, d), rows being neurons. The factor
1/2 is part of F throughout; S21 prints eqs. (1), (2) without it, its formulas are with it. All
formulas of single pairs are those of `pair`.
"""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import real_array

from .geometry import PairGeometry, pair_geometry
from .pair import gradient_terms, hessian_first_form, hessian_mixed_form, loss_terms
from .weights import checked_network

# Pairs are taken in blocks of rows whose vectors hold about so many numbers (8 MB) an array.
_BLOCK: Final = 2**20


def population_loss(W: ArrayLike, V: ArrayLike) -> float:
    """Return F(W) = 1/2 sum f(w_i, w_j) - sum f(w_i, v_j) + 1/2 sum f(v_i, v_j).

    The error is absolute, below `loss_rounding_error`: near a global minimum F may come out as a
    tiny negative number. Takes O((n + k)^2 d) operations and a memory of O((n + k)^2) numbers, one
    a pair, beside some 25 MB or O((n + k) d) numbers for the pairs in work.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).

    Returns:
        F, with the factor 1/2.

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit.

    Source: S21, eq. (64).
    """
    W, V = checked_network(W, V)
    terms = (0.5 * _all_losses(W, W), -_all_losses(W, V), 0.5 * _all_losses(V, V))
    # Near a global minimum the terms cancel: an exact sum leaves no errors but their own, and the
    # same value however the neurons are ordered.
    return math.fsum(np.concatenate([term.ravel() for term in terms]).tolist())


def population_gradient(W: ArrayLike, V: ArrayLike) -> NDArray[np.float64]:
    """Return dF/dw_i = sum_j g(w_i, w_j) - sum_j g(w_i, v_j).

    Takes O(n (n + k) d) operations and, beside the result, a memory of some 40 MB or
    O((n + k) d) numbers for the pairs in work.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).

    Returns:
        The gradient, (n, d).

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit.

    Source: S21, eq. (10); its w_i/2 is g(w_i, w_i).
    """
    W, V = checked_network(W, V)
    return _summed_gradients(W, W) - _summed_gradients(W, V)


def population_hessian(W: ArrayLike, V: ArrayLike) -> NDArray[np.float64]:
    """Return the Hessian of F, n x n blocks of size d x d, neuron by neuron.

    H_ii = I/2 + sum_{j != i} h1(w_i, w_j) - sum_j h1(w_i, v_j),  H_ij = h2(w_i, w_j).

    F is twice continuously differentiable wherever no w_i is zero, also at parallel and
    antiparallel neurons (S21, Lemma 1), where the third derivatives jump.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).

    Returns:
        H, exactly symmetric, (n d, n d); row i d + a is coordinate a of neuron i, so that
        H @ U.ravel() belongs to a displacement U (n, d).

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit.

    Source: S21, eq. (5) and Theorem 17.
    """
    W, V = checked_network(W, V)
    n, d = W.shape
    blocks = np.empty((n, d, n, d))
    upper, lower = np.triu_indices(n, k=1)
    mixed = hessian_mixed_form(pair_geometry(W[upper], W[lower])).matrix()
    blocks[upper, :, lower, :] = mixed
    blocks[lower, :, upper, :] = mixed
    students = hessian_first_form(_all_pairs(W, W)).total().matrix()
    teachers = hessian_first_form(_all_pairs(W, V)).total().matrix()
    neurons = np.arange(n)
    blocks[neurons, :, neurons, :] = 0.5 * np.eye(d) + students - teachers
    return blocks.reshape(n * d, n * d)


def population_hessian_vector(W: ArrayLike, V: ArrayLike, U: ArrayLike) -> NDArray[np.float64]:
    """Return the product of the Hessian of F with a displacement U, without forming the Hessian.

    Takes O(n (n + k) d) operations and a memory of O(n (n + k) d) numbers.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        U: displacement of the students, (n, d).

    Returns:
        H U, (n, d), equal to population_hessian(W, V) @ U.ravel() up to rounding.

    Raises:
        ValueError: as for `population_hessian`, or U is not finite or not of the shape of W.

    Source: S21, eq. (5); its u_i/2 is h2(w_i, w_i) u_i.
    """
    W, V = checked_network(W, V)
    U = real_array(U, "U")
    if U.shape != W.shape:
        raise ValueError(f"U has shape {U.shape}; it must have the shape {W.shape} of W")
    among_students = _all_pairs(W, W)
    students = hessian_first_form(among_students).total().apply(U)
    teachers = hessian_first_form(_all_pairs(W, V)).total().apply(U)
    mixed: NDArray[np.float64] = hessian_mixed_form(among_students).apply(U[None, :, :]).sum(axis=1)
    return students - teachers + mixed


def loss_rounding_error(W: ArrayLike, V: ArrayLike) -> float:
    """Return a bound on the error of `population_loss`, eps (d + 8) (sum |w_i| + sum |v_j|)^2 / 2.

    It is a bound for the worst case; the actual error is usually a hundred times smaller.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).

    Returns:
        The bound on the absolute rounding error, to first order in the machine epsilon.

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit.
    """
    W, V = checked_network(W, V)
    # A norm of d entries is wrong by at most (d/2 + 1) roundoffs u, |a + b| and |a - b| by
    # (d/2 + 2) u each, relatively, in whatever order they are summed. In f that makes at most
    # 1.57 (d + 4) u |w| |v|, and the operations of f add 8 u |w| |v|: together less than
    # (d + 8) 2u |w| |v|. The scale is the sum of |w| |v| over all terms of the loss.
    scale = 0.5 * (np.linalg.norm(W, axis=1).sum() + np.linalg.norm(V, axis=1).sum()) ** 2
    return float(np.finfo(np.float64).eps * (W.shape[1] + 8) * scale)


def population_loss_relative(W: ArrayLike, V: ArrayLike) -> float:
    """Return F(W) where it is known to be larger than its own rounding error.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).

    Returns:
        F, positive.

    Raises:
        ValueError: as for `population_loss`, or F is not larger than `loss_rounding_error`.
    """
    value, error = population_loss(W, V), loss_rounding_error(W, V)
    if value <= error:
        raise ValueError(
            f"the loss {value:.3e} is below its rounding error {error:.3e} in float64, so no digit "
            "of it is known: use reference_loss, in extended precision"
        )
    return value


def _all_pairs(first: NDArray[np.float64], second: NDArray[np.float64]) -> PairGeometry:
    return pair_geometry(first[:, None, :], second[None, :, :])


def _all_losses(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """f of each row of `first` (n, d) with each of `second` (m, d), (n, m)."""
    return np.concatenate([loss_terms(_all_pairs(rows, second)) for rows in _blocks(first, second)])


def _summed_gradients(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum over the rows of `second` (m, d) of g of each row of `first` (n, d), (n, d)."""
    return np.concatenate(
        [gradient_terms(_all_pairs(rows, second)).sum(axis=1) for rows in _blocks(first, second)]
    )


def _blocks(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """Rows of `first`, in order, as many at a time as _BLOCK allows, at least one."""
    step = max(1, _BLOCK // second.size)
    return (first[start : start + step] for start in range(0, len(first), step))
