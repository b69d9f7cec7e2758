"""Where the workflow is run from, and other workflows that import it."""

import os
import subprocess

import pytest
import yaml
from tests.engine import snakemake

from relu_landscape.evidence.plans import planned_jobs

pytestmark = pytest.mark.slow
SMOKE = ("--configfile", "config/smoke.yaml")
FIGURE = "results/smoke/figures/one_neuron"  # drawn two jobs from the start
MODULE = """
configfile: "all my settings.yaml"

module relu:
    snakefile: {}
    config: config["landscape"]

use rule * from relu as relu_*
"""


def importer(folder, snakefile, config):
    """A workflow in a folder of its own that imports one, and has a config of its own."""
    folder.mkdir()
    (folder / "Snakefile").write_text(MODULE.format(snakefile), encoding="utf-8")
    settings = {"other": 1, "landscape": config}
    (folder / "all my settings.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def whole_plan(output):
    """Names and files of the jobs that a run, or a dry run, says it makes."""
    return {(job.name, job.makes) for job in planned_jobs(output)}


def test_an_importer_and_a_run_in_another_folder_plan_what_the_checkout_does(smoke, checkout):
    expected = whole_plan(smoke[1])
    assert len(expected) > 100
    code, output = snakemake(checkout / ".test", "--dry-run")
    assert code == 0, output[-3000:]
    assert "rule relu_write_report:" in output
    assert whole_plan(output) == expected
    other = checkout.with_name("other")
    code, output = snakemake(checkout, "--directory", str(other), *SMOKE, "--dry-run")
    assert code == 0, output[-3000:]
    assert whole_plan(output) == expected


def test_an_importer_draws_the_same_figure(smoke, tmp_path):
    made = smoke[0] / "config/smoke.yaml"
    config = yaml.safe_load(made.read_text(encoding="utf-8"))
    snakefile = os.path.relpath(smoke[0] / "workflow/Snakefile", tmp_path / "other")
    other = importer(tmp_path / "other", repr(snakefile), config)
    code, output = snakemake(other, "--", f"{FIGURE}.svg")
    assert code == 0, output[-3000:]
    assert "rule relu_plot_figure:" in output
    for ending in ("svg", "csv"):
        path = f"{FIGURE}.{ending}"
        assert (other / path).read_bytes() == (smoke[0] / path).read_bytes()


def test_a_config_of_an_importer_is_told_by_the_file_that_gives_it(checkout, tmp_path):
    other = importer(tmp_path / "other", repr(f"{checkout}/workflow/Snakefile"), {"profile": "a"})
    code, output = snakemake(other, "--dry-run")
    assert code != 0
    assert "The config cannot be used:\n  the config that Snakefile gives: " in output
    assert "Traceback" not in output


def git(folder, *arguments):
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.strip()


def test_a_module_that_is_read_from_a_host_is_refused(checkout, tmp_path, monkeypatch):
    """The host is not asked: the clone of its repository lies where the engine keeps such."""
    repository = checkout / "workflow"
    git(repository, "init")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "The rules")
    caches = "snakemake/snakemake/source-cache/snakemake-git-cache/github.com/somebody"
    (tmp_path / caches).mkdir(parents=True)
    git(tmp_path, "clone", "--bare", str(repository), f"{caches}/relu")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    commit = git(repository, "rev-parse", "HEAD")
    hosted = f'github("somebody/relu", path="Snakefile", commit="{commit}")'
    assert_refused(
        importer(tmp_path / "other", hosted, {}), [], ["github.com/somebody/relu", "clone"]
    )


def test_a_path_that_a_shell_takes_apart_is_refused(checkout, tmp_path):
    renamed = checkout.rename(tmp_path / "a check'out")
    assert_refused(renamed, SMOKE, [str(tmp_path), "' '", "move or rename"])
    renamed.rename(checkout)


def assert_refused(folder, arguments, words):
    code, output = snakemake(folder, *arguments)
    assert code != 0
    lines = [line for line in output.splitlines() if not line.startswith("Using workflow specific")]
    assert len(lines) == 1, output
    assert all(word in lines[0] for word in ("The study cannot run", *words)), output
