"""Activations in balls: they hold what float64 and mpmath know of points, and little more."""

import math

import mpmath
import numpy as np
import pytest
from flint import arb

from helpers_certificates import entries, lies_in
from helpers_objective import vector_at_angle
from relu_landscape.certificates.ball_kernels import BALL_KERNELS, LeakyReluBalls
from relu_landscape.certificates.pairs import neuron, pair
from relu_landscape.certificates.precision import precision
from relu_landscape.objective import leaky_relu
from relu_landscape.objective.geometry import pair_geometry
from relu_landscape.objective.pair_kernels import NAMED_KERNELS

KERNELS = [*NAMED_KERNELS, 0.3, -0.5]
ANGLES = [0.0, 1e-8, 1e-3, 0.7, math.pi / 2, 3.0, math.pi]
BITS = 96


def in_balls(kernel, w, v, radius=0.0):
    """K and its derivatives over a box, flat."""
    with precision(BITS):
        first, second = (
            neuron([arb(float(x)) + arb(0, radius) for x in values], "a neuron")
            for values in (w, v)
        )
        both, balls = pair(first, second), BALL_KERNELS.get(kernel) or LeakyReluBalls(kernel)
        return [
            [balls.loss_term(both)],
            balls.gradient_term(both),
            entries(balls.hessian_first(both)),
            entries(balls.hessian_mixed(both)),
        ]


def in_floats(kernel, w, v):
    """The same of a point, by the objective."""
    chosen = NAMED_KERNELS.get(kernel) or leaky_relu(kernel)
    both = pair_geometry(w, v)
    return [
        np.array([chosen.loss_terms(both)]),
        chosen.gradient_terms(both),
        chosen.hessian_first_form(both).matrix().ravel(),
        chosen.hessian_mixed_form(both).matrix().ravel(),
    ]


@pytest.mark.parametrize("radius", [0.0, 1e-7])
@pytest.mark.parametrize("t", ANGLES)
@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_balls_hold_float_values_at_random_points(kernel, t, radius):
    rng = np.random.default_rng(int(1e3 * t))
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    w, v = 1.25 * turn[0], 0.8 * vector_at_angle(t, 4) @ turn
    boxed = in_balls(kernel, w, v, radius)
    for _ in range(3):
        moves = radius * rng.uniform(-1, 1, size=(2, 4))
        for balls, values in zip(boxed, in_floats(kernel, w + moves[0], v + moves[1]), strict=True):
            for ball, value in zip(balls, values, strict=True):
                assert abs(float(ball.mid()) - value) <= float(ball.rad()) + 2e-14
                assert float(ball.rad()) <= 100 * radius + 1e-13


def closed_form(kernel, p, q, r):
    """K of the textbook."""
    if kernel == "erf":
        return 2 / mpmath.pi * mpmath.asin(r / mpmath.sqrt((1 + p) * (1 + q)))
    cosine = r / mpmath.sqrt(p * q)
    t = mpmath.acos(cosine)
    if kernel == "relu_squared":
        shape = 3 * mpmath.sin(t) * cosine + (mpmath.pi - t) * (1 + 2 * cosine**2)
        return p * q * shape / (2 * mpmath.pi)
    s = {"relu": 0, "absolute_value": -1}.get(kernel, kernel)
    f = mpmath.sqrt(p * q) * (mpmath.sin(t) + (mpmath.pi - t) * cosine) / (2 * mpmath.pi)
    return (1 - mpmath.mpf(s)) ** 2 * f + s * r


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_balls_hold_the_derivatives_of_the_closed_form(kernel):
    """To 20 digits, by differences of 60 digits in the entries of w and v."""
    rng = np.random.default_rng(5)
    point = [mpmath.mpf(float(x)) for x in rng.normal(size=4)]

    def value(*x):
        return closed_form(
            kernel, x[0] ** 2 + x[1] ** 2, x[2] ** 2 + x[3] ** 2, x[0] * x[2] + x[1] * x[3]
        )

    def derivative(*places):
        return mpmath.diff(value, point, tuple(places.count(place) for place in range(4)))

    with mpmath.workdps(60):
        expected = [
            [value(*point)],
            [derivative(a) for a in (0, 1)],
            [derivative(a, b) for a in (0, 1) for b in (0, 1)],
            [derivative(a, b) for a in (0, 1) for b in (2, 3)],
        ]
        found = in_balls(kernel, [float(x) for x in point[:2]], [float(x) for x in point[2:]])
        for balls, values in zip(found, expected, strict=True):
            for ball, exact in zip(balls, values, strict=True):
                assert float(ball.rad()) < 1e-24
                assert lies_in(exact, ball + arb(0, 1e-20))


def test_each_activation_with_a_name_has_balls():
    assert BALL_KERNELS.keys() == NAMED_KERNELS.keys()
