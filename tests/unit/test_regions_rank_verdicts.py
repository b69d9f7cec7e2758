import numpy as np
import pandas as pd
import pytest

from helpers_claims import ask, find_and_read, ledger, verdicts_of
from relu_landscape.judging.findings import Claim, Verdict

RANK_VERDICTS = {
    name: test
    for name, test in verdicts_of("activation_regions").items()
    if test.module.endswith((".full_rank", ".training"))
}
CLAIMS = {
    name: entry
    for name, entry in ledger("karhadkar2024").items()
    if entry.test.name in RANK_VERDICTS
}
CASE = {"figure": "figure_1", "data": "uniform", "initialisation": "linear_layer"}
LAWS = {"data": "uniform", "initialisation": "linear_layer"}


def widths(**changes):
    """Two columns of a heat map: d0 = 2 and 3 at n = 100, both with a 50 % width."""
    frame = pd.DataFrame(
        {
            **CASE,
            "ratio": np.nan,
            "d0": [2, 3],
            "n": 100,
            "reading": "exact",
            "width": [150.0, 65.0],
            "width_low": [140.0, np.nan],
            "width_high": [160.0, 71.0],
            "begins_above": False,
            "first_width": 30,
            "last_width": 300,
            "trials": 100,
            "necessary_width": [34, 25],
            "row_width": 7.2,
            "wide_zero_row": 0,
            "wide_equal_rows": [40, 9],
            "wide_dependent_rows": [1, 0],
        }
    )
    return {"transition_widths": frame.assign(**changes)}


def cells(**changes):
    frame = pd.DataFrame(
        {
            **CASE,
            "d0": 2,
            "n": 100,
            "d1": [30, 300],
            "compared_trials": [10, 10],
            "compared_full": [0, 9],
            "svd_disagreements": 0,
            "float32_full": [0, 3],
            "float32_differs": [0, 6],
        }
    )
    return {"full_rank_cells": frame.assign(**changes)}


def figure_2_cells(ratio=0.25, full=5, trials=10):
    """Widths 4 to 11 at n = 40 points with 10 inputs and bias."""
    laws = {"figure": "figure_2", "data": "normal", "initialisation": "linear_layer"}
    sizes = {"ratio": ratio, "n": 40, "d0": 10, "d1": np.arange(4, 12)}
    counts = {"trials": trials, "full": full, "compared_trials": 0}
    return pd.DataFrame(laws | sizes | counts)


def deep(d1, d2, full):
    sizes = {"data": "normal", "n": 30, "d0": 5, "d1": d1, "d2": d2}
    return {"deep_ranks": pd.DataFrame([sizes | {"trials": 100, "full": full}])}


def runs(ends, starts=(5, 5, 4)):
    """Runs of n = 5 points that start at these ranks and end so."""
    first = pd.DataFrame({"trial": range(len(starts)), "rank": starts, "outcome": "running"})
    last = first.assign(outcome=ends, rank=[5 if end == "zero_loss" else 4 for end in ends])
    frame = pd.concat([first.assign(iteration=0), last.assign(iteration=100)], ignore_index=True)
    frame["mean_square_error"] = np.where(frame["outcome"] == "zero_loss", 1e-9, 0.1)
    return {"training_runs": frame.assign(**LAWS, n=5, d0=2, d1=3, crossings=7)}


def ends(count, zero):
    """Ends of so many runs, the first ones at zero loss."""
    return ["zero_loss"] * zero + ["settled"] * (count - zero)


def judge(name, tables, case=None, **parameters):
    claim = Claim(name, parameters, {} if case is None else case)
    return ask(RANK_VERDICTS[name], claim, tables)


