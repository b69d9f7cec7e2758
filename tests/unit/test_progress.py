"""How far a run is and the time left, on a clock of the test."""

import pytest

from relu_landscape.evidence.progress import Progress

MINUTE = 60.0


def foretold(*seconds, cores=1, needs=None, engine=(0.0, 0.0), width=0.0):
    """An estimate of jobs a, b, ... of these middles, each with a range of this width."""
    return {
        "cores": cores,
        "engine": engine,
        "wall": [sum(seconds) / cores, sum(seconds) / cores],
        "jobs": [
            {"job": name, "least": x - width / 2, "most": x + width / 2}
            for name, x in zip("abcdefghijklmnopqrstuvwxyz", seconds, strict=False)
        ],
        "needs": needs or [()] * len(seconds),
    }


def run(progress, took, *, now=0.0):
    """Run jobs one after another on one core; returns when the last ended."""
    for job, seconds in took.items():
        progress.start(job, now)
        now += seconds
        progress.end(job, seconds)
    return now


def test_before_anything_is_learnt_the_time_left_is_what_was_foretold():
    progress = Progress(foretold(10, 20, 30), 0.0)
    assert progress.left(0.0) == (60, 60)
    wide = Progress(foretold(10, 20, 30, width=6.0), 0.0)
    least, most = wide.left(0.0)
    assert most == pytest.approx(60 + 9)
    assert least == pytest.approx(60 * 60 / 69)


def test_jobs_that_take_twice_as_foretold_say_that_the_rest_will():
    progress = Progress(foretold(*[10] * 20), 0.0)
    now = run(progress, dict.fromkeys("abcdefghij", 20.0))
    least, most = progress.left(now)
    # The forecast counts as one job of the twenty.
    middle = 100 * (200 + 10) / (100 + 10)
    assert least <= middle <= most
    assert most < 200 * 1.1
    assert progress.share() == 0.5


def test_what_jobs_scatter_makes_the_range():
    widths = []
    for scatter in (0.0, 2.0, 6.0):
        progress = Progress(foretold(*[10] * 20), 0.0)
        took = {job: 10 + scatter * (-1) ** number for number, job in enumerate("abcdefghij")}
        least, most = progress.left(run(progress, took))
        assert least <= 100 <= most
        widths.append(most - least)
    assert widths == sorted(set(widths))
    assert widths[0] == pytest.approx(0)


def test_a_few_jobs_scatter_more_than_the_sum_of_many():
    relative = []
    for planned in (11, 20):
        progress = Progress(foretold(*[10] * planned), 0.0)
        took = {job: 10 + 3 * (-1) ** number for number, job in enumerate("abcdefghij")}
        least, most = progress.left(run(progress, took))
        relative.append(most / least)
    assert relative[0] > 1.5 * relative[1] > 1.5


def test_more_ended_jobs_narrow_it():
    relative = []
    for count in (4, 16):
        progress = Progress(foretold(*[10] * 20, width=8.0), 0.0)
        took = {job: 10 + (-1) ** number for number, job in enumerate("abcdefghijklmnop"[:count])}
        least, most = progress.left(run(progress, took))
        relative.append(most / least)
    assert relative[1] < relative[0]


def test_time_goes_by_while_a_job_runs_and_an_overdue_one_leaves_the_others():
    progress = Progress(foretold(100, 100), 0.0)
    progress.start("a", 0.0)
    assert progress.left(40.0) == (160, 160)
    assert progress.left(500.0) == (100, 100)


def test_what_is_left_takes_at_least_its_longest_chain():
    chained = Progress(foretold(10, 10, 10, cores=4, needs=[(), (0,), (1,)]), 0.0)
    assert chained.left(0.0)[0] == 30
    assert Progress(foretold(10, 10, 10, cores=3), 0.0).left(0.0)[0] == 10


def test_what_cores_spend_beside_jobs_is_learnt():
    progress = Progress(foretold(*[1] * 20), 0.0)
    now = 0.0
    for job in "abcdefghij":
        now = run(progress, {job: 1.0}, now=now) + 1.0
    least, most = progress.left(now)
    # Ten seconds beside ten jobs, and the forecast of none for the weight of one.
    assert least == most == pytest.approx(10 * (1 + 10 / 11))


def test_a_job_that_the_plan_lacks_counts_as_done_and_teaches_nothing():
    progress = Progress(foretold(10, 10), 0.0)
    progress.start("other", 0.0)
    progress.end("other", 5.0)
    assert progress.done == 1
    assert progress.share() == 0
    assert progress.left(5.0) == (20, 20)


def test_jobs_of_unknown_cost_are_counted():
    progress = Progress(foretold(0, 0), 0.0)
    assert progress.left(0.0) == (0, 0)
    run(progress, {"a": 3.0})
    assert progress.share() == 0.5


def test_the_line_says_what_is_done_what_was_needed_and_what_is_left():
    progress = Progress(foretold(6 * MINUTE, 14 * MINUTE), 0.0)
    progress.start("a", 0.0)
    progress.end("a", 6 * MINUTE)
    assert progress.line(6 * MINUTE) == (
        "1 of 2 jobs, 30 % of the work; 6 min 00 s so far; 14 min left"
    )
    progress.fail("b")
    assert progress.line(6 * MINUTE).endswith("; 1 failed")
    progress.end("b", 14 * MINUTE)
    assert "left" not in progress.line(20 * MINUTE)
