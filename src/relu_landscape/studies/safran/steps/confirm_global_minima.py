"""Good runs for n > k continued until they are seen to approach a global minimum."""

from collections.abc import Iterable, Mapping

import pandas as pd

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.approach import follow_approach
from relu_landscape.minima.settings import Confirmation
from relu_landscape.search import Protocol
from relu_landscape.studies.safran.restarts import by_case
from relu_landscape.studies.steps import Arrays, Made


def confirm_global_minima(
    restarts: Mapping[str, pd.DataFrame],
    weights: Mapping[str, Arrays],
    cases: Iterable[str],
    confirmation: Confirmation,
    protocol: Protocol,
    log: JobLog,
) -> Made:
    """Loss, distance and their decay at the first good runs of each case.

    Args:
        restarts: batches by the path of their file.
        weights: where their runs ended, in the same order.
        cases: sizes to confirm.
        confirmation: how many runs, and how they are followed.
        protocol: of the descent.
        log: told of progress.
    """
    frames = []
    for case, runs, ends in by_case([*restarts.values()], [*weights.values()], cases):
        chosen = runs[~runs["bad"]].head(confirmation.runs)
        approach = follow_approach(
            ends[chosen.index],
            protocol,
            distance=confirmation.distance,
            largest_exponent=confirmation.largest_exponent,
            iteration_budget=confirmation.iteration_budget,
            progress=log.progress(f"confirm {case}", "runs"),
        )
        columns = {name: chosen[name].to_numpy() for name in ("search", "k", "n", "restart")}
        found = {
            "iterations": approach.iterations,
            "loss": approach.losses,
            "distance": approach.distances,
            "decay_exponent": approach.decay_exponents,
            "smallest_norm": approach.smallest_norms,
            "confirmed": approach.confirmed,
        }
        frames.append(pd.DataFrame(columns | found))
    return {"confirmations": pd.concat(frames)}
