"""The checker's own arithmetic and statements against the reference; and mistakes in them."""

import numpy as np
import pytest

from helpers_checker import COMPARISONS, precise
from helpers_checker_lines import LINE_COMPARISONS
from mutations import (
    EVERY_K,
    EVERY_M,
    OF_CONJECTURE_12,
    ONE_K,
    ONE_MORE,
    SADDLES,
    Mutation,
    Trial,
    every_mutation,
    reason_for,
)
from relu_landscape.certificates import check

SEED = 19
SAMPLE = {
    "one k": 40,
    "every k": 8,
    "saddles": 12,
    "one more": 8,
    "every m": 6,
    "Conjecture 12": 12,
}


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda x: x.__name__)
def test_arithmetic_encloses_the_reference(comparison):
    with precise():
        comparison(check)


@pytest.mark.slow
@pytest.mark.parametrize("comparison", LINE_COMPARISONS, ids=lambda x: x.__name__)
def test_statements_hold_up_to_their_edges(comparison):
    with precise():
        comparison(check)


CHECKERS = {
    "one k": ONE_K,
    "every k": EVERY_K,
    "saddles": SADDLES,
    "one more": ONE_MORE,
    "every m": EVERY_M,
    "Conjecture 12": OF_CONJECTURE_12,
}
LEAST = {
    "one k": 2500,
    "every k": 2500,
    "saddles": 800,
    "one more": 1000,
    "every m": 2000,
    "Conjecture 12": 2300,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKERS)
def test_mistakes_in_formulas_are_found(name):
    # All of them: python -m tests.mutations.
    checker = CHECKERS[name]
    count = sum(1 for _ in every_mutation(checker))
    chosen = set(np.random.default_rng(SEED).choice(count, SAMPLE[name], replace=False).tolist())
    trial = Trial(checker)
    survived = [
        str(mutation)
        for number, (mutation, tree) in enumerate(every_mutation(checker))
        if number in chosen
        and not trial.finds(mutation, tree)
        and not reason_for(mutation, checker)
    ]
    assert survived == []


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKERS)
def test_each_reason_speaks_of_a_mutation(name):
    checker = CHECKERS[name]
    every = [mutation for mutation, _ in every_mutation(checker)]
    assert len(every) > LEAST[name]
    for reason in checker.equivalent:
        assert any(reason_for(mutation, checker) == reason for mutation in every), reason
    assert not reason_for(Mutation("Pair", 1, "self.sine + 1", "self.sine"), checker)
