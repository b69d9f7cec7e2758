"""What a run will cost, and what it did cost, beside a published run."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from relu_landscape.evidence.documents import read_json
from relu_landscape.evidence.estimates import (
    describe_plan,
    describe_run,
    estimate_jobs,
    estimate_run,
    published_costs,
    read_costs,
    render_comparison,
    render_estimate,
    wall_bounds,
)
from relu_landscape.evidence.plans import PlannedJob
from relu_landscape.evidence.run_records import ESTIMATE, Engine, Sitting, write_sittings
from relu_landscape.evidence.speeds import Speeds
from relu_landscape.fixed_work import START

DRY_RUN = """\
rule run_restarts:
    output: results/tiny/restarts/s/k6-n6/batch000.parquet
    log: results/tiny/logs/run_restarts/s/k6-n6/batch000.log
    benchmark: results/tiny/benchmarks/run_restarts/s/k6-n6/batch000.tsv
    resources: mem_mb=1000

rule judge_claims:
    input: results/tiny/restarts/s/k6-n6/batch000.parquet
    benchmark: results/tiny/benchmarks/judge_claims.tsv

rule all:
    input: results/tiny/claims.json
"""
COSTS = pd.DataFrame(
    [
        ("run_restarts/s/k6-n6/batch000", "run_restarts", 100.0, 300.0),
        ("run_restarts/s/k7-n7/batch000", "run_restarts", 4000.0, 500.0),
        ("judge_claims", "judge_claims", 20.0, 250.0),
    ],
    columns=["job", "rule", "seconds", "memory"],
)
KNOWN = COSTS.assign(
    source="costs.tsv", nearest=True, least=COSTS["seconds"], most=2 * COSTS["seconds"]
)
# Work takes as long alone as at once, and is the same each time.
STEADY = {START: [1.0], "descent": [0.1], "linear algebra": [0.1]}
HERE = Speeds("a processor", 2, STEADY, STEADY)
NO_ENGINE = Engine(0.0, 0.0, 0.0)


def jobs(*names):
    return [PlannedJob(name) for name in names]


def slower(factor, *, at_once=1.0):
    """A machine that takes so many times as long, and so many more with all cores in use."""
    alone = {kind: [factor * x for x in seconds] for kind, seconds in STEADY.items()}
    busy = {kind: [at_once * x for x in seconds] for kind, seconds in alone.items()}
    return Speeds("a processor", 2, alone, busy)


def publish(folder, *, speeds=None, costs=COSTS, **sitting):
    """A published run, with its record where its speeds are given; returns its costs."""
    folder.mkdir()
    costs.to_csv(folder / "costs.tsv", sep="\t", index=False)
    if speeds is not None:
        made = Sitting(
            planned=len(costs),
            done=len(costs),
            failed=0,
            cores=2,
            job_seconds=costs["seconds"].sum(),
            wall_seconds=costs["seconds"].sum() / 2 + 15,
            engine_seconds=6.0,
            estimate=(1.0, 2.0),
            speeds=speeds.record(),
            ended=True,
        )
        write_sittings(folder, [replace(made, **sitting)])
    return folder / "costs.tsv"


def test_a_known_job_costs_what_it_did_and_a_new_one_as_others_of_its_rule():
    found = estimate_jobs(jobs("run_restarts/s/k6-n6/batch000", "run_restarts/new", "draw"), KNOWN)
    assert found["source"].tolist() == ["measured", "rule", "none"]
    assert found["least"].tolist()[0] == 100
    assert found["most"].tolist()[0] == 200


def test_a_new_job_of_a_rule_whose_jobs_are_planned_counts_from_the_middle_to_the_dearest():
    known = [name for name in KNOWN["job"] if name.startswith("run_restarts")]
    found = estimate_jobs(jobs(*known, "run_restarts/new"), KNOWN)
    assert found["source"].tolist() == ["measured", "measured", "rule"]
    assert found[["least", "most", "memory"]].iloc[2].tolist() == [2050, 8000, 500]


def test_fewer_new_jobs_may_share_the_work_of_those_that_are_planned_no_more():
    found = estimate_jobs(jobs("run_restarts/all"), KNOWN)
    assert found["source"].tolist() == ["shared"]
    assert found[["least", "most"]].iloc[0].tolist() == [2050, 8200]


def test_as_many_new_jobs_as_are_gone_share_nothing():
    found = estimate_jobs(jobs("run_restarts/a", "run_restarts/b"), KNOWN)
    assert found["source"].tolist() == ["rule", "rule"]
    assert found["most"].tolist() == [8000, 8000]


def test_a_job_of_a_rule_that_is_not_published_is_not_known():
    found = estimate_jobs(jobs("draw"), KNOWN)
    assert found["source"].tolist() == ["none"]
    assert found[["least", "most", "memory"]].iloc[0].isna().all()


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.sampled_from([*KNOWN["job"], "run_restarts/new", "draw"]), unique=True))
def test_every_planned_job_is_in_the_estimate_once(planned):
    assert estimate_jobs(jobs(*planned), KNOWN)["job"].tolist() == planned


@pytest.mark.parametrize(("cores", "bounds"), [(1, (13, 13)), (2, (8, 10.5)), (64, (8, 8.078125))])
def test_a_run_takes_its_share_or_its_longest_chain_and_no_more_than_graham_says(cores, bounds):
    assert wall_bounds([3.0, 5.0, 5.0], [(), (0,), ()], cores, 0.0) == bounds


def test_what_each_job_costs_beside_its_own_counts_in_share_and_chain():
    assert wall_bounds([3.0, 5.0], [(), (0,)], 1, 2.0) == (12, 12)


@given(
    # Seconds so small that they are subnormal lose all digits in a product.
    st.lists(st.floats(0, 100, allow_subnormal=False), min_size=1, max_size=10),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_no_order_of_starts_leaves_the_bounds(seconds, cores, random):
    needs = [
        tuple(random.sample(range(number), random.randint(0, min(number, 2))))
        for number in range(len(seconds))
    ]
    least, most = wall_bounds(seconds, needs, cores, 0.0)
    took = in_some_order(seconds, needs, cores, random)
    assert least * (1 - 1e-12) <= took <= most * (1 + 1e-12)


def in_some_order(seconds, needs, cores, random):
    """The time of a run that starts any job that can start as soon as a core is free."""
    now, running, ended = 0.0, {}, set()
    while len(ended) < len(seconds):
        ready = [
            job
            for job in range(len(seconds))
            if job not in ended and job not in running and ended.issuperset(needs[job])
        ]
        random.shuffle(ready)
        for job in ready[: cores - len(running)]:
            running[job] = now + seconds[job]
        first = min(running, key=running.get)
        now = running.pop(first)
        ended.add(first)
    return now


def test_the_engine_counts_for_each_job_and_waiting_is_not_counted_twice():
    known = KNOWN.assign(most=KNOWN["seconds"])
    planned = jobs("judge_claims")
    engine = Engine(1.0, 5.0, 3.0)
    assert estimate_run(planned, known, 1, engine).wall == (21, 25)
    # On two cores a single chain leaves one of them idle, which is more than 5 s of a core.
    assert estimate_run(planned, known, 2, engine).wall == (21, 23)


def test_planning_and_the_report_may_take_as_long_for_a_few_jobs_as_for_all():
    known = KNOWN.assign(most=KNOWN["seconds"])
    engine = Engine(0.0, 1.0, 30.0)
    assert estimate_run(jobs("judge_claims"), known, 2, engine).wall == (20, 50)
    assert estimate_run(jobs("judge_claims"), known, 2, engine, planning=6.0).wall == (26, 50)
    assert estimate_run(jobs("judge_claims"), known, 2, engine, planning=40.0).wall == (60, 60)


def test_what_the_engine_used_for_each_job_holds_its_planning():
    known = KNOWN.assign(most=KNOWN["seconds"])
    found = estimate_run(jobs("judge_claims"), known, 1, Engine(9.0, 9.0, 9.0), planning=7.0)
    assert found.wall == (29, 29)


def test_what_other_code_made_before_is_said(tmp_path):
    path = publish(tmp_path / "a")
    assert "done again" not in describe_plan(DRY_RUN, [path], lambda: HERE)
    needs = "    benchmark: "
    reason = "    reason: Params have changed since last execution: before: 'a' now: 'b'\n"
    text = describe_plan(DRY_RUN.replace(needs, reason + needs, 1), [path], lambda: HERE)
    assert "another config, and done again: 1 of run_restarts.\n" in text


def test_what_planning_took_is_said(tmp_path):
    text = describe_plan(DRY_RUN, [publish(tmp_path / "a")], lambda: HERE, planning=8.4)
    assert " for 2 jobs, 8 s of it to plan them.\n" in text


def test_the_estimate_is_a_range_with_the_rules_that_cost_most_first():
    text = render_estimate(estimate_run(jobs(*KNOWN["job"]), KNOWN, 2, NO_ENGINE))
    lines = text.splitlines()
    assert lines[1].split()[:2] == ["run_restarts", "2"]
    assert lines[-1] == "1 h 06 min to 2 h 16 min on 2 cores, for 3 jobs, 0 s of it to plan them."


def test_what_cannot_be_estimated_is_said():
    planned = jobs("run_restarts/new", "draw")
    text = render_estimate(estimate_run(planned, KNOWN, 2, NO_ENGINE))
    assert "that may share the work of more that it had: 1." in text
    assert text.endswith("that no published run has, counted as nothing: 1.")


def test_a_machine_that_takes_twice_as_long_takes_twice_as_long(tmp_path):
    path = publish(tmp_path / "tiny", speeds=HERE)
    known = published_costs([path], slower(2.0))
    assert known["known"].all()
    assert known["least"].tolist() == known["most"].tolist() == (2 * COSTS["seconds"]).tolist()


def test_a_machine_of_unknown_speed_counts_as_this_one_busy_or_idle(tmp_path):
    path = publish(tmp_path / "tiny")
    known = published_costs([path], slower(2.0, at_once=1.5))
    assert not known["known"].any()
    assert known["least"].tolist() == COSTS["seconds"].tolist()
    assert known["most"].tolist() == pytest.approx((1.5 * COSTS["seconds"]).tolist())


def test_a_run_of_which_the_record_lacks_jobs_has_no_known_machine(tmp_path):
    path = publish(tmp_path / "tiny", speeds=HERE, done=2)
    assert not published_costs([path], HERE)["known"].any()


def test_a_job_of_another_profile_may_have_nothing_to_do_but_start(tmp_path):
    nearest = publish(tmp_path / "tiny", speeds=HERE, costs=COSTS[:1])
    other = publish(tmp_path / "large", speeds=HERE)
    known = published_costs([nearest, other, nearest], HERE)
    assert known["least"].tolist() == [100, 1, 1]
    assert known["most"].tolist() == [100, 4000, 20]
    found = estimate_jobs(jobs(*COSTS["job"]), known)
    assert found["source"].tolist() == ["measured", "other", "other"]


def test_a_finished_run_has_nothing_left_and_nothing_is_measured():
    def measure():
        raise AssertionError

    text = describe_plan("Nothing to be done.\n", [Path("no/such/costs.tsv")], measure)
    assert text == "Nothing is left to be computed."


def test_the_engine_of_the_published_run_is_told_from_its_record(tmp_path):
    """Of 4120 s of a core in jobs and 30 beside them for 3 jobs, 6 of the engine itself."""
    path = publish(tmp_path / "tiny", speeds=HERE)
    describe_plan(DRY_RUN, [path], lambda: slower(2.0), keep=tmp_path)
    kept = read_json(tmp_path / ESTIMATE)
    assert kept["engine"] == [2 * 6 / 3, 2 * 30 / 3]
    assert kept["needs"] == [[], [0]]
    assert kept["wall"] == [200 + 40 + 2 * 4, 200 + 40 + 2 * 6]
    assert [job["most"] for job in kept["jobs"]] == [200, 40]


def test_without_a_record_a_job_may_cost_the_engine_as_much_as_its_start(tmp_path):
    path = publish(tmp_path / "tiny")
    describe_plan(DRY_RUN, [path], lambda: HERE, keep=tmp_path)
    assert read_json(tmp_path / ESTIMATE)["engine"] == [0, 1]


def test_what_is_not_known_of_a_machine_is_said_with_what_was_measured(tmp_path):
    unknown, known = publish(tmp_path / "a"), publish(tmp_path / "b", speeds=HERE)
    text = describe_plan(DRY_RUN, [unknown, known], lambda: slower(1.0, at_once=1.5))
    assert "take" not in text.splitlines()[-1]
    assert "start of a job 1 s, descent 0.1 s, linear algebra 0.1 s." in text
    assert "On 2 cores at once each takes 1.50 times as long." in text
    assert f"not published with {unknown}: it counts as this one" in text
    told = describe_plan(DRY_RUN, [known, unknown], lambda: slower(2.0, at_once=1.5))
    assert told.endswith(f"The jobs of {known} take 3.00 times as long as there.")
    assert str(unknown) not in told


def test_nothing_published_is_a_plan_of_unknown_cost(tmp_path):
    text = describe_plan(DRY_RUN, [tmp_path / "costs.tsv"], lambda: HERE, keep=tmp_path)
    assert "counted as nothing: 2." in text
    assert [job["most"] for job in read_json(tmp_path / ESTIMATE)["jobs"]] == [0, 0]


def test_many_rules_end_in_one_line_for_the_rest():
    rules = [f"rule{number:02}" for number in range(20)]
    costs = pd.DataFrame({"job": rules, "rule": rules, "seconds": 60.0, "memory": 100.0})
    lines = render_comparison(costs, costs).splitlines()
    assert " ".join(lines[-2].split()) == "8 other rules 8 8 min 00 s 100 8 min 00 s"
    assert lines[-1] == "20 jobs cost 20 min 00 s of a core; 20 of them are published, with " + (
        "20 min 00 s."
    )


def test_a_run_is_shown_beside_the_published_one(tmp_path):
    benchmarks = tmp_path / "tiny/benchmarks"
    (benchmarks / "run_restarts").mkdir(parents=True)
    (benchmarks / "judge_claims.tsv").write_text(
        "s\tmax_rss\tcpu_time\n30\t260\t-\n", encoding="utf-8"
    )
    (benchmarks / "run_restarts/new.tsv").write_text(
        "s\tmax_rss\tcpu_time\n7\t-\t-\n", encoding="utf-8"
    )
    published = tmp_path / "costs.tsv"
    COSTS.to_csv(published, sep="\t", index=False)
    text = describe_run(tmp_path / "tiny", [published])
    assert text.endswith("2 jobs cost 37 s of a core; 1 of them are published, with 20 s.")
    assert text.splitlines()[1].split() == ["judge_claims", "1", "30", "s", "260", "20", "s"]
    assert "not there" in text.splitlines()[2]


def test_the_nearest_published_run_decides(tmp_path):
    nearest, other, missing = (tmp_path / f"{name}.tsv" for name in ("nearest", "other", "none"))
    COSTS[:1].to_csv(nearest, sep="\t", index=False)
    COSTS[:1].assign(seconds=7.0).to_csv(nearest.with_name("unused.tsv"), sep="\t", index=False)
    COSTS.assign(seconds=7.0).to_csv(other, sep="\t", index=False)
    costs = read_costs([missing, nearest, other, nearest])
    assert costs["seconds"].tolist() == [100, 7, 7]
    assert costs["source"].tolist() == [str(nearest), str(other), str(other)]
    unused = nearest.with_name("unused.tsv")
    text = describe_plan(DRY_RUN, [missing, nearest, other, unused, nearest], lambda: HERE)
    assert f"From {nearest}, then {other}." in text.splitlines()
