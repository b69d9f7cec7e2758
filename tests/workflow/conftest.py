"""A copy of the checkout in which the workflow runs, and one finished smoke run in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def copy_checkout(target: Path) -> Path:
    """Copy what git tracks, and what it would, into `target`, as a git checkout of its own."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        source = ROOT / name
        if source.is_file():
            destination = target / name
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, destination)
    return target


def start_snakemake(checkout: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start snakemake in a checkout, in a process group of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def snakemake(checkout: Path, *arguments: str) -> tuple[int, str]:
    """Run snakemake in a checkout; returns its exit code and what it printed."""
    process = start_snakemake(checkout, *arguments)
    output, _ = process.communicate()
    return process.returncode, output


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="session")
def smoke(checkout):
    """The checkout after a whole smoke run, with what the run printed."""
    code, output = snakemake(checkout, "--configfile", "config/smoke.yaml")
    assert code == 0, output[-5000:]
    return checkout, output
