"""Balls enclose: the loss, its derivatives and M, at random points of random boxes."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from helpers_certificates import contained, entries, lies_in
from helpers_objective import displacements, networks
from relu_landscape.certificates import BallNetwork, box
from relu_landscape.objective import reference_gradient, reference_hessian, reference_loss

BITS = 96
property_test = settings(deadline=None, max_examples=60)
radii = st.integers(-14, -2).map(lambda exponent: 10.0**exponent)


def over(W, V, radius):
    return BallNetwork(box(W, radius, bits=BITS), box(V, bits=BITS), BITS)


@pytest.mark.slow
@property_test
@given(networks(3, 3), radii, st.data())
def test_enclosures_hold_at_every_point_of_a_box(network, radius, data):
    W, V = network
    point = W + 0.99 * radius * data.draw(displacements(W.shape))
    balls = over(W, V, radius)
    with mpmath.workdps(60):
        assert lies_in(reference_loss(point, V), balls.loss())
        gradient = reference_gradient(point, V).ravel()
        assert all(map(lies_in, gradient, entries(balls.gradient())))
        hessian = reference_hessian(point, V).ravel()
        assert all(map(lies_in, hessian, entries(balls.hessian())))


@pytest.mark.slow
@property_test
@given(networks(3, 3), radii, st.data())
def test_hessian_off_the_span_is_that_of_one_more_input(network, radius, data):
    W, V = network
    point = W + 0.99 * radius * data.draw(displacements(W.shape))
    wider, taught = (np.pad(rows, [(0, 0), (0, 1)]) for rows in (point, V))
    n, d = W.shape
    with mpmath.workdps(60):
        blocks = reference_hessian(wider, taught).reshape(n, d + 1, n, d + 1)
        off = blocks[:, d, :, d].ravel()
        assert all(map(lies_in, off, entries(over(W, V, radius).orthogonal_hessian())))


@property_test
@given(networks(3, 3), st.integers(-10, -4), st.data())
def test_smaller_boxes_have_smaller_enclosures(network, exponent, data):
    W, V = network
    radius = 10.0**exponent
    shift = 0.5 * radius * data.draw(displacements(W.shape))
    outer, inner = over(W, V, radius), over(W + shift, V, 0.49 * radius)
    assert contained(inner.loss(), outer.loss())
    for quantity in ("gradient", "hessian", "orthogonal_hessian"):
        smaller, larger = (entries(getattr(balls, quantity)()) for balls in (inner, outer))
        assert all(contained(a, b) for a, b in zip(smaller, larger, strict=True))


@pytest.mark.slow
@property_test
@given(networks(3, 3))
def test_width_is_proportional_to_that_of_the_box(network):
    W, V = network
    for radius in (1e-4, 1e-8, 1e-12):
        balls = over(W, V, radius)
        widths = [float(x.rad()) / radius for x in entries(balls.hessian())]
        # Neurons have norms above 1/2, so no derivative of an entry is large; parallel or not.
        assert max(widths) < 1000
        assert float(balls.loss().rad()) / radius < 200


@pytest.mark.slow
@property_test
@given(networks(3, 3), st.data())
def test_quadratic_form_and_slope(network, data):
    W, V = network
    U = data.draw(displacements(W.shape))
    balls = over(W, V, 0.0)
    with mpmath.workdps(60):
        u = [mpmath.mpf(float(x)) for x in U.ravel()]
        hessian = reference_hessian(W, V)
        form = mpmath.fsum(mpmath.fdot(row, u) * x for row, x in zip(hessian, u, strict=True))
        assert lies_in(form, balls.hessian_form(box(U, bits=BITS)))
        z = W[0] + 0.25
        if np.abs(z).max() > 1e-3:
            added = np.vstack([W, z])
            # sum f(w_j, z) - sum f(v_j, z), from losses of networks with and without z.
            slope = (
                reference_loss(added, V)
                - reference_loss(W, V)
                - mpmath.fsum(mpmath.mpf(float(x)) ** 2 for x in z) / 4
            )
            assert lies_in(slope, balls.added_neuron_slope(box([z], bits=BITS)[0]))
