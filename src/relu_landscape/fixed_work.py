"""The work by which machines are compared: a fixed amount of each kind that jobs of a study do.

python -m relu_landscape.fixed_work

It prints how long each kind takes. `evidence.speeds` starts as many processes as a run will.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence

START = "start of a job"
_REPEATS = 3  # of each kind of work but the start
_STEPS = 15_000
_MATRICES = 50
_SIZE = 150


def work_of_jobs() -> dict[str, Callable[[], object]]:
    """The kinds of work; what is imported here is what most jobs import."""
    import numpy as np

    import relu_landscape.tables.files  # noqa: F401
    from relu_landscape.search import PROTOCOLS, Protocol, find_minima

    endless = Protocol(**vars(PROTOCOLS["safran2018"]) | {"name": "fixed", "tolerance": 1e-300})
    matrix = np.random.default_rng(1).standard_normal((_SIZE, _SIZE))

    def descend() -> object:
        return find_minima(8, 8, 8, seed=1, protocol=endless, iteration_budget=_STEPS)

    def decompose() -> object:
        return [np.linalg.eigvalsh(matrix) for _ in range(_MATRICES)]

    return {"descent": descend, "linear algebra": decompose}


def main(arguments: Sequence[str] | None = None) -> int:
    """Work, and print the name of the processor and the seconds of each kind as JSON.

    arguments: when the process was started, on the monotonic clock; now where it is not said.
    """
    told = sys.argv[1:] if arguments is None else arguments
    begun = float(told[0]) if told else time.monotonic()
    works = work_of_jobs()
    seconds = {START: [time.monotonic() - begun]}
    for kind, work in works.items():
        work()  # compiles, or loads what was compiled
        seconds[kind] = []
        for _ in range(_REPEATS):
            before = time.perf_counter()
            work()
            seconds[kind].append(time.perf_counter() - before)
    from relu_landscape.processor import cpu_model

    print(json.dumps({"cpu": cpu_model(), "seconds": seconds}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
