"""What is proved of splits that are minima, and why others are refused."""

import json

import numpy as np
import pytest

from helpers_certificates import (
    family_minimum,
    family_point,
    minimum_in_the_plane,
    plateaus_of,
    signed_minimum,
)
from helpers_checker_lines import curvature_across
from relu_landscape.certificates import (
    Failure,
    FailureReason,
    PlateauCertificate,
    Refused,
    certify_plateau,
    certify_plateaus,
    check_line,
    minimum_line,
)
from relu_landscape.minima import signed_split, split_neuron
from relu_landscape.objective import population_gradient, population_hessian, population_loss

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("k", [7, 8, 9])
def test_every_neuron_of_a_minimum_splits_into_a_half_line_of_minima(k):
    minimum = family_minimum(k)
    found = plateaus_of(minimum)
    assert [(x.neuron, x.sign) for x in found] == [(i, -1) for i in range(k)]
    for plateau in found[-2:]:
        smallest = curvature_across(minimum, plateau)
        assert 0.999 * smallest < plateau.curvature_lower < smallest


def test_a_minimum_with_splits_of_either_kind():
    found = plateaus_of(minimum_in_the_plane())
    assert [x.sign for x in found] == [1, -1, -1]
    for plateau in found:
        smallest = curvature_across(minimum_in_the_plane(), plateau)
        assert 0.999 * smallest < plateau.curvature_lower < smallest


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_splits_that_are_proved_to_be_minima_are(share):
    minimum = minimum_in_the_plane()
    splits = [
        (split_neuron(minimum.W, 0, share), np.ones(4)),
        *(signed_split(minimum.W, i, 1 + share) for i in (1, 2)),
    ]
    for weights, outputs in splits:
        assert np.linalg.norm(population_gradient(weights, minimum.V, outputs=outputs)) < 1e-14
        values = np.linalg.eigvalsh(population_hessian(weights, minimum.V, outputs=outputs))
        assert abs(values[0]) < 1e-15
        assert values[1] > 0.01
        for _ in range(20):
            near = weights + 1e-3 * RNG.normal(size=weights.shape)
            rise = population_loss(near, minimum.V, outputs=outputs) - float(minimum.loss_upper)
            assert rise > 1e-9
    # Of the other kind they are saddles.
    saddle = np.linalg.eigvalsh(population_hessian(split_neuron(minimum.W, 1, share), minimum.V))
    assert saddle[0] < -0.01


def test_a_split_is_a_minimum_with_more_inputs_too():
    minimum = family_minimum(7)
    W, V = (np.pad(rows, [(0, 0), (0, 2)]) for rows in (minimum.W, minimum.V))
    for i in (0, 6):
        weights, outputs = signed_split(W, i, 2.0)
        values = np.linalg.eigvalsh(population_hessian(weights, V, outputs=outputs))
        assert abs(values[0]) < 1e-15
        assert values[1] > 1e-3


def refused(W, V, i, **options):
    found = certify_plateau(W, V, i, **options)
    assert isinstance(found, Failure)
    assert found.detail
    assert found.reason.meaning
    return found.reason


def test_one_neuron_is_proved_as_all_are():
    W, V = family_point(8)
    found = certify_plateau(W, V, 7)
    assert isinstance(found, PlateauCertificate)
    assert found.curvature_lower == plateaus_of(family_minimum(8))[7].curvature_lower


def test_where_both_kinds_of_splits_are_saddles_nothing_is_proved():
    minimum = signed_minimum()
    reason = refused(minimum.W, minimum.V, 7, outputs=minimum.outputs)
    assert reason is FailureReason.INNER_HESSIAN_NOT_DEFINITE
    assert [x.neuron for x in plateaus_of(minimum)] == list(range(7))


def test_a_point_that_is_no_minimum_is_refused_as_such():
    assert refused(np.eye(5), np.eye(5), 0) is FailureReason.LOSS_NOT_POSITIVE


def test_a_box_that_is_too_wide_shows_no_sign():
    minimum = family_minimum(7)
    wide = type(minimum)(**{**vars(minimum), "radius": 0.05})
    reasons = {failure.reason for failure in certify_plateaus(wide)}
    assert reasons == {FailureReason.INNER_HESSIAN_NOT_DEFINITE}


@pytest.mark.parametrize("neuron", [-1, 7])
def test_a_neuron_that_is_not_there(neuron):
    W, V = family_point(7)
    with pytest.raises(ValueError, match=f"no neuron {neuron}"):
        certify_plateau(W, V, neuron)


# Their edges: helpers_checker_lines.
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"sign": -1}, "plateau of neuron 0"),
        ({"neuron": 1}, "plateau of neuron 1"),
        ({"curvature_lower": "0.174"}, "plateau of neuron 0"),
        ({"curvature_lower": "0"}, "curvature_lower must be positive"),
        ({"sign": 0}, "sign must be 1 or -1"),
        ({"gamma": "2"}, "a plateau must have fields"),
    ],
)
def test_false_plateaus_are_refused(wrong, reason):
    minimum = minimum_in_the_plane()
    fields = json.loads(minimum_line(minimum, plateaus=plateaus_of(minimum)))
    said = check_line(json.dumps(fields))
    assert said.endswith(", signed splits of 2 neurons are minima, splits of 1 neurons are minima")
    fields["plateaus"][0] |= wrong
    with pytest.raises(Refused, match=reason):
        check_line(json.dumps(fields))
