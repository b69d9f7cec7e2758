"""Copies of the checkout, and the engine in them: started, watched, killed."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from relu_landscape.evidence.manifest import git_state

ROOT = Path(__file__).parents[1]
PATIENCE = 900  # seconds; a whole smoke run on two busy cores takes less


def copy_checkout(target: Path) -> Path:
    """Copy what git tracks, and what it would, into `target`, which is no git repository.

    From an unpacked archive, which git knows nothing of, all is copied but what git would ignore.
    """
    if git_state(ROOT)["revision"] is None:
        ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").replace("/\n", "\n").split()
        return Path(shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".git", *ignored)))
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-coz", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split(b"\0")):
        source = ROOT / os.fsdecode(name)
        if source.is_file():
            destination = target / os.fsdecode(name)
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, destination)
    return target


def share_compiled(checkout: Path) -> Path:
    """Let a copy and this checkout use what either compiles, by the times of their sources.

    What is changed in the copy has another time and is compiled anew. The engine finds the digests
    of the code, too, if it was started here. Returns the copy.
    """
    for source in (ROOT / "src").rglob("*.py"):
        copy = checkout / source.relative_to(ROOT)
        shutil.copystat(source, copy)
        shared, link = source.parent / "__pycache__", copy.parent / "__pycache__"
        shared.mkdir(exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(shared)
    digests = Path(".snakemake/science.json")
    if (ROOT / digests).exists():
        (checkout / digests).parent.mkdir()
        shutil.copy(ROOT / digests, checkout / digests)
    return checkout


def start_python(
    checkout: Path, *arguments: str, variables: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start python in a checkout, in a process group of its own; `printed` reads its output.

    `variables` are added to the environment.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    # Not a pipe: a run stops at a full one, and its starter need not read. Not in the checkout
    # either, whose disk may be small or gone by then.
    with log_of(checkout).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=checkout,
            env=environment | dict(variables or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def start_snakemake(
    checkout: Path, *arguments: str, variables: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start snakemake in a checkout, as `start_python` does."""
    engine = ("-m", "snakemake", "--cores", "2")
    return start_python(checkout, *engine, *arguments, variables=variables)


def shell(checkout: Path, command: str) -> tuple[int, str]:
    """Run a command in a checkout as a reader would; returns its exit code and what it printed.

    For the environment that make builds stands the one of this test.
    """
    built, programs = checkout.with_name("built"), Path(sys.executable).parent
    built.mkdir(exist_ok=True)
    (built / ".ready").touch()
    made = subprocess.run(
        ["sh", "-c", command],
        cwd=checkout,
        env=os.environ
        | {
            "MAKEFLAGS": f"VENV={built} BIN={programs}",
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(checkout / "src"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return made.returncode, made.stdout


def log_of(checkout: Path) -> Path:
    """The file, beside a checkout, for what the last run in it prints."""
    return checkout.with_name(f"{checkout.name}.log")


def printed(checkout: Path) -> str:
    """What the last run in a checkout has printed so far."""
    return log_of(checkout).read_text(encoding="utf-8", errors="replace")


def snakemake(checkout: Path, *arguments: str) -> tuple[int, str]:
    """Run snakemake in a checkout; returns its exit code and what it printed."""
    code = start_snakemake(checkout, *arguments).wait()
    return code, printed(checkout)


def most_threads(process: subprocess.Popen[bytes]) -> int:
    """Wait for a run to end; returns the largest number of threads that its main process had."""
    status, most = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        with suppress(OSError):  # it ends
            threads = re.search(
                r"^Threads:\s+(\d+)$", status.read_text(encoding="utf-8"), re.MULTILINE
            )
            most = max(most, int(threads[1]) if threads else 0)
        time.sleep(0.5)
    return most


def kill(process: subprocess.Popen[bytes]) -> bool:
    """Kill a run with all of its processes; returns whether it had not ended by itself before."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def kill_once(
    checkout: Path,
    happened: Callable[[], object],
    *arguments: str,
) -> None:
    """Start a run and kill it once something happened; fails, with its output, if it ends before.

    It fails as well if nothing happens for long.
    """
    process = start_snakemake(checkout, *arguments)
    end = time.monotonic() + PATIENCE
    try:
        while not happened():
            assert process.poll() is None, f"it ended by itself:\n{printed(checkout)[-5000:]}"
            assert time.monotonic() < end, f"in vain for {PATIENCE} s:\n{printed(checkout)[-5000:]}"
            time.sleep(0.05)
    finally:
        killed = kill(process)
    assert killed, f"it ended by itself:\n{printed(checkout)[-5000:]}"


def stamps(files: list[Path]) -> dict[Path, tuple[int, int]]:
    """What changes with every rewriting of a file, even with the same bytes: inode and time."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def stamps_of_checkout(checkout: Path) -> dict[Path, tuple[int, int]]:
    """The same for all files of a checkout but records of the engine and compiled code."""
    hidden = {".snakemake", "__pycache__"}
    files = [path for path in checkout.rglob("*") if path.is_file()]
    return stamps([path for path in files if hidden.isdisjoint(path.parts)])
