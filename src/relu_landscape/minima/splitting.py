"""One more neuron: splitting a neuron in two leaves the function alone and may open a way down."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import (
    checked_arguments,
    real_array,
    real_bound,
    real_number,
    several,
    whole_number,
)
from relu_landscape.minima.curvature import inner_hessian, neuron_of, smallest_eigenpair
from relu_landscape.objective import population_gradient, population_hessian
from relu_landscape.objective.weights import SMALLEST, checked_weights


@dataclass(frozen=True)
class SplitCurvature:
    """The curvature of F at a split point W' (n+1, d).

    gradient_norm: |grad F|_F at W'; smallest_eigenvalue: of its Hessian, with the bound
    eigenvalue_error on its error; direction: (n+1, d) unit eigenvector of it;
    inner_smallest_eigenvalue: lambda, of H'_ii at the unsplit point; bound:
    lambda/2 (1/alpha + 1/(1-alpha)), which the smallest eigenvalue cannot exceed; is_strict_saddle:
    the gradient is within the tolerance of zero and the smallest eigenvalue below zero by more than
    its error.
    """

    gradient_norm: float
    smallest_eigenvalue: float
    eigenvalue_error: float
    direction: NDArray[np.float64]
    inner_smallest_eigenvalue: float
    bound: float
    is_strict_saddle: bool


@dataclass(frozen=True)
class Split:
    """Neuron `neuron` of a point split with share `alpha`, and the curvature there."""

    neuron: int
    alpha: float
    weights: NDArray[np.float64]
    curvature: SplitCurvature


@checked_arguments(i=whole_number, alpha=real_number)
def split_neuron(W: ArrayLike, i: int, alpha: float) -> NDArray[np.float64]:
    """Replace neuron i by alpha w_i and (1 - alpha) w_i.

    The network computes the same function; criticality and the loss stay as they are.

    Args:
        W: students, (n, d).
        i: neuron, 0 <= i < n.
        alpha: share of the first part, 0 < alpha < 1.

    Returns:
        (n+1, d): row i is alpha w_i, row i+1 is (1 - alpha) w_i, later rows move down by one.

    Raises:
        ValueError: as `population_hessian`, no neuron i, alpha outside (0, 1), or a part that would
            count as zero.

    Source: S21, Theorem 14.
    """
    students = checked_weights(W, "W")
    neuron = neuron_of(students, i)
    if not 0 < alpha < 1:
        raise ValueError(
            f"alpha = {alpha} is not in (0, 1); at 0 and 1 a part is zero and F not differentiable"
        )
    smaller = float(min(alpha, 1 - alpha) * np.abs(neuron).max())
    if smaller < SMALLEST:
        raise ValueError(
            f"alpha = {alpha} leaves neuron {i} of W a part that counts as zero: its largest entry "
            f"is {smaller:g}, allowed is {SMALLEST:g} or more; take an alpha nearer to 1/2"
        )
    split = np.insert(students, i + 1, (1 - alpha) * neuron, axis=0)
    split[i] = alpha * neuron
    return split


@checked_arguments(i=whole_number, alpha=real_number, gradient_tolerance=real_bound)
def split_curvature(
    W: ArrayLike, V: ArrayLike, i: int, alpha: float, *, gradient_tolerance: float = 1e-9
) -> SplitCurvature:
    """Measure the curvature after splitting neuron i, and decide whether it is a strict saddle.

    The Hessian of the split point has I/2 + H'_ii/alpha and I/2 + H'_ii/(1-alpha) in the two new
    diagonal blocks and I/2 between them, so that along (u, -u), u the unit eigenvector of H'_ii for
    its smallest eigenvalue lambda, its quadratic form is lambda (1/alpha + 1/(1-alpha)). Hence

        smallest eigenvalue <= lambda/2 (1/alpha + 1/(1-alpha)),

    with equality at alpha = 1/2 if lambda < 0 and the Hessian at W is positive semidefinite. For
    lambda = 0 (w_i itself is in the kernel) the bound only says that there is a flat direction.

    Args:
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).
        i: neuron, 0 <= i < n.
        alpha: share of the first part, 0 < alpha < 1.
        gradient_tolerance: largest |grad F|_F of what counts as critical.

    Returns:
        The curvature at the split point.

    Raises:
        ValueError: as `split_neuron` and `population_hessian`.

    Source: S21, Theorem 16, Lemmas 28 and 29.
    """
    split = split_neuron(W, i, alpha)
    gradient_norm = float(np.linalg.norm(population_gradient(split, V)))
    softest = smallest_eigenpair(population_hessian(split, V), split, V)
    inner = float(np.linalg.eigvalsh(inner_hessian(W, V, i))[0])
    critical = gradient_norm <= gradient_tolerance
    return SplitCurvature(
        gradient_norm=gradient_norm,
        smallest_eigenvalue=softest.value,
        eigenvalue_error=softest.error,
        direction=softest.vector,
        inner_smallest_eigenvalue=inner,
        bound=0.5 * inner * (1 / alpha + 1 / (1 - alpha)),
        is_strict_saddle=critical and softest.value < -softest.error,
    )


@checked_arguments(alphas=several(real_number))
def split_every_neuron(W: ArrayLike, V: ArrayLike, alphas: Iterable[float]) -> list[Split]:
    """Split each neuron of a critical point with each share, neurons outermost.

    Args:
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).
        alphas: shares of the first part, each in (0, 1).

    Returns:
        The splits: all shares of neuron 0 in their order, then those of neuron 1, and so on.

    Raises:
        ValueError: as `split_curvature`.
    """
    students, shares = checked_weights(W, "W"), tuple(alphas)
    return [
        Split(i, alpha, split_neuron(students, i, alpha), split_curvature(students, V, i, alpha))
        for i in range(len(students))
        for alpha in shares
    ]


@checked_arguments(W=real_array, direction=real_array, size=real_number)
def descent_starts(W: ArrayLike, direction: ArrayLike, size: float) -> NDArray[np.float64]:
    """Return the two points from which to descend on either side of a saddle.

    Args:
        W: the saddle, (n, d).
        direction: of negative curvature, (n, d), of any length.
        size: Frobenius distance of the starting points from the saddle, positive.

    Returns:
        (2, n, d): W + size u and W - size u, u the unit vector along the direction.

    Raises:
        ValueError: shapes differ, the direction is zero or the size not positive.
    """
    saddle = np.asarray(W, dtype=np.float64)
    along = np.asarray(direction, dtype=np.float64)
    length = float(np.linalg.norm(along))
    if along.shape != saddle.shape or not length > 0 or not size > 0:
        raise ValueError(
            f"needs a non-zero direction of the shape {saddle.shape} of W and a size > 0; got "
            f"shape {along.shape}, length {length}, size {size}"
        )
    step = size / length * along
    return np.stack([saddle + step, saddle - step])
