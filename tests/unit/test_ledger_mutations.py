"""The search for a change that turns a claim, on claims of which it is known whether one does."""

import pandas as pd
import pytest
from tests.ledger_mutations import Change, Outcome, Step, Trial, unturned
from tests.ledger_turns import KEPT, read_turns

from helpers_rows import tables_of
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.ledger.claims import LedgerEntry
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.studies.declarations import Declaration


def _finding(against: pd.Series) -> Finding:
    verdict = Verdict.DEVIATES if against.any() else Verdict.CONSISTENT
    return Finding(verdict, sample_size=len(against), evidence="tables/confirmations.parquet")


def never_fails(_: Claim, confirmations: pd.DataFrame) -> Finding:
    return _finding(confirmations["loss"].isna())


def loss_is_small(_: Claim, confirmations: pd.DataFrame) -> Finding:
    return _finding(confirmations["loss"] > 0.5)


def unconfirmed_runs_decay(_: Claim, confirmations: pd.DataFrame) -> Finding:
    return _finding(~confirmations["confirmed"] & (confirmations["decay_exponent"] > -0.5))


def loss_is_not_below_its_least_value(_: Claim, confirmations: pd.DataFrame) -> Finding:
    return _finding(confirmations["loss"] < -0.5)


def refuses_what_is_unconfirmed(_: Claim, confirmations: pd.DataFrame) -> Finding:
    if not confirmations["confirmed"].all():
        raise ValueError("unconfirmed")
    return _finding(~confirmations["confirmed"])


def is_against_it_as_it_stands(_: Claim, confirmations: pd.DataFrame) -> Finding:
    return _finding(confirmations["loss"] < 0.5)


def outcome_of(name: str, *kept: Change) -> Outcome | None:
    """What becomes of a claim about two confirmed runs that is judged by a function above.

    kept: changes to begin with.
    """
    run = {"search": "safran2018", "k": 6, "n": 7, "distance": 0.01, "confirmed": True}
    tables = tables_of(confirmations=[run | {"restart": restart} for restart in (0, 1)])
    tables["confirmations"]["decay_exponent"] = -1.0
    test = Declaration("global_minima", __name__, name, ("confirmations",), "")
    entry = LedgerEntry(
        Ledger.OWN_CHECKS, name, name, "paper", "where", "statement", "universal", None, test
    )
    trial = Trial([entry], tables, {})
    trial.turned.update((name, change) for change in kept)
    outcomes = trial.turn_all(["universal"])
    assert unturned(outcomes) in ([], [name])
    return outcomes[name]


def test_a_number_turns_a_claim() -> None:
    outcome = outcome_of("loss_is_small")
    assert outcome is not None
    assert outcome.row() == (
        "| loss_is_small | confirmations, all: loss add 1 (0.0 -> 1.0) | consistent | deviates |"
    )


def test_a_word_and_a_number_turn_a_claim_together() -> None:
    outcome = outcome_of("unconfirmed_runs_decay")
    assert outcome is not None
    assert outcome.change is not None
    assert [step.column for step in outcome.change.steps] == ["confirmed", "decay_exponent"]


@pytest.mark.parametrize(
    "name", ["never_fails", "loss_is_not_below_its_least_value", "refuses_what_is_unconfirmed"]
)
def test_values_that_no_table_may_hold_and_errors_turn_nothing(name) -> None:
    outcome = outcome_of(name)
    assert outcome is not None
    assert outcome.change is None
    assert outcome.row() == f"| {name} | nothing of {outcome.tried} changes | consistent | - |"


def test_what_is_not_in_favour_is_not_tried() -> None:
    assert outcome_of("is_against_it_as_it_stands") is None


def test_the_search_begins_with_what_is_kept_and_passes_over_what_no_longer_fits() -> None:
    steps = [Step("no_column", "add 1"), Step("loss", "to 'word'"), Step("loss", "double")]
    stale = [Change("confirmations", "all", (step,)) for step in steps]
    kept = Change("confirmations", "last", (Step("loss", "add 10"),))
    outcome = outcome_of("loss_is_small", Change("no_table", "all", ()), *stale, kept)
    assert outcome is not None
    assert (outcome.tried, outcome.change) == (1, kept)


def test_kept_changes_are_read() -> None:
    turns = read_turns()
    assert len(turns) == len(KEPT.read_text(encoding="utf-8").splitlines()) > 100
    assert any(len(change.steps) == 2 for _, change in turns)
