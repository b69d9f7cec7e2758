"""Splitting a neuron into two of opposite outputs, which leaves the function alone."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, real_number, whole_number
from relu_landscape.minima.curvature import neuron_of
from relu_landscape.objective.weights import LARGEST, SMALLEST, checked_outputs, checked_weights


@checked_arguments(i=whole_number, gamma=real_number)
def signed_split(
    W: ArrayLike, i: int, gamma: float, *, outputs: ArrayLike | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Replace neuron i by gamma w_i of output c_i and (gamma - 1) w_i of output -c_i.

    The network computes the same function, since gamma relu(z) - (gamma - 1) relu(z) = relu(z);
    criticality and the loss stay as they are. h1(r w, v) = h1(w, v)/r and h2(r w, v) = h2(w, v), so
    that the blocks of the two parts in the Hessian are, with H'_ii as `inner_hessian` returns it,

        H_++ = I/2 + H'_ii/gamma,  H_-- = I/2 - H'_ii/(gamma - 1),  H_+- = -I/2,
        H_+j = H_ij,  H_-j = -H_ij.

    With displacements gamma s + y and (gamma - 1) s + y of the two parts, which move w_i by s, the
    quadratic form falls apart, at every W and for every displacement of the other neurons:

        Q_split(s, y, others) = Q(s, others) - y^T H'_ii y/(gamma (gamma - 1)).

    At a strict minimum W, therefore, one y with y^T H'_ii y > 0 makes every such split a strict
    saddle. If H'_ii is negative definite on the complement of w_i, which it maps to zero, the
    Hessian of the split is positive semidefinite and its kernel is the tangent of the line
    (gamma w_i, (gamma - 1) w_i): a half-line of minima for gamma > 1, whose curvature across falls
    like 1/(gamma (gamma - 1)). By `split_neuron` the signs are the other way round.

    Args:
        W: students, (n, d).
        i: neuron, 0 <= i < n.
        gamma: size of the first part, above 1.
        outputs: c, (n,), 1 or -1 each; None: all are 1.

    Returns:
        The students, (n+1, d), and their outputs, (n+1,): row i is the first part, row i+1 the
        second, later rows move down by one.

    Raises:
        ValueError: as `population_loss`, no neuron i, gamma of 1 or less, or a part that would
            count as zero or is too large.

    Source: ours; the line is that of Fukumizu & Amari (2000).
    """
    students = checked_weights(W, "W")
    signs = checked_outputs(outputs, len(students), signs_only=True)
    neuron = neuron_of(students, i)
    if not gamma > 1:
        raise ValueError(
            f"gamma = {gamma}; needs gamma > 1: at 1 the second part is zero and F not "
            "differentiable, for shares in (0, 1) of one sign there is split_neuron"
        )
    largest = float(np.abs(neuron).max())
    if not ((gamma - 1) * largest >= SMALLEST and gamma <= LARGEST / largest):
        raise ValueError(
            f"gamma = {gamma} leaves neuron {i} of W a part that counts as zero or whose square "
            f"overflows: its largest entry needs to be in [{SMALLEST:g}, {LARGEST:g}]; take a "
            "gamma nearer to 2"
        )
    split = np.insert(students, i + 1, (gamma - 1) * neuron, axis=0)
    split[i] = gamma * neuron
    return split, np.insert(signs, i + 1, -signs[i])
