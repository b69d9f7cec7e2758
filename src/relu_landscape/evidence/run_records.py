"""What the sittings of a run did: jobs, time, the engine's own seconds, and the estimate before.

A run that is interrupted and goes on has several sittings; what each did stands by itself. Jobs
that the engine ran without the one line of `make study` and `make claim` are in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from relu_landscape.evidence.documents import read_json, write_json
from relu_landscape.evidence.durations import duration, span
from relu_landscape.evidence.speeds import Speeds
from relu_landscape.judging.words import counted

ESTIMATE = "estimate.json"  # in the folder of results: what was foretold of the sitting to come
RECORD = "run.json"


@dataclass(frozen=True)
class Sitting:
    """One start of the engine, up to its end or, where it was killed, to the last time it wrote.

    planned, done, failed: jobs; job_seconds: of those done, as their benchmarks say; wall_seconds:
    since the engine started; engine_seconds: of processor time that its main process took, for
    planning, starting jobs and the report; estimate: the least and the most seconds that were
    foretold; speeds: of the machine, before; ended: whether it came to its end, with failures or
    without.
    """

    planned: int
    done: int
    failed: int
    cores: int
    job_seconds: float
    wall_seconds: float
    engine_seconds: float
    estimate: tuple[float, float]
    speeds: dict[str, Any]
    ended: bool

    @property
    def is_whole(self) -> bool:
        """Whether it did what was planned, so that its time can be held against the estimate."""
        return self.ended and self.done == self.planned


def read_sittings(folder: Path) -> list[Sitting]:
    """The sittings of the run with these results, or published in this folder; none if unknown."""
    path = folder / RECORD
    if not path.exists():
        return []
    names = [field.name for field in fields(Sitting)]
    return [
        Sitting(
            **{name: sitting[name] for name in names} | {"estimate": tuple(sitting["estimate"])}
        )
        for sitting in read_json(path)["sittings"]
    ]


def write_sittings(folder: Path, sittings: Sequence[Sitting]) -> None:
    """Write the sittings of a run beside its results."""
    write_json(folder / RECORD, {"sittings": [asdict(sitting) for sitting in sittings]})


def speeds_of_run(sittings: Sequence[Sitting], jobs: int) -> Speeds | None:
    """How fast the machine was that ran all of these jobs; None if that is not known.

    It is not where some jobs were run in no sitting, or the sittings on several machines.
    """
    machines = {(sitting.speeds["cpu"], sitting.speeds["cores"]) for sitting in sittings}
    if len(machines) != 1 or sum(sitting.done for sitting in sittings) < jobs:
        return None
    return Speeds(**sittings[-1].speeds)


@dataclass(frozen=True)
class Engine:
    """What a run costs beside its jobs, in seconds of a core.

    least: for each job, what the engine's process used; most: for each job, all that the cores did
    not spend in jobs, waiting for one another included; whole: the most that the engine's process
    used in one sitting, of which planning and the report are a part that fewer jobs do not lessen.
    """

    least: float
    most: float
    whole: float


def engine_of_run(sittings: Sequence[Sitting]) -> Engine | None:
    """What the engine cost in the sittings that came to their end; None if there is none."""
    whole = [sitting for sitting in sittings if sitting.is_whole and sitting.done]
    jobs = sum(sitting.done for sitting in whole)
    if not jobs:
        return None
    used = sum(sitting.engine_seconds for sitting in whole)
    beside = sum(x.cores * x.wall_seconds - x.job_seconds for x in whole)
    return Engine(min(used, beside) / jobs, beside / jobs, max(x.engine_seconds for x in whole))


def render_sittings(sittings: Sequence[Sitting], jobs: int) -> str:
    """What the last sitting took beside what was foretold, and all of them together.

    jobs: how many have a cost in the results, of these sittings or of others.
    """
    if not sittings:
        return ""
    last = sittings[-1]
    told = (
        f"Estimated {span(*last.estimate)} for {counted(last.planned, 'job')} on "
        f"{counted(last.cores, 'core')}"
    )
    lines = [f"{told}; {_outcome(last)}."]
    done = sum(sitting.done for sitting in sittings)
    wall, engine, spent = (
        duration(sum(getattr(sitting, name) for sitting in sittings))
        for name in ("wall_seconds", "engine_seconds", "job_seconds")
    )
    lines.append(
        f"{counted(len(sittings), 'sitting')}: {counted(done, 'job')} in {wall}, with {spent} of a "
        f"core in jobs and {engine} in the engine."
    )
    if done < jobs:
        lines.append(f"Run otherwise, and not in these times: {counted(jobs - done, 'job')}.")
    return "\n".join(lines)


def _outcome(sitting: Sitting) -> str:
    """What came of the estimate."""
    took = sitting.wall_seconds
    if not sitting.is_whole:
        how = f"{sitting.failed} failed" if sitting.ended and sitting.failed else "stopped"
        return (
            f"{how} after {duration(took)} with {sitting.done} of them done, so nothing to compare"
        )
    least, most = sitting.estimate
    if took > most:
        return f"took {duration(took)}: {_percent(took / most - 1)} above"
    if took < least:
        return f"took {duration(took)}: {_percent(1 - took / least)} below"
    return f"took {duration(took)}: inside"


def _percent(share: float) -> str:
    return f"{max(1, round(100 * share))} %"
