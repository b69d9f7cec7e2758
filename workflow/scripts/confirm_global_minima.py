"""Adapter of rule confirm_global_minima."""

import pandas as pd

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.restarts import read_restarts
from relu_landscape.global_minima.approach import follow_approach
from relu_landscape.search import Protocol
from relu_landscape.tables.files import write_table

params = snakemake.params
settings = dict(params.confirmation)
wanted = settings.pop("runs")

with job_log(snakemake.log[0]) as log:
    frames = []
    for case, restarts, weights in read_restarts(snakemake.input.tables, params.cases):
        chosen = restarts[~restarts["bad"]].head(wanted)
        approach = follow_approach(
            weights[chosen.index],
            Protocol(**params.protocol),
            progress=log.progress(f"confirm {case}", "runs"),
            **settings,
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
    write_table(pd.concat(frames), snakemake.output[0], "confirmations")
