"""Where the two branches of erf have the same loss."""

from __future__ import annotations

from scipy.optimize import brentq

from relu_landscape.arguments import checked_arguments, real_number
from relu_landscape.fewer_students.copy_averages import average_loss
from relu_landscape.fewer_students.erf_points import LARGEST_K, perturbed_copy_erf

LEAST_TEACHERS = 3
# As shares of k: the copy-average is lower at the first, the perturbed copy at the second.
BRACKET = (0.68, 0.99)
TOLERANCE = 1e-12


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
    if not LEAST_TEACHERS <= k <= LARGEST_K:
        raise ValueError(
            f"k = {k}; the crossing is known from k = {LEAST_TEACHERS} to {LARGEST_K:g}"
        )

    def difference(n: float) -> float:
        return perturbed_copy_erf(k, n).loss - average_loss(k - n + 1)

    lowest, highest = (share * k for share in BRACKET)
    return float(brentq(difference, lowest, highest, xtol=TOLERANCE * k, rtol=TOLERANCE))
