"""The profiles, and configs that cannot be used: one message, before any job starts."""

import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.engine import shell, snakemake

from relu_landscape.__main__ import main
from relu_landscape.evidence.plans import planned_jobs
from relu_landscape.search import PROTOCOLS
from relu_landscape.settings.whole import config_faults

ROOT = Path(__file__).parents[2]
SMOKE = (ROOT / "config/smoke.yaml").read_text(encoding="utf-8")
PROFILES = ("smoke", "quick", "paper")


def load(profile):
    return yaml.safe_load((ROOT / f"config/{profile}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("profile", PROFILES)
def test_profiles_can_be_used_and_bear_the_names_of_their_files(profile):
    config = load(profile)
    assert config_faults(config, profile) == []
    assert config["profile"] == profile


@pytest.mark.parametrize("profile", PROFILES)
def test_protocols_of_the_library_are_in_the_profiles_as_they_are(profile):
    """A study may have one of its own beside them."""
    records = {record["name"]: record for record in load(profile)["protocols"]}
    for name, protocol in PROTOCOLS.items():
        assert vars(protocol) == records[name]


# How a bad profile is written, and words that the message must have, its file among them.
BAD = {
    "unknown key": (SMOKE + "colour: 1\n", ["config/bad.yaml: colour: unknown key"]),
    "missing key": (SMOKE.replace("studies:", "audits:"), ["config/bad.yaml: studies: is missing"]),
    "key twice": (SMOKE + "profile: other\n", ["config/bad.yaml, line ", "'profile'", "twice"]),
    "misfit": (
        SMOKE.replace("last_k: 9", "last_k: 8"),
        ["config/bad.yaml: safran.", "empty range"],
    ),
    "name of another": (SMOKE, ["config/bad.yaml: profile: is 'smoke'", "'bad'"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_configs_are_refused(name, tmp_path, monkeypatch, capsys):
    text, words = BAD[name]
    (tmp_path / "config").mkdir()
    (tmp_path / "config/bad.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert_refused(main(["check-config", "config/bad.yaml"]), capsys.readouterr().err, words)


@pytest.mark.slow
def test_a_bad_config_is_refused_before_any_job(checkout):
    bad = SMOKE.replace("[safran,", "[nobody2030,").replace("profile: smoke", "profile: bad")
    (checkout / "config/bad.yaml").write_text(bad, encoding="utf-8")
    code, output = snakemake(checkout, "--configfile", "config/bad.yaml")
    assert_refused(code, output, ["config/bad.yaml: studies[0]", "nobody2030", "safran"])
    assert "The config cannot be used" in output


@pytest.mark.slow
def test_a_value_of_the_command_line_is_told_as_such(checkout):
    code, output = snakemake(checkout, "--config", "studies=safran")
    assert_refused(code, output, ["config/quick.yaml with --config: studies: is 'safran'"])


@pytest.mark.slow
def test_bad_claims_are_refused_before_any_job(checkout):
    path = checkout / "claims/safran2018.yaml"
    good = path.read_text(encoding="utf-8")
    assert "test: bad_run_rate\n" in good
    bad = good.replace("test: bad_run_rate\n", "test: bad_run_rat\n", 1)
    path.write_text(bad, encoding="utf-8")
    code, output = snakemake(checkout, "--configfile", "config/smoke.yaml")
    words = ["claims/safran2018.yaml: claim 'safran2018_bad_run_rate': no test", "did you mean"]
    assert_refused(code, output, words)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("profile", "content", "words"),
    [
        ("bad", b"\x89PNG\r\n\x1a\n", ["config/bad.yaml: is not UTF-8 text"]),
        ("bad", b"safran:\n\tsearches: []\n", ["config/bad.yaml, line 2", "not with tabs"]),
        ("bad", b"", ["config/bad.yaml: the configuration is empty"]),
        ("none", b"", ["config/none.yaml: there is no such file", "paper.yaml", "smoke.yaml"]),
    ],
)
def test_make_refuses_what_snakemake_cannot_read(profile, content, words, checkout):
    (checkout / "config/bad.yaml").write_bytes(content)
    code, output = make_study(checkout, profile)
    assert_refused(code, output, words)


@pytest.mark.slow
def test_an_estimate_without_a_plan_ends_with_what_snakemake_said(checkout):
    code, output = make(checkout, "estimate", "PROFILE=smoke", "STUDY=nobody2030")
    assert_refused(code, output, ["no study 'nobody2030'", "activation_regions"])
    assert "Nothing is left" not in output


def test_make_paper_is_the_study_of_the_paper_profile():
    plan = recipe("paper")
    assert plan.count("--configfile config/paper.yaml") == 2  # the estimate, then the run
    assert "quick.yaml" not in plan


def test_the_estimate_of_a_run_is_kept_where_its_one_line_looks_for_it():
    plan = recipe("study", "PROFILE=mine")
    assert "--keep results/mine " in plan
    assert plan.count("--logger one-line --logger-one-line-results results/mine") == 1
    alone = recipe("estimate", "PROFILE=mine")
    assert "--keep" not in alone
    assert "--logger" not in alone


def test_a_run_in_another_folder_is_planned_and_reported_there():
    plan = recipe("study", "PROFILE=mine", "DIRECTORY=/some/where")
    assert plan.count("--directory /some/where ") == 2  # the estimate, then the run
    assert "--keep /some/where/results/mine " in plan
    assert "--logger-one-line-results /some/where/results/mine" in plan
    assert "cost /some/where/results/mine " in plan
    assert "cat /some/where/results/mine/claims/" in recipe(
        "claim", "PROFILE=mine", "CLAIM=some", "DIRECTORY=/some/where"
    )


def recipe(*arguments):
    """The commands that make would run."""
    command = ["make", "--dry-run", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout


def make_study(checkout, profile):
    return make(checkout, "study", f"PROFILE={profile}")


def make(checkout, *arguments):
    return shell(checkout, shlex.join(["make", *arguments]))


def assert_refused(code, output, words):
    assert code != 0
    assert all(word in output for word in words), output
    assert "Traceback" not in output
    assert 'File "' not in output
    assert "rule " not in output


@pytest.mark.slow
def test_paper_plans_jobs_and_all_of_them_are_in_its_estimate(checkout):
    code, output = snakemake(checkout, "--dry-run", "--configfile", "config/paper.yaml")
    assert code == 0, output[-3000:]
    total = next(line for line in output.splitlines() if line.startswith("total"))
    jobs = [job.name for job in planned_jobs(output)]
    assert len(set(jobs)) == len(jobs) == int(total.split()[1]) - 1 > 500  # "all" runs nothing
