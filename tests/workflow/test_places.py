"""Where the workflow is run from, and what the user who runs it has set."""

import json
import shutil
import subprocess

import pytest

from .conftest import snakemake

pytestmark = pytest.mark.slow
SMOKE = ("--configfile", "config/smoke.yaml")
FIGURE, NOTEBOOK = "results/smoke/figures/family_losses.svg", "results/smoke/notebooks/symmetry"
MODULE = """
module relu:
    snakefile: "{}"
    config: {{}}

use rule * from relu
"""
# A locale whose encoding is not UTF-8, the files it is made of, and text that it reads otherwise.
LOCALES = {"ja_JP.eucJP": ("ja_JP", "EUC-JP"), "de_DE.iso88591": ("de_DE", "ISO-8859-1")}


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


@pytest.mark.parametrize("locale", LOCALES)
def test_a_finished_run_has_nothing_to_do_in_any_locale(locale, smoke, tmp_path, monkeypatch):
    """A caption that is read otherwise would draw its figure anew."""
    if shutil.which("localedef") is None:
        pytest.skip("no localedef, which makes a locale")
    language, encoding = LOCALES[locale]
    command = ["localedef", "-i", language, "-f", encoding, tmp_path / locale]
    if subprocess.run(command, capture_output=True).returncode > 1:  # 1 is a warning
        pytest.skip(f"localedef has no sources of {locale}")
    monkeypatch.setenv("LOCPATH", str(tmp_path))
    monkeypatch.setenv("LC_ALL", locale)
    code, output = snakemake(smoke[0], *SMOKE, "--dry-run")
    assert code == 0, output[-3000:]
    assert "Nothing to be done" in output


def test_settings_of_the_user_change_neither_figures_nor_notebooks(
    finished_copy, tmp_path, monkeypatch
):
    user = tmp_path / "user"
    (user / "kernels/python3").mkdir(parents=True)
    kernel = {"argv": ["false"], "display_name": "other", "language": "python"}
    (user / "kernels/python3/kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
    settings = "text.usetex: True\naxes.grid: True\nsavefig.bbox: tight\n"
    (user / "matplotlibrc").write_text(settings, encoding="utf-8")
    shutil.copy(user / "matplotlibrc", finished_copy)  # matplotlib reads the one here first
    monkeypatch.setenv("MPLBACKEND", "nosuch")
    monkeypatch.setenv("MATPLOTLIBRC", str(user / "matplotlibrc"))
    monkeypatch.setenv("JUPYTER_PATH", str(user))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(user))
    before = (finished_copy / FIGURE).read_bytes()
    outputs = [FIGURE, f"{NOTEBOOK}.html"]
    code, output = snakemake(finished_copy, *SMOKE, "--force", "--", *outputs)
    assert code == 0, output[-5000:]
    assert "2 of 2 steps" in output
    assert (finished_copy / FIGURE).read_bytes() == before
