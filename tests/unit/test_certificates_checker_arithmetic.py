"""The checkers' own arithmetic and statements against the reference; and mistakes in them."""

from functools import cache

import pytest

from helpers_check_every_k_edges import EDGE_COMPARISONS
from helpers_checker_lines import LINE_COMPARISONS
from helpers_conjecture12 import LINE_COMPARISONS as CONJECTURE_12_LINES
from mutations import (
    EVERY_K,
    EVERY_M,
    FINITE,
    OF_CONJECTURE_12,
    ONE_K,
    ONE_MORE,
    PERSISTENCE,
    SADDLES,
    Mutation,
    Trial,
    every_mutation,
    reason_for,
)

# At least so many of each checker, evenly spread.
SAMPLE = {
    "one k": 16,
    "every k": 6,
    "saddles": 8,
    "one more": 6,
    "every m": 5,
    "Conjecture 12": 8,
    "persistence": 6,
    "finite data": 4,
}
FIRST = 19


CHECKERS = {
    "one k": ONE_K,
    "every k": EVERY_K,
    "saddles": SADDLES,
    "one more": ONE_MORE,
    "every m": EVERY_M,
    "Conjecture 12": OF_CONJECTURE_12,
    "persistence": PERSISTENCE,
    "finite data": FINITE,
}
LEAST = {
    "one k": 2500,
    "every k": 2500,
    "saddles": 650,
    "one more": 1000,
    "every m": 2000,
    "Conjecture 12": 2300,
    "persistence": 1200,
    "finite data": 300,
}
SLOW = {*LINE_COMPARISONS, *EDGE_COMPARISONS, *CONJECTURE_12_LINES}
SLOW |= {x for x in EVERY_K.comparisons if x.__name__ in ("losses", "exact_forms")}


@cache
def trial_of(name: str) -> Trial:
    return Trial(CHECKERS[name])


@pytest.mark.parametrize(
    ("name", "comparison"),
    [
        pytest.param(
            name, x, id=f"{name}-{x.__name__}", marks=[pytest.mark.slow] if x in SLOW else []
        )
        for name, checker in CHECKERS.items()
        for x in checker.comparisons
    ],
)
def test_formulas_and_statements_are_those_of_the_reference(name, comparison):
    # Of a copy of the checker that notes what is called: where mistakes can be found, see below.
    assert trial_of(name).reached_by(comparison)


@cache
def tried(name: str) -> tuple[list[Mutation], list[str]]:
    """Every mutation of a checker, and those of a fixed sample that nothing finds or explains."""
    checker = CHECKERS[name]
    trial, step = trial_of(name), LEAST[name] // SAMPLE[name]
    every, survived = [], []
    for number, (mutation, tree) in enumerate(every_mutation(checker)):
        every.append(mutation)
        if (
            number % step == FIRST
            and not trial.finds(mutation, tree)
            and not reason_for(mutation, checker)
        ):
            survived.append(str(mutation))
    return every, survived


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKERS)
def test_mistakes_in_formulas_are_found(name):
    # All of them: python -m tests.mutations.
    every, survived = tried(name)
    assert len(every) > LEAST[name]
    assert survived == []


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKERS)
def test_each_reason_speaks_of_a_mutation(name):
    checker = CHECKERS[name]
    given = {reason_for(mutation, checker) for mutation in tried(name)[0]}
    assert [reason for reason in checker.equivalent if reason not in given] == []
    assert not reason_for(Mutation("Pair", 1, "self.sine + 1", "self.sine"), checker)
