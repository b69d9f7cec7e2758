"""Enclosures at special places: parallel neurons, zero neurons, precision."""

import flint
import mpmath
import numpy as np
import pytest

from helpers_certificates import entries, lies_in
from helpers_objective import (
    SWEPT_ANGLES,
    network_at_angle,
    opposite_wedge,
    random_network,
    thin_wedge,
)
from relu_landscape.certificates import BallNetwork, ZeroNeuronError, box
from relu_landscape.certificates.leaky_networks import ball_network
from relu_landscape.certificates.precision import precision
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import (
    leaky_relu,
    pair_loss,
    population_gradient,
    population_hessian,
    population_loss,
    reference_gradient,
    reference_hessian,
    reference_loss,
)


def over(W, V, radius=0.0, bits=96):
    return BallNetwork(box(W, radius, bits=bits), box(V, bits=bits), bits)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("t", SWEPT_ANGLES[::3])
def test_tight_at_every_angle(t, sign):
    W, V = network_at_angle(t, 4, sign)
    balls = over(W, V)
    with mpmath.workdps(60):
        hessian = reference_hessian(W, V).ravel()
        assert all(map(lies_in, hessian, entries(balls.hessian())))
    assert max(float(x.rad()) for x in entries(balls.hessian())) < 1e-15
    assert max(float(x.rad()) for x in entries(balls.gradient())) < 1e-24


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("t", SWEPT_ANGLES[::3])
def test_wide_only_as_the_box_at_every_angle(t, sign):
    W, V = network_at_angle(t, 4, sign)
    assert max(float(x.rad()) for x in entries(over(W, V, 1e-9).hessian())) < 2e-7


@pytest.mark.parametrize("wedge", [thin_wedge, opposite_wedge])
def test_wedges(wedge):
    W, V = wedge(0.3, 1e-6)
    balls = over(W, V, bits=160)
    # The smallest radius is 2e-54: the reference must be right beyond that.
    with mpmath.workdps(100):
        loss, gradient, hessian = (
            reference(W, V, digits=70)
            for reference in (reference_loss, reference_gradient, reference_hessian)
        )
        assert lies_in(loss, balls.loss())
        assert all(map(lies_in, gradient.ravel(), entries(balls.gradient())))
        assert all(map(lies_in, hessian.ravel(), entries(balls.hessian())))


@pytest.mark.parametrize("radius", [0.0, 1e-6])
@pytest.mark.parametrize(("seed", "slope"), [(0, 0.0), (1, 0.0), (1, 0.25), (2, -1.0)])
def test_outputs_of_either_sign_and_slopes(seed, slope, radius):
    """The balls of a box hold what is known in float64 of a corner."""
    (W, V), outputs = random_network(4, 2, 3, seed=seed), (1, -1, -1, 1)
    balls = ball_network(box(W, radius), box(V), 96, outputs, slope)
    corner = W + radius * np.sign(np.random.default_rng(seed).normal(size=W.shape))
    further, z = {"outputs": np.array(outputs), "kernel": leaky_relu(slope)}, V[0] + 0.5
    wide = (np.pad(rows, [(0, 0), (0, 1)]) for rows in (corner, V))
    padded = population_hessian(*wide, **further).reshape(4, 4, 4, 4)
    hessian = population_hessian(corner, V, **further)
    U = np.random.default_rng(seed).normal(size=W.shape)
    growth = further["outputs"] @ pair_loss(corner, z) - pair_loss(V, z).sum()
    linear = (further["outputs"] @ corner - V.sum(axis=0)) @ z
    growth = (1 - slope) ** 2 * growth + slope * linear
    for found, expected in (
        ([balls.loss()], population_loss(corner, V, **further)),
        (entries(balls.gradient()), population_gradient(corner, V, **further)),
        (entries(balls.hessian()), hessian),
        ([balls.hessian_form(box(U))], U.ravel() @ hessian @ U.ravel()),
        (entries(balls.inner_hessian(1)), inner_hessian(corner, V, 1, **further)),
        (entries(balls.orthogonal_hessian()), padded[:, 3, :, 3]),
        ([balls.own_curvature], (1 + slope**2) / 2),
        ([balls.added_neuron_slope(box([z])[0])], growth),
        ([balls.added_neuron_slope(box([z])[0], -1)], -growth),
    ):
        for ball, value in zip(found, np.ravel(expected), strict=True):
            assert abs(float(ball.mid()) - value) <= float(ball.rad()) + 1e-13
            assert float(ball.rad()) <= 1000 * max(1, (1 - slope) ** 2) * radius + 1e-20


@pytest.mark.parametrize("outputs", [(1, 1), (1, -2, 1)])
def test_bad_outputs_are_named(outputs):
    with pytest.raises(ValueError, match=r"outputs is .*; it must have 3 entries, 1 or -1"):
        BallNetwork(box(np.eye(3)), box(np.eye(3)), 96, outputs)


def test_a_box_with_a_zero_neuron_is_an_error():
    W = np.array([[0.1, 0.0], [0.0, 1.0]])
    assert over(W, np.eye(2), 0.09).loss().is_finite()
    for quantity in ("loss", "gradient", "hessian", "orthogonal_hessian", "norms"):
        with pytest.raises(ZeroNeuronError, match="neuron 0 of W may be zero"):
            getattr(over(W, np.eye(2), 0.1), quantity)()


def test_neurons_of_different_inputs_are_refused():
    with pytest.raises(ValueError, match="same inputs"):
        over(np.eye(3), np.eye(2))


def test_precision_is_local():
    before = flint.ctx.prec
    narrow, wide = over(np.eye(3) + 0.1, np.eye(3), bits=200), over(np.eye(3) + 0.1, np.eye(3))
    assert narrow.loss().rad() < 1e-55 < wide.loss().rad()
    assert flint.ctx.prec == before
    with pytest.raises(ZeroDivisionError), precision(64):
        raise ZeroDivisionError
    assert flint.ctx.prec == before


def test_too_few_bits_and_negative_radii_are_refused():
    with pytest.raises(ValueError, match="bits = 20"):
        box(np.eye(2), bits=20)
    with pytest.raises(ValueError, match="radius = -1"):
        box(np.eye(2), -1)
