"""Second-order information at critical points: spectrum, kind, and what each neuron sees."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh

from relu_landscape.arguments import (
    checked_arguments,
    real_array,
    real_bound,
    whole_number,
)
from relu_landscape.global_minima.projection import (
    GLOBAL_DISTANCE,
    distance_or_infinity,
    is_global_minimum,
    require_orthonormal,
)
from relu_landscape.objective import (
    PairKernel,
    angle,
    population_gradient,
    population_hessian,
    population_loss,
)
from relu_landscape.objective.geometry import pair_geometry
from relu_landscape.objective.pair_kernels import ReluKernel
from relu_landscape.objective.population import Problem, checked_problem
from relu_landscape.symmetry.canonical import canonical_form

# Accuracy of the entries of `population_hessian`, for each of the n + k terms that it sums.
ENTRY_ERROR: Final = 1e-14
# Largest |grad F|_F of what counts as critical.
GRADIENT_TOLERANCE: Final = 1e-9
# Largest F/|V|^2 of what counts as global where no theorem lists the global minima: F falls with
# the square of the distance from them.
GLOBAL_LOSS: Final = GLOBAL_DISTANCE**2


class CriticalPointKind(StrEnum):
    """What a critical point is; the list is closed."""

    GLOBAL_MINIMUM = "global_minimum"  # in the set of S21, Theorem 2, or of no loss
    # All Hessian eigenvalues are positive and the loss is not zero; so is every minimum for n < k.
    SPURIOUS_MINIMUM = "spurious_minimum"
    SADDLE = "saddle"  # a negative Hessian eigenvalue
    UNDECIDED = "undecided"  # not a critical point, or an eigenvalue too small to have a sign


@dataclass(frozen=True)
class SmallestEigenpair:
    """Smallest eigenvalue of a Hessian, a unit eigenvector (n, d), and a bound on the error.

    error: |H u - lambda u| plus the rounding errors of H and of its decomposition.
    """

    value: float
    vector: NDArray[np.float64]
    error: float


@dataclass(frozen=True)
class SecondOrder:
    """What is taken from the Hessian at W (n, d).

    spectrum: (n d,) its eigenvalues, ascending; softest: the smallest, with its eigenvector;
    inner_smallest_eigenvalues: (n,) of H'_ii; mean_curvatures: (n,) tr(H'_ii)/d.
    """

    spectrum: NDArray[np.float64]
    softest: SmallestEigenpair
    inner_smallest_eigenvalues: NDArray[np.float64]
    mean_curvatures: NDArray[np.float64]


@dataclass(frozen=True)
class MeasuredCurvature:
    """Second-order information at W (n, d).

    spectrum: (n d,) eigenvalues of the Hessian, ascending; softest_direction: (n, d) unit
    eigenvector of the smallest; eigenvalue_error: bound on its error; gradient_norm: |grad F|_F;
    distance_to_global_minima: inf for n < k, NaN for outputs of -1 and activations other than the
    ReLU, where no theorem lists them; kind: what the point is; norms: (n,) |w_i|; norm_sum: their
    sum, at most k by assumption in S21, Theorem 14; inner_smallest_eigenvalues: (n,) of
    H'_ii; mean_curvatures: (n,) tr(H'_ii)/d; neuron_orbit_ids: (n,) equal for neurons that a
    symmetry of W exchanges.
    """

    spectrum: NDArray[np.float64]
    softest_direction: NDArray[np.float64]
    eigenvalue_error: float
    gradient_norm: float
    distance_to_global_minima: float
    kind: CriticalPointKind
    norms: NDArray[np.float64]
    norm_sum: float
    inner_smallest_eigenvalues: NDArray[np.float64]
    mean_curvatures: NDArray[np.float64]
    neuron_orbit_ids: NDArray[np.int64]


@checked_arguments(i=whole_number)
def inner_hessian(
    W: ArrayLike,
    V: ArrayLike,
    i: int,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return H'_ii = c_i (sum_j c_j h1(w_i, w_j) - sum_j h1(w_i, v_j)), h1 = d2K/dw2.

    It is E[residual c_i s''(w_i . x) x x^T], what the curvature of the activation adds to H_ii. For
    the ReLU it is H_ii - I/2, and where it is not positive semidefinite, splitting neuron i makes a
    minimum a saddle.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        i: neuron, 0 <= i < n.
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        H'_ii, symmetric, (d, d).

    Raises:
        ValueError: no neuron i, or as `population_hessian`.

    Source: S21, Theorem 16.
    """
    students, teachers, c, s = checked_problem(W, V, outputs, kernel)
    neuron = neuron_of(students, i)
    # Of the ReLU h1(w_i, w_i) = 0.
    by_students = s.hessian_first_form(pair_geometry(neuron, students)).scaled(c).matrix()
    by_teachers = s.hessian_first_form(pair_geometry(neuron, teachers)).matrix()
    inner: NDArray[np.float64] = by_students.sum(axis=0) - by_teachers.sum(axis=0)
    inner *= c[i]
    return inner


