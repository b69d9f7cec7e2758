"""Durations as a person reads them."""

from __future__ import annotations

import math


def duration(seconds: float) -> str:
    """Hours, minutes or seconds, whichever says it in two units."""
    if math.isnan(seconds):
        return "not there"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def span(least: float, most: float) -> str:
    """From the least to the most, without digits that a range of such a length cannot have."""
    step = 60 if most >= 600 else 10 if most >= 60 else 1
    ends = (math.floor(least / step) * step, math.ceil(most / step) * step)
    first, last = (f"{x // 60} min" if step == 60 and x < 3600 else duration(x) for x in ends)
    if first == last:
        return first
    (number, *units), (_, *others) = first.split(), last.split()
    return f"{number} to {last}" if units == others and len(units) == 1 else f"{first} to {last}"
