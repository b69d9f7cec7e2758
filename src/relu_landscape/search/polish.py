"""Newton's method from where gradient descent stopped, and when it ends at the same minimum."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve, eigh, eigvalsh
from scipy.optimize import brentq

from relu_landscape.arguments import (
    checked_arguments,
    optional,
    real_array,
    real_bound,
    whole_number,
)
from relu_landscape.objective import PairKernel, population_gradient, population_hessian
from relu_landscape.objective.weights import SMALLEST

# Eigenvalues below this share of the largest are those of flat directions (n > k, split neurons):
# the gradient has no component there that is not rounding, so Newton must not move along them.
_FLAT = 1e-10


class PolishOutcome(StrEnum):
    """How Newton's method ended; the list is closed."""

    POLISHED = "polished"  # the gradient is at its rounding level
    GRADIENT_DID_NOT_FALL = "gradient_did_not_fall"  # before the rounding level; point unchanged
    MOVED_TOO_FAR = "moved_too_far"  # beyond the bound on the displacement; point unchanged


@dataclass(frozen=True)
class Polished:
    """The result of Newton's method.

    weights: (n, d), the starting point itself unless the outcome is POLISHED; gradient_norm:
    |grad F|_F there; steps: Newton steps that led there; displacement: Frobenius distance from the
    starting point; outcome: why it ended.
    """

    weights: NDArray[np.float64]
    gradient_norm: float
    steps: int
    displacement: float
    outcome: PolishOutcome


@dataclass(frozen=True)
class ConvexBall:
    """A ball around a point in which F has one critical point, a minimum that descent reaches.

    radius: gradient descent that enters the ball of this radius (Frobenius), or starts in it,
    converges to that minimum; zero if the hypotheses do not hold, and nothing is claimed then;
    strong_convexity: lower bound of the smallest Hessian eigenvalue in the ball, which may be
    negative or zero if the radius is zero; hessian_lipschitz: Lipschitz constant of the Hessian
    there; largest_step: steps below it are small enough.
    """

    radius: float
    strong_convexity: float
    hessian_lipschitz: float
    largest_step: float

    def covers(self, displacement: float, step: float) -> bool:
        """Say whether descent with this step, from this far away, ends at the minimum."""
        return displacement <= self.radius and step < self.largest_step


