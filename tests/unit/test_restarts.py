"""Restarts as the jobs of a run store them, read case by case."""

import numpy as np
import pandas as pd
import pytest

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.cells import case_name, case_size
from relu_landscape.evidence.restarts import read_restarts
from relu_landscape.tables.files import write_table


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


@pytest.fixture
def batches(tmp_path):
    """Two jobs: the second has less of one size and nothing of the other."""
    paths = []
    for name, parts in (
        ("batch000", {(2, 2): [0, 1, 2], (2, 3): [0, 1]}),
        ("batch001", {(2, 2): [3, 4]}),
    ):
        path = tmp_path / f"{name}.parquet"
        tables = [rows(k, n, restarts) for (k, n), restarts in parts.items()]
        write_table(pd.concat(tables), path, "restarts")
        arrays = {case_name(*size): weights_of(*size, some) for size, some in parts.items()}
        write_arrays(path.with_suffix(".npz"), **arrays)
        paths.append(path)
    return paths


@pytest.mark.parametrize("order", [1, -1])
def test_each_restart_stands_beside_its_weights_in_the_order_of_the_files(batches, order):
    expected = {"k2-n2": [0, 1, 2, 3, 4] if order == 1 else [3, 4, 0, 1, 2], "k2-n3": [0, 1]}
    found = list(read_restarts(batches[::order], ["k2-n3", "k2-n2"]))
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
