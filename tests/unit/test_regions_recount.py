"""Cells counted again with ranks over the integers."""

import pytest

from relu_landscape.activation_regions.full_rank import full_rank_probability
from relu_landscape.activation_regions.integer_data import INITIALISATIONS
from relu_landscape.activation_regions.recount import recount_full_rank


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize(("n", "d0", "d1"), [(6, 2, 4), (9, 3, 5), (8, 8, 3)])
def test_both_ways_count_the_same_draws(initialisation, n, d0, d1):
    laws = {"data": "normal", "initialisation": initialisation}
    found = full_rank_probability(n, d0, d1, **laws, trials=30, seed=3)
    assert recount_full_rank(**laws, sizes=(n, d0, d1), trials=30, seed=3) == found.full


def test_the_cells_are_neither_all_full_nor_all_deficient():
    full = recount_full_rank("normal", "linear_layer", (6, 2, 4), trials=30, seed=3)
    assert 0 < full < 30
