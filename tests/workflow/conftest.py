"""Copies of the checkout in which the workflow runs, and one finished smoke run."""

import fcntl
import os
import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.engine import (
    copy_checkout,
    kill_once,
    most_threads,
    printed,
    share_compiled,
    snakemake,
    stamps,
    stamps_of_checkout,
    start_snakemake,
)


@pytest.fixture
def checkout(tmp_path):
    """A checkout of this test alone, in which nothing was run."""
    yield share_compiled(copy_checkout(tmp_path / "checkout"))
    shutil.rmtree(tmp_path / "checkout")


@dataclass(frozen=True)
class SmokeRun:
    """A whole smoke run, killed once on its way and taken up again.

    kept: the restarts that were finished when the run was killed, with their stamps; printed: by
    both sittings; threads: the most that the engine had in the second.
    """

    checkout: Path
    kept: dict[Path, tuple[int, int]]
    printed: str
    threads: int


def finished_restarts(results: Path) -> list[Path]:
    """The restart tables of what is classified: their jobs ended before that began."""
    spans = [path.stem for path in results.glob("classes/*.parquet")]
    return [path for span in spans for path in results.glob(f"restarts/*/{span}/*.parquet")]


def make_smoke_run(checkout: Path) -> SmokeRun:
    """Run smoke, kill it once some restarts are finished, and run it to its end."""
    share_compiled(copy_checkout(checkout))
    results, smoke = checkout / "results/smoke", ("--configfile", "config/smoke.yaml")
    # On one core: of jobs that begin together, one would wait for code that the other compiles.
    one_core = ("--cores", "1")
    kill_once(checkout, lambda: finished_restarts(results), *smoke, *one_core)
    assert not (results / "claims.json").exists()
    kept = stamps(finished_restarts(results))
    before = printed(checkout)
    assert snakemake(checkout, "--unlock")[0] == 0
    process = start_snakemake(checkout, *smoke)
    threads = most_threads(process)
    assert process.wait() == 0, printed(checkout)[-5000:]
    return SmokeRun(checkout, kept, f"{before}\n{printed(checkout)}", threads)


@pytest.fixture(scope="session")
def smoke_run(tmp_path_factory):
    """The one smoke run of all tests; the first process that asks makes it, and others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    checkout, made = folder / "smoke", folder / "smoke.pickle"
    with (folder / "smoke.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(checkout, ignore_errors=True)
            made.write_bytes(pickle.dumps(make_smoke_run(checkout)))
    return pickle.loads(made.read_bytes())


@pytest.fixture(scope="session")
def smoke(smoke_run):
    """The checkout after a whole smoke run, which no test may change, with what the run printed."""
    checkout = smoke_run.checkout
    before = stamps_of_checkout(checkout)
    yield checkout, smoke_run.printed
    after = stamps_of_checkout(checkout)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert not changed, "a test changed the finished run; it needs finished_copy instead"


@pytest.fixture
def finished_copy(smoke, tmp_path):
    """A copy of the checkout after the smoke run, for a test that changes it."""
    # With times and the records of the engine, so that it has nothing to do here either.
    yield Path(shutil.copytree(smoke[0], tmp_path / "finished", symlinks=True))
    shutil.rmtree(tmp_path / "finished")
