r"""How fast the Hessian changes around students that are nearly orthogonal, V = I, n = k = d.

The constant of `lipschitz` adds up n sizes where the signs cancel. Here the third derivative is
taken in all neurons at once. For w_i with unit vector b_i, c_ij = cos t_ij, s_ij = sin t_ij and
e_ij the unit part of w_j orthogonal to w_i, write u_i = r_i b_i + q_i with q_i orthogonal to b_i,
and a_ij = q_i.e_ij. Differentiating h1 (see `lipschitz`), for |U|_F = 1,

    D^3 F[U, U, U] = sum_i T_i[u_i, u_i, u_i] + 3 sum_{i != j} f_wwv(w_i, w_j)[u_i, u_i, u_j],
    2 pi |w_i| f_wwv[u_i, u_i, u_j] = (u_j.e_ij) (|q_i|^2 - a_ij^2) + 2 a_ij (q_i.u_j),
    T_i = sum_{j != i} f_www(w_i, w_j) - sum_j f_www(w_i, v_j).

On the ball |W - W0|_F <= R let a <= |w_i| <= l, x = R/a (then |B - B0|_F <= x for the matrices of
unit vectors, as |w||w0||b - b0|^2 <= |w - w0|^2), and, with o = |B0| (spectral norm),

    o(R) = o + x,    g(R) = max_i (sum_{j != i} c_ij^2)^(1/2) + x (o^2 + 1)^(1/2),
    m(R) = max |c_ij| + sqrt(2) x,    s = (1 - m^2)^(1/2),    e = o(R)/s,

so that the matrix of rows e_ij, j != i, has the norm e or less: it is B projected off b_i, its rows
divided by s_ij. Let p^2 = sum r_i^2, so that sum |q_i|^2 = 1 - p^2 and p (1 - p^2) <= beta =
2/(3 sqrt 3). Since u_j.e_ij = (r_j - c_ij u_j.b_i)/s_ij, the mixed terms add up to at most 3/(2 pi)
times

    (1 - p^2)/a [ (sqrt(n-1) p + g)/s + e^2 (p + m)/s + 2 e ]
        <= [ beta (sqrt(n-1) + e^2)/s + (g + e^2 m)/s + 2 e ]/a =: A.

(The first sums over j by Cauchy's inequality; the second by sum_j a_ij^2 <= e^2 |q_i|^2; the third
by that and sum_j (q_i.u_j)^2 <= |q_i|^2.) Every neuron owns the teacher v_i, next to which it may
be parallel. That pair adds to T_i no more than 3 sqrt 3/(4 pi a^2), see `lipschitz`. In the others,
g', m', s' = (1 - m'^2)^(1/2) being what g, m, s are for the pairs (w_i, v_j), j != i (and m', g'
growing by x), the terms of f_www with cos t add up to at most

    Q = [ 3 (l e g + g'/s') + l m e^2 + m'/s'^2 ] / (2 pi a^2),

and those with sin t to -(3 r_i/|w_i|) K_i[q_i, q_i], K_i = H'_ii + h1(w_i, v_i), as h1 has degree
-1 in w_i: at most 3 beta |K|/a, |K| = max_i |K_i|. Along the ball K_i itself changes at most by
the same sums: |K| <= |K at W0| + R (3 beta |K|/a + Q + (sqrt(n-1) + e^2 + 2 e)/(2 pi a)). Together

    L(R) = 3 A/(2 pi) + 3 sqrt 3/(4 pi a^2) + Q + 3 beta |K|/a.

Only pairs (w_i, v_i) may be parallel or antiparallel, and the constant holds across those for the
reason given in `lipschitz`. At W0 = V it is (1/2 pi) (2/sqrt 3) sqrt(k - 1) + O(1), against
k 3 sqrt 3/(2 pi) there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from relu_landscape.certificates.definiteness import bound_smallest_eigenvalue
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.precision import DEFAULT_BITS, Ball, box, dot, norm, precision
from relu_landscape.certificates.rounding import float_balls

_BISECTIONS: Final = 40


@dataclass(frozen=True)
class Surroundings:
    """What is known of the centre W0: balls, of which the upper ends count (the lower of shortest).

    students: n; shortest, longest: of the |w_i|; spread: spectral norm of the matrix of unit
    vectors; cosines: max_i (sum_{j != i} c_ij^2)^(1/2); largest_cosine: max |c_ij|;
    teacher_cosines, largest_teacher_cosine: the same for the pairs (w_i, v_j), j != i;
    inner: max_i |H'_ii + h1(w_i, v_i)|.
    """

    students: int
    shortest: Ball
    longest: Ball
    spread: Ball
    cosines: Ball
    largest_cosine: Ball
    teacher_cosines: Ball
    largest_teacher_cosine: Ball
    inner: Ball


def survey(
    center: NDArray[np.float64], neurons: Sequence[int], *, bits: int = DEFAULT_BITS
) -> Surroundings:
    """Measure the surroundings of a centre whose neuron i owns teacher i.

    Args:
        center: W0, (k, k), no zero neuron.
        neurons: such that every other neuron is the image of one of them under a symmetry of W0.
        bits: precision of the balls.
    """
    weights = box(center, bits=bits)
    with precision(bits):
        norms = [norm(row) for row in weights]
        units = [[x / length for x in row] for row, length in zip(weights, norms, strict=True)]
        cosines = [_others([dot(units[i], unit) for unit in units], i) for i in neurons]
        teacher_cosines = [_others(units[i], i) for i in neurons]
        return Surroundings(
            students=len(center),
            shortest=min(x.lower() for x in norms),
            longest=_largest(norms),
            spread=_spectral_norm(arb_mat(units) * arb_mat(units).transpose()).sqrt(),
            cosines=_largest(norm(row) for row in cosines),
            largest_cosine=_largest(abs(x) for row in cosines for x in row),
            teacher_cosines=_largest(norm(row) for row in teacher_cosines),
            largest_teacher_cosine=_largest(abs(x) for row in teacher_cosines for x in row),
            inner=_largest(
                _spectral_norm(_inner_hessian(center, i, bits))
                # |h1(w_i, v_i)| = sin t/(pi |w_i|)
                + norm(_others(units[i], i)) / (arb.pi() * norms[i])
                for i in neurons
            ),
        )


def local_lipschitz(around: Surroundings, radius: Ball) -> Ball:
    """Return L(R), a Lipschitz constant of the Hessian (spectral norm) on the ball of radius R.

    Args:
        around: what is known of the centre.
        radius: R >= 0, Frobenius.

    Returns:
        The constant; infinite if R is too large for the argument.

    Source: ours.
    """
    a, across = around.shortest - radius, arb(around.students - 1).sqrt()
    if not a > 0:
        return arb("inf")
    turn = radius / a
    largest = around.largest_cosine + arb(2).sqrt() * turn
    largest_teacher = around.largest_teacher_cosine + turn
    beta, circle = 2 / (3 * arb(3).sqrt()), 2 * arb.pi()
    if not (largest < 1 and largest_teacher < 1 and 3 * beta * radius < a):
        return arb("inf")
    sine, teacher_sine = (1 - largest**2).sqrt(), (1 - largest_teacher**2).sqrt()
    normals = (around.spread + turn) / sine
    cosines = around.cosines + turn * (around.spread**2 + 1).sqrt()
    teacher_cosines = around.teacher_cosines + turn
    mixed = (
        beta * (across + normals**2) / sine + (cosines + normals**2 * largest) / sine + 2 * normals
    ) / a
    longest = around.longest + radius
    bent = (
        3 * (longest * normals * cosines + teacher_cosines / teacher_sine)
        + longest * largest * normals**2
        + largest_teacher / teacher_sine**2
    ) / (circle * a**2)
    moved = (across + normals**2 + 2 * normals) / (circle * a)
    inner = (around.inner + radius * (bent + moved)) / (1 - 3 * beta * radius / a)
    own = 3 * arb(3).sqrt() / (2 * circle * a**2)
    return 3 * mixed / circle + own + bent + 3 * beta * inner / a


def radius_of_change(around: Surroundings, change: Ball) -> float:
    """Return an R with L(R) R < change, next to the largest one.

    Args:
        around: what is known of the centre.
        change: of the Hessian, positive.
    """
    low, high = 0.0, float(around.shortest)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        fits = local_lipschitz(around, arb(middle)) * arb(middle) < change
        low, high = (middle, high) if fits else (low, middle)
    return low


def _inner_hessian(center: NDArray[np.float64], i: int, bits: int) -> Any:
    """H'_ii at W0 from the pairs of neuron i alone; a network of all would take n times as many."""
    neuron = box(center[i : i + 1], bits=bits)
    # With no other student, H'_ii is minus the sum over the teachers.
    teachers, others = (
        BallNetwork(neuron, box(rows, bits=bits), bits).inner_hessian(0)
        for rows in (np.eye(len(center)), np.delete(center, i, axis=0))
    )
    return teachers - others


def _others(row: Sequence[Ball], i: int) -> list[Ball]:
    return [x for j, x in enumerate(row) if j != i]


def _largest(balls: object) -> Ball:
    return max(x.upper() for x in balls)  # type: ignore[attr-defined]


def _spectral_norm(matrix: arb_mat) -> Ball:
    """An upper bound of the spectral norm of a symmetric matrix."""
    size = matrix.nrows()
    # The bound is relative, and would have no room at an end of the spectrum that is zero.
    shift = arb(float(np.abs(float_balls(matrix).midpoints).sum(axis=1).max()) + 1.0)
    shifts = arb_mat(size, size, [shift * (i == j) for i in range(size) for j in range(size)])
    ends = [bound_smallest_eigenvalue(float_balls(shifts + x)).proved for x in (matrix, -matrix)]
    return shift - min(ends)
