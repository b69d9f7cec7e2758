"""What a run will cost, and what it did cost, beside a published run."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_landscape.evidence.estimates import (
    describe_plan,
    describe_run,
    estimate,
    planned_jobs,
    read_costs,
    render_comparison,
    render_estimate,
)

DRY_RUN = """\
rule run_restarts:
    output: results/tiny/restarts/s/k6-n6/batch000.parquet
    log: results/tiny/logs/run_restarts/s/k6-n6/batch000.log
    benchmark: results/tiny/benchmarks/run_restarts/s/k6-n6/batch000.tsv
    resources: mem_mb=1000

rule judge_claims:
    benchmark: results/tiny/benchmarks/judge_claims.tsv

rule all:
    input: results/tiny/claims.json
"""
KNOWN = pd.DataFrame(
    [
        ("run_restarts/s/k6-n6/batch000", "run_restarts", 100.0, 300.0),
        ("run_restarts/s/k7-n7/batch000", "run_restarts", 4000.0, 500.0),
        ("judge_claims", "judge_claims", 20.0, 250.0),
    ],
    columns=["job", "rule", "seconds", "memory"],
)


def test_jobs_of_a_dry_run_are_named_by_their_benchmarks():
    assert planned_jobs(DRY_RUN) == ["run_restarts/s/k6-n6/batch000", "judge_claims"]


def test_a_known_job_costs_what_it_did_and_a_new_one_the_most_of_its_rule():
    jobs = estimate(["run_restarts/s/k6-n6/batch000", "run_restarts/new", "draw"], KNOWN)
    assert jobs["source"].tolist() == ["measured", "rule", "none"]
    assert jobs["seconds"].tolist()[:2] == [100, 4000]
    assert jobs["memory"].tolist()[:2] == [300, 500]
    assert jobs[["seconds", "memory"]].iloc[2].isna().all()


@settings(deadline=None)
@given(st.lists(st.sampled_from([*KNOWN["job"], "run_restarts/new", "draw"]), unique=True))
def test_every_planned_job_is_in_the_estimate_once(planned):
    assert estimate(planned, KNOWN)["job"].tolist() == planned


@pytest.mark.parametrize(
    ("cores", "wall"), [(1, "1 h 08 min"), (2, "1 h 06 min"), (64, "1 h 06 min")]
)
def test_a_run_takes_the_sum_over_the_cores_but_at_least_its_longest_job(cores, wall):
    text = render_estimate(estimate(list(KNOWN["job"]), KNOWN), cores)
    assert text.splitlines()[-1] == f"About {wall} on {cores} cores, for 3 jobs."


def test_what_cannot_be_estimated_is_said():
    text = render_estimate(estimate(["run_restarts/new", "draw"], KNOWN), 2)
    assert "counted as the dearest of their rule: 1." in text
    assert text.endswith("that no published run has: 1.")


def test_a_finished_run_has_nothing_left():
    assert "Nothing is left" in describe_plan(
        "Nothing to be done.\n", [Path("no/such/costs.tsv")], 2
    )


def test_what_is_no_plan_is_refused():
    with pytest.raises(ValueError, match="snakemake --dry-run"):
        planned_jobs("")


def test_many_rules_end_in_one_line_for_the_rest():
    rules = [f"rule{number:02}" for number in range(20)]
    jobs = pd.DataFrame({"job": rules, "rule": rules, "seconds": 60.0, "memory": 100.0})
    lines = render_comparison(jobs, jobs).splitlines()
    assert " ".join(lines[-2].split()) == "8 other rules 8 8 min 00 s 100 8 min 00 s"
    assert lines[-1] == "20 jobs cost 20 min 00 s of a core; 20 of them are published, with " + (
        "20 min 00 s."
    )


def test_a_run_is_shown_beside_the_published_one(tmp_path):
    benchmarks = tmp_path / "tiny/benchmarks"
    (benchmarks / "run_restarts").mkdir(parents=True)
    (benchmarks / "judge_claims.tsv").write_text("s\tmax_rss\n30\t260\n", encoding="utf-8")
    (benchmarks / "run_restarts/new.tsv").write_text("s\tmax_rss\n7\t-\n", encoding="utf-8")
    published = tmp_path / "costs.tsv"
    KNOWN.to_csv(published, sep="\t", index=False)
    pd.testing.assert_frame_equal(read_costs([published]), KNOWN)
    text = describe_run(tmp_path / "tiny", [published])
    assert "2 jobs cost 37 s of a core; 1 of them are published, with 20 s." in text
    assert text.splitlines()[1].split() == ["judge_claims", "1", "30", "s", "260", "20", "s"]
    assert "not there" in text.splitlines()[2]


def test_the_nearest_published_run_decides(tmp_path):
    nearest, other, missing = (tmp_path / f"{name}.tsv" for name in ("nearest", "other", "none"))
    KNOWN[:1].to_csv(nearest, sep="\t", index=False)
    KNOWN.assign(seconds=7.0).to_csv(other, sep="\t", index=False)
    costs = read_costs([missing, nearest, other, nearest])
    assert costs["seconds"].tolist() == [100, 7, 7]
    assert describe_plan(DRY_RUN, [missing, nearest, other, nearest], 1).endswith(
        f"From {nearest}, then {other}."
    )
