"""How large a sample would decide what a smaller one leaves open."""

from __future__ import annotations

import math
from collections.abc import Callable

from relu_landscape.judging.statistics import REQUIRED_POWER

_MOST = 1_000_000
ENDLESS = 100
"""A sample so many times larger than another has hardly an error of its own."""


def least_size(power: Callable[[int], float], most: int = _MOST) -> int | None:
    """About the least size of a sample whose power is the one required.

    Powers of exact tests rise with the size but for small steps back; sizes are doubled until one
    has the power, then bisected to two digits.

    Args:
        power: of a sample of this size, 2 or more.
        most: the largest size tried.

    Returns:
        The size, rounded up to two digits; None where no size has the power.
    """
    high = 2
    while power(high) < REQUIRED_POWER:
        if high >= most:
            return None
        high = min(2 * high, most)
    low = high // 2
    while high - low > max(1, _second_digit(high) // 2):
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= REQUIRED_POWER else (middle, high)
    return rounded_up(high)


def more_needed(power: Callable[[int, int], float], published: int, what: str = "runs") -> str:
    """How many of ours would decide beside a published sample, or of both if ours cannot.

    Args:
        power: of a sample of ours of this size beside a published one of that.
        published: the size of the published one.
        what: the samples are of.
    """
    endless = min(ENDLESS * published, _MOST)
    if power(endless, published) >= REQUIRED_POWER:
        own = least_size(lambda size: power(size, published), endless)
        return f"about {own} {what} here would decide."
    both = least_size(lambda size: power(size, size))
    if both is None:
        return f"no number of {what} would decide."
    return f"no number of {what} here would, but about {both} published ones and as many here."


def size_to_meet(share: float) -> int:
    """How many draws meet what has this share with the probability required.

    The least N with 1 - (1 - share)^N at least that.
    """
    return math.ceil(math.log(1.0 - REQUIRED_POWER) / math.log1p(-share))


def rounded_up(size: float) -> int:
    """The next whole number of two digits and zeros."""
    unit = _second_digit(size)
    return math.ceil(size / unit) * unit


def _second_digit(size: float) -> int:
    """What one in the second digit of a number stands for."""
    return int(10 ** max(0, math.floor(math.log10(max(size, 1))) - 1))
