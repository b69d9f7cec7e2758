"""What is proved of minima, and why other points are refused."""

import json

import numpy as np
import pytest
from flint import arb, arb_mat

from helpers_certificates import family_minimum, family_point, signed_minimum
from helpers_minima import KNOWN_POINTS
from helpers_objective import rotation
from relu_landscape.certificates import (
    Failure,
    FailureReason,
    MinimumCertificate,
    certify_minimum,
    certify_splits,
)
from relu_landscape.certificates.check import Refused, check_minimum
from relu_landscape.certificates.definiteness import bound_smallest_eigenvalue
from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.lipschitz import hessian_lipschitz
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.rounding import (
    FloatBalls,
    decimal_above,
    decimal_below,
    float_balls,
)
from relu_landscape.families import symmetric_critical_point
from relu_landscape.global_minima import global_minimum
from relu_landscape.minima import inner_hessian, measure_curvature
from relu_landscape.objective import population_hessian, population_loss
from relu_landscape.search import find_minima
from relu_landscape.search.polish import hessian_lipschitz as float_lipschitz

SMALL = [(6, 0), (7, 0), (8, 0), (9, 0), (7, 1), (8, 1), (10, 1)]
LARGE = [(12, 0), (16, 0), (20, 0), (12, 1), (15, 1), (19, 1)]


@pytest.mark.slow
@pytest.mark.parametrize(("k", "extra"), SMALL + LARGE)
def test_minima_of_the_2018_theorem(k, extra):
    W, V = family_point(k, extra)
    found = family_minimum(k, extra)
    assert isinstance(found, MinimumCertificate)
    curvature = measure_curvature(W, V)
    assert 0.999 * curvature.spectrum[0] < found.hessian_lower < curvature.spectrum[0]
    assert float(found.loss_lower) <= population_loss(W, V) + 1e-14
    assert float(found.loss_upper) >= population_loss(W, V) - 1e-14
    assert found.loss_upper - found.loss_lower < 1e-12
    assert found.norm_sum_lower <= curvature.norm_sum <= found.norm_sum_upper
    # S21, Theorem 14 assumes sum |w_i| <= k; Theorem 16 does without.
    if extra == 0:
        assert found.norm_sum_upper < k
    assert np.linalg.norm(found.W - W) < 1e-12
    assert found.location_radius < 1e-12
    assert 1e-5 < found.convexity_radius < 0.1


@pytest.mark.slow
@pytest.mark.parametrize(("k", "seed"), [(7, 3), (8, 1), (9, 1)])
def test_minima_that_descent_finds(k, seed):
    runs = find_minima(k, k, 40, seed=seed, protocol="safran2021")
    spurious = [W for W, loss in zip(runs.weights, runs.losses, strict=True) if loss > 1e-3]
    assert spurious
    found = certify_minimum(spurious[0], np.eye(k))
    assert isinstance(found, MinimumCertificate)
    assert float(found.loss_lower) == pytest.approx(float(family_minimum(k).loss_lower), abs=1e-11)


def test_off_the_span_the_hessian_is_that_of_more_inputs():
    found = family_minimum(7)
    wide = np.pad(found.W, [(0, 0), (0, 2)]), np.pad(found.V, [(0, 0), (0, 2)])
    spectrum = np.linalg.eigvalsh(population_hessian(*wide))
    assert float(found.hessian_lower) < spectrum[0]
    blocks = population_hessian(*wide).reshape(7, 9, 7, 9)[:, 8, :, 8]
    smallest = np.linalg.eigvalsh(blocks)[0]
    assert 0.999 * smallest < found.orthogonal_hessian_lower < smallest


def test_any_teacher_and_any_inputs():
    W, V = family_point(7)
    turn = rotation(9, 4)
    found = certify_minimum(np.pad(W, [(0, 0), (0, 2)]) @ turn, np.pad(V, [(0, 0), (0, 2)]) @ turn)
    assert isinstance(found, MinimumCertificate)
    assert found.V.shape == (7, 9)
    lowest = min(family_minimum(7).hessian_lower, family_minimum(7).orthogonal_hessian_lower)
    assert float(found.hessian_lower) == pytest.approx(float(lowest), rel=1e-4)


def test_a_point_is_polished_first():
    W, V = family_point(8)
    away = W + 1e-5 * np.random.default_rng(1).normal(size=W.shape)
    found = certify_minimum(away, V)
    assert isinstance(found, MinimumCertificate)
    assert np.linalg.norm(found.W - W) < 1e-13
    assert np.linalg.norm(found.W - away) > 1e-5


def refused(W, V, **options):
    found = certify_minimum(W, V, **options)
    assert isinstance(found, Failure), found
    assert found.detail
    assert found.reason.meaning
    return found.reason


def test_global_minima_are_refused():
    assert refused(np.eye(5), np.eye(5)) is FailureReason.LOSS_NOT_POSITIVE
    V = rotation(6, 2)
    assert refused(V, V) is FailureReason.LOSS_NOT_POSITIVE
    assert refused(global_minimum(6, 4), np.eye(4)) is FailureReason.LOSS_NOT_POSITIVE
    # Next to one: the loss given is positive, that at the critical point is not.
    assert refused(np.eye(5) + 1e-4, np.eye(5)) is FailureReason.LOSS_NOT_POSITIVE


