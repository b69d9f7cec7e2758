"""Points to certify, and balls to compare with the reference in extended precision."""

import mpmath


def lies_in(value, ball):
    """Whether an mpmath number lies in a ball."""
    middle = ball.mid()
    mantissa, exponent = middle.man_exp()
    center = mpmath.mpf(int(mantissa)) * mpmath.mpf(2) ** int(exponent)
    radius = mpmath.mpf(float(ball.rad()))
    return bool(abs(value - center) <= radius + mpmath.mpf(10) ** -24)


def contained(inner, outer, slack=1e-6):
    """Whether one ball lies in another, up to a share of the larger radius.

    Arb evaluates a function at a midpoint, so enclosures over nested boxes are nested only up to
    the terms of second order.
    """
    widened = float(outer.rad()) * (1 + slack) + 1e-24
    return abs(float(inner.mid() - outer.mid())) + float(inner.rad()) <= widened


def entries(rows):
    """All balls of a matrix, whatever it is made of."""
    return rows.entries() if hasattr(rows, "entries") else [x for row in rows for x in row]
