"""Where the two branches of erf change places, and what share of k that tends to.

Let k grow with n = beta k. By its Hermite series s(v . x) is linear, (1/sqrt pi) v . x, and a rest,
of squared length 1/3 - 1/pi. In the copy-average the linear parts agree, and the rests of m = k - n
+ 1 teachers stay: F = m (1/3 - 1/pi)/2 + O(1/m). In the perturbed copy, too, the linear parts agree
to leading order, for which each student needs 1/n on each of the k - n teachers left out: beside
its own teacher it has a vector of squared length tau = (k - n)/n^2 = O(1/k). With own coordinate
and output 1 the Hermite part of degree l >= 3 of the student is then off by

    c_l ((p/(1 + p))^l - 2 (2 (1 + p))^(-l/2) + 2^(-l)) = c_l l 2^(-l) tau + O(tau^2),  p = 1 + tau,

(2/pi) sum c_l q^l being the series of (2/pi) arcsin q; what own coordinate and output change is
O(tau^2), and parts of degree 3 and more of different students and teachers meet in O(1/k) in all.
n students make that, as sum_{l >= 3} c_l l q^l = q/sqrt(1 - q^2) - q at q = 1/2,

    F = (k - n)(1/3 - 1/pi)/2 + (k - n)/(pi n) (1/sqrt 3 - 1/2) + O(1/k).

Both are equal where (1 - beta)/beta (1/sqrt 3 - 1/2) = pi/6 - 1/2, at

    beta = (1/sqrt 3 - 1/2)/(1/sqrt 3 + pi/6 - 1) = .76623...

Source: derived; the order of the error terms is not proved, but seen in n*(k).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from scipy.optimize import brentq

from relu_landscape.arguments import checked_arguments, real_number
from relu_landscape.fewer_students.copy_averages import average_loss
from relu_landscape.fewer_students.erf_points import LARGEST_K, perturbed_copy_erf

LEAST_TEACHERS: Final = 3
# As shares of k: the copy-average is lower at the first, the perturbed copy at the second.
BRACKET: Final = (0.68, 0.99)
LEAST_THRESHOLD: Final = 8
# The perturbed copies are a saddle at the first, and a minimum at the second.
THRESHOLD_BRACKET: Final = (0.05, 0.7)
TOLERANCE: Final = 1e-12
LIMITING_SHARE: Final = (3**-0.5 - 0.5) / (3**-0.5 + math.pi / 6 - 1)
"""What n*(k)/k tends to as k grows."""


@checked_arguments(k=real_number)
def erf_loss_crossing(k: float) -> float:
    """Return n*(k), the real n at which both branches of erf have the same loss.

    Below it the copy-average is lower, above it the perturbed copy.

    Args:
        k: number of teachers, a real number from 3 to 10,000.

    Raises:
        ValueError: another k.
        SolveError: the perturbed copies could not be followed.

    Source: derived.
    """
    _require_known(k, LEAST_TEACHERS)

    def difference(n: float) -> float:
        return perturbed_copy_erf(k, n).loss - average_loss(k - n + 1)

    return _root_in_n(difference, k, BRACKET, least=2.0)


@checked_arguments(k=real_number)
def perturbed_copy_threshold(k: float) -> float:
    """Return the real n from which on the perturbed copies are a minimum.

    There the smallest eigenvalue of the standard representation of the copies is zero.

    Args:
        k: number of teachers, a real number from 8 to 10,000.

    Raises:
        ValueError: another k.
        SolveError: the perturbed copies could not be followed.

    Source: derived.
    """
    _require_known(k, LEAST_THRESHOLD)

    def smallest(n: float) -> float:
        spectrum = perturbed_copy_erf(k, n).spectrum
        return min(row.value for row in spectrum if row.irrep == "s_n")

    return _root_in_n(smallest, k, THRESHOLD_BRACKET, least=3.0)


def _require_known(k: float, least_k: float) -> None:
    if not least_k <= k <= LARGEST_K:
        raise ValueError(f"k = {k}; this n is known from k = {least_k} to {LARGEST_K:g}")


def _root_in_n(
    function: Callable[[float], float], k: float, bracket: tuple[float, float], least: float
) -> float:
    """The root of a function of n between two shares of k, and `least` students or more."""
    lowest, highest = (max(least, share * k) for share in bracket)
    return float(brentq(function, lowest, highest, xtol=TOLERANCE * k, rtol=TOLERANCE))
