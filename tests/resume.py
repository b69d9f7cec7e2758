"""Kill, starve and damage runs of smoke, and see that nothing is lost: make test-resume.

One run is killed again and again at random moments, with its whole process
group. A finished run is taken up from a fresh clone, without its raw weights, and there is nothing
to do. Then, each time in a copy of a finished checkout: a study is run anew on a disk that fills,
or a file of the results that some rule reads is truncated, emptied or has a flipped bit, and what
depends on it is run. The next run must either repair that, or refuse with a message that says what
to do; that is done, and the one after must succeed. At the end of each trial there must be the
tables of an undisturbed run, all equal but the one of times, and the damaged file must be as it was
or gone. A run that ended before anything befell it counts by itself, and so does damage to bytes
that say nothing.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

from tests.engine import copy_checkout, kill, printed, snakemake, start_snakemake
from tests.workflow.test_smoke import SMOKE, STUDIES

from relu_landscape.evidence.documents import read_json
from relu_landscape.storage import DamagedFile
from relu_landscape.tables.files import read_table

Outcome: TypeAlias = tuple[str, str]  # what was done, and what came of it

RESULTS = Path("results/smoke")
MANIFEST, LEDGER = (f"{RESULTS}/{name}.json" for name in ("manifest", "claims"))
OUTPUT, INPUTS = 0, 4  # columns of `snakemake --detailed-summary`
ADVICE = re.compile(r"(results/\S+) is damaged: .* Delete it and run again")
DISK_FULL = "No space left on device"
# A table as `snakemake --summary` lists it, and the one of times.
TABLE = re.compile(r"^results/smoke/(?:tables|statistics)/(\w+\.parquet)\t", re.MULTILINE)
TIMES = "proof_times.parquet"
REPAIRED, REFUSED, LOST = "repaired", "refused, then repaired", "LOST"
UNDISTURBED, HARMLESS = "finished by itself", "without effect"


def tables_of(results: Path) -> dict[str, object]:
    """All tables but the one of times, which differ from run to run."""
    paths = [*results.glob("tables/*.parquet"), *results.glob("statistics/*.parquet")]
    return {path.name: read_table(path) for path in sorted(paths) if path.name != TIMES}


def planned_tables(checkout: Path, *arguments: str) -> set[str]:
    """The names that `tables_of` finds after a whole run with these arguments."""
    code, summary = snakemake(checkout, *arguments, "--summary")
    assert code == 0, summary[-3000:]
    return set(TABLE.findall(summary)) - {TIMES}


class Lost(Exception):
    """A run that neither repairs what was done to an earlier one nor says what to do."""


def main() -> int:
    """Run the trials and print what came of them."""
    options = parse_options()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="resume-") as folder:
        site = Site(Path(folder), options.studies)
        if options.kills:
            kill_runs(site, options.kills, draw)
        site.judge("fresh clone", lambda: sit_in_fresh_clone(site))
        for number in range(options.disks):
            study = options.studies[number % len(options.studies)]
            site.judge("full disk", lambda study=study: fill_disk(site, study, draw))
        for kind in DAMAGES:
            for _ in range(options.damages):
                site.judge(kind, lambda kind=kind: damage_file(site, kind, draw))
    print(site.summary())
    return 1 if site.counts[LOST] else 0


def parse_options() -> argparse.Namespace:
    """The numbers of trials, and the seed of the moments, files and bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", nargs="+", default=STUDIES, help="default: all")
    parser.add_argument("--kills", type=int, default=20, help="moments of a kill (default: 20)")
    parser.add_argument("--disks", type=int, default=3, help="runs on a full disk (default: 3)")
    parser.add_argument("--damages", type=int, default=10, help="files per damage (default: 10)")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (default: 1)")
    return parser.parse_args()


@contextmanager
def about(what: str) -> Iterator[None]:
    """Say with each loss what it is about."""
    try:
        yield
    except Lost as loss:
        raise Lost(f"{what}: {loss}") from loss


