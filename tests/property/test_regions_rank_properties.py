import flint
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from relu_landscape.activation_regions import (
    Reason,
    activation_pattern,
    has_full_rank,
    jacobian_rank,
    jacobian_rank_svd,
)
from relu_landscape.activation_regions.patterns import with_bias
from relu_landscape.activation_regions.rank import jacobian

WHOLE = st.integers(-4, 4)  # so small that ties, zero rows and equal rows are frequent


@st.composite
def networks(draw):
    n, d0, d1 = draw(st.integers(1, 7)), draw(st.integers(1, 3)), draw(st.integers(1, 6))
    X = draw(arrays(np.int64, (n, d0), elements=WHOLE))
    W = draw(arrays(np.int64, (d1, d0), elements=WHOLE))
    b = draw(st.none() | arrays(np.int64, d1, elements=WHOLE))
    return X, W, b


def exact_rank(X, W, b):
    bias = np.zeros(len(W), np.int64) if b is None else b
    pattern = X @ W.T + bias > 0
    points, _ = with_bias(X, W, b)
    return flint.fmpz_mat(jacobian(points, pattern).astype(np.int64).tolist()).rank()


@given(networks())
@settings(deadline=None)
def test_every_way_to_the_rank_agrees_with_integer_elimination(network):
    X, W, b = network
    expected = exact_rank(X, W, b)
    assert jacobian_rank(X, W, b) == expected
    assert jacobian_rank_svd(X, W, b) == expected
    found = has_full_rank(X, W, b)
    assert found.full == (expected == len(X)) == (found.reason is Reason.INDEPENDENT_COLUMNS)


@given(networks(), st.integers(-30, 30), st.randoms())
@settings(deadline=None)
def test_the_rank_ignores_order_and_scale(network, power, shuffle):
    X, W, b = network
    rank = jacobian_rank(X, W, b)
    points, neurons = list(range(len(X))), list(range(len(W)))
    shuffle.shuffle(points)
    shuffle.shuffle(neurons)
    biases = None if b is None else b[neurons] * 2.0**power
    assert jacobian_rank(X[points], W[neurons] * 2.0**power, biases) == rank
    if b is None:
        assert jacobian_rank(X * 2.0**power, W) == rank


@pytest.mark.slow
@given(networks(), networks())
@settings(deadline=None)
def test_more_neurons_never_lower_the_rank(network, other):
    X, W, b = network
    more = other[1][:, :1].repeat(X.shape[1], axis=1)
    biases = None if b is None else np.concatenate([b, np.ones(len(more), np.int64)])
    both = np.concatenate([W, more])
    assert jacobian_rank(X, both, biases) >= jacobian_rank(X, W, b)


@given(networks())
@settings(deadline=None)
def test_signs_are_those_of_whole_numbers(network):
    X, W, b = network
    bias = np.zeros(len(W), np.int64) if b is None else b
    assert (activation_pattern(X, W, b) == (X @ W.T + bias > 0)).all()