def study():
    """Rows for every case of the claims file."""
    ends = {"width": [3.5, 8.0], "width_low": [3.4, 7.9], "width_high": [3.6, 8.1]}
    changes = [{"data": data} for data in ("uniform", "normal")] + [
        {"figure": "figure_2", "data": "normal", "ratio": ratio, "n": [10, 190], **ends}
        for ratio in (0.25, 0.5, 1.0, 2.0)
    ]
    frames = [widths(**each)["transition_widths"] for each in changes]
    trained = runs(["zero_loss", "settled", "settled"])["training_runs"]
    ranked = [figure_2_cells(ratio) for ratio in (0.25, 0.5, 1.0, 2.0)]
    return deep(12, 20, 90) | {
        "full_rank_cells": pd.concat([cells()["full_rank_cells"], *ranked]),
        "transition_widths": pd.concat(frames, ignore_index=True),
        "training_runs": pd.concat([trained, trained.assign(data="normal")], ignore_index=True),
    }


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_claims_file_has_the_parameters_that_are_read(claim):
    finding, read = find_and_read(claim, study())
    assert finding.verdict is not Verdict.NOT_RUN, finding
    assert read == set(CLAIMS[claim].parameters)


def test_every_verdict_has_a_claim():
    assert {entry.test.name for entry in CLAIMS.values()} == set(RANK_VERDICTS)


def test_agreement_of_the_singular_values():
    assert judge("singular_values_agree", cells()).verdict is Verdict.CONSISTENT
    found = judge("singular_values_agree", cells(svd_disagreements=[0, 2]))
    assert (found.verdict, found.found) == (Verdict.REFUTED, {"disagreements": 2})
    assert "d1=300" in found.evidence
    assert judge("singular_values_agree", cells(compared_trials=0)).verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(
    ("widths", "full", "verdict"),
    [
        ((12, 20), 90, "reproduced"),
        ((12, 20), 60, "undecided"),  # its interval reaches below one half
        ((12, 40), 90, "not run"),  # a layer as wide as there are points
    ],
)
def test_deep_networks_narrower_than_their_points(widths, full, verdict):
    finding = judge("narrow_deep_networks_suffice", deep(*widths, full), {}, confidence=0.99)
    assert finding.verdict == verdict


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ([{"d0": 2, "n": 100, "width": 153}, {"d0": 3, "n": 100, "width": 40}], "reproduced"),
        ([{"d0": 2, "n": 100, "width": 161}], "deviates"),
        ([{"d0": 3, "n": 100, "width": 72}], "deviates"),
        ([{"d0": 2, "n": 100, "width": 153}, {"d0": 5, "n": 100, "width": 32}], "undecided"),
        ([{"d0": 5, "n": 100, "width": 32}], "not run"),
    ],
)
def test_stated_widths_lie_in_their_intervals(stated, verdict):
    assert judge("half_widths_as_stated", widths(), CASE, widths=stated).verdict == verdict


@pytest.mark.parametrize(
    ("beyond", "trials", "verdict"),
    [
        (0.0, 100, "reproduced"),
        (0.7, 100, "deviates"),
        (-0.7, 100, "deviates"),
        (0.0, 2, "undecided"),  # its interval is wider than one neuron
    ],
)
def test_ranks_that_follow_rows_of_zeros(beyond, trials, verdict):
    width = np.arange(4, 12)
    full = np.rint(trials * (1.0 - 2.0 ** (beyond - width)) ** 40).astype(int)
    tables = {"full_rank_cells": figure_2_cells(full=full, trials=trials)}
    case = {"data": "normal", "initialisation": "linear_layer", "ratio": 0.25}
    found = judge("ranks_follow_rows_of_zeros", tables, case, confidence=0.99)
    assert found.verdict == verdict
    if trials == 100:
        assert found.found["neurons needed beyond the law"] == pytest.approx(beyond, abs=0.15)
    none = judge("ranks_follow_rows_of_zeros", tables, case | {"ratio": 2.0}, confidence=0.99)
    assert none.verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(
    ("width", "begins_above", "verdict"),
    [
        ([150.0, 65.0], False, "consistent"),
        ([np.nan, 65.0], False, "consistent"),
        ([65.0, 150.0], False, "deviates"),
        ([np.nan, 65.0], True, "deviates"),
        ([np.nan, np.nan], False, "undecided"),
    ],
)
def test_the_slope_falls_with_the_inputs(width, begins_above, verdict):
    tables = widths(width=width, begins_above=begins_above)
    assert judge("slope_falls_with_inputs", tables, LAWS).verdict == verdict