class Site:
    """An undisturbed run to compare with, a place for trials, and what came of them."""

    def __init__(self, folder: Path, studies: Sequence[str]) -> None:
        self.arguments = of_studies(*studies)
        self.disk = folder / "disk"
        self.trial = folder / "trial"
        self.warm = copy_checkout(folder / "warm")
        start = time.monotonic()
        code, output = snakemake(self.warm, *self.arguments)
        if code != 0:
            raise SystemExit(f"the undisturbed run failed:\n{output[-5000:]}")
        self.seconds = time.monotonic() - start
        self.tables = tables_of(self.warm / RESULTS)
        self.files = files_read(self.warm, *self.arguments)
        self.counts: Counter[str] = Counter()
        print(f"an undisturbed run: {self.seconds:.0f} s, {len(self.tables)} tables", flush=True)

    def copy(self) -> Path:
        """A copy of the checkout with the results of the undisturbed run."""
        shutil.rmtree(self.trial, ignore_errors=True)
        return Path(shutil.copytree(self.warm, self.trial))

    def copy_without_results(self) -> Path:
        """A copy of the checkout, its code compiled, in which nothing was run."""
        copy = self.copy()
        shutil.rmtree(copy / "results")
        shutil.rmtree(copy / ".snakemake")
        return copy

    def compare(self, checkout: Path, names: Set[str]) -> None:
        """Raise Lost unless a checkout has just these tables, as the undisturbed run made them."""
        try:
            found = tables_of(checkout / RESULTS)
        except DamagedFile as error:
            raise Lost(f"nothing noticed that {error}") from error
        wrong = names ^ found.keys()
        wrong |= {name for name in names - wrong if not found[name].equals(self.tables[name])}
        if wrong:
            raise Lost(f"other tables than without the disturbance: {', '.join(sorted(wrong))}")

    def has_file(self, checkout: Path, name: str) -> bool:
        """Whether a file is as the undisturbed run made it, or gone; Lost if its content is not."""
        made, found = self.warm / name, checkout / name
        if not found.exists() or found.read_bytes() == made.read_bytes():
            return True
        try:
            same = same_content(found, made)
        except DamagedFile as error:
            raise Lost(f"nothing noticed that {error}") from error
        if not same:
            raise Lost("nothing noticed the damage, which changed the content")
        return False

    def judge(self, kind: str, trial: Callable[[], Outcome]) -> str:
        """Run a trial, which returns what was done and what came of it; count and print both."""
        try:
            what, outcome = trial()
        except Lost as loss:
            what, outcome = str(loss), LOST
        self.counts[f"{kind}: {outcome}"] += 1
        self.counts[outcome] += 1
        print(f"{kind}, {what}: {outcome}", flush=True)
        return outcome

    def summary(self) -> str:
        """The counts, by kind of trial and in all."""
        kinds = [f"{key}: {count}" for key, count in self.counts.items() if ": " in key]
        possible = (REPAIRED, REFUSED, UNDISTURBED, HARMLESS, LOST)
        outcomes = {outcome: self.counts[outcome] for outcome in possible}
        said = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
        return "\n".join([*kinds, f"{sum(outcomes.values())} trials: {said}"])


def of_studies(*studies: str) -> tuple[str, ...]:
    """What the engine is told, to run these studies of smoke."""
    return (*SMOKE, "--config", f"studies=[{','.join(studies)}]")


def files_read(checkout: Path, *arguments: str) -> list[str]:
    """The files of a finished run that a rule reads for what is in them, but the one of times."""
    code, summary = snakemake(checkout, *arguments, "--detailed-summary")
    if code != 0:
        raise SystemExit(f"the engine does not say what it reads:\n{summary[-5000:]}")
    jobs = [line.split("\t") for line in summary.splitlines() if line.startswith(f"{RESULTS}/")]
    # The manifest takes checksums of files and does not look into them.
    read = {name for job in jobs if job[OUTPUT] != MANIFEST for name in job[INPUTS].split(",")}
    # The ledger is an end of the run, for readers; notebooks quote it, and it has no checksum.
    made = {name for name in read if name.startswith(f"{RESULTS}/") and TIMES not in name}
    return sorted(name for name in made - {LEDGER} if (checkout / name).stat().st_size > 1)


def same_content(path: Path, other: Path) -> bool:
    """Whether two files say the same; in Parquet and JSON some bytes say nothing."""
    if path.suffix == ".parquet":
        return bool(read_table(path).equals(read_table(other)))
    if path.suffix == ".json":
        return read_json(path) == read_json(other)
    return path.read_bytes() == other.read_bytes()


def kill_runs(site: Site, kills: int, draw: random.Random) -> None:
    """Kill one run of the whole profile at random moments, spread over the work that it has."""
    checkout = site.copy_without_results()
    for _ in range(kills):
        moment = draw.uniform(1, min(2 * site.seconds / kills + 10, site.seconds))
        outcome = site.judge("killed", partial(kill_run, site, checkout, moment))
        if outcome == UNDISTURBED:  # it has nothing left that a kill could harm
            checkout = site.copy_without_results()
    site.judge("finished after all kills", lambda: finish(site, checkout))


