"""The set of global minima of an orthonormal teacher, and its members.

S21, Theorem 2: F(W) = 0 if and only if the neurons can be dealt to the teachers, every teacher
getting at least one, such that each neuron is a non-negative multiple of its teacher and the
multiples of one teacher add up to one:

    w_j = a_j v_{s(j)},   a_j >= 0,   sum_{j: s(j) = i} a_j = 1 for every i,   s: [n] -> [k].

For n = k these are k! isolated points, for n > k a union of products of simplices.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import (
    checked_arguments,
    instance_of,
    optional,
    real_array,
    whole_number,
)

STRONG_CONVEXITY = 0.25 - 0.5 / np.pi
"""Smallest Hessian eigenvalue at every global minimum with n = k >= 2 (S21, Theorem 3)."""

_ROUNDING = 1e-12


@checked_arguments(
    n=whole_number, k=whole_number, weights=optional(real_array), d=optional(whole_number)
)
def global_minimum(
    n: int, k: int, *, weights: ArrayLike | None = None, d: int | None = None
) -> NDArray[np.float64]:
    """Return one global minimum for the teacher made of the first k standard basis vectors of R^d.

    Neuron j belongs to teacher j mod k; it is w_j = a_j e_{j mod k}.

    Args:
        n: number of student neurons, n >= k.
        k: number of teacher neurons.
        weights: (n,) coefficients a_j >= 0 that add up to one within every teacher; equal if None.
        d: input dimension, d >= k; k if None.

    Returns:
        (n, d) weights with zero loss.

    Raises:
        ValueError: no such minimum (n < k, d < k) or coefficients outside the simplices.

    Source: S21, Theorem 2.
    """
    dimension = _checked_dimension(n, k, d)
    teachers = np.arange(n) % k
    sizes = np.bincount(teachers, minlength=k)
    a = 1.0 / sizes[teachers] if weights is None else np.asarray(weights, dtype=np.float64)
    if a.shape != (n,):
        raise ValueError(f"weights has shape {a.shape}; needs one coefficient a neuron, ({n},)")
    sums = np.bincount(teachers, weights=a, minlength=k)
    if not np.all(a >= 0) or not np.allclose(sums, 1.0, rtol=0.0, atol=_ROUNDING):
        raise ValueError(
            f"weights must be >= 0 and add up to 1 within each teacher (neuron j has teacher "
            f"j mod {k}); the smallest is {a.min()}, the sums are {sums.tolist()}"
        )
    point = np.zeros((n, dimension))
    point[np.arange(n), teachers] = a
    return point


@checked_arguments(
    n=whole_number,
    k=whole_number,
    generator=instance_of(np.random.Generator),
    d=optional(whole_number),
)
def sample_global_minimum(
    n: int, k: int, generator: np.random.Generator, *, d: int | None = None
) -> NDArray[np.float64]:
    """Return a random member of the set of global minima for the teacher e_1, ..., e_k of R^d.

    Every teacher gets one neuron, every other neuron a teacher drawn uniformly, and the multiples
    of one teacher are uniform on their simplex; so every dealing and every weight can occur.

    Args:
        n: number of student neurons, n >= k.
        k: number of teacher neurons.
        generator: source of the randomness.
        d: input dimension, d >= k; k if None.

    Returns:
        (n, d) weights with zero loss.

    Raises:
        ValueError: as `global_minimum`.

    Source: S21, Theorem 2.
    """
    dimension = _checked_dimension(n, k, d)
    dealt = np.concatenate([np.arange(k), generator.integers(k, size=n - k)])
    teachers = generator.permutation(dealt)
    portions = generator.exponential(size=n)
    totals = np.bincount(teachers, weights=portions, minlength=k)
    point = np.zeros((n, dimension))
    point[np.arange(n), teachers] = portions / totals[teachers]
    return point


def _checked_dimension(n: int, k: int, d: int | None) -> int:
    dimension = k if d is None else d
    if k < 1 or dimension < k:
        raise ValueError(f"got k = {k} teachers in d = {dimension} inputs; needs 1 <= k <= d")
    require_enough_students(n, k)
    return dimension


def require_enough_students(n: int, k: int) -> None:
    """Raise ValueError unless n >= k: with fewer students the loss is positive everywhere."""
    if n < k:
        raise ValueError(
            f"no global minimum of loss zero with n = {n} students for k = {k} orthonormal "
            f"teachers: every teacher needs a neuron of its own; needs n >= k"
        )