def test_saddles_are_refused():
    W = symmetric_critical_point("II", 5, m=1).weights()
    assert refused(W, np.eye(5)) is FailureReason.NOT_POSITIVE_DEFINITE
    W = symmetric_critical_point("A", 6, extra=1).weights()
    assert refused(W, np.eye(6)) is FailureReason.NOT_POSITIVE_DEFINITE
    W, V = family_point(7)
    split = np.vstack([W[:-1], 0.5 * W[-1], 0.5 * W[-1]])
    assert refused(split, V) is FailureReason.NOT_POSITIVE_DEFINITE


def test_points_that_are_not_critical_are_refused():
    W, V = family_point(7)
    assert refused(W + 0.3, V) is FailureReason.NEWTON_LEFT


def test_boxes_of_the_wrong_size_are_refused():
    W, V = family_point(8)
    assert refused(W, V, radius=1e-3) is FailureReason.BOX_TOO_WIDE
    assert refused(W, V, radius=1e-17) is FailureReason.GRADIENT_TOO_LARGE
    assert refused(W, V, radius=5.0) is FailureReason.ZERO_NEURON


def test_zero_neurons_are_refused():
    W, V = family_point(7)
    assert refused(np.vstack([W, 0 * W[0]]), V) is FailureReason.ZERO_NEURON


def test_what_is_no_network_is_an_error():
    W, V = family_point(7)
    with pytest.raises(ValueError, match=r"must be \(neurons, inputs\)"):
        certify_minimum(W[0], V)
    with pytest.raises(ValueError, match="row 2 of W"):
        certify_minimum(np.where(np.arange(7)[:, None] == 2, np.nan, W), V)
    with pytest.raises(ValueError, match="must agree"):
        certify_minimum(W, np.eye(8))
    with pytest.raises(ValueError, match="half-width of the box"):
        certify_minimum(W, V, radius=0)
    with pytest.raises(ValueError, match="bits = 30"):
        certify_minimum(W, V, bits=30)


def test_published_point():
    point = KNOWN_POINTS["k7-n7"]
    found = certify_minimum(point.W, point.V)
    assert isinstance(found, MinimumCertificate)
    assert float(found.loss_lower) == pytest.approx(point.loss, abs=5e-7)


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_smallest_eigenvalue_is_bounded_and_nearly_reached(size):
    rng = np.random.default_rng(size)
    turn = rotation(size, 3)
    values = rng.uniform(0.3, 20, size)
    center = turn @ np.diag(values) @ turn.T
    center = (center + center.T) / 2
    exact = FloatBalls(center, np.zeros_like(center))
    bound = bound_smallest_eigenvalue(exact)
    assert 0.999 * values.min() < bound.proved < values.min()
    spread = np.full_like(center, 0.01 / size)
    assert bound_smallest_eigenvalue(FloatBalls(center, spread)).proved < values.min() - 0.01
    lowered = FloatBalls(center - 2 * values.min() * np.eye(size), spread)
    assert bound_smallest_eigenvalue(lowered).proved < -values.min()


def test_lipschitz_constant_is_that_of_the_search():
    found = family_minimum(8)

    with precision(96):
        norms = [exact(float(x)) for x in np.linalg.norm(found.W, axis=1)]
        for radius in (0.0, 0.1):
            balls = hessian_lipschitz(norms, [exact(1)] * 8, exact(radius))
            assert float(balls) == pytest.approx(float_lipschitz(found.W, found.V, radius))


@pytest.mark.parametrize("seed", range(3))
def test_convex_where_it_is_said_to_be(seed):
    found = family_minimum(9)
    away = np.random.default_rng(seed).normal(size=found.W.shape)
    away *= float(found.convexity_radius) / np.linalg.norm(away)
    assert np.linalg.eigvalsh(population_hessian(found.W + away, found.V))[0] > 0


@pytest.mark.parametrize("value", [1 / 3, -1 / 3, 1e-300, 12345.678, 0.1])
def test_decimal_numbers_are_rounded_outwards(value):
    assert decimal_below(value, 4) < value < decimal_above(value, 4)


def test_float_balls_hold_what_they_stand_for():

    with precision(100):
        third = arb(1) / 3
        found = float_balls(arb_mat([[third, -third + arb(0, 1e-3)]]))
    assert np.all(found.radii > [[1e-17, 1e-3]])
    assert np.all(found.radii < [[1e-15, 1.0001e-3]])


def test_a_minimum_with_an_output_of_minus_one():
    """Spurious: with as many outputs of 1 as teachers F comes as near to 0 as one likes."""
    found = signed_minimum()
    assert isinstance(found, MinimumCertificate)
    outputs = np.array(found.outputs)
    assert found.outputs == (1,) * 7 + (-1,)
    hessian = population_hessian(found.W, found.V, outputs=outputs)
    assert 0.99 < float(found.hessian_lower) / np.linalg.eigvalsh(hessian)[0] < 1
    loss = population_loss(found.W, found.V, outputs=outputs)
    assert float(found.loss_lower) - 1e-14 <= loss <= float(found.loss_upper) + 1e-14
    splits = list(certify_splits(found))
    for i, split in enumerate(splits):
        inner = inner_hessian(found.W, found.V, i, outputs=outputs)
        u = split.direction
        assert u @ inner @ u / (u @ u) <= float(split.curvature_upper) < 0
    assert refused(found.W, found.V) is not None


def test_a_minimum_is_stated_as_spurious_only_where_enough_outputs_are_positive():
    line = json.loads(minimum_line(signed_minimum()))
    assert line["statement"] == "spurious_minimum"
    with pytest.raises(Refused, match="stated as spurious where k outputs are 1"):
        check_minimum(line | {"outputs": [-1, *line["outputs"][1:]]})
