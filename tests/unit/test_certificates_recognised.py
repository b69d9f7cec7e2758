"""Minima given by all their weights, proved through their symmetry."""

import numpy as np
import pytest

from relu_landscape.certificates import check_line
from relu_landscape.certificates.lines import symmetric_minimum_line
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.recognised import MOST_BLOCKS, certify_recognised_minimum
from relu_landscape.families import symmetric_critical_point


@pytest.mark.parametrize(("family", "k", "extra"), [("II", 24, 0), ("II", 24, 1), ("I", 40, 0)])
def test_a_shuffled_minimum_is_proved(family, k, extra):
    point = symmetric_critical_point(family, k, m=1, extra=extra)
    random = np.random.default_rng(k)
    weights = random.permutation(random.permutation(point.weights()).T).T
    found = certify_recognised_minimum(weights + 1e-9 * random.standard_normal(weights.shape))
    assert sorted(found.blocks) == [1, k - 1]
    assert found.extra == extra
    assert float(found.loss_lower) == pytest.approx(point.loss, rel=1e-12)
    assert len(found.splits) == 2 + extra
    check_line(symmetric_minimum_line(found))


def test_a_point_without_symmetry_is_left_alone():
    found = certify_recognised_minimum(np.random.default_rng(1).standard_normal((6, 6)))
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.TOO_LITTLE_SYMMETRY
    assert f"6 blocks; allowed: {MOST_BLOCKS} or fewer" in found.detail


def test_a_saddle_is_not_proved():
    found = certify_recognised_minimum(symmetric_critical_point("A", 24, extra=1).weights())
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NOT_POSITIVE_DEFINITE


@pytest.mark.parametrize("weights", [np.eye(3)[:2], np.full((3, 3), np.nan)])
def test_no_square_and_nan_are_refused(weights):
    with pytest.raises(ValueError, match="W "):
        certify_recognised_minimum(weights)
