"""Gradient flow of weights and output weights, by an implicit solver, from Glorot's starts."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

from relu_landscape.arguments import checked_arguments, real_array, real_number, whole_number
from relu_landscape.search.trained_outputs import TrainedOutputs, joint_loss
from relu_landscape.seeding import restart_generator

# The absolute error of a step that is allowed, as a share of the relative one.
ABSOLUTE_SHARE: Final = 1e-2


@checked_arguments(
    W=real_array, V=real_array, outputs=real_array, time=real_number, accuracy=real_number,
    tolerance=real_number,
)  # fmt: skip
def follow_gradient_flow(
    W: ArrayLike,
    V: ArrayLike,
    outputs: ArrayLike,
    *,
    time: float = 1e7,
    accuracy: float = 1e-4,
    tolerance: float = 1e-12,
) -> TrainedOutputs:
    """Follow dW/dt = -dF/dW, dc/dt = -dF/dc for erf, and end at the critical point next to it.

    The flow is stiff: curvatures at a minimum are from 1e-6 to 1 and more. It is integrated by
    backward differentiation formulas with the exact Hessian; Newton steps follow, as in
    `train_with_outputs`, whose own path is another.

    Args:
        W: students to start from, (n, d).
        V: teachers, (k, d).
        outputs: output weights to start from, (n,).
        time: t at the end, positive.
        accuracy: relative error of a step, from 1e-12 to 1e-2.
        tolerance: largest norm of the gradient of what counts as critical.

    Returns:
        The point where the flow ended.

    Raises:
        ValueError: as for `population_loss`; a time, accuracy or tolerance outside these bounds.

    Source: Shampine and Reichelt, SIAM J. Sci. Comput. 18 (1997), for the solver.
    """
    loss, start = joint_loss(W, V, outputs, "erf")
    if not (time > 0 and tolerance > 0 and 1e-12 <= accuracy <= 1e-2):
        raise ValueError(
            f"time = {time}, tolerance = {tolerance}, accuracy = {accuracy}; time and tolerance "
            "must be positive, and accuracy from 1e-12 to 1e-2"
        )
    flow = solve_ivp(
        lambda _, point: -loss.gradient(point),
        (0.0, time),
        start,
        method="BDF",
        jac=lambda _, point: -loss.hessian(point),
        rtol=accuracy,
        atol=ABSOLUTE_SHARE * accuracy,
    )
    return loss.end(flow.y[:, -1], len(flow.t) - 1, tolerance)


@checked_arguments(
    n_students=whole_number, n_teachers=whole_number, restart=whole_number, seed=whole_number,
    n_inputs=whole_number,
)  # fmt: skip
def glorot_start(
    n_students: int, n_teachers: int, restart: int, *, seed: int, n_inputs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw starting weights N(0, 2/(n + d)) and outputs N(0, 2/(n + 1)).

    Args:
        n_students, n_teachers, n_inputs: n, k, d.
        restart: its number; the draw depends on it, the seed, k and n alone.
        seed: of the search.

    Returns:
        W (n, d) and the outputs (n,).

    Source: Glorot and Bengio, AISTATS 2010, normal form.
    """
    generator = restart_generator(seed, n_teachers, n_students, restart)
    weights = generator.standard_normal((n_students, n_inputs))
    outputs = generator.standard_normal(n_students)
    return (
        weights * np.sqrt(2 / (n_students + n_inputs)),
        outputs * np.sqrt(2 / (n_students + 1)),
    )
