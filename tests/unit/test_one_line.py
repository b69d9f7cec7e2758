"""The log handler of the engine: what it shows; exit codes and signals stay as they are."""

import logging
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.run_records import ESTIMATE, read_sittings
from snakemake_logger_plugin_one_line import is_shown

SRC = Path(__file__).parents[2] / "src"
SNAKEFILE = """
from time import sleep
onsuccess:
    sleep(1)
    print("in the end")

rule all:
    input: "results/tiny/a", "results/tiny/b"

rule make:
    output: "results/tiny/{name}"
    log: "results/tiny/logs/make/{name}.log"
    benchmark: "results/tiny/benchmarks/make/{name}.tsv"
    shell: "echo of the job >{log}; touch started; COMMAND; touch {output}"
"""
ONE_LINE = ("--logger", "one-line", "--logger-one-line-results", "results/tiny")


def message(text, *, event=None, level=logging.INFO):
    record = logging.LogRecord("snakemake", level, "", 1, text, (), None)
    record.event = event
    return record


@pytest.mark.parametrize(
    "event", [LogEvent.JOB_INFO, LogEvent.JOB_FINISHED, LogEvent.PROGRESS, LogEvent.SHELLCMD]
)
def test_what_the_engine_says_of_single_jobs_is_not_shown(event):
    assert not is_shown(message("text", event=event))
    assert not is_shown(message("Select jobs to execute..."))
    assert not is_shown(message("text", level=logging.DEBUG))


def test_failures_warnings_and_what_it_says_of_the_run_are_shown():
    assert is_shown(message("text", event=LogEvent.JOB_ERROR, level=logging.ERROR))
    assert is_shown(message("text", event=LogEvent.ERROR, level=logging.ERROR))
    assert is_shown(message("text", level=logging.WARNING))
    assert is_shown(message("Nothing to be done"))


@pytest.fixture
def start(tmp_path):
    """Starts the engine on two jobs that run this command, with these arguments."""
    jobs = [{"job": f"make/{name}", "least": 1.0, "most": 2.0} for name in "ab"]
    plan = {"cores": 1, "engine": [0, 0], "wall": [2, 4], "jobs": jobs, "needs": [[], []]}
    speeds = {"cpu": "a processor", "cores": 1, "alone": {}, "at_once": {}}
    write_json(tmp_path / "results/tiny" / ESTIMATE, plan | {"speeds": speeds})

    def started(command, *arguments, terminal=None):
        text = SNAKEFILE.replace("COMMAND", command)
        (tmp_path / "Snakefile").write_text(text, encoding="utf-8")
        engine = [sys.executable, "-m", "snakemake", "--cores", "1", "--show-failed-logs"]
        with (tmp_path / "printed").open("wb") as printed:
            return subprocess.Popen(
                [*engine, *arguments],
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(SRC), "TERM": "dumb"},
                stdout=terminal or printed,
                stderr=terminal or printed,
                start_new_session=True,
                # A run of the tests in the background ignores it, and so would its children.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    return started


@pytest.mark.slow
def test_a_run_ends_as_without_it_and_leaves_its_record(start, tmp_path):
    assert start("sleep 0.3", *ONE_LINE).wait() == 0
    printed = (tmp_path / "printed").read_text(encoding="utf-8")
    assert "Building DAG of jobs" in printed
    assert "Complete log(s)" in printed
    assert "rule make" not in printed
    (log,) = (tmp_path / ".snakemake/log").glob("*.log")
    assert log.read_text(encoding="utf-8").count("rule make:") == 2
    (sitting,) = read_sittings(tmp_path / "results/tiny")
    assert sitting.is_whole
    assert 0 < sitting.job_seconds < sitting.wall_seconds
    assert sitting.engine_seconds > 0


@pytest.mark.slow
def test_a_failure_is_shown_with_its_log_and_its_exit_code(start, tmp_path):
    plain = start("false").wait()
    assert start("false", *ONE_LINE).wait() == plain == 1
    printed = (tmp_path / "printed").read_text(encoding="utf-8")
    assert "Error in rule make" in printed
    assert "of the job" in printed
    (sitting,) = read_sittings(tmp_path / "results/tiny")
    assert (sitting.done, sitting.failed, sitting.ended) == (0, 1, True)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_as_without_it(sent, start, tmp_path):
    # Without the lock that a killed run leaves: the second begins where the first was.
    codes = [
        interrupted(start("sleep 60", "--nolock", *also), sent, tmp_path) for also in ((), ONE_LINE)
    ]
    assert codes[0] == codes[1] != 0
    (sitting,) = read_sittings(tmp_path / "results/tiny")
    assert not sitting.is_whole


def interrupted(process, sent, folder):
    """Send a signal to a run, with all of its group, once a job runs; returns its exit code."""
    while not (folder / "started").exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, sent)
    code = process.wait()
    (folder / "started").unlink()
    ended = time.monotonic() + 20  # the children got their signal with it, and end beside it
    while left := running(process.pid):
        assert time.monotonic() < ended, f"still run: {left}"
        time.sleep(0.05)
    return code


def running(group):
    """The processes of a group that run: those that ended and wait for their parent do not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, _, its_group = text.rpartition(")")[2].split()[:3]
        if int(its_group) == group and state != "Z":
            found.append(text)
    return found


@pytest.mark.slow
def test_on_a_terminal_the_line_is_erased_before_other_text(start):
    ours, its = pty.openpty()
    process = start("sleep 2.5", *ONE_LINE, terminal=its)
    os.close(its)
    printed = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            printed += os.read(ours, 10_000)
        except OSError:  # the last writer is gone
            break
    os.close(ours)
    assert process.wait() == 0
    text = printed.decode()
    assert re.search(r"\r\x1b\[K0 of 2 jobs, 0 % of the work; \d s so far; .* left", text)
    assert re.search(r"\r\x1b\[K1 of 2 jobs, 50 % of the work; ", text)
    assert not re.search(r"left[^\r]", text)
    assert "in the end" in re.split("[\r\n]+", text)
