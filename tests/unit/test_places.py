"""Where a study can run, on how many cores, and what ends before it starts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from relu_landscape.__main__ import main
from relu_landscape.evidence.checkout import cores_of, unusable_place

ROOT = Path(__file__).parents[2]
HERE = Path(sys.executable)
# As root, an ordinary process is one without root's powers.
WITHOUT_POWERS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]


@pytest.mark.parametrize(
    "name", ["été", "e\u0301te\u0301", "日本", *(f"a{char}b" for char in "._-+@%,=^~#!")]
)
def test_letters_of_any_script_and_a_few_signs_are_harmless(name, tmp_path):
    (tmp_path / name).mkdir()
    assert unusable_place(*[tmp_path / name] * 2, tmp_path / name / "python") is None


@pytest.mark.parametrize("char", [*" \t\n'\"`$;&|<>()*?[]{}:\\"])
def test_a_path_that_a_shell_takes_apart_is_refused(char, tmp_path):
    folder = tmp_path / f"a{char}b"
    folder.mkdir()
    faults = {
        "checkout": unusable_place(tmp_path, folder, HERE),
        "folder of the run": unusable_place(folder, tmp_path, HERE),
        "interpreter": unusable_place(tmp_path, tmp_path, folder / "python"),
    }
    for what, fault in faults.items():
        assert f"the path of the {what}" in fault
        assert repr(char) in fault
        assert "move or rename" in fault
        assert "\n" not in fault


@pytest.fixture
def read_only(tmp_path):
    folder = tmp_path / "read_only"
    folder.mkdir(mode=0o555)
    yield folder
    folder.chmod(0o755)


def test_a_checkout_that_cannot_be_written_is_refused(read_only):
    command = [sys.executable, "-m", "relu_landscape", "check-place"]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root can write everywhere, and there is no setpriv to give that up")
        command = [*WITHOUT_POWERS, *command]
    ran = subprocess.run(
        command,
        cwd=read_only,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 1
    assert str(read_only) in ran.stderr
    assert "copy the checkout to one" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_check_place_is_about_the_folder_it_runs_in(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["check-place", "python"]) == 0
    assert str(tmp_path) in capsys.readouterr().out
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path / "a b")
    assert main(["check-place"]) == 1
    assert "check-place: the path of the checkout" in capsys.readouterr().err


def test_all_cores_are_those_of_this_process(monkeypatch):
    for threads in ("1", "1000"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        assert cores_of("all") == len(os.sched_getaffinity(0))
    assert cores_of("3") == 3


@pytest.mark.parametrize("text", ["0", "-1", "x", "2.5", "", "all of them", "²"])
def test_other_cores_are_refused_in_one_line(text, capsys):
    assert main(["check-config", str(ROOT / "config/smoke.yaml"), f"--cores={text}"]) == 1
    said = capsys.readouterr().err
    assert said == f"check-config: cores are {text!r}; allowed: a whole number from 1, or all\n"


def test_an_estimate_asks_for_cores_before_it_reads_a_plan(capsys):
    assert main(["estimate", "costs.tsv", "--cores=0"]) == 1
    assert "cores are '0'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("command", ["dictionary", "figures"])
def test_a_reader_that_has_enough_ends_a_command_without_a_word(command):
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [sys.executable, "-m", "relu_landscape", command],
        stdout=writer,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    os.close(writer)
    assert ran.stderr == ""


def test_a_config_is_checked_outside_a_checkout(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "config/smoke.yaml", tmp_path)
    assert main(["check-config", "smoke.yaml"]) == 0
    assert "can be used" in capsys.readouterr().out


@pytest.mark.slow
def test_an_installed_library_checks_a_config_without_a_checkout(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src/relu_landscape", tmp_path / "relu_landscape", ignore=ignored)
    command = [sys.executable, "-m", "relu_landscape", "check-config", ROOT / "config/smoke.yaml"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    options = {"env": environment, "capture_output": True, "encoding": "utf-8"}
    elsewhere = subprocess.run(command, cwd=tmp_path, **options)
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert "can be used" in elsewhere.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["archive", "results/quick", "quick.zip"],
        ["recheck", "quick.zip"],
        ["claims", "costs.tsv"],
        ["theorems", "published"],
    ],
)
def test_what_the_installed_package_lacks_is_told_in_one_line(
    arguments, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path} is no checkout of ReLU Landscape" in said
    assert "Snakefile, claims, figures, published" in said
    assert said.count("\n") == 1
