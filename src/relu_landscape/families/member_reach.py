"""Which sizes members with more neurons than teachers are known at; loads no arrays."""

from __future__ import annotations

from typing import Final

# With more special neurons descent after the splits passes singular Hessians: where it ends, and
# which of several minima that is, hangs on rounding.
LARGEST_SPLIT: Final = 3


def least_teachers(m: int, extra: int) -> int:
    """Smallest whole k to which members are followed; with n > k, II_3 ends in a fold at 9.7."""
    return max(m + 4, 3 * m + 1) if extra else m + 4
