"""Gradient descent from random starting weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.search import Basins, Protocol, find_minima
from relu_landscape.studies.steps import Arrays, Made

Stretch = Mapping[str, int]  # first_restart and n_runs


def run_restarts(
    search: str,
    seed: int,
    restarts: Mapping[str, Stretch],
    protocol: Mapping[str, Any],
    basins: Mapping[str, Arrays],
    log: JobLog,
) -> Made:
    """One batch of the restarts of each case, and the weights where they ended.

    Args:
        search: its name.
        seed: of the search.
        restarts: for each case its first restart, and how many.
        protocol: fields of the `Protocol`.
        basins: by the path of their file, which is called by the case.
        log: told of progress.
    """
    stops = {Path(path).stem: Basins(**arrays) for path, arrays in basins.items()}
    tables, weights = [], {}
    for case, stretch in restarts.items():
        k, n = case_size(case)
        record = find_minima(
            n,
            k,
            seed=seed,
            protocol=Protocol(**protocol),
            basins=stops.get(case),
            progress=log.progress(f"{search} {case}", "restarts"),
            **stretch,
        )
        first = stretch["first_restart"]
        columns = {
            "search": search,
            "protocol": protocol["name"],
            "k": k,
            "n": n,
            "d": k,
            "restart": range(first, first + stretch["n_runs"]),
            "loss": record.losses,
            "gradient_norm": record.gradient_norms,
            "largest_neuron_gradient": record.largest_neuron_gradients,
            "iterations": record.iterations,
            "step": record.steps,
            "halvings": record.halvings,
            "stop_reason": record.stop_reasons,
            "loss_rose": record.loss_rose,
            "bad": ~(record.losses < protocol["bad_loss"]),
        }
        tables.append(pd.DataFrame(columns))
        weights[case] = record.weights
    return {"restarts": pd.concat(tables), "weights": weights}
