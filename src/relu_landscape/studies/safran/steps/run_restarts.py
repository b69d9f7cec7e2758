"""Gradient descent from random starting weights."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.search import Basins, Protocol, find_minima
from relu_landscape.studies.steps import Arrays, Made


def run_restarts(
    search: str,
    seed: int,
    restarts: Mapping[str, range],
    protocol: Protocol,
    basins: Mapping[str, Arrays],
    log: JobLog,
) -> Made:
    """One batch of the restarts of each case, and the weights where they ended.

    Args:
        search: its name.
        seed: of the search.
        restarts: of each case, by their numbers.
        protocol: of the descent.
        basins: by the path of their file, which is called by the case.
        log: told of progress.
    """
    stops = {Path(path).stem: Basins(**arrays) for path, arrays in basins.items()}
    tables, weights = [], {}
    for case, numbers in restarts.items():
        k, n = case_size(case)
        record = find_minima(
            n,
            k,
            len(numbers),
            seed=seed,
            protocol=protocol,
            first_restart=numbers.start,
            basins=stops.get(case),
            progress=log.progress(f"{search} {case}", "restarts"),
        )
        columns = {
            "search": search,
            "protocol": protocol.name,
            "k": k,
            "n": n,
            "d": k,
            "restart": numbers,
            "loss": record.losses,
            "gradient_norm": record.gradient_norms,
            "largest_neuron_gradient": record.largest_neuron_gradients,
            "iterations": record.iterations,
            "step": record.steps,
            "halvings": record.halvings,
            "stop_reason": record.stop_reasons,
            "loss_rose": record.loss_rose,
            "bad": ~(record.losses < protocol.bad_loss),
        }
        tables.append(pd.DataFrame(columns))
        weights[case] = record.weights
    return {"restarts": pd.concat(tables), "weights": weights}
