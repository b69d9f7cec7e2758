"""One sitting of a run: its one line, on terminals and elsewhere, and its record."""

import io
import os
import shutil

import pytest

from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.run_records import ESTIMATE, RECORD, read_sittings
from relu_landscape.evidence.run_watch import SECONDS_BETWEEN_LINES, RunWatch

SPEEDS = {"cpu": "a processor", "cores": 2, "alone": {}, "at_once": {}}


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self):
        return True


class Clock:
    """Seconds that go on when the test says so."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def results(tmp_path):
    keep_estimate(tmp_path, wall=(100.0, 200.0))
    for job, seconds in (("search/k6", 40.0), ("judge", 2.5)):
        path = tmp_path / f"benchmarks/{job}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\th:m:s\tmax_rss\n{seconds}\t0:00:00\t-\n", encoding="utf-8")
    return tmp_path


def keep_estimate(results, *, wall):
    jobs = [{"job": job, "least": 50.0, "most": 50.0} for job in ("search/k6", "judge")]
    estimate = {"cores": 2, "engine": [0, 0], "wall": wall, "jobs": jobs, "needs": [[], [0]]}
    write_json(results / ESTIMATE, estimate | {"speeds": SPEEDS})


def watch(results, stream, clock):
    return RunWatch(results, stream, clock, lambda: clock.now / 10)


def test_on_a_terminal_one_line_is_renewed_in_place(results, clock, monkeypatch):
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((30, 24)))
    stream = Terminal()
    run = watch(results, stream, clock)
    run.renew()
    assert stream.getvalue() == ""  # nothing runs
    run.start("search/k6")
    for clock.now in (1.0, 2.0):
        run.renew()
    text = stream.getvalue()
    assert "\n" not in text
    assert text.split("\r\x1b[K") == ["", *["0 of 2 jobs, 0 % of the work; "[:29]] * 2]
    run.erase()
    run.erase()
    assert stream.getvalue() == text + "\r\x1b[K"


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_the_last_line_stays(stream, results, clock):
    run = watch(results, stream, clock)
    for job in ("search/k6", "judge"):
        run.start(job)
        clock.now += 1.0
        run.end(job)
    for clock.now in (3.0, 100.0):
        run.renew()
    run.erase()
    last = "2 of 2 jobs, 100 % of the work; 2 s so far\n"
    assert stream.getvalue().removeprefix("\r\x1b[K") == last


def test_the_time_begins_with_the_engine(results, clock):
    clock.now = 20.0
    run = watch(results, io.StringIO(), clock)
    run.start("search/k6")
    clock.now = 30.0
    run.close()
    assert read_sittings(results)[0].wall_seconds == 10 + 2


def test_elsewhere_a_line_is_printed_now_and_then(results, clock):
    stream = io.StringIO()
    run = watch(results, stream, clock)
    run.start("search/k6")
    for clock.now in range(1, 2 * int(SECONDS_BETWEEN_LINES) + 1):
        run.renew()
    run.erase()
    lines = stream.getvalue().splitlines()
    assert [line.partition(";")[0] for line in lines] == ["0 of 2 jobs, 0 % of the work"] * 2
    assert "\x1b" not in stream.getvalue()


def test_a_long_run_has_some_hundred_lines(results, clock):
    keep_estimate(results, wall=(3600.0, 360_000.0))  # the middle, in their ratio: ten hours
    stream = io.StringIO()
    run = watch(results, stream, clock)
    run.start("search/k6")
    for clock.now in range(0, 36_001, 10):
        run.renew()
    assert stream.getvalue().count("\n") == 100


def test_a_job_takes_what_its_benchmark_says_or_what_was_seen(results, clock):
    run = watch(results, io.StringIO(), clock)
    for job in ("search/k6", "judge"):
        run.start(job)
    (results / "benchmarks/judge.tsv").write_text("s\n", encoding="utf-8")
    clock.now = 44.0
    for job in ("search/k6", "judge"):
        run.end(job)
    run.close()
    assert read_sittings(results)[0].job_seconds == 40 + 44


def test_the_end_is_recorded_with_the_seconds_of_the_engine(results, clock):
    run = watch(results, io.StringIO(), clock)
    run.start("search/k6")
    clock.now = 45.0
    run.end("search/k6")
    run.start("judge")
    run.fail("judge")
    clock.now = 50.0
    run.close()
    (sitting,) = read_sittings(results)
    assert (sitting.planned, sitting.done, sitting.failed) == (2, 1, 1)
    assert (sitting.wall_seconds, sitting.engine_seconds, sitting.cores) == (50, 5, 2)
    assert (sitting.estimate, sitting.ended) == ((100, 200), True)
    assert not sitting.is_whole


def test_a_killed_sitting_leaves_what_it_did_and_the_next_one_stands_beside_it(results, clock):
    killed = watch(results, io.StringIO(), clock)
    killed.start("search/k6")
    clock.now = SECONDS_BETWEEN_LINES
    killed.renew()
    after = watch(results, io.StringIO(), clock)
    after.start("search/k6")
    clock.now += 40.0
    after.end("search/k6")
    after.close()
    first, second = read_sittings(results)
    assert (first.ended, first.done, first.wall_seconds) == (False, 0, SECONDS_BETWEEN_LINES)
    assert (second.ended, second.done, second.wall_seconds) == (True, 1, 40 + 3)


def test_a_full_disk_does_not_end_a_run(results, clock, monkeypatch):
    run = watch(results, io.StringIO(), clock)
    run.start("search/k6")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("relu_landscape.evidence.run_watch.write_sittings", full)
    run.close()
    assert not (results / RECORD).exists()


def test_a_run_without_jobs_or_without_an_estimate_leaves_no_record(results, clock):
    watch(results, io.StringIO(), clock).close()
    (results / ESTIMATE).unlink()
    unknown = watch(results, Terminal(), clock)
    unknown.start("search/k6")
    unknown.renew()
    unknown.end("search/k6")
    unknown.fail("judge")
    unknown.close()
    assert not (results / RECORD).exists()
