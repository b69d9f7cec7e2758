"""Restarts of several jobs, case by case."""

import numpy as np
import pandas as pd
import pytest

from relu_landscape.evidence.cells import case_name, case_size
from relu_landscape.studies.safran.restarts import by_case


def rows(k, n, restarts):
    return pd.DataFrame(
        {
            "search": "s",
            "protocol": "safran2018",
            "k": k,
            "n": n,
            "d": k,
            "restart": restarts,
            "loss": 0.0,
            "gradient_norm": 0.0,
            "largest_neuron_gradient": 0.0,
            "iterations": 1,
            "step": 0.1,
            "halvings": 0,
            "stop_reason": "converged",
            "loss_rose": False,
            "bad": False,
        }
    )


def weights_of(k, n, restarts):
    """Weights that tell of which size and restart they are."""
    return np.stack([np.full((n, k), 1000.0 * k + 100.0 * n + restart) for restart in restarts])


# Of two jobs: the second has less of one size and nothing of the other.
BATCHES = [{(2, 2): [0, 1, 2], (2, 3): [0, 1]}, {(2, 2): [3, 4]}]


@pytest.mark.parametrize("order", [1, -1])
def test_each_restart_stands_beside_its_weights_in_the_order_of_the_batches(order):
    batches = BATCHES[::order]
    tables = [pd.concat(rows(*size, some) for size, some in batch.items()) for batch in batches]
    arrays = [
        {case_name(*size): weights_of(*size, some) for size, some in batch.items()}
        for batch in batches
    ]
    expected = {"k2-n2": [0, 1, 2, 3, 4] if order == 1 else [3, 4, 0, 1, 2], "k2-n3": [0, 1]}
    found = list(by_case(tables, arrays, ["k2-n3", "k2-n2"]))
    assert [case for case, _, _ in found] == ["k2-n3", "k2-n2"]
    for case, table, weights in found:
        k, n = case_size(case)
        assert list(table["restart"]) == expected[case]
        assert list(table.index) == list(range(len(table)))
        assert set(zip(table["k"], table["n"], strict=True)) == {(k, n)}
        np.testing.assert_array_equal(weights, weights_of(k, n, expected[case]))


def test_a_case_is_the_one_of_its_name():
    assert [case_size(case_name(k, n)) for k, n in ((2, 2), (13, 14), (100, 101))] == [
        (2, 2),
        (13, 14),
        (100, 101),
    ]
    assert case_name(8, 9) == "k8-n9"
