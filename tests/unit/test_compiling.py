"""Compiled code is kept where there is a place for it, and made anew each time elsewhere."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SOURCE = Path(__file__).parents[2] / "src"
KERNELS = [
    "relu_landscape.search.schedule",
    "relu_landscape.search.perturbed",
    "relu_landscape.activation_regions.modular",
    "relu_landscape.activation_regions.training_kernel",
]
MODULE = """
from relu_landscape.compiling import compiled_and_kept

@compiled_and_kept(error_model="numpy")
def twice(x):
    return 2 * x
"""
# A home that cannot be written, by anyone; none at all; and none but a relative path.
HOMES = [{"HOME": os.devnull}, {"HOME": "~"}, {"HOME": os.devnull, "XDG_CACHE_HOME": ""}]


@pytest.fixture
def installation(tmp_path):
    """The library and a module with a compiled function, in folders that keep no compiled code."""
    folder = tmp_path / "site"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tiny.py").write_text(MODULE, encoding="utf-8")
    for package in (folder, *(path.parent for path in folder.rglob("__init__.py"))):
        (package / "__pycache__").touch()  # a file: no folder of this name can be made
    return folder


def run(installation, program, **variables):
    """Run a program in an empty folder; returns what it printed and what it left there."""
    folder = installation.with_name("here")
    folder.mkdir(exist_ok=True)
    names = ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(installation)} | variables,
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    return ran.stdout.strip(), sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("home", HOMES, ids=["unwritable", "none", "relative"])
def test_without_a_place_for_compiled_code_everything_loads_and_compiles(home, installation):
    program = f"import {', '.join(KERNELS)}, tiny; print(tiny.twice(21))"
    assert run(installation, program, **home) == ("42", [])


def test_a_loss_compiles_nothing(installation):
    program = (
        "import sys; from relu_landscape import population_loss;"
        "print(population_loss([[1, 0]], [[1, 0]]), 'numba' in sys.modules)"
    )
    assert run(installation, program, HOME=os.devnull) == ("0.0 False", [])


@pytest.mark.parametrize("home", ["~", os.devnull])
def test_compiled_code_is_kept_where_the_user_says(home, installation, tmp_path):
    place = tmp_path / "place"
    run(installation, "import tiny; tiny.twice(21)", HOME=home, NUMBA_CACHE_DIR=str(place))
    assert list(place.rglob("tiny.twice-*.nbi"))


def test_compiled_code_is_kept_beside_its_source(installation):
    (installation / "__pycache__").unlink()
    run(installation, "import tiny; tiny.twice(21)", HOME="~")
    assert list((installation / "__pycache__").glob("tiny.twice-*.nbi"))


SLOWLY = (
    MODULE
    + """
import time
from numba.extending import overload

def double(x):
    return 2 * x

@overload(double)
def choose(x):
    time.sleep(1.5)
    return lambda x: 2 * x

@compiled_and_kept(error_model="numpy")
def slowly(x):
    return double(x)
"""
)
LOADED = "import tiny; tiny.slowly(21); print(sum(tiny.slowly.stats.cache_hits.values()))"
IMPATIENT = "from relu_landscape import compiling; compiling.LONGEST_WAIT = 0.1;"


@pytest.fixture
def kept(installation):
    """The same with a folder for compiled code, and a function that takes time to compile."""
    (installation / "tiny.py").write_text(SLOWLY, encoding="utf-8")
    (installation / "__pycache__").unlink()
    return installation


def test_of_processes_that_need_the_same_code_one_compiles(kept):
    command = [sys.executable, "-W", "error", "-c", LOADED]
    environment = os.environ | {"PYTHONPATH": str(kept), "HOME": "~"}
    environment.pop("NUMBA_CACHE_DIR", None)
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]
    assert sorted(process.communicate()[0] for process in both) == ["0\n", "1\n"]


def test_a_process_that_was_stopped_keeps_no_other_from_compiling(kept):
    run(kept, "import tiny; tiny.twice(21)", HOME="~")
    (file,) = (kept / "__pycache__").glob("tiny.twice-*.lock")
    with file.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(kept, IMPATIENT + "import tiny; print(tiny.twice(2.0))", HOME="~") == ("4.0", [])
