"""Where the two branches have the same loss, and where that tends as k grows; ReLU.

At fixed k the copy-average has the lower loss for n below n*(k), the perturbed copy above. As k
grows with n fixed,

    w_i = k r x_i + c_i 1 + O(1),   x_i the unit vectors of a regular simplex, r > 0,

x_i in the span of the copied coordinates and 1 on the others: the sum of k orthonormal teachers is
k/sqrt(2 pi) to leading order, a constant, for which unit vectors as far apart as possible are best.
The loss is k^2 F_0 + k F_1 + O(1). F_0 depends on the simplex alone, and with f(w, v_j) =
|w| phi(w_j/|w|), phi(c) = 1/(2 pi) + c/4 + psi(c),

    psi(c) = (sqrt(1 - c^2) + c arcsin(c) - 1)/(2 pi),

F_1 on how it stands to the axes as well: by -r sum_ij psi(x_ij). The terms in c_i, and those linear
in x_ij, which add up to zero, are the same for both. So n*(k) tends to the zero of

    D(n) = sum_ij psi(x_ij) of the copy-average - sum_ij psi(x_ij) of the perturbed copy:

the perturbed copy has n entries sqrt((n-1)/n) and n (n-1) entries -1/sqrt(n (n-1)); the
copy-average has n - 1 entries a, (n-1)(n-2) entries b and, in the averaging row, n - 1 entries -s,
s = 1/sqrt(n-1), a + (n-2) b = s, a^2 + (n-2) b^2 = 1.

Source: derived; the order of the error terms is not proved, but seen in n*(k).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import numpy as np
from flint import arb
from scipy.optimize import brentq

from relu_landscape.arguments import checked_arguments, real_number
from relu_landscape.certificates.precision import DEFAULT_BITS, Ball, exact, precision
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.fewer_students.copy_branches import CopyBranch, branch_space
from relu_landscape.fewer_students.relu_branches import follow_branch, solve_from, starting_guess
from relu_landscape.symmetry.arithmetic import Real, digits_for, extended
from relu_landscape.symmetry.reduced import ReducedLoss

LEAST_TEACHERS: Final = 8
MOST_TEACHERS: Final = 1e8
# Between these n*(k) and its limit are looked for.
_LOWEST: Final = 4.0
_HIGHEST: Final = 40.0
_TOLERANCE: Final = 1e-13
_WIDTH: Final = 2.0**-40
_LEAST_STUDENTS: Final = 3


@checked_arguments(k=real_number)
def loss_crossing(k: float) -> float:
    """Return n*(k), the real n at which both branches have the same loss.

    Args:
        k: number of teachers, a real number from 8 to 1e8.

    Raises:
        ValueError: another k.
        SolveError: a branch could not be followed.

    Source: derived.
    """
    if not LEAST_TEACHERS <= k <= MOST_TEACHERS:
        raise ValueError(
            f"k = {k}; the crossing is known from k = {LEAST_TEACHERS} to {MOST_TEACHERS:g}"
        )

    average, perturbed = (_Follower(branch, k) for branch in CopyBranch)
    highest = min(k - 1.0, _HIGHEST)
    return float(
        brentq(
            lambda n: float(average.loss(n) - perturbed.loss(n)),
            *(_LOWEST, highest),
            xtol=_TOLERANCE,
            rtol=_TOLERANCE,
        )
    )


class _Follower:
    """A branch at one k, followed from each n to the next."""

    def __init__(self, branch: CopyBranch, k: float) -> None:
        self._branch, self._k = branch, k
        self._n, self._point = _LOWEST, starting_guess(branch, k, _LOWEST)

    def loss(self, n: float) -> Real:
        """The loss at n, in extended precision."""
        size = (self._k, self._n)
        self._point = follow_branch(self._branch, size, self._point, self._k, n)
        self._n = n
        arithmetic = extended(digits_for(self._k))
        space = branch_space(self._branch, arithmetic.number(self._k), arithmetic.number(n))
        parameters = solve_from(space, self._point, arithmetic)
        return ReducedLoss(space, arithmetic).loss(parameters)


def extrapolated_limit(teachers: Sequence[float], crossings: Sequence[float]) -> float:
    """Return the value at 1/k = 0 of the polynomial in 1/k through the crossings.

    Args:
        teachers: values of k, all different.
        crossings: n*(k) at each.

    Source: Neville's scheme.
    """
    nodes, values = 1 / np.asarray(teachers, dtype=np.float64), np.asarray(crossings)
    for order in range(1, len(nodes)):
        left, right = nodes[:-order], nodes[order:]
        values = (left * values[1:] - right * values[:-1]) / (left - right)
    return float(values[0])


@checked_arguments(n=real_number)
def limiting_difference(n: float) -> Ball:
    """Return D(n), see above, in a ball: it has the sign of F_PC - F_CA for large k.

    Args:
        n: number of students, a finite real number >= 3, meant exactly.

    Raises:
        ValueError: n is not such a number.

    Source: derived.
    """
    if not _LEAST_STUDENTS <= n < math.inf:
        raise ValueError(f"n = {n}; the difference is known for a finite n >= {_LEAST_STUDENTS}")
    with precision(DEFAULT_BITS):
        m = exact(n)
        own, other = ((m - 1) / m).sqrt(), 1 / (m * (m - 1)).sqrt()
        perturbed = m * _psi(own) + m * (m - 1) * _psi(other)
        s = 1 / (m - 1).sqrt()
        # The larger zero of a^2 + (s - a)^2/(n-2) = 1.
        a = (s + (s**2 - (m - 1) * (s**2 - (m - 2))).sqrt()) / (m - 1)
        b = (s - a) / (m - 2)
        average = (m - 1) * (_psi(s) + _psi(a) + (m - 2) * _psi(b))
        return average - perturbed


def _psi(c: Ball) -> Ball:
    return ((1 - c**2).sqrt() + c * c.asin() - 1) / (2 * arb.pi())


def enclosed_limit() -> tuple[Decimal, Decimal]:
    """Return decimal numbers between which D changes its sign, proved in balls.

    Returns:
        (lower, upper) with D(lower) > 0 > D(upper), 2^-40 apart before they are rounded.

    Source: derived.
    """
    lower, upper = _LOWEST, _HIGHEST
    while upper - lower > _WIDTH:
        middle = (lower + upper) / 2
        lower, upper = (middle, upper) if limiting_difference(middle) > 0 else (lower, middle)
    if not limiting_difference(upper) < 0:
        raise ArithmeticError(f"D({upper}) has no sign at {DEFAULT_BITS} bits")
    return decimal_below(lower), decimal_above(upper)
