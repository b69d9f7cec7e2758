"""One more neuron: splitting a neuron in two leaves the function alone and may open a way down."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import (
    Check,
    checked_arguments,
    instance_of,
    real_array,
    real_number,
    several,
    whole_number,
)
from relu_landscape.eigenspaces import softest_direction
from relu_landscape.minima.curvature import (
    GRADIENT_TOLERANCE,
    inner_hessian,
    neuron_of,
    smallest_eigenpair,
)
from relu_landscape.objective import PairKernel, population_gradient, population_hessian
from relu_landscape.objective.pair_kernels import checked_kernel
from relu_landscape.objective.population import checked_problem
from relu_landscape.objective.weights import SMALLEST, checked_weights
from relu_landscape.seeding import indexed_generator

# Entries of the starts of a descent are multiples of this. Eigenvectors and polished points differ
# in their last bits from one processor to another; without them descent has the same bits too.
START_GRID: Final = 2.0**-20
SMALLEST_PUSH: Final = 1e-5  # a shorter one would be lost on the grid


@dataclass(frozen=True)
class SplitCurvature:
    """The curvature of F at a split point W' (n+1, d).

    gradient_norm: |grad F|_F at W'; smallest_eigenvalue: of its Hessian, with the bound
    eigenvalue_error on its error; inner_smallest_eigenvalue: lambda, of H'_ii at the unsplit point;
    bound: lambda/2 (1/alpha + 1/(1-alpha)) for the ReLU, which the smallest eigenvalue cannot
    exceed; is_strict_saddle: the gradient is within the tolerance of zero and the smallest
    eigenvalue below zero by more than its error.
    """

    gradient_norm: float
    smallest_eigenvalue: float
    eigenvalue_error: float
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
def split_neuron(
    W: ArrayLike, i: int, alpha: float, *, kernel: str | PairKernel = "relu"
) -> NDArray[np.float64]:
    """Replace neuron i by alpha w_i and (1 - alpha) w_i.

    The network computes the same function; criticality and the loss stay as they are. The parts are
    alpha^(1/m) w_i and (1 - alpha)^(1/m) w_i for an activation of degree m, and w_i twice for one
    whose outputs are divided instead, see `split_outputs`.

    Args:
        W: students, (n, d).
        i: neuron, 0 <= i < n.
        alpha: share of the first part, 0 < alpha < 1.
        kernel: the activation, as for `population_loss`.

    Returns:
        (n+1, d): row i is the first part, row i+1 the second, later rows move down by one.

    Raises:
        ValueError: as `population_hessian`, no neuron i, alpha outside (0, 1), or a part that would
            count as zero.

    Source: S21, Theorem 14.
    """
    students = checked_weights(W, "W")
    neuron = neuron_of(students, i)
    power = 1.0 - checked_kernel(kernel, "kernel").split_exponent
    if not 0 < alpha < 1:
        raise ValueError(
            f"alpha = {alpha} is not in (0, 1); at 0 and 1 a part is zero and F not differentiable"
        )
    smaller = float(min(alpha, 1 - alpha) ** power * np.abs(neuron).max())
    if smaller < SMALLEST:
        raise ValueError(
            f"alpha = {alpha} leaves neuron {i} of W a part that counts as zero: its largest entry "
            f"is {smaller:g}, allowed is {SMALLEST:g} or more; take an alpha nearer to 1/2"
        )
    split = np.insert(students, i + 1, (1 - alpha) ** power * neuron, axis=0)
    split[i] = alpha**power * neuron
    return split


@checked_arguments(outputs=real_array, i=whole_number, alpha=real_number)
def split_outputs(
    outputs: NDArray[np.float64], i: int, alpha: float, *, kernel: str | PairKernel = "relu"
) -> NDArray[np.float64]:
    """Return the outputs of the students that `split_neuron` returns.

    Args:
        outputs: c, (n,).
        i: neuron, 0 <= i < n.
        alpha: share of the first part, 0 < alpha < 1.
        kernel: the activation, as for `population_loss`.

    Returns:
        (n+1,): c_i of both parts where the activation is homogeneous, else alpha c_i and
        (1 - alpha) c_i.

    Raises:
        ValueError: no neuron i, or alpha outside (0, 1).
    """
    if outputs.ndim != 1 or not 0 <= i < len(outputs) or not 0 < alpha < 1:
        raise ValueError(
            f"outputs has shape {outputs.shape}, i = {i}, alpha = {alpha}; needs a vector (n,), "
            "0 <= i < n and 0 < alpha < 1"
        )
    split = np.insert(outputs, i, outputs[i])
    if checked_kernel(kernel, "kernel").degree is None:
        split[i : i + 2] *= [alpha, 1 - alpha]
    return split


@checked_arguments(i=whole_number, alpha=real_number)
def split_curvature(
    W: ArrayLike,
    V: ArrayLike,
    i: int,
    alpha: float,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> SplitCurvature:
    """Measure the curvature after splitting neuron i, and decide whether it is a strict saddle.

    The Hessian of the split point has I/2 + H'_ii/alpha and I/2 + H'_ii/(1-alpha) in the two new
    diagonal blocks and I/2 between them, so that along (u, -u), u the unit eigenvector of H'_ii for
    its smallest eigenvalue lambda, its quadratic form is lambda (1/alpha + 1/(1-alpha)). Hence

        smallest eigenvalue <= lambda/2 (1/alpha + 1/(1-alpha)),

    with equality at alpha = 1/2 if lambda < 0 and the Hessian at W is positive semidefinite. For
    lambda = 0 (w_i itself is in the kernel) the bound only says that there is a flat direction.

    For another activation the direction along which the split moves the function in second order
    only is (u/alpha^e, -u/(1-alpha)^e), with e = 1 - 1/m for the degree m and e = 1 for erf: the
    form is the same, and the bound is it over alpha^-2e + (1-alpha)^-2e. The Hessian is that in the
    weights alone, the outputs being fixed.

    Args:
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).
        i: neuron, 0 <= i < n.
        alpha: share of the first part, 0 < alpha < 1.
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        The curvature at the split point.

    Raises:
        ValueError: as `split_neuron` and `population_hessian`.

    Source: S21, Theorem 16, Lemmas 28 and 29.
    """
    students, teachers, c, s = checked_problem(W, V, outputs, kernel)
    split = split_neuron(students, i, alpha, kernel=s)
    parts = split_outputs(c, i, alpha, kernel=s)
    gradient = population_gradient(split, teachers, outputs=parts, kernel=s)
    hessian = population_hessian(split, teachers, outputs=parts, kernel=s)
    softest = smallest_eigenpair(hessian, split, teachers, outputs=parts, kernel=s)
    inner = float(np.linalg.eigvalsh(inner_hessian(students, teachers, i, outputs=c, kernel=s))[0])
    gradient_norm = float(np.linalg.norm(gradient))
    critical = gradient_norm <= GRADIENT_TOLERANCE
    squared_length = sum(share ** (-2.0 * s.split_exponent) for share in (alpha, 1 - alpha))
    return SplitCurvature(
        gradient_norm=gradient_norm,
        smallest_eigenvalue=softest.value,
        eigenvalue_error=softest.error,
        inner_smallest_eigenvalue=inner,
        bound=inner / squared_length * (1 / alpha + 1 / (1 - alpha)),
        is_strict_saddle=critical and softest.value < -softest.error,
    )


@checked_arguments(alphas=several(real_number))
def split_every_neuron(
    W: ArrayLike,
    V: ArrayLike,
    alphas: Iterable[float],
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> list[Split]:
    """Split each neuron of a critical point with each share, neurons outermost.

    Args:
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).
        alphas: shares of the first part, each in (0, 1).
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        The splits: all shares of neuron 0 in their order, then those of neuron 1, and so on.

    Raises:
        ValueError: as `split_curvature`.
    """
    students, teachers, c, s = checked_problem(W, V, outputs, kernel)
    shares = tuple(alphas)
    return [
        Split(
            neuron=i,
            alpha=alpha,
            weights=split_neuron(students, i, alpha, kernel=s),
            curvature=split_curvature(students, teachers, i, alpha, outputs=c, kernel=s),
        )
        for i in range(len(students))
        for alpha in shares
    ]


@dataclass(frozen=True)
class Push:
    """How far the starts of a descent are moved away from a saddle.

    displacement: Frobenius distance along the direction of negative curvature; asymmetry: of a
    random move in all directions, without which descent would keep the symmetry of the saddle until
    rounding errors break it; seed: of that move.

    Raises:
        ValueError: a distance that is below SMALLEST_PUSH or not finite, or a seed that is no whole
            number from 0.
    """

    displacement: float
    asymmetry: float
    seed: int

    def __post_init__(self) -> None:
        checks: dict[str, Check] = {
            "displacement": real_number,
            "asymmetry": real_number,
            "seed": whole_number,
        }
        for name, check in checks.items():
            object.__setattr__(self, name, check(getattr(self, name), name))
        if min(self.displacement, self.asymmetry) < SMALLEST_PUSH or self.seed < 0:
            raise ValueError(
                f"displacement = {self.displacement}, asymmetry = {self.asymmetry}, seed = "
                f"{self.seed}; needs distances of {SMALLEST_PUSH:g} or more and a seed of 0 or more"
            )


def random_move(push: Push, n_teachers: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the move of Frobenius length `push.asymmetry` that every start of this size shares.

    Args:
        push: its length and seed.
        n_teachers: k.
        shape: (n, d) of the students.

    Returns:
        The move, (n, d).
    """
    drawn = indexed_generator(push.seed, n_teachers, shape[0]).normal(size=shape)
    return push.asymmetry * drawn / np.linalg.norm(drawn)


@checked_arguments(W=real_array, V=real_array, push=instance_of(Push))
def descent_starts(
    W: ArrayLike,
    V: ArrayLike,
    push: Push,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return the two points from which to descend on either side of a saddle.

    W + displacement u + asymmetry x and W - displacement u + asymmetry x with u the
    `softest_direction` of the Hessian at W and x a random unit vector that depends on the seed, k
    and n alone, every entry rounded to a multiple of START_GRID.

    Args:
        W: the saddle, (n, d).
        V: teachers, (k, d).
        push: how far from it.
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        (2, n, d), the start along +u first.

    Raises:
        ValueError: as `population_hessian`.

    Source: ours; S21, Theorem 16 gives the direction.
    """
    saddle, teachers, c, s = checked_problem(W, V, outputs, kernel)
    hessian = population_hessian(saddle, teachers, outputs=c, kernel=s)
    direction = softest_direction(hessian).reshape(saddle.shape)
    aside = random_move(push, len(teachers), saddle.shape)
    step = push.displacement * direction
    starts = np.stack([saddle + step + aside, saddle - step + aside])
    return np.rint(starts / START_GRID) * START_GRID
