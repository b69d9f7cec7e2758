"""The profile for Slurm: it loses nothing of the default one, and its groups can be submitted."""

import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEFAULT, SLURM = (
    yaml.safe_load((ROOT / f"profiles/{name}/config.yaml").read_text(encoding="utf-8"))
    for name in ("default", "slurm")
)
GROUPS = SLURM["groups"]
RULES = {
    name
    for path in (ROOT / "workflow/rules").glob("*.smk")
    for name in re.findall(r"^rule (\w+):", path.read_text(encoding="utf-8"), re.MULTILINE)
}


def test_nothing_of_the_default_profile_is_lost():
    """A named profile replaces the default one; only how many cores there are differs."""
    kept = {key: value for key, value in DEFAULT.items() if key != "cores"}
    assert kept == {key: SLURM.get(key) for key in kept}
    assert DEFAULT.keys() <= SLURM.keys()


def test_every_script_has_a_digest_where_the_engine_does_not_look_at_its_time():
    triggers = {"mtime", "params", "input", "software-env"}
    assert set(DEFAULT["rerun-triggers"]) == set(SLURM["rerun-triggers"]) == triggers
    scripts = []
    for path in (ROOT / "workflow/rules").glob("*.smk"):
        text = path.read_text(encoding="utf-8")
        for rule in re.split(r"^ *rule\b", text, flags=re.MULTILINE)[1:]:
            (script,) = re.findall(r'script:\s+"../scripts/(\w+)\.py"', rule)
            scripts.append(script)
            digest = r"\*\*step\(" if script == "run_step" else "science="
            assert re.search(rf"params:(?:\s+#.*)*\s+{digest}", rule), (path.name, rule[:60])
    assert set(scripts) == {path.stem for path in (ROOT / "workflow/scripts").glob("*.py")}


def test_partition_and_account_are_left_to_the_user():
    text = yaml.safe_dump(SLURM)
    assert "slurm_partition" not in text
    assert "slurm_account" not in text


def test_every_rule_in_a_group_exists():
    """Those that collect what others made in parts are made in a loop: see the graph below."""
    assert {rule for rule in GROUPS if not rule.startswith("collect_")} <= RULES


def test_every_group_says_how_many_jobs_are_one():
    assert set(GROUPS.values()) == SLURM["group-components"].keys()
    assert all(count > 1 for count in SLURM["group-components"].values())


def test_jobs_of_less_than_a_minute_are_in_a_group():
    """By the longest job of each rule of quick, in the published runs of quick and paper."""
    quick, paper = (
        pd.read_csv(ROOT / f"figures/{profile}/costs.tsv", sep="\t")
        for profile in ("quick", "paper")
    )
    for jobs in (quick, paper):
        collects = jobs["rule"] == "collect"
        jobs.loc[collects, "rule"] = jobs.loc[collects, "job"].str.replace("/", "_")
    longest = pd.concat([quick, paper]).groupby("rule")["seconds"].max()
    short = {rule for rule in quick["rule"] if longest[rule] < 60}
    made_here = {"write_report"}  # a local rule
    assert short - made_here - GROUPS.keys() == set(), "name them in profiles/slurm/config.yaml"


@pytest.mark.slow
def test_no_group_waits_for_itself():
    """The rules with each group drawn together: an acyclic graph, or jobs would wait for ever."""
    run = subprocess.run(
        [sys.executable, "-m", "snakemake", "--configfile", "config/paper.yaml", "--rulegraph"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    names = dict(re.findall(r'^\s*(\d+)\[label = "(\w+)"', run.stdout, re.MULTILINE))
    assert names.keys() >= {"0"}
    assert GROUPS.keys() <= set(names.values())
    needs: dict[str, set[str]] = {}
    for source, target in re.findall(r"(\d+) -> (\d+)", run.stdout):
        before, after = (GROUPS.get(names[node], names[node]) for node in (source, target))
        if before != after:
            needs.setdefault(after, set()).add(before)
    assert needs  # a graph without edges has no cycle either
    list(TopologicalSorter(needs).static_order())
