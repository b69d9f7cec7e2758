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
from scipy.optimize import minimize

from relu_landscape.arguments import checked_arguments, real_array, real_number, whole_number
from relu_landscape.objective import (
    PairKernel,
    population_joint_gradient,
    population_joint_hessian,
    population_loss,
)
from relu_landscape.objective.population import checked_problem

NEWTON_STEPS: Final = 20
# Eigenvalues below this share of the largest, in size, are those of flat directions.
FLAT: Final = 1e-13


@dataclass(frozen=True)
class TrainedOutputs:
    """Where training ended.

    weights: (n, d); outputs: (n,); loss: F; gradient_norm: Frobenius norm of its gradient in both;
    iterations: of BFGS, or steps of the solver of the flow; converged: whether the norm is at most
    the tolerance.
    """

    weights: NDArray[np.float64]
    outputs: NDArray[np.float64]
    loss: float
    gradient_norm: float
    iterations: int
    converged: bool


@dataclass(frozen=True)
class JointLoss:
    """F as a function of weights and outputs, n d + n numbers: the rows of W, then the outputs.

    teachers: V, (k, d); n: students; kernel: the activation.
    """

    teachers: NDArray[np.float64]
    n: int
    kernel: PairKernel

    def split(self, point: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return weights (n, d) and outputs (n,)."""
        size = self.n * self.teachers.shape[1]
        return point[:size].reshape(self.n, -1), point[size:]

    def value(self, point: NDArray[np.float64]) -> float:
        """Return F."""
        W, c = self.split(point)
        return population_loss(W, self.teachers, outputs=c, kernel=self.kernel)

    def gradient(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gradient, (n d + n,)."""
        W, c = self.split(point)
        return population_joint_gradient(W, self.teachers, outputs=c, kernel=self.kernel)

    def hessian(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the Hessian, (n d + n, n d + n)."""
        W, c = self.split(point)
        return population_joint_hessian(W, self.teachers, outputs=c, kernel=self.kernel)

    def _newton_step(
        self, point: NDArray[np.float64], gradient: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the step without its part along flat directions."""
        # The SVD of a least-squares solver failed on such a Hessian, which is symmetric anyway.
        curvatures, directions = np.linalg.eigh(self.hessian(point))
        curved = np.abs(curvatures) > FLAT * np.abs(curvatures).max()
        along = directions[:, curved]
        step: NDArray[np.float64] = along @ (along.T @ gradient / curvatures[curved])
        return step

    def end(self, point: NDArray[np.float64], iterations: int, tolerance: float) -> TrainedOutputs:
        """Return the critical point next to this one: Newton steps while the gradient halves."""
        gradient = self.gradient(point)
        for _ in range(NEWTON_STEPS):
            trial = point - self._newton_step(point, gradient)
            trial_gradient = self.gradient(trial)
            if not np.linalg.norm(trial_gradient) < 0.5 * np.linalg.norm(gradient):
                break
            point, gradient = trial, trial_gradient
        W, c = self.split(point)
        norm = float(np.linalg.norm(gradient))
        return TrainedOutputs(
            weights=W,
            outputs=c,
            loss=self.value(point),
            gradient_norm=norm,
            iterations=iterations,
            converged=norm <= tolerance,
        )


def joint_loss(
    W: ArrayLike, V: ArrayLike, outputs: ArrayLike, kernel: str | PairKernel
) -> tuple[JointLoss, NDArray[np.float64]]:
    """Return F in weights and outputs, and the point W, c.

    Raises:
        ValueError: as for `population_loss`; an activation with signs for outputs.
    """
    students, teachers, c, activation = checked_problem(W, V, outputs, kernel)
    if activation.degree is not None:
        raise ValueError(
            "kernel is homogeneous, and its outputs are signs; only outputs of an activation that "
            "is not, as erf, need training: use find_minima"
        )
    loss = JointLoss(teachers, len(students), activation)
    return loss, np.concatenate([students.ravel(), c])


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
    loss, start = joint_loss(W, V, outputs, kernel)
    if not tolerance > 0 or iteration_budget < 1:
        raise ValueError(
            f"tolerance must be positive and iteration_budget must be 1 or more, not {tolerance} "
            f"and {iteration_budget}"
        )
    found = minimize(
        loss.value,
        start,
        jac=loss.gradient,
        method="BFGS",
        options={"gtol": tolerance, "norm": 2, "maxiter": iteration_budget},
    )
    return loss.end(found.x, int(found.nit), tolerance)