@checked_arguments(i=whole_number)
def mean_curvature(
    W: ArrayLike,
    V: ArrayLike,
    i: int,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> float:
    """Return the mean eigenvalue of H'_ii, tr(H'_ii)/d; for the ReLU this is

        c_i (sum_{j != i} c_j |w_j| sin t_ij - sum_j |v_j| sin t_i,vj)/(2 pi |w_i|).

    At a non-global minimum with n <= k and sum_i |w_i| <= k it is negative for the neurons that are
    at least as long as the average (proof of S21, Theorem 14).

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        i: neuron, 0 <= i < n.
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        The mean curvature.

    Raises:
        ValueError: no neuron i, or as `population_hessian`.

    Source: S21, eq. (68), where |v_j| = 1.
    """
    students, teachers, c, s = checked_problem(W, V, outputs, kernel)
    neuron = neuron_of(students, i)
    if not isinstance(s, ReluKernel):
        inner = inner_hessian(students, teachers, i, outputs=c, kernel=s)
        return float(np.trace(inner)) / len(neuron)
    towards = (c * np.linalg.norm(students, axis=1)) @ np.sin(angle(neuron, students))
    against = np.linalg.norm(teachers, axis=1) @ np.sin(angle(neuron, teachers))
    return float(c[i] * (towards - against) / (2.0 * np.pi * np.linalg.norm(neuron)))


@checked_arguments(hessian=real_array)
def smallest_eigenpair(
    hessian: NDArray[np.float64],
    W: ArrayLike,
    V: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> SmallestEigenpair:
    """Return the smallest eigenvalue of the Hessian at W, by LAPACK, with a bound on its error.

    The bound is |H u - lambda u| + N eps |H| + N (n + k) 1e-14 S with N = n d: the residual, the
    backward error of the decomposition, and the entries of H, each a sum of n + k terms of size S,
    which is 1 for the ReLU: largest output squared, times that of the second derivatives of K.

    Args:
        hessian: `population_hessian(W, V)`, (n d, n d).
        W: students, (n, d).
        V: teachers, (k, d).
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Raises:
        ValueError: as `population_hessian`, or the Hessian has another shape.
    """
    students, teachers, c, s = checked_problem(W, V, outputs, kernel)
    n, d = students.shape
    if hessian.shape != (n * d, n * d):
        raise ValueError(f"hessian has shape {hessian.shape}; that at W has ({n * d}, {n * d})")
    values, vectors = eigh(hessian, subset_by_index=[0, 0])
    value, vector = float(values[0]), vectors[:, 0]
    residual = float(np.linalg.norm(hessian @ vector - value * vector))
    # The Frobenius norm bounds the spectral norm at no cost.
    rounding = np.finfo(np.float64).eps * float(np.linalg.norm(hessian))
    longest = float(np.linalg.norm(np.vstack([students, teachers]), axis=1).max())
    size = max(1.0, float(np.abs(c).max())) ** 2 * s.largest_curvature(longest)
    error = residual + n * d * (rounding + (n + len(teachers)) * ENTRY_ERROR * size)
    return SmallestEigenpair(value, vector.reshape(n, d), error)


@checked_arguments(gradient_tolerance=real_bound)
def measure_curvature(
    W: ArrayLike,
    V: ArrayLike,
    *,
    gradient_tolerance: float = GRADIENT_TOLERANCE,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> MeasuredCurvature:
    """Return the curvature of F at a critical point, and what kind of critical point it is.

    A point next to the set of global minima is one (`is_global_minimum`), and where that set is
    not known, one with F <= `GLOBAL_LOSS` times |V|^2; otherwise a point with
    |grad F|_F <= `gradient_tolerance` is a spurious minimum or a saddle if its smallest Hessian
    eigenvalue is further from zero than its error; otherwise the point is undecided. All of this
    is about the Hessian at W itself: polish W first, or the critical point next to it may have
    another.

    Args:
        W: students, (n, d).
        V: teachers, (k, d), orthonormal rows.
        gradient_tolerance: largest |grad F|_F of what counts as critical.
        outputs: c, (n,), as for `population_loss`: they are held, and only W moves.
        kernel: the activation, as for `population_loss`.

    Returns:
        The curvature; the whole spectrum takes O((n d)^3) operations.

    Raises:
        ValueError: as `population_hessian`, or V is not orthonormal.

    Source: S21, Section 4.2.
    """
    problem = checked_problem(W, V, outputs, kernel)
    students, teachers, c, s = problem
    require_orthonormal(teachers)
    hessian = population_hessian(students, teachers, outputs=c, kernel=s)
    blocks = _inner_hessians(problem, hessian)
    second_order = SecondOrder(
        spectrum=np.asarray(np.linalg.eigvalsh(hessian), dtype=np.float64),
        softest=smallest_eigenpair(hessian, students, teachers, outputs=c, kernel=s),
        inner_smallest_eigenvalues=np.asarray(np.linalg.eigvalsh(blocks)[:, 0], dtype=np.float64),
        mean_curvatures=np.trace(blocks, axis1=1, axis2=2) / students.shape[1],
    )
    if isinstance(s, ReluKernel) and (c == 1.0).all():
        return judge_curvature(
            students, teachers, second_order, gradient_tolerance=gradient_tolerance
        )
    gradient = population_gradient(students, teachers, outputs=c, kernel=s)
    gradient_norm = float(np.linalg.norm(gradient))
    loss = population_loss(students, teachers, outputs=c, kernel=s)
    found = _judged(students, second_order, gradient_norm, np.nan, gradient_tolerance)
    if loss <= GLOBAL_LOSS * len(teachers):
        return replace(found, kind=CriticalPointKind.GLOBAL_MINIMUM)
    return found


def _inner_hessians(problem: Problem, hessian: NDArray[np.float64]) -> NDArray[np.float64]:
    """H'_ii of every neuron, (n, d, d); for the ReLU it stands in the Hessian, beside I/2."""
    students, teachers, c, s = problem
    n, d = students.shape
    if isinstance(s, ReluKernel):
        blocks: NDArray[np.float64] = np.einsum("iaib->iab", hessian.reshape(n, d, n, d))
        return blocks - 0.5 * np.eye(d)
    return np.array([inner_hessian(students, teachers, i, outputs=c, kernel=s) for i in range(n)])


def judge_curvature(
    W: NDArray[np.float64],
    V: NDArray[np.float64],
    second_order: SecondOrder,
    *,
    gradient_tolerance: float = GRADIENT_TOLERANCE,
) -> MeasuredCurvature:
    """Return the curvature at W, and what kind of point it is, from its second derivatives.

    Args:
        W: students, (n, d).
        V: teachers, (k, d), orthonormal rows.
        second_order: of the Hessian at W.
        gradient_tolerance: as for `measure_curvature`.

    Raises:
        ValueError: the shapes do not fit, or V is not orthonormal.
    """
    gradient_norm = float(np.linalg.norm(population_gradient(W, V)))
    return _judged(W, second_order, gradient_norm, distance_or_infinity(W, V), gradient_tolerance)


def _judged(
    W: NDArray[np.float64],
    second_order: SecondOrder,
    gradient_norm: float,
    distance: float,
    gradient_tolerance: float,
) -> MeasuredCurvature:
    """The curvature at W; the distance from the global minima is NaN where they are not known."""
    if is_global_minimum(distance):
        kind = CriticalPointKind.GLOBAL_MINIMUM
    else:
        kind = kind_of_critical_point(
            second_order.softest, critical=gradient_norm <= gradient_tolerance
        )
    norms = np.linalg.norm(W, axis=1)
    return MeasuredCurvature(
        spectrum=second_order.spectrum,
        softest_direction=second_order.softest.vector,
        eigenvalue_error=second_order.softest.error,
        gradient_norm=gradient_norm,
        distance_to_global_minima=distance,
        kind=kind,
        norms=norms,
        norm_sum=float(norms.sum()),
        inner_smallest_eigenvalues=second_order.inner_smallest_eigenvalues,
        mean_curvatures=second_order.mean_curvatures,
        neuron_orbit_ids=neuron_orbit_ids(W),
    )


def neuron_orbit_ids(W: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number the neurons of W (n, d) so that those that a symmetry exchanges are equal, (n,)."""
    form = canonical_form(W)
    ids = np.empty(len(W), dtype=np.int64)
    ids[form.neuron_order] = form.neuron_orbit_ids
    return ids


def neuron_of(W: NDArray[np.float64], i: int) -> NDArray[np.float64]:
    """Return neuron i (d,) of the students W (n, d).

    Raises:
        ValueError: W has no row i.
    """
    if not 0 <= i < len(W):
        raise ValueError(f"no neuron {i} in W of shape {W.shape}; neurons are rows, 0 <= i < n")
    neuron: NDArray[np.float64] = W[i]
    return neuron


def kind_of_critical_point(softest: SmallestEigenpair, *, critical: bool) -> CriticalPointKind:
    """Return what a point that is not global is, by the sign of its smallest eigenvalue."""
    if critical and softest.value > softest.error:
        return CriticalPointKind.SPURIOUS_MINIMUM
    if critical and softest.value < -softest.error:
        return CriticalPointKind.SADDLE
    return CriticalPointKind.UNDECIDED