def kill_run(site: Site, checkout: Path, moment: float) -> Outcome:
    """Let a run go on with what the last kill left, and kill it with all of its processes."""
    snakemake(checkout, "--unlock")
    start = time.monotonic()
    process = start_snakemake(checkout, *site.arguments)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=moment)
    killed = kill(process)
    finished = len(list((checkout / RESULTS / "benchmarks").rglob("*.tsv")))
    what = f"after {time.monotonic() - start:.0f} s, {finished} jobs finished"
    if killed:
        return what, REPAIRED
    if process.returncode != 0:
        raise Lost(f"it did not go on:\n{printed(checkout)[-3000:]}")
    site.compare(checkout, site.tables.keys())
    return what, UNDISTURBED


def finish(site: Site, checkout: Path) -> Outcome:
    """Run to the end after the last kill."""
    outcome = run_again(checkout, *site.arguments)
    site.compare(checkout, site.tables.keys())
    return f"{len(tables_of(checkout / RESULTS))} tables", outcome


def sit_in_fresh_clone(site: Site) -> Outcome:
    """Take a finished run to a clone all of whose files are newer, and delete the raw weights."""
    shutil.rmtree(site.trial, ignore_errors=True)
    checkout = copy_checkout(site.trial)
    for kept in (RESULTS, ".snakemake"):
        shutil.copytree(site.warm / kept, checkout / kept)
    weights = list((checkout / RESULTS).glob("restarts/*/*/*.npz"))
    for path in weights:
        path.unlink()
    code, output = snakemake(checkout, *site.arguments, "--dry-run")
    if code != 0 or "Nothing to be done" not in output:
        raise Lost(f"it would not leave all as it is:\n{output[-3000:]}")
    return f"without {len(weights)} files of weights", HARMLESS


def fill_disk(site: Site, study: str, draw: random.Random) -> Outcome:
    """Run a study where the disk fills before the end, and take what there is to a larger one."""
    checkout = site.copy_without_results()
    arguments = of_studies(study)
    at_start = size_of(checkout)
    room = round(draw.uniform(at_start + 2**18, at_start + size_of(site.warm / RESULTS) / 4))
    with small_disk(site.disk, room):
        shutil.copytree(checkout, site.disk, dirs_exist_ok=True)
        code, output = snakemake(site.disk, *arguments)
        shutil.rmtree(checkout)
        shutil.copytree(site.disk, checkout)
    what = f"{study}, {(room - at_start) // 1024} KiB left, exit code {code}"
    with about(what):
        if code != 0 and DISK_FULL not in output:
            raise Lost(f"the message does not say so:\n{output[-3000:]}")
        outcome = run_again(checkout, *arguments)
        site.compare(checkout, planned_tables(site.warm, *arguments))
    return what, outcome if code != 0 else UNDISTURBED


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system in memory of so many bytes; it takes root to mount it."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, encoding="utf-8")
    if mounted.returncode != 0:
        raise Lost(f"no small disk can be mounted here ({mounted.stderr.strip()}): use --disks 0")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def truncate(content: bytes, draw: random.Random) -> bytes:
    """The first part of a file."""
    return content[: draw.randrange(1, len(content))]


def empty(_: bytes, __: random.Random) -> bytes:
    """Nothing."""
    return b""


def flip_bit(content: bytes, draw: random.Random) -> bytes:
    """A file with one bit changed."""
    place, bit = draw.randrange(len(content)), 1 << draw.randrange(8)
    return content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


DAMAGES = {"truncated": truncate, "emptied": empty, "bit flipped": flip_bit}


def damage_file(site: Site, kind: str, draw: random.Random) -> Outcome:
    """Damage a file that later rules read, and run what depends on it."""
    checkout = site.copy()
    name = draw.choice(site.files)
    path = checkout / name
    path.write_bytes(DAMAGES[kind](path.read_bytes(), draw))
    with about(name):
        outcome = run_again(checkout, *site.arguments)
        site.compare(checkout, site.tables.keys())
        return name, outcome if site.has_file(checkout, name) else HARMLESS


def run_again(checkout: Path, *arguments: str) -> str:
    """Run to the end, doing what each refusal says; returns whether there was one."""
    outcome = REPAIRED
    for _ in range(4):
        code, output = snakemake(checkout, *arguments)
        damaged = set(ADVICE.findall(output))
        if code == 0:
            return outcome
        if "--unlock" in output:  # the lock of a killed run
            snakemake(checkout, "--unlock")
        elif damaged:
            outcome = REFUSED
            for name in damaged:
                (checkout / name).unlink(missing_ok=True)
        else:
            raise Lost(f"the message does not say what to do:\n{output[-3000:]}")
    raise Lost(f"it is refused again and again:\n{output[-3000:]}")


def size_of(folder: Path) -> int:
    """The size of all files below a folder, in whole pages."""
    sizes = (path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return sum(-(-size // 4096) * 4096 for size in sizes)


if __name__ == "__main__":
    sys.exit(main())
