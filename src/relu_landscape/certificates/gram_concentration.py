"""How near random unit teachers are to orthonormal ones, with what probability.

For v_1, ..., v_k independent and uniform on the unit sphere of R^d, d >= k, m = k (k - 1)/2,

    P(|V V^T - I| > r) <= (x e^(1-x))^(m/2),    x = d r^2/(2 (1 + r) m) > 1,

in the Frobenius norm; Lemma 6 of `check_persistence` proves it. As E |V V^T - I|^2 = 2 m/d,
Markov's inequality has 2 m/(d r^2) in its place, and the caps of all pairs, each of inner products
above r/sqrt(2 m), have 2 m exp(-(d - 1) r^2/(4 m)), which at k = 8 and 1/1000 needs some nine times
as many inputs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from flint import arb

from relu_landscape.arguments import checked_arguments, exact_number, whole_number
from relu_landscape.certificates.precision import Ball, exact, precision

_BITS: Final = 96


@checked_arguments(k=whole_number, radius=exact_number, d=whole_number)
def log_failure_bound(k: int, radius: float | Fraction, d: int) -> Ball:
    """Return the logarithm of the bound of P(|V V^T - I| > r), a ball; 0 where x <= 1.

    Args:
        k: number of teachers, 2 or more.
        radius: r, in (0, 1).
        d: number of inputs, k or more.

    Raises:
        ValueError: a number is out of range.
    """
    _require_sizes(k, radius)
    if d < k:
        raise ValueError(f"d = {d}; {k} teachers are in {k} inputs or more")
    with precision(_BITS):
        r, pairs = exact(radius), arb(k * (k - 1)) / 2
        x = d * r**2 / (2 * (1 + r) * pairs)
        return pairs / 2 * (x.log() + 1 - x) if x > 1 else arb(0)


@checked_arguments(k=whole_number, radius=exact_number, failure=exact_number)
def least_inputs(k: int, radius: float | Fraction, failure: float | Fraction) -> int:
    """Return the least d from which on the bound of P(|V V^T - I| > r) is at most a probability.

    Args:
        k: number of teachers, 2 or more.
        radius: r, in (0, 1).
        failure: the probability, in (0, 1).

    Raises:
        ValueError: a number is out of range.
    """
    _require_sizes(k, radius)
    if not 0 < failure < 1:
        raise ValueError(f"failure = {failure}; a probability must be in (0, 1)")
    with precision(_BITS):
        allowed = exact(failure).log()

    def enough(d: int) -> bool:
        return bool(log_failure_bound(k, radius, d) <= allowed)

    high = k
    while not enough(high):
        high *= 2
    low = k - 1  # the bound falls with d
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _require_sizes(k: int, radius: float | Fraction) -> None:
    if k < 2:
        raise ValueError(f"k = {k}; there must be two teachers or more")
    if not 0 < radius < 1:
        raise ValueError(f"radius = {radius}; it must be in (0, 1)")
