"""Every claim that a finished run judges in its favour could have failed."""

import pytest
from tests.ledger_mutations import read_trial, unturned

pytestmark = pytest.mark.slow


def test_a_change_of_its_tables_turns_every_favourable_claim(smoke):
    outcomes = read_trial(smoke[0] / "results/smoke").turn_all(["universal", "number"])
    assert unturned(outcomes) == []
    assert sum(outcome is not None for outcome in outcomes.values()) > 100
