"""How fast a machine is, beside another one."""

import subprocess
import sys

import pytest

from relu_landscape import fixed_work
from relu_landscape.evidence.speeds import Speeds, measure_speeds, ratios, seconds_here
from relu_landscape.fixed_work import START

KINDS = (START, "descent", "linear algebra")


def machine(*, alone, at_once):
    """Seconds of the three kinds of work, in this order."""
    return Speeds(
        "a processor",
        2,
        dict(zip(KINDS, alone, strict=True)),
        dict(zip(KINDS, at_once, strict=True)),
    )


HERE = machine(alone=([1.0], [0.3], [0.8]), at_once=([2.0, 3.0], [0.4, 0.5], [1.0, 1.2]))
THERE = machine(alone=([9.0], [9.0], [9.0]), at_once=([1.0, 4.0], [0.1, 0.2, 0.9], [1.0]))


def test_a_ratio_goes_from_the_fastest_repeat_to_the_slowest_over_the_usual_one_there():
    found = ratios(HERE, THERE)
    assert found[START] == (2 / 2.5, 3 / 2.5)
    assert found["descent"] == pytest.approx((0.4 / 0.2, 0.5 / 0.2))
    assert found["linear algebra"] == (1.0, 1.2)


def test_a_job_is_its_start_and_work_of_the_kind_that_is_best_or_worst_here():
    found = ratios(HERE, THERE)
    assert seconds_here(12.5, THERE, found) == pytest.approx((2 + 10 * 1.0, 3 + 10 * 2.5))
    assert seconds_here(0.5, THERE, found) == pytest.approx((0.5 * 2 / 2.5, 0.5 * 3 / 2.5))
    assert seconds_here(0.0, THERE, found) == (0, 0)


def test_the_same_seconds_there_and_here_give_the_seconds_of_the_job():
    steady = machine(alone=([1.0], [0.1], [0.2]), at_once=([1.0], [0.1], [0.2]))
    assert seconds_here(7.0, steady, ratios(steady, steady)) == (7, 7)


def test_a_record_is_the_machine_again():
    assert Speeds(**HERE.record()) == HERE


@pytest.mark.slow
@pytest.mark.parametrize("cores", [1, 2])
def test_all_kinds_are_measured_in_each_process(cores):
    found = measure_speeds(cores)
    assert found.cores == cores
    assert found.cpu
    for measured, processes in ((found.alone, 1), (found.at_once, cores)):
        assert tuple(measured) == KINDS
        repeats = {kind: len(seconds) // processes for kind, seconds in measured.items()}
        assert repeats == {START: 1, "descent": repeats["descent"], "linear algebra": 3}
        assert repeats["descent"] == 3
        assert all(second > 0 for seconds in measured.values() for second in seconds)


def test_the_descent_that_is_measured_ends_by_its_budget(monkeypatch):
    """Else its work would not be fixed."""
    monkeypatch.setattr(fixed_work, "_STEPS", 64)
    assert (fixed_work.work_of_jobs()["descent"]().iterations == 64).all()


def test_a_machine_that_cannot_be_measured_is_told_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (tmp_path / "python").write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(OSError, match="cannot be measured"):
        measure_speeds(1)


def test_a_worker_has_one_thread_as_a_job(monkeypatch):
    seen = []

    class Worker:
        returncode = 0

        def __init__(self, _, env, **__):
            seen.append(env["OMP_NUM_THREADS"])

        def communicate(self):
            return ('{"cpu": "a processor", "seconds": {"descent": [1.0]}}', None)

    monkeypatch.setattr(subprocess, "Popen", Worker)
    assert measure_speeds(3).at_once == {"descent": [1.0, 1.0, 1.0]}
    assert seen == ["1"] * 4
