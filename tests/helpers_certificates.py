"""Points to certify, and balls to compare with the reference in extended precision."""

from functools import cache

import mpmath
import numpy as np

from relu_landscape.certificates import (
    PlateauCertificate,
    certify_minimum,
    certify_plateaus,
    certify_splits,
    minimum_line,
)
from relu_landscape.families import symmetric_critical_point
from relu_landscape.objective import population_gradient, population_hessian


def lies_in(value, ball):
    """Whether an mpmath number lies in a ball, with no slack: radii may be 1e-48 and less.

    So the number must be right to more digits than the ball.
    """
    middle = ball.mid()
    mantissa, exponent = middle.man_exp()
    center = mpmath.mpf(int(mantissa)) * mpmath.mpf(2) ** int(exponent)
    radius = mpmath.mpf(float(ball.rad()))
    return bool(abs(value - center) <= radius)


def contained(inner, outer, slack=1e-2):
    """Whether one ball lies in another, up to a share of the larger radius.

    Arb evaluates a function at a midpoint and bounds its slope, so enclosures over nested boxes are
    nested only up to terms of second order and up to how sharp these bounds are.
    """
    widened = float(outer.rad()) * (1 + slack) + 1e-24
    return abs(float(inner.mid() - outer.mid())) + float(inner.rad()) <= widened


def entries(rows):
    """All balls of a matrix, whatever it is made of."""
    return rows.entries() if hasattr(rows, "entries") else [x for row in rows for x in row]


@cache
def signed_minimum():
    """A proved minimum of eight students and seven teachers, the last student of output -1."""
    W = np.full((8, 7), -0.0254) + 1.0474 * np.eye(8, 7)
    W[:, 5], W[:, 6] = 0.1831, -0.1056
    W[5], W[6], W[7] = 0.1489, -0.0182, 0.0391
    W[5:, 5:] = [[-0.7852, 0.1781], [0.5581, 1.1218], [-0.2604, -0.2651]]
    outputs = np.array([1.0] * 7 + [-1.0])
    for _ in range(5):
        step = np.linalg.solve(
            population_hessian(W, np.eye(7), outputs=outputs),
            population_gradient(W, np.eye(7), outputs=outputs).ravel(),
        )
        W = W - step.reshape(W.shape)
    return certify_minimum(W, np.eye(7), outputs=outputs)


@cache
def family_point(k, extra=0):
    """The minimum II_1, or its continuation with one neuron more; W and V."""
    return symmetric_critical_point("II", k, m=1, extra=extra).weights(), np.eye(k)


@cache
def family_minimum(k, extra=0):
    """Its certificate."""
    return certify_minimum(*family_point(k, extra))


@cache
def family_line(k, extra=0):
    """Its line, with the splits of all neurons."""
    minimum = family_minimum(k, extra)
    return minimum_line(minimum, certify_splits(minimum))


@cache
def minimum_in_the_plane():
    """A minimum for the teachers e_1, e_2, -e_1; the short student is against all of them."""
    W = np.array([[0.0, -0.3222], [1.1758, 0.6334], [-1.1758, 0.6334]])
    return certify_minimum(W, np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]))


def plateaus_of(minimum):
    """Those that are proved."""
    return [x for x in certify_plateaus(minimum) if isinstance(x, PlateauCertificate)]