@checked_arguments(
    W=real_array,
    V=real_array,
    largest_displacement=real_bound,
    step_budget=whole_number,
    outputs=optional(real_array),
)
def newton_polish(
    W: ArrayLike,
    V: ArrayLike,
    *,
    largest_displacement: float = 1e-2,
    step_budget: int = 20,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> Polished:
    """Solve grad F = 0 by Newton's method, from where gradient descent stopped.

    Steps are H^{-1} grad F, taken as long as the gradient halves. At a definite Hessian H they come
    from its Cholesky factor; elsewhere (saddles, flat directions at n > k and at split neurons)
    from the eigenvectors, those of eigenvalues below 1e-10 |H| left out. Newton's method goes to
    critical points of any kind; that it ends at the minimum that descent would have reached is
    not a matter of course. It does if the displacement and the step of the descent are covered by
    `same_minimum_ball` at the polished point: F is strongly convex on a ball around it that holds
    the starting point W, the one critical point in the ball, and the path of descent between
    them. Where the ball does not reach (small eigenvalues, saddles, n > k near global minima) the
    displacement is what remains to be judged.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        largest_displacement: Frobenius distance from W beyond which the result is rejected. The
            default is small against the distances between minima, which are of order one.
        step_budget: largest number of Newton steps.
        outputs: c, (n,), the output weights of the students, as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        The polished point, or W itself with the outcome that says why it was left.

    Raises:
        ValueError: as `population_gradient`, or a bound that is not positive.

    Source: Newton's method; the argument is that of S18's existence proof, with our constants.
    """
    teachers = np.asarray(V, dtype=np.float64)

    def step_at(point: NDArray[np.float64], gradient: NDArray[np.float64]) -> NDArray[np.float64]:
        hessian = population_hessian(point, teachers, outputs=outputs, kernel=kernel)
        return _newton_direction(hessian, gradient.ravel()).reshape(point.shape)

    return polish_along(
        step_at,
        W,
        V,
        largest_displacement=largest_displacement,
        step_budget=step_budget,
        gradient_at=partial(population_gradient, outputs=outputs, kernel=kernel),
    )


def polish_along(
    step_at: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    W: ArrayLike,
    V: ArrayLike,
    *,
    largest_displacement: float = 1e-2,
    step_budget: int = 20,
    gradient_at: Callable[[ArrayLike, ArrayLike], NDArray[np.float64]] = population_gradient,
) -> Polished:
    """Go from W - step to W - step as long as the gradient halves; judge where that ends.

    Args:
        step_at: the step at a point, given the point (n, d) and its gradient (n, d).
        W, V, largest_displacement, step_budget: as for `newton_polish`.
        gradient_at: the gradient (n, d) at students and teachers.

    Returns:
        As `newton_polish`.

    Raises:
        ValueError: as `newton_polish`.

    Source: as `newton_polish`.
    """
    if not largest_displacement > 0 or step_budget < 1:
        raise ValueError(
            f"largest_displacement and step_budget must be positive, not {largest_displacement} "
            f"and {step_budget}"
        )
    start, teachers = np.array(W, dtype=np.float64), np.asarray(V, dtype=np.float64)
    point, gradient = start, gradient_at(start, teachers)
    start_norm = norm = float(np.linalg.norm(gradient))
    steps = 0
    while steps < step_budget:
        trial = point - step_at(point, gradient)
        if not np.linalg.norm(trial - start) <= largest_displacement:
            return Polished(start, start_norm, 0, 0.0, PolishOutcome.MOVED_TOO_FAR)
        if (np.abs(trial).max(axis=1) < SMALLEST).any():
            # A neuron is gone: F has no gradient there, and no critical point.
            return Polished(start, start_norm, 0, 0.0, PolishOutcome.GRADIENT_DID_NOT_FALL)
        trial_gradient = gradient_at(trial, teachers)
        trial_norm = float(np.linalg.norm(trial_gradient))
        if not trial_norm < 0.5 * norm:
            break
        point, gradient, norm, steps = trial, trial_gradient, trial_norm, steps + 1
    if norm > _gradient_rounding(point, teachers):
        return Polished(start, start_norm, 0, 0.0, PolishOutcome.GRADIENT_DID_NOT_FALL)
    displacement = float(np.linalg.norm(point - start))
    return Polished(point, norm, steps, displacement, PolishOutcome.POLISHED)


def same_minimum_ball(
    W: ArrayLike, V: ArrayLike, *, outputs: ArrayLike | None = None
) -> ConvexBall:
    """Return a ball around W from which gradient descent leads to one minimum, next to W.

    With lambda, Lambda the extreme eigenvalues of H(W), g = |grad F(W)|, and L(R) the Lipschitz
    constant of H on the ball of radius R around W (`hessian_lipschitz`), let R solve
    L(R) R = lambda/2 and let mu = lambda/2. Then, if lambda > 0 and rho := R - 2 g/mu > 0,

    1. H >= mu on the ball, so F is strongly convex there; on its boundary F exceeds F(W) by at
       least R (mu R/2 - g) > 0, so the ball has exactly one critical point W*, an inner minimum,
       and |W - W*| <= g/mu;
    2. a descent step eta < 2/(Lambda + L R) at X with |X - W*| <= rho + g/mu gives
       X - eta grad F(X) - W* = (I - eta A)(X - W*), where A, the mean of H between W* and X, has
       its spectrum in [mu, Lambda + L R] since that segment lies in the ball. The distance to W*
       shrinks by a factor below one: descent from any X with |X - W| <= rho converges to W*.

    So with W a polished point and X the point where descent stopped, both belong to W*. The
    hypotheses are evaluated in floating point: reliable, but not a certificate.

    Args:
        W: students, (n, d), at or near a critical point.
        V: teachers, (k, d).
        outputs: c, (n,), the output weights of the students, 1 or -1 each; None: all are 1.

    Returns:
        The ball; its radius is rho, or zero where lambda <= 0 or rho <= 0 and nothing is shown.

    Raises:
        ValueError: as `population_hessian`.

    Source: the shape of the argument is that of S18's existence proof; constants are ours.
    """
    spectrum = eigvalsh(population_hessian(W, V, outputs=outputs))
    return ball_of_extremes(W, V, float(spectrum[0]), float(spectrum[-1]), outputs=outputs)


def ball_of_extremes(
    W: ArrayLike,
    V: ArrayLike,
    lowest: float,
    highest: float,
    *,
    outputs: ArrayLike | None = None,
) -> ConvexBall:
    """Return the ball of `same_minimum_ball`, given the extreme eigenvalues of H(W).

    Args:
        W: students, (n, d), at or near a critical point.
        V: teachers, (k, d).
        lowest, highest: smallest and largest eigenvalue.
        outputs: as for `same_minimum_ball`.

    Returns:
        As `same_minimum_ball`.

    Raises:
        ValueError: as `hessian_lipschitz`.

    Source: as `same_minimum_ball`.
    """
    if lowest <= 0:
        return ConvexBall(0.0, lowest, hessian_lipschitz(W, V, 0.0), 2.0 / highest)
    smallest_norm = float(np.linalg.norm(W, axis=1).min())
    outer = float(
        brentq(
            lambda radius: hessian_lipschitz(W, V, radius) * radius - 0.5 * lowest,
            0.0,
            smallest_norm * (1.0 - 1e-6),
        )
    )
    convexity = 0.5 * lowest
    gradient_norm = float(np.linalg.norm(population_gradient(W, V, outputs=outputs)))
    return ConvexBall(
        radius=max(0.0, outer - 2.0 * gradient_norm / convexity),
        strong_convexity=convexity,
        hessian_lipschitz=hessian_lipschitz(W, V, outer),
        largest_step=2.0 / (highest + convexity),
    )


def hessian_lipschitz(W: ArrayLike, V: ArrayLike, radius: float) -> float:
    """Return a Lipschitz constant of the Hessian (spectral norm) on a Frobenius ball around W.

        L = max_i 3 sqrt(3)/(4 pi a_i^2) (sum_{j != i} |w_j| + sqrt(n-1) r + sum_j |v_j|)
            + 3 sqrt(n-1)/(pi min_i a_i),      a_i = |w_i| - r.

    The third derivative along U, D^3 F(W)[U, U, U], is a sum over pairs of the third derivatives of
    f(w, v). With w = |w| e1 and v at angle t in the plane of e1, e2, and with r, a, p the parts of
    u along e1, along e2 and off the plane, differentiating h1 gives

        f_www[u, u, u] = -|v|/(2 pi |w|^2) (3 r (2 a^2 + p^2) sin t + a (2 a^2 + 3 p^2) cos t),

    at most 3 sqrt(3)/2 |v|/(2 pi |w|^2) for unit u (at a^2 = 3/4, p = 0), and for z at v

        f_wwv[u, u, z] = 1/(2 pi |w|) (z_e2 (2 a^2 + p^2) + 2 a p.z),

    at most 2/(2 pi |w|) for unit u, z. Summing with sum_i |u_i|^2 = 1 gives L as a bound of
    |D^3 F[U, U, U]|, which for symmetric trilinear forms bounds D^3 F[U, U', U''] too (Banach).
    Outputs of 1 or -1 change signs of terms, and so no bound.
    At parallel and antiparallel pairs D^3 F jumps but H is continuous, and a segment between two
    points meets finitely many of them or can be moved off them, so the bound holds across them.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        radius: of the ball, 0 <= r < min_i |w_i|: at w_i = 0 the Hessian does not exist.

    Returns:
        L. For n >= 2 it is below S18's n (sqrt(2)(n-1)(a_max + a_min) + k v_max)/(pi a_min^2); for
        n = k = 1 it is attained (at t = pi/3), and S18's is too small.

    Raises:
        ValueError: the radius is not in that range.

    Source: ours; S18 has the constant quoted.
    """
    norms = np.linalg.norm(np.asarray(W, dtype=np.float64), axis=1)
    teachers = float(np.linalg.norm(np.asarray(V, dtype=np.float64), axis=1).sum())
    smallest = float(norms.min()) - radius
    if not (radius >= 0 and smallest > 0):
        raise ValueError(f"radius {radius} is not in [0, min |w_i|) = [0, {norms.min()})")
    others = np.sqrt(norms.size - 1)
    own = (norms.sum() - norms + others * radius + teachers) / (norms - radius) ** 2
    return float(3 * np.sqrt(3) / (4 * np.pi) * own.max() + 3 * others / (np.pi * smallest))


def _newton_direction(
    hessian: NDArray[np.float64], gradient: NDArray[np.float64]
) -> NDArray[np.float64]:
    """H^{-1} grad F; the least-squares solution where H is singular or indefinite."""
    try:
        factor = cho_factor(hessian)
    except LinAlgError:
        return _least_squares_direction(hessian, gradient)
    pivots = np.diag(factor[0]) ** 2
    # Rounding may leave a singular matrix with a tiny positive pivot.
    if pivots.min() <= _FLAT * pivots.max():
        return _least_squares_direction(hessian, gradient)
    direction: NDArray[np.float64] = cho_solve(factor, gradient)
    return direction


def _least_squares_direction(
    hessian: NDArray[np.float64], gradient: NDArray[np.float64]
) -> NDArray[np.float64]:
    values, vectors = eigh(hessian)
    kept = np.abs(values) > _FLAT * np.abs(values).max()
    basis = vectors[:, kept]
    direction: NDArray[np.float64] = basis @ (basis.T @ gradient / values[kept])
    return direction


def _gradient_rounding(W: NDArray[np.float64], V: NDArray[np.float64]) -> float:
    """Size of the rounding error of |grad F|_F: each neuron's is a sum over n + k neurons.

    The roundings of a sum add up like a random walk, not like its worst case.
    """
    norms = np.linalg.norm(W, axis=1).sum() + np.linalg.norm(V, axis=1).sum()
    walk = np.sqrt(W.shape[0] + V.shape[0])
    return float(np.finfo(np.float64).eps * walk * np.sqrt(W.shape[0]) * norms)
