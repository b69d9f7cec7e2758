"""How near random unit teachers are to orthonormal ones."""

from fractions import Fraction

import numpy as np
import pytest

from relu_landscape.certificates.gram_concentration import least_inputs, log_failure_bound


def share_beyond(k, radius, d, draws):
    """Share of draws of unit teachers that are not within the radius."""
    V = np.random.default_rng(6).normal(size=(draws, k, d))
    V /= np.linalg.norm(V, axis=2, keepdims=True)
    grams = V @ V.transpose(0, 2, 1) - np.eye(k)
    return (np.linalg.norm(grams, axis=(1, 2)) > radius).mean()


@pytest.mark.parametrize("failure", [Fraction(1, 2), Fraction(1, 10)])
def test_no_more_draws_are_beyond_the_radius_than_the_bound_says(failure):
    k, radius, draws = 5, 0.5, 2000
    d = least_inputs(k, radius, failure)
    spread = 4 * np.sqrt(float(failure * (1 - failure)) / draws)
    assert share_beyond(k, radius, d, draws) <= failure + spread
    # and it is not far off: with a third of the inputs there are more
    assert share_beyond(k, radius, d // 3, draws) > failure


def test_the_least_inputs_are_the_least():
    for k, radius, failure in ((2, 0.1, Fraction(1, 1000)), (8, 0.02, 0.5), (20, 0.3, 0.01)):
        d = least_inputs(k, radius, failure)
        assert float(log_failure_bound(k, radius, d)) <= np.log(float(failure))
        assert float(log_failure_bound(k, radius, d - 1)) > np.log(float(failure))


def test_the_bound_falls_with_inputs_and_says_nothing_for_few():
    bounds = [float(log_failure_bound(8, 0.1, d)) for d in (10, 6000, 7000, 8000, 10_000)]
    assert bounds[0] == 0
    assert (np.diff(bounds[1:]) < 0).all()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [((1, 0.1, 0.5), "two teachers"), ((3, 1.0, 0.5), "radius"), ((3, 0.1, 1.0), "failure")],
)
def test_numbers_out_of_range_are_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        least_inputs(*arguments)
    with pytest.raises(ValueError, match="inputs or more"):
        log_failure_bound(3, 0.1, 2)