def test_enough_columns_are_not_enough():
    found = judge("columns_do_not_suffice", widths(), CASE)
    assert found.verdict is Verdict.REPRODUCED
    assert found.found["largest ratio"] == pytest.approx(150 / 34)
    assert found.found["deficient draws with enough columns"] == 50
    assert "d0=2" in found.evidence
    assert "at 1 of 2 n." in found.note
    wide = judge("columns_do_not_suffice", widths(width_low=[34.0, np.nan]), CASE)
    assert wide.verdict is Verdict.UNDECIDED
    beyond = judge("columns_do_not_suffice", widths(width=np.nan), CASE)
    assert beyond.found["largest ratio"] == pytest.approx(300 / 25)
    assert "lower bound" in beyond.note
    above = judge("columns_do_not_suffice", widths(begins_above=True), CASE)
    assert above.verdict is Verdict.NOT_RUN


def test_misreadings_of_single_precision():
    found = judge("single_precision_misreads", cells())
    assert found.verdict is Verdict.REPRODUCED
    assert found.found["largest share lost in a cell"] == 0.6
    same = judge("single_precision_misreads", cells(float32_full=[0, 9], float32_differs=0))
    assert same.verdict is Verdict.DEVIATES


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        (["settled", "zero_loss", "settled"], "reproduced"),
        (["zero_loss", "zero_loss", "settled"], "deviates"),
        (["zero_loss", "unfinished", "settled"], "undecided"),
    ],
)
def test_runs_that_settle_from_full_rank(ends, verdict):
    found = judge("full_rank_at_the_start_not_enough", runs(ends))
    assert (found.verdict, found.sample_size) == (verdict, 2)
    assert found.found["settled with full rank"] == 0
    nothing = judge("full_rank_at_the_start_not_enough", runs(ends, starts=(4, 4, 4)))
    assert nothing.verdict is Verdict.NOT_RUN


def test_zero_loss_by_rank_at_the_start():
    starts = (5,) * 20 + (4,) * 20
    helps = runs(["zero_loss"] * 18 + ["settled"] * 22, starts)
    found = judge("full_rank_at_the_start_helps", helps, confidence=0.99)
    assert found.verdict is Verdict.REPRODUCED
    assert found.found["difference within sizes"] == pytest.approx(0.9)
    harms = runs(["settled"] * 22 + ["zero_loss"] * 18, starts)
    assert judge("full_rank_at_the_start_helps", harms, confidence=0.99).verdict is Verdict.DEVIATES
    equal = runs(["settled", "zero_loss"] * 20, starts)
    assert (
        judge("full_rank_at_the_start_helps", equal, confidence=0.99).verdict is Verdict.UNDECIDED
    )
    # Wide networks have full rank and reach zero loss more often: no effect of the rank.
    wide = runs([*ends(16, 12), *ends(4, 3)], (5,) * 16 + (4,) * 4)["training_runs"]
    narrow = runs([*ends(4, 1), *ends(16, 4)], (5,) * 4 + (4,) * 16)["training_runs"]
    both = {"training_runs": pd.concat([wide.assign(d1=9), narrow], ignore_index=True)}
    confounded = judge("full_rank_at_the_start_helps", both, confidence=0.99)
    assert confounded.verdict is Verdict.UNDECIDED
    assert confounded.found == pytest.approx(
        {"difference within sizes": 0.0, "difference over all sizes": 0.3}
    )
    one_kind = runs(["settled"] * 3, (5, 5, 5))
    assert (
        judge("full_rank_at_the_start_helps", one_kind, confidence=0.99).verdict is Verdict.NOT_RUN
    )


@pytest.mark.parametrize("name", sorted(RANK_VERDICTS))
def test_no_rows_are_not_run(name):
    tables = (
        widths() | {"full_rank_cells": figure_2_cells()} | deep(12, 20, 90) | runs(["settled"] * 3)
    )
    nothing = {table: frame.iloc[:0] for table, frame in tables.items()}
    case = CASE | {"ratio": 1.0} if name == "ranks_follow_rows_of_zeros" else {}
    found = judge(name, nothing, case, widths=[{"d0": 2, "n": 1, "width": 1}], tolerance=1.0)
    assert found.verdict is Verdict.NOT_RUN
