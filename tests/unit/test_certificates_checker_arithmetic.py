"""The checker's own arithmetic and statements against the reference; and mistakes in them."""

import numpy as np
import pytest

from helpers_checker import COMPARISONS, precise
from helpers_checker_lines import LINE_COMPARISONS
from mutations import EQUIVALENT, Mutation, Trial, every_mutation, reason_for
from relu_landscape.certificates import check

SAMPLE, SEED = 80, 19


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda x: x.__name__)
def test_arithmetic_encloses_the_reference(comparison):
    with precise():
        comparison(check)


@pytest.mark.slow
@pytest.mark.parametrize("comparison", LINE_COMPARISONS, ids=lambda x: x.__name__)
def test_statements_hold_up_to_their_edges(comparison):
    with precise():
        comparison(check)


@pytest.mark.slow
def test_mistakes_in_formulas_are_found():
    # All of them: python -m tests.mutations.
    count = sum(1 for _ in every_mutation())
    chosen = set(np.random.default_rng(SEED).choice(count, SAMPLE, replace=False).tolist())
    trial = Trial()
    survived = [
        str(mutation)
        for number, (mutation, tree) in enumerate(every_mutation())
        if number in chosen and not trial.finds(mutation, tree) and not reason_for(mutation)
    ]
    assert survived == []


@pytest.mark.slow
def test_each_reason_speaks_of_a_mutation():
    every = [mutation for mutation, _ in every_mutation()]
    assert len(every) > 2500
    for reason in EQUIVALENT:
        assert any(reason_for(mutation) == reason for mutation in every), reason
    assert not reason_for(Mutation("Pair", 1, "self.sine + 1", "self.sine"))
