"""How fast this machine does what the jobs of a study do: fixed work, measured in a second or two.

The same work was measured where a published run was made; what jobs cost there is multiplied by the
ratio. Cores share memory, caches and clocks, so it is done on one core alone, then on as many at
once as a run will use.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from relu_landscape import fixed_work
from relu_landscape.fixed_work import START

_WORK = fixed_work.__name__
# As the workflow sets them: one thread a job.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Speeds:
    """Seconds that fixed work of each kind takes: on one core alone, and on `cores` at once."""

    cpu: str
    cores: int
    alone: Mapping[str, list[float]]
    at_once: Mapping[str, list[float]]

    def record(self) -> dict[str, Any]:
        """The fields, ready for JSON; the arguments of another `Speeds`."""
        return asdict(self)


def measure_speeds(cores: int) -> Speeds:
    """Measure this machine.

    Where the kernels of descent were not compiled yet, that comes first and is not counted.

    cores: as many as the run will use.
    """
    cpu, alone = _in_processes(1)
    at_once = _in_processes(cores)[1] if cores > 1 else alone
    return Speeds(cpu, cores, alone, at_once)


def _in_processes(count: int) -> tuple[str, dict[str, list[float]]]:
    """The processor, and the seconds of each kind, of all repeats in all of the processes."""
    environment = os.environ | dict.fromkeys(_THREADS, "1")
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", _WORK, str(time.monotonic())],
            env=environment,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(count)
    ]
    told = [worker.communicate()[0] for worker in workers]
    if any(worker.returncode for worker in workers):
        raise OSError(
            f"the speed of this machine cannot be measured: {sys.executable} -m {_WORK} failed"
        )
    measured = [json.loads(text) for text in told]
    kinds = measured[0]["seconds"]
    joined = {kind: [x for one in measured for x in one["seconds"][kind]] for kind in kinds}
    return measured[0]["cpu"], joined


def ratios(here: Speeds, there: Speeds) -> dict[str, tuple[float, float]]:
    """By kind of work, the least and the most of the time there that it takes here.

    From the fastest to the slowest repeat here, over the middle one there, with all cores in use,
    as the jobs of a run use them.
    """
    found = {}
    for kind, repeats in here.at_once.items():
        usual = median(there.at_once[kind])
        found[kind] = (min(repeats) / usual, max(repeats) / usual)
    return found


def seconds_here(
    seconds: float, published: Speeds, ratio_of: Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    """The least and the most that a job takes here which took `seconds` in the published run.

    What is not its start may be work of any other kind, the one that this machine is best at or the
    one that it is worst at.
    """
    start = min(seconds, median(published.at_once[START]))
    work = [ratio for kind, ratio in ratio_of.items() if kind != START]
    least, most = min(ratio[0] for ratio in work), max(ratio[1] for ratio in work)
    from_start, to_start = ratio_of[START]
    rest = seconds - start
    return start * from_start + rest * least, start * to_start + rest * most
