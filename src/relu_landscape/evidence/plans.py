"""The jobs that the workflow engine is going to run, from its dry run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relu_landscape.evidence.costs import rule_of

_NOTHING = "Nothing to be done"
_OUTDATED = "Params have changed"  # the digest of the code that decides is among them
_JOB = re.compile(r"^(?:local)?(?:rule|checkpoint) \w+:\n((?: {4}.*\n)+)", re.MULTILINE)
_ENTRY = re.compile(r"^ {4}(\w+): (.*)$", re.MULTILINE)
_BENCHMARK = re.compile(r"\S+?/benchmarks/(\S+)\.tsv")


@dataclass(frozen=True)
class PlannedJob:
    """A job of a plan.

    name: as of `costs.job_costs`; needs: the numbers in the plan of the jobs that it waits for;
    makes: the paths of its files; outdated: whether other code or another config made them before.
    """

    name: str
    needs: tuple[int, ...] = ()
    makes: tuple[str, ...] = ()
    outdated: bool = False

    @property
    def rule(self) -> str:
        """The rule of the job."""
        return rule_of(self.name)


def job_of_benchmark(path: str) -> str | None:
    """The name of the job whose benchmark this is; None if it is no benchmark of a run."""
    match = _BENCHMARK.fullmatch(path)
    return match[1] if match else None


def planned_jobs(dry_run: str) -> list[PlannedJob]:
    """The jobs of what `snakemake --dry-run` prints.

    Raises:
        ValueError: it neither plans a job nor says that there is none.
    """
    entries = [dict(_ENTRY.findall(block)) for block in _JOB.findall(dry_run)]
    names = [job_of_benchmark(entry.get("benchmark", "")) for entry in entries]
    jobs = [(name, entry) for name, entry in zip(names, entries, strict=True) if name]
    if not jobs and _NOTHING not in dry_run:
        raise ValueError(
            f"the plan has no job and does not say {_NOTHING!r}; it must be what "
            "`snakemake --dry-run` prints: run that alone to see what it says"
        )
    makers = {
        path: number for number, (_, entry) in enumerate(jobs) for path in _paths(entry, "output")
    }
    return [
        PlannedJob(
            name,
            tuple(sorted({makers[x] for x in _paths(entry, "input") if x in makers})),
            tuple(_paths(entry, "output")),
            entry.get("reason", "").startswith(_OUTDATED),
        )
        for name, entry in jobs
    ]


def _paths(entry: dict[str, str], kind: str) -> list[str]:
    return entry[kind].split(", ") if kind in entry else []


def jobs_behind(jobs: Sequence[PlannedJob], paths: Iterable[str]) -> list[PlannedJob]:
    """The jobs of a plan that are needed for these files, in its order."""
    makers = {path: number for number, job in enumerate(jobs) for path in job.makes}
    waiting = [makers[path] for path in paths if path in makers]
    needed: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number not in needed:
            needed.add(number)
            waiting += jobs[number].needs
    return [jobs[number] for number in sorted(needed)]


def longest_chain(seconds: Sequence[float], needs: Sequence[Sequence[int]]) -> float:
    """The longest time that jobs take of which each waits for the one before; 0 without jobs.

    seconds: of each job; needs: for each, the numbers of the jobs that it waits for.
    """
    ends: dict[int, float] = {}
    for first in range(len(seconds)):
        waiting = [first]
        while waiting:
            job = waiting[-1]
            missing = [other for other in needs[job] if other not in ends]
            if missing:
                waiting += missing
                continue
            ends[waiting.pop()] = seconds[job] + max((ends[x] for x in needs[job]), default=0.0)
    return max(ends.values(), default=0.0)
