"""What splitting a neuron of a proved minimum is proved to do."""

import numpy as np
import pytest

from helpers_certificates import family_minimum, family_point
from relu_landscape.certificates import (
    Failure,
    FailureReason,
    SaddleCertificate,
    certify_saddle,
    certify_splits,
)
from relu_landscape.minima import inner_hessian, split_curvature
from relu_landscape.objective import population_loss

POINTS = [(6, 0), (7, 0), (9, 0), (8, 1), (20, 0), (19, 1)]


@pytest.mark.slow
@pytest.mark.parametrize(("k", "extra"), POINTS)
def test_every_neuron_of_a_minimum_splits_into_a_saddle(k, extra):
    minimum = family_minimum(k, extra)
    found = list(certify_splits(minimum))
    assert [saddle.neuron for saddle in found] == list(range(k + extra))
    for saddle in found[-2:]:
        smallest = np.linalg.eigvalsh(inner_hessian(minimum.W, minimum.V, saddle.neuron))[0]
        assert smallest < saddle.curvature_upper < 0.99 * smallest


@pytest.mark.parametrize("alpha", [0.5, 0.1])
def test_split_points_have_the_curvature_that_is_proved(alpha):
    W, V = family_point(8)
    saddle = certify_saddle(W, V, 7)
    assert isinstance(saddle, SaddleCertificate)
    measured = split_curvature(W, V, 7, alpha)
    bound = float(saddle.curvature_upper) / 2 * (1 / alpha + 1 / (1 - alpha))
    assert measured.smallest_eigenvalue < bound


@pytest.mark.parametrize("neuron", [0, 6])
def test_a_neuron_that_grows_from_zero_lowers_the_loss(neuron):
    minimum = family_minimum(7)
    saddle = list(certify_splits(minimum))[neuron]
    size, step = np.linalg.norm(saddle.growth), 1e-4
    grown = np.vstack([minimum.W, step * saddle.growth])
    change = population_loss(grown, minimum.V) - population_loss(minimum.W, minimum.V)
    # F(W, s z) = F + s slope + s^2 |z|^2/4
    assert change / (step * size) < float(saddle.slope_upper) + step * size / 2
    assert saddle.slope_upper < 0


def test_a_point_that_is_no_minimum_is_refused_as_such():
    found = certify_saddle(np.eye(5), np.eye(5), 0)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.LOSS_NOT_POSITIVE


def test_a_box_that_is_too_wide_shows_no_curvature():
    minimum = family_minimum(7)
    wide = type(minimum)(**{**vars(minimum), "radius": 0.05})
    reasons = {failure.reason for failure in certify_splits(wide)}
    assert reasons == {FailureReason.NO_NEGATIVE_CURVATURE}


@pytest.mark.parametrize("neuron", [-1, 7])
def test_a_neuron_that_is_not_there(neuron):
    W, V = family_point(7)
    with pytest.raises(ValueError, match=f"no neuron {neuron}"):
        certify_saddle(W, V, neuron)
