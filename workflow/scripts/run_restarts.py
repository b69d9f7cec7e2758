"""Adapter of rule run_restarts."""

from pathlib import Path

import pandas as pd

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import job_log
from relu_landscape.search import Basins, Protocol, find_minima
from relu_landscape.tables.files import write_table

params, search = snakemake.params, snakemake.wildcards.search
protocol = Protocol(**params.protocol)
basins = {Path(path).stem: path for path in snakemake.input.basins}

with job_log(snakemake.log[0]) as log:
    tables, weights = [], {}
    for case, restarts in params.restarts.items():
        k, n = case_size(case)
        record = find_minima(
            n,
            k,
            seed=params.seed,
            protocol=protocol,
            basins=Basins(**read_arrays(basins[case])) if case in basins else None,
            progress=log.progress(f"{search} {case}", "restarts"),
            **restarts,
        )
        columns = {
            "search": search,
            "protocol": protocol.name,
            "k": k,
            "n": n,
            "d": k,
            "restart": range(
                restarts["first_restart"], restarts["first_restart"] + restarts["n_runs"]
            ),
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
    write_arrays(snakemake.output.weights, **weights)
    write_table(pd.concat(tables), snakemake.output.table, "restarts")
