"""The loss where two neurons of opposite outputs go to infinity together: a gated linear unit.

Students gamma a + p/2 of output 1 and gamma a - p/2 of output -1 compute (p . x) 1(a . x > 0) as
gamma goes to infinity. With other students W of outputs c and

    G(a) = sum_j c_j g(a, w_j) - sum_j g(a, v_j),   g(a, v) = E[x 1(a . x > 0) relu(v . x)],

which is df/dw at (a, v), the limit of F is

    F_end(W, a, p) = F(W) + p . G(a) + |p|^2/4,

at its smallest, F(W) - |G(a)|^2, for p = -2 G(a).

At finite gamma the two differ from the unit where |a . x| < |y|/gamma, y = p . x/2, alone: there
they are y + gamma a . x on the one side and gamma a . x - y on the other, against the step of the
unit by 2 y. What they differ by is odd in a . x, so that of the residual its jump alone counts:

    F - F_end = (1/3 - 1) E|y|^3/(gamma sqrt(2 pi) |a|) + O(1/gamma^2),   y on a . x = 0,
              = -|p'|^3/(6 pi gamma |a|) + O(1/gamma^2),   p' the part of p orthogonal to a,

at all W, a and p. So F rises towards the end of a channel, and descent leaves it, unless p' = 0:
then the two are a signed split, and F is the same for all gamma.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, real_array, real_number

from .geometry import pair_geometry
from .pair import gradient_terms
from .population import checked_problem, population_loss
from .weights import checked_vectors


def gated_unit_loss(
    W: ArrayLike,
    V: ArrayLike,
    gate: ArrayLike,
    linear: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
) -> float:
    """Return F_end, the loss of students and one unit (p . x) 1(a . x > 0).

    Args:
        W: the students beside the unit, (n, d).
        V: teachers, (k, d).
        gate: a, (d,), not zero; its length is of no account.
        linear: p, (d,).
        outputs: c, (n,), of the students, 1 or -1 each; None: all are 1.

    Returns:
        F_end, with the factor 1/2.

    Raises:
        ValueError: as `population_loss`, a gate that is zero, or vectors that do not fit.

    Source: ours.
    """
    slope = _slope(W, V, gate, outputs)
    p = _checked_linear(linear, len(slope))
    return float(population_loss(W, V, outputs=outputs) + p @ slope + 0.25 * p @ p)


def best_linear_part(
    W: ArrayLike, V: ArrayLike, gate: ArrayLike, *, outputs: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return p = -2 G(a), for which F_end is smallest: it is F(W) - |p|^2/4.

    Args:
        W: the students beside the unit, (n, d).
        V: teachers, (k, d).
        gate: a, (d,), not zero; its length is of no account.
        outputs: c, (n,), of the students, 1 or -1 each; None: all are 1.

    Returns:
        p, (d,).

    Raises:
        ValueError: as `gated_unit_loss`.

    Source: ours.
    """
    return -2.0 * _slope(W, V, gate, outputs)


@checked_arguments(gamma=real_number)
def pair_near_gated_unit(gate: ArrayLike, linear: ArrayLike, gamma: float) -> NDArray[np.float64]:
    """Return the two students gamma a + p/2 and gamma a - p/2, whose outputs are 1 and -1.

    Args:
        gate: a, (d,), not zero.
        linear: p, (d,).
        gamma: above zero; the larger, the nearer to the unit.

    Returns:
        (2, d).

    Raises:
        ValueError: a gate that is zero, vectors that do not fit, or a gamma that is not positive.
    """
    a = _checked_gate(gate)
    p = _checked_linear(linear, len(a))
    if not gamma > 0:
        raise ValueError(f"gamma = {gamma}; it must be positive")
    return np.stack([gamma * a + p / 2, gamma * a - p / 2])


def fall_from_gated_unit(gate: ArrayLike, linear: ArrayLike) -> float:
    """Return |p'|^3/(6 pi |a|), the limit of gamma (F_end - F) at `pair_near_gated_unit`.

    Args:
        gate: a, (d,), not zero.
        linear: p, (d,).

    Returns:
        The limit, not negative; zero where p is a multiple of a.

    Raises:
        ValueError: a gate that is zero, or vectors that do not fit.

    Source: ours.
    """
    a = _checked_gate(gate)
    p = _checked_linear(linear, len(a))
    length = np.linalg.norm(a)
    across = p - (p @ (a / length)) * (a / length)
    return float(np.linalg.norm(across) ** 3 / (6.0 * np.pi * length))


def _slope(
    W: ArrayLike, V: ArrayLike, gate: ArrayLike, outputs: ArrayLike | None
) -> NDArray[np.float64]:
    """G(a), (d,)."""
    students, teachers, c, _ = checked_problem(W, V, outputs, "relu")
    a = _checked_gate(gate)
    if a.shape != students[0].shape:
        raise ValueError(
            f"gate has shape {a.shape}; it must have shape {students[0].shape}, that of a row of W"
        )
    by_students = c @ gradient_terms(pair_geometry(a, students))
    found: NDArray[np.float64] = by_students - gradient_terms(pair_geometry(a, teachers)).sum(
        axis=0
    )
    return found


def _checked_gate(gate: ArrayLike) -> NDArray[np.float64]:
    a = checked_vectors(gate, "gate")
    if a.ndim != 1:
        raise ValueError(f"gate has shape {a.shape}; it must be one vector, (d,)")
    return a


def _checked_linear(linear: ArrayLike, inputs: int) -> NDArray[np.float64]:
    p = real_array(linear, "linear")
    if p.shape != (inputs,):
        raise ValueError(f"linear has shape {p.shape}; it must have shape ({inputs},), as the gate")
    return p
