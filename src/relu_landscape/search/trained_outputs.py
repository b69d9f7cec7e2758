"""Students whose output weights are trained, too: a quasi-Newton descent and Newton's method.

For activations that are not homogeneous, as erf, an output weight is a parameter of its own. The
loss is flat there, with curvatures of 1e-6 and less at its minima, so that gradient descent of any
step takes too long: BFGS comes near a critical point, and Newton's method ends at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import lstsq
from scipy.optimize import minimize

from relu_landscape.arguments import checked_arguments, real_array, real_number, whole_number
from relu_landscape.objective import (
    PairKernel,
    population_gradient,
    population_joint_hessian,
    population_loss,
    population_output_gradient,
)
from relu_landscape.objective.population import checked_problem

NEWTON_STEPS: Final = 20
# Singular values below this share of the largest are those of flat directions.
FLAT: Final = 1e-13


@dataclass(frozen=True)
class TrainedOutputs:
    """Where training ended.

    weights: (n, d); outputs: (n,); loss: F; gradient_norm: Frobenius norm of its gradient in both;
    iterations: of BFGS; converged: whether the norm is at most the tolerance.
    """

    weights: NDArray[np.float64]
    outputs: NDArray[np.float64]
    loss: float
    gradient_norm: float
    iterations: int
    converged: bool


@checked_arguments(
    W=real_array, V=real_array, outputs=real_array, tolerance=real_number,
    iteration_budget=whole_number,
)  # fmt: skip
def train_with_outputs(
    W: ArrayLike,
    V: ArrayLike,
    outputs: ArrayLike,
    *,
    kernel: str | PairKernel = "erf",
    tolerance: float = 1e-12,
    iteration_budget: int = 10_000,
) -> TrainedOutputs:
    """Minimise F over the weights W and the outputs c by BFGS, then solve grad F = 0 by Newton.

    BFGS lowers F in every step, but by other paths than gradient flow: from the same start it may
    end at another minimum. Newton steps are taken as long as the norm of the gradient halves.

    Args:
        W: students to start from, (n, d).
        V: teachers, (k, d).
        outputs: output weights to start from, (n,).
        kernel: an activation whose outputs are any real numbers: "erf".
        tolerance: largest norm of the gradient of what counts as critical.
        iteration_budget: of BFGS, 1 or more.

    Returns:
        The point where training ended.

    Raises:
        ValueError: as for `population_loss`; an activation with signs for outputs; a tolerance that
            is not positive, or a budget below 1.
    """
    students, teachers, c, activation = checked_problem(W, V, outputs, kernel)
    if activation.degree is not None:
        raise ValueError(
            "kernel is homogeneous, and its outputs are signs; only outputs of an activation that "
            "is not, as erf, need training: use find_minima"
        )
    if not tolerance > 0 or iteration_budget < 1:
        raise ValueError(
            f"tolerance must be positive and iteration_budget must be 1 or more, not {tolerance} "
            f"and {iteration_budget}"
        )
    shape = students.shape

    def split(point: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return point[: students.size].reshape(shape), point[students.size :]

    def loss_at(point: NDArray[np.float64]) -> float:
        rows, weights = split(point)
        return population_loss(rows, teachers, outputs=weights, kernel=activation)

    def gradient_at(point: NDArray[np.float64]) -> NDArray[np.float64]:
        rows, weights = split(point)
        return np.concatenate(
            [
                population_gradient(rows, teachers, outputs=weights, kernel=activation).ravel(),
                population_output_gradient(rows, teachers, outputs=weights, kernel=activation),
            ]
        )

    def newton_step_at(
        point: NDArray[np.float64], gradient: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        rows, weights = split(point)
        hessian = population_joint_hessian(rows, teachers, outputs=weights, kernel=activation)
        step: NDArray[np.float64] = lstsq(hessian, gradient, cond=FLAT)[0]
        return step

    found = minimize(
        loss_at,
        np.concatenate([students.ravel(), c]),
        jac=gradient_at,
        method="BFGS",
        options={"gtol": tolerance, "norm": 2, "maxiter": iteration_budget},
    )
    point, gradient = found.x, gradient_at(found.x)
    for _ in range(NEWTON_STEPS):
        trial = point - newton_step_at(point, gradient)
        trial_gradient = gradient_at(trial)
        if not np.linalg.norm(trial_gradient) < 0.5 * np.linalg.norm(gradient):
            break
        point, gradient = trial, trial_gradient
    rows, weights = split(point)
    norm = float(np.linalg.norm(gradient))
    return TrainedOutputs(
        weights=rows,
        outputs=weights,
        loss=loss_at(point),
        gradient_norm=norm,
        iterations=int(found.nit),
        converged=norm <= tolerance,
    )
