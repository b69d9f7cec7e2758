"""Time and memory of a run, what is published of it, and the log of a job."""

import io

import pytest

from relu_landscape.__main__ import main
from relu_landscape.evidence.costs import job_costs, render_costs, rule_costs
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import SECONDS_BETWEEN_LINES, job_log
from relu_landscape.evidence.publish import publish
from relu_landscape.evidence.run_records import write_sittings

HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


@pytest.fixture
def results(tmp_path):
    for name, seconds in (("search/k6/b0", 10), ("search/k7/b0", 20), ("judge", 1)):
        path = tmp_path / "results/benchmarks" / f"{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"{HEADER}{seconds}\t0:00:00\t{10 * seconds}" + "\t-" * 7 + "\n", encoding="utf-8"
        )
    (tmp_path / "results/figures").mkdir()
    (tmp_path / "results/figures/rates.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "results/claims.md").write_text("# Claims\n", encoding="utf-8")
    (tmp_path / "results/claims.json").write_text("[]\n", encoding="utf-8")
    write_json(tmp_path / "results/manifest.json", {"config": {"profile": "tiny"}})
    return tmp_path / "results"


def test_costs_are_summed_by_rule(results):
    costs = rule_costs(job_costs(results / "benchmarks")).set_index("rule")
    assert costs.loc["search", ["jobs", "seconds", "longest", "memory"]].tolist() == [
        2,
        30,
        20,
        200,
    ]
    assert costs.loc["judge", "seconds"] == 1
    assert "| all | 3 | 31 | 20 | 200 |" in render_costs(costs.reset_index(), "Cost")


@pytest.mark.parametrize(
    ("seconds", "seen", "used"),
    [
        (10.0, 4.0, 4.5),  # shared its core
        (10.0, 9.8, 10.0),  # alone; the last look was half a second ago at most
        (200.0, 100.0, 130.0),
        (200.0, 190.0, 200.0),
        (0.3, "-", 0.3),  # over before the engine looked
    ],
)
def test_a_job_costs_what_it_used_of_its_core_and_at_most_its_time(tmp_path, seconds, seen, used):
    row = [seconds, "0:00:00", 10, *"-" * 6, seen]
    text = HEADER + "\t".join(map(str, row)) + "\n"
    (tmp_path / "solve.tsv").write_text(text, encoding="utf-8")
    assert job_costs(tmp_path)["seconds"].item() == used


def test_publish_copies_what_a_run_has_to_show(results, tmp_path):
    written = {path.name for path in publish(results, tmp_path / "figures")}
    assert written == {
        "rates.svg",
        "claims.md",
        "claims.json",
        "manifest.json",
        "costs.tsv",
        "costs.md",
    }
    assert "profile tiny" in (tmp_path / "figures/costs.md").read_text(encoding="utf-8")


def test_the_record_of_a_run_is_published_with_its_costs_or_goes_with_them(results, tmp_path):
    write_sittings(results, [])
    assert tmp_path / "figures/run.json" in publish(results, tmp_path / "figures")
    (results / "run.json").unlink()
    publish(results, tmp_path / "figures")
    assert not (tmp_path / "figures/run.json").exists()


def test_a_figure_that_the_run_does_not_have_is_removed(results, tmp_path):
    target = tmp_path / "figures"
    target.mkdir()
    (target / "old.pdf").write_text("", encoding="utf-8")
    (target / "README.md").write_text("", encoding="utf-8")
    publish(results, target)
    assert not (target / "old.pdf").exists()
    assert (target / "README.md").exists()


def test_the_command_says_what_it_wrote_or_why_it_did_not(results, tmp_path, capsys):
    assert main(["publish", str(results), str(tmp_path / "figures")]) == 0
    assert str(tmp_path / "figures/rates.svg") in capsys.readouterr().out.splitlines()
    (results / "manifest.json").unlink()
    assert main(["publish", str(results), str(tmp_path / "figures")]) == 1
    assert "finish the run" in capsys.readouterr().err


def test_an_unfinished_run_is_not_published(results, tmp_path):
    (results / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError, match="finish the run"):
        publish(results, tmp_path / "figures")


def fail_in_job(path):
    with job_log(path) as log:
        log.say("started")
        log.progress("case", "runs")(5, 5)
        raise RuntimeError("the reason")


@pytest.mark.parametrize(("terminal", "before"), [(True, "\r\x1b[K"), (False, "")])
def test_progress_of_long_work_takes_the_place_of_the_line_of_the_run(
    terminal, before, tmp_path, monkeypatch
):
    now = 0.0
    printed = io.StringIO()
    monkeypatch.setattr(printed, "isatty", lambda: terminal)
    monkeypatch.setattr("sys.stderr", printed)
    monkeypatch.setattr("time.monotonic", lambda: now)
    with job_log(tmp_path / "job.log") as log:
        report = log.progress("case", "runs")
        now = SECONDS_BETWEEN_LINES
        report(1, 5)
    assert printed.getvalue() == f"{before}case: 1 of 5 runs, 0.1/s, 40 s left\n"
    assert "\x1b" not in (tmp_path / "job.log").read_text(encoding="utf-8")


def test_an_error_that_ends_a_job_is_in_its_log(tmp_path):
    with pytest.raises(RuntimeError):
        fail_in_job(tmp_path / "job.log")
    text = (tmp_path / "job.log").read_text(encoding="utf-8")
    assert "started" in text
    assert "case: 5 of 5 runs" in text
    assert "RuntimeError: the reason" in text
