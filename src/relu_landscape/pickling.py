"""How mpmath numbers go from process to process: with all of their digits.

mpmath by itself rounds a number that is read to the working precision of the reader, 15 digits.
"""

import copyreg
from typing import Any

import mpmath


def number_with_parts(parts: tuple[Any, ...]) -> mpmath.mpf:
    """The number with this sign, mantissa, exponent and number of bits, not rounded."""
    return mpmath.mp.make_mpf(parts)


def _parts(number: mpmath.mpf) -> tuple[Any, tuple[tuple[Any, ...]]]:
    return number_with_parts, (number._mpf_,)


copyreg.pickle(mpmath.mpf, _parts)
