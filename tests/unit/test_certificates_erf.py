"""Strict minima of erf in weights and outputs: enclosures, certificates, and their checker."""

import json

import numpy as np
import pytest
from flint import arb

from helpers_certificates import entries
from relu_landscape.certificates import (
    ErfMinimumCertificate,
    Failure,
    FailureReason,
    Refused,
    certify_erf_minimum,
    check_line,
    erf_minimum_line,
)
from relu_landscape.certificates.erf_minimum import ErfBallNetwork
from relu_landscape.certificates.precision import box
from relu_landscape.fewer_students import copy_average_point, perturbed_copy_point
from relu_landscape.fewer_students.erf_enclosures import (
    enclose_copy_average,
    enclose_perturbed_copy,
)
from relu_landscape.objective import (
    population_hessian,
    population_joint_gradient,
    population_joint_hessian,
    population_loss,
)


@pytest.mark.parametrize("radius", [0.0, 1e-7])
@pytest.mark.parametrize(("n", "k", "d"), [(3, 2, 3), (2, 4, 4), (1, 2, 3)])
def test_balls_hold_what_is_known_of_a_corner(n, k, d, radius):
    rng = np.random.default_rng(n)
    W, c, V = rng.normal(size=(n, d)), rng.normal(size=n), np.eye(k, d)
    network = ErfBallNetwork(box(W, radius), box(c[None], radius)[0], k, 96)
    W, c = (x + radius * np.sign(rng.normal(size=x.shape)) for x in (W, c))
    options = {"outputs": c, "kernel": "erf"}
    wide = (np.pad(x, [(0, 0), (0, 1)]) for x in (W, V))
    along = population_hessian(*wide, **options).reshape(n, d + 1, n, d + 1)[:, d, :, d]
    for found, expected in (
        ([network.loss()], population_loss(W, V, **options)),
        (network.gradient(), population_joint_gradient(W, V, **options)),
        (entries(network.hessian()), population_joint_hessian(W, V, **options)),
        (entries(network.orthogonal_hessian()), along),
    ):
        for ball, value in zip(found, np.ravel(expected), strict=True):
            assert isinstance(ball, arb)
            assert abs(float(ball.mid()) - value) <= float(ball.rad()) + 1e-13
            assert float(ball.rad()) <= 1000 * radius + 1e-20


@pytest.mark.parametrize(
    ("find", "enclose", "k", "n"),
    [
        (copy_average_point, enclose_copy_average, 3, 1),
        (copy_average_point, enclose_copy_average, 8, 6),
        (perturbed_copy_point, enclose_perturbed_copy, 8, 6),
    ],
)
def test_both_points_are_proved_and_checked(find, enclose, k, n):
    point, known = find(k, n, kernel="erf"), enclose(k, n)
    found = certify_erf_minimum(point.weights(), point.outputs(), k)
    assert isinstance(found, ErfMinimumCertificate)
    assert known.index == 0
    assert 0.99 * point.smallest.value < found.hessian_lower < point.smallest.value
    assert float(found.loss_lower) <= known.loss_upper
    assert float(found.loss_upper) >= known.loss_lower
    said = check_line(erf_minimum_line(found))
    assert f"strict minimum of erf n={n} k={k} d>={k}" in said


def test_more_inputs_than_teachers_are_as_good():
    point = copy_average_point(4, 2, kernel="erf")
    wide = np.pad(point.weights(), [(0, 0), (0, 2)])
    found = certify_erf_minimum(wide, point.outputs(), 4)
    assert "d>=6" in check_line(erf_minimum_line(found))


def test_what_is_no_strict_minimum_is_refused():
    saddle = copy_average_point(8, 7, kernel="erf")
    found = certify_erf_minimum(saddle.weights(), saddle.outputs(), 8)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NOT_POSITIVE_DEFINITE
    point = copy_average_point(8, 5, kernel="erf")
    for radius, reason in (
        (1e-3, FailureReason.BOX_TOO_WIDE),
        (1e-14, FailureReason.GRADIENT_TOO_LARGE),
    ):
        found = certify_erf_minimum(point.weights(), point.outputs(), 8, radius=radius)
        assert found.reason is reason


def test_false_lines_are_refused():
    point = copy_average_point(4, 2, kernel="erf")
    fields = json.loads(erf_minimum_line(certify_erf_minimum(point.weights(), point.outputs(), 4)))
    for wrong, reason in (
        ({"outputs": ["1", "1"]}, "Hessian over the box|no critical point"),
        ({"hessian_lower": "0.1"}, "Hessian over the box"),
        ({"loss_upper": fields["loss_lower"], "loss_lower": "0"}, "the loss is not enclosed"),
        ({"k": 5}, "teachers do not fit"),
        ({"slope": "0"}, "fields differ from the format"),
    ):
        with pytest.raises(Refused, match=reason):
            check_line(json.dumps(fields | wrong))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.eye(2), [1.0], 2), "it must have 2 numbers, one a row of W"),
        ((np.eye(2), [1.0, 1.0], 3), "k = 3 with 2 inputs; needs 1 <= k <= d"),
    ],
)
def test_what_does_not_fit_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        certify_erf_minimum(*arguments)
