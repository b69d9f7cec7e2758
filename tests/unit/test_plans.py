"""The jobs that the engine is going to run, and the chains among them."""

import pytest
from hypothesis import given, strategies as st

from relu_landscape.evidence.plans import (
    PlannedJob,
    job_of_benchmark,
    jobs_behind,
    longest_chain,
    planned_jobs,
)

DRY_RUN = """\
Building DAG of jobs...
Job stats:
job             count
------------  -------
all                 1

[Sun Nov 29 22:25:22 2026]
rule judge_claims:
    input: results/tiny/restarts/s/k6-n6/batch000.parquet, claims/tiny.yaml
    output: results/tiny/claims.json, results/tiny/claims.md
    jobid: 2
    benchmark: results/tiny/benchmarks/judge_claims.tsv
    reason: Missing output files: results/tiny/claims.json, results/tiny/claims.md
[Sun Nov 29 22:25:22 2026]
rule run_restarts:
    output: results/tiny/restarts/s/k6-n6/batch000.parquet
    log: results/tiny/logs/run_restarts/s/k6-n6/batch000.log
    jobid: 1
    benchmark: results/tiny/benchmarks/run_restarts/s/k6-n6/batch000.tsv
    resources: tmpdir=/tmp, mem_mb=1000
[Sun Nov 29 22:25:22 2026]
localrule all:
    input: results/tiny/claims.json
    jobid: 0
"""


def test_jobs_are_named_by_their_benchmarks_and_wait_for_those_that_make_their_inputs():
    judge, restarts = planned_jobs(DRY_RUN)
    ledger = ("results/tiny/claims.json", "results/tiny/claims.md")
    table = ("results/tiny/restarts/s/k6-n6/batch000.parquet",)
    assert judge == PlannedJob("judge_claims", (1,), ledger)
    assert restarts == PlannedJob("run_restarts/s/k6-n6/batch000", (), table)
    assert (judge.rule, restarts.rule) == ("judge_claims", "run_restarts")


def test_behind_a_file_are_the_jobs_that_it_needs_and_no_other():
    jobs = [
        PlannedJob("judge", (1, 2), ("claims",)),
        PlannedJob("one", (3,), ("a",)),
        PlannedJob("other", (3,), ("b", "c")),
        PlannedJob("first", (), ("x",)),
    ]
    assert [job.name for job in jobs_behind(jobs, ["c"])] == ["other", "first"]
    assert [job.name for job in jobs_behind(jobs, ["a", "b"])] == ["one", "other", "first"]
    assert jobs_behind(jobs, ["published by nobody"]) == []


def test_what_stands_elsewhere_is_no_benchmark():
    assert job_of_benchmark("results/tiny/benchmarks/a/b.tsv") == "a/b"
    assert job_of_benchmark("results/tiny/tables/b.tsv") is None
    assert job_of_benchmark("") is None


def test_a_finished_run_plans_nothing():
    assert planned_jobs("Nothing to be done (all requested files are present).\n") == []


def test_what_is_no_plan_is_refused():
    with pytest.raises(ValueError, match="snakemake --dry-run"):
        planned_jobs("")


def test_the_longest_chain_waits_for_the_slowest_of_each_step():
    assert longest_chain([1, 10, 2, 5], [(), (), (0, 1), (0,)]) == 12
    assert longest_chain([], []) == 0


def test_a_long_chain_is_no_deep_recursion():
    count = 5000
    needs = [(number + 1,) for number in range(count - 1)] + [()]
    assert longest_chain([1.0] * count, needs) == count


@given(st.lists(st.floats(0, 100), max_size=12), st.randoms(use_true_random=False))
def test_a_chain_is_at_least_the_longest_job_and_at_most_all(seconds, random):
    needs = [
        tuple(sorted(random.sample(range(number), random.randint(0, number))))
        for number in range(len(seconds))
    ]
    chain = longest_chain(seconds, needs)
    assert max(seconds, default=0) <= chain <= sum(seconds) * (1 + 1e-12)
