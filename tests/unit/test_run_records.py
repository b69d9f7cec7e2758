"""What the sittings of a run did, beside what was foretold."""

from dataclasses import replace

import pytest

from relu_landscape.evidence.run_records import (
    Engine,
    Sitting,
    engine_of_run,
    read_sittings,
    render_sittings,
    speeds_of_run,
    write_sittings,
)

SPEEDS = {"cpu": "a processor", "cores": 2, "alone": {}, "at_once": {}}
WHOLE = Sitting(
    planned=10,
    done=10,
    failed=0,
    cores=2,
    job_seconds=1500.0,
    wall_seconds=900.0,
    engine_seconds=60.0,
    estimate=(600.0, 1000.0),
    speeds=SPEEDS,
    ended=True,
)
KILLED = replace(WHOLE, done=4, wall_seconds=300.0, job_seconds=500.0, ended=False)


def test_sittings_are_read_as_they_were_written(tmp_path):
    assert read_sittings(tmp_path) == []
    write_sittings(tmp_path, [KILLED, WHOLE])
    assert read_sittings(tmp_path) == [KILLED, WHOLE]


@pytest.mark.parametrize(
    ("wall", "outcome"),
    [
        (900, "took 15 min 00 s: inside."),
        (600, "took 10 min 00 s: inside."),
        (1250, "took 20 min 50 s: 25 % above."),
        (450, "took 7 min 30 s: 25 % below."),
        (1000.1, "took 16 min 40 s: 1 % above."),
    ],
)
def test_the_error_of_the_estimate_is_said(wall, outcome):
    text = render_sittings([replace(WHOLE, wall_seconds=wall)], 10)
    assert text.splitlines()[0] == f"Estimated 10 to 17 min for 10 jobs on 2 cores; {outcome}"


def test_jobs_engine_and_wall_are_said():
    assert render_sittings([WHOLE], 10).splitlines()[1:] == [
        "1 sitting: 10 jobs in 15 min 00 s, with 25 min 00 s of a core in jobs and 1 min 00 s in "
        "the engine."
    ]


def test_a_resumed_run_is_compared_for_the_last_sitting_and_summed_over_all():
    last = replace(WHOLE, planned=6, done=6, wall_seconds=700.0)
    text = render_sittings([KILLED, last], 10)
    assert "for 6 jobs on 2 cores; took 11 min 40 s: inside." in text
    assert "2 sittings: 10 jobs in 16 min 40 s" in text


@pytest.mark.parametrize(
    ("sitting", "how"),
    [(KILLED, "stopped"), (replace(KILLED, failed=1, ended=True), "1 failed")],
)
def test_what_was_not_finished_is_compared_with_nothing(sitting, how):
    text = render_sittings([sitting], 4)
    assert f"{how} after 5 min 00 s with 4 of them done, so nothing to compare." in text
    assert "inside" not in text


def test_jobs_of_no_sitting_are_said():
    assert "not in these times: 3 jobs." in render_sittings([WHOLE], 13)
    assert render_sittings([], 13) == ""


def test_the_machine_of_a_run_is_known_where_its_sittings_have_all_jobs_on_one():
    assert speeds_of_run([KILLED, WHOLE], 14).cpu == "a processor"
    assert speeds_of_run([KILLED, WHOLE], 15) is None
    other = replace(WHOLE, speeds=SPEEDS | {"cpu": "another"})
    assert speeds_of_run([KILLED, other], 14) is None
    assert speeds_of_run([], 0) is None


def test_the_engine_costs_what_it_used_or_all_that_was_not_in_jobs():
    assert engine_of_run([KILLED, WHOLE]) == Engine(6, (2 * 900 - 1500) / 10, 60)
    assert engine_of_run([WHOLE, replace(WHOLE, engine_seconds=5.0)]).whole == 60
    assert engine_of_run([KILLED]) is None
    assert engine_of_run([]) is None
