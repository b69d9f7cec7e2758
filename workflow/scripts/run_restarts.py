"""Adapter of rule run_restarts."""

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import write_table
from relu_landscape.search import Basins, Protocol, find_minima

params, wildcards = snakemake.params, snakemake.wildcards
k, n = (int(part[1:]) for part in wildcards.case.split("-"))
first = int(wildcards.batch) * params.batch
runs = min(params.batch, params.runs - first)
protocol = Protocol(**params.protocol)
known = snakemake.input.get("basins")

with job_log(snakemake.log[0]) as log:
    progress = log.progress(f"{wildcards.search} {wildcards.case}", "restarts")
    record = find_minima(
        n,
        k,
        runs,
        seed=params.seed,
        protocol=protocol,
        first_restart=first,
        basins=Basins(**read_arrays(known)) if known else None,
        progress=progress,
    )
    columns = {
        "search": wildcards.search,
        "protocol": protocol.name,
        "k": k,
        "n": n,
        "d": k,
        "restart": range(first, first + runs),
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
    write_arrays(snakemake.output.weights, weights=record.weights)
    write_table(columns, snakemake.output.table, "restarts")
