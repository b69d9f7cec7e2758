"""Every claim that a finished run judges in its favour could have failed."""

import pytest
from tests.ledger_mutations import read_trial, unturned
from tests.ledger_turns import KINDS, read_turns

pytestmark = pytest.mark.slow


def test_a_change_of_its_tables_turns_every_favourable_claim(smoke):
    trial = read_trial(smoke[0] / "results/smoke")
    trial.turned.update(read_turns())
    outcomes = trial.turn_all(KINDS)
    assert unturned(outcomes) == []
    assert sum(outcome is not None for outcome in outcomes.values()) > 100
