"""Where the workflow is run from."""

import pytest
from tests.engine import snakemake

pytestmark = pytest.mark.slow
SMOKE = ("--configfile", "config/smoke.yaml")
MODULE = """
module relu:
    snakefile: "{}"
    config: {{}}

use rule * from relu
"""


def assert_refused(checkout, arguments, words):
    code, output = snakemake(checkout, *arguments)
    assert code != 0
    lines = [line for line in output.splitlines() if not line.startswith("Using workflow specific")]
    assert len(lines) == 1, output
    assert all(word in lines[0] for word in ("The study cannot run", *words)), output


def test_the_folder_of_a_run_is_that_of_its_snakefile(checkout, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    words = [str(other), f"run snakemake in {checkout}"]
    assert_refused(other, ["--snakefile", str(checkout / "Snakefile")], words)
    assert_refused(checkout, ["--directory", str(other)], words)


def test_a_workflow_that_uses_this_one_is_refused(checkout, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "Snakefile").write_text(MODULE.format(checkout / "Snakefile"), encoding="utf-8")
    words = ["part of another workflow", f"run snakemake in {checkout}"]
    assert_refused(other, [], words)


def test_a_path_that_a_shell_takes_apart_is_refused(checkout, tmp_path):
    renamed = checkout.rename(tmp_path / "a check'out")
    assert_refused(renamed, SMOKE, [str(tmp_path), "' '", "move or rename"])
    renamed.rename(checkout)
