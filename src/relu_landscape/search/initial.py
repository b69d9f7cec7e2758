"""Starting weights of gradient descent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, one_of, optional, several, whole_number
from relu_landscape.search.choices import InitialLaw
from relu_landscape.seeding import restart_generator


def _standard_deviation(law: InitialLaw, n_inputs: int) -> float:
    match law:
        case InitialLaw.GAUSSIAN:
            return float(n_inputs**-0.5)
        case InitialLaw.LARGE_NORM:
            return float(2.0 * n_inputs**0.5)


@checked_arguments(
    law=one_of(*InitialLaw),
    n_students=whole_number,
    n_teachers=whole_number,
    restarts=several(whole_number),
    seed=whole_number,
    n_inputs=optional(whole_number),
)
def initial_weights(
    law: InitialLaw,
    n_students: int,
    n_teachers: int,
    restarts: range,
    *,
    seed: int,
    n_inputs: int | None = None,
) -> NDArray[np.float64]:
    """Starting weights of the given restarts, shape (len(restarts), n, d); d = k unless given.

    GAUSSIAN: entries N(0, 1/d) (S18; S21 Section 4.2). LARGE_NORM: entries N(0, 4 d), for which
    E|w_i| is near 2 d, so that n = d norms sum to about 2 d^2 (S21 Section 4.2, text).
    """
    inputs = n_teachers if n_inputs is None else n_inputs
    shape = (n_students, inputs)
    scale = _standard_deviation(law, inputs)
    weights = np.empty((len(restarts), *shape))
    for row, restart in enumerate(restarts):
        generator = restart_generator(seed, n_teachers, n_students, restart)
        weights[row] = scale * generator.standard_normal(shape)
    return weights
