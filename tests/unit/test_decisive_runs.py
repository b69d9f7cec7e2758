"""The profiles make as many runs as decide a rate, where a few more would."""

import pytest
import yaml

from helpers_claims import ledger
from helpers_tables import ROOT, published_tables
from relu_landscape.judging.statistics import REQUIRED_POWER
from relu_landscape.ledger.judgements import levels
from relu_landscape.studies.safran.verdicts.counts import (
    Count,
    CountComparison,
    published_bad_runs,
    published_global_minima,
)

FEW = 3000  # runs at one size: less than a minute of a core
COUNTED = {
    "safran2018_bad_run_rates": published_bad_runs,
    "safran2021_global_minimum_counts": published_global_minima,
}


def runs_of(profile, search):
    """Runs of a search at each size (k, n) that a profile asks for."""
    config = yaml.safe_load((ROOT / f"config/{profile}.yaml").read_text(encoding="utf-8"))
    (asked,) = [one for one in config["safran"]["searches"] if one["name"] == search]
    return {
        (k, k + extra): sizes["runs"]
        for sizes in asked["sizes"]
        for k in range(sizes["first_k"], sizes["last_k"] + 1)
        for extra in sizes["extra_students"]
    }


@pytest.mark.parametrize("profile", ["quick", "paper"])
@pytest.mark.parametrize(
    ("claim", "published"),
    [
        ("safran2018_bad_run_rate[k=14,n=15]", "safran2018_bad_run_rates"),
        ("safran2021_global_minimum_count[k=8,n=8]", "safran2021_global_minimum_counts"),
    ],
)
def test_no_rate_is_left_undecided_that_a_few_more_runs_would_decide(profile, claim, published):
    entry = ledger("*")[claim]
    level = levels(ledger("*").values())[entry.ledger]
    runs = runs_of(profile, entry.parameters["search"])
    counts = COUNTED[published](published_tables()[published])
    last_k = entry.parameters.get("last_k", max(k for k, _ in counts))
    cases = [case for case in counts if case in runs and case[0] <= last_k]
    assert len(cases) > 15

    def power(case, size):
        comparison = CountComparison(Count(0, size), counts[case], 1.0, 1.0, len(cases))
        return comparison.power(entry.parameters["odds_ratio"], level)

    short = [
        case
        for case in cases
        if power(case, runs[case]) < REQUIRED_POWER <= power(case, max(FEW, runs[case]))
    ]
    assert not short
