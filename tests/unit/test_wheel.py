"""The wheel carries what the package needs, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", folder], cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as members:
        yield members


@pytest.mark.slow
def test_the_wheel_holds_all_files_of_the_source_and_no_other(wheel):
    source = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".egg-info" not in str(path)
    }
    assert any(not name.endswith(".py") for name in source)
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == source


@pytest.mark.slow
def test_the_wheel_installs_the_command(wheel):
    (entries,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert b"relu-landscape = relu_landscape.__main__:run" in wheel.read(entries)


def run_without(modules, command):
    """One command in a process that cannot import these modules."""
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({modules}));"
        f"from relu_landscape.__main__ import main; sys.exit(main({command.split()}))"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("command", ["recheck a.zip", "archive results a.zip"])
def test_a_command_without_its_extra_says_which_one_is_missing(command):
    ran = run_without(["matplotlib", "rocrate"], command)
    assert ran.returncode == 1
    assert ran.stderr.endswith("is missing: install this package with its extra named study\n")


def test_a_missing_module_that_no_extra_brings_is_not_hidden():
    assert "ModuleNotFoundError" in run_without(["pandas"], "catalogue k13-n13").stderr
