"""Leading constants of Conjecture 12 by optimisation."""

import numpy as np
import pytest

from relu_landscape.global_minima.conjecture12_expansion import beginning, leading_constant
from relu_landscape.global_minima.conjecture12_leading import largest_leading_constant
from relu_landscape.global_minima.perturbations import equal_shares, form_and_bound


@pytest.mark.parametrize(("k", "constant"), [(2, 1.6715114656), (3, 4 / (np.pi - 2))])
def test_the_constants_that_are_known_are_found(k, constant):
    found = largest_leading_constant(k, 1, tries=3, seed=1)
    assert found.constant == pytest.approx(constant, rel=1e-9)


# Trials of an independent program, to its two digits after the point.
@pytest.mark.slow
@pytest.mark.parametrize(("k", "m", "constant"), [(2, 2, 6.45), (3, 2, 8.63), (2, 3, 10.44)])
def test_with_several_students_the_constants_are_those_of_the_trials(k, m, constant):
    found = largest_leading_constant(k, m, tries=6, seed=1)
    assert found.constant == pytest.approx(constant, abs=0.005)


def test_a_direction_leaves_the_quadratic_part_zero_and_the_ratio_goes_with_its_constant():
    constant, X = largest_leading_constant(2, 2, tries=1, seed=2)
    assert beginning(X, 2).quadratic == pytest.approx(0, abs=1e-24)
    assert np.linalg.norm(X, axis=1).max() == pytest.approx(1)
    assert leading_constant(X, 2) == pytest.approx(constant)
    s = 1e-4
    sides = form_and_bound(equal_shares(2, 2) + s * X, np.eye(2), 2)
    assert (1 - sides.form / sides.bound) / s == pytest.approx(constant, rel=1e-2)


@pytest.mark.parametrize(("k", "m", "tries"), [(1, 1, 1), (2, 0, 1), (2, 1, 0)])
def test_sizes_out_of_range_are_refused(k, m, tries):
    with pytest.raises(ValueError, match="needs k >= 2, m >= 1, tries >= 1"):
        largest_leading_constant(k, m, tries=tries, seed=1)
