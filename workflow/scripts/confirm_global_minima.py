"""Adapter of rule confirm_global_minima."""

import numpy as np
import pandas as pd

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import read_table, write_table
from relu_landscape.global_minima.approach import follow_approach
from relu_landscape.search import Protocol

params = snakemake.params
settings = dict(params.confirmation)
wanted = settings.pop("runs")

with job_log(snakemake.log[0]) as log:
    restarts = pd.concat(
        [read_table(path, "restarts") for path in snakemake.input.tables], ignore_index=True
    )
    weights = np.concatenate([read_arrays(path)["weights"] for path in snakemake.input.weights])
    chosen = restarts[~restarts["bad"]].head(wanted)
    progress = log.progress(f"confirm {snakemake.wildcards.case}", "runs")
    approach = follow_approach(
        weights[chosen.index], Protocol(**params.protocol), progress=progress, **settings
    )
    frame = pd.DataFrame(
        {
            **{name: chosen[name].to_numpy() for name in ("search", "k", "n", "restart")},
            "iterations": approach.iterations,
            "loss": approach.losses,
            "distance": approach.distances,
            "decay_exponent": approach.decay_exponents,
            "smallest_norm": approach.smallest_norms,
            "confirmed": approach.confirmed,
        }
    )
    write_table(frame, snakemake.output[0], "confirmations")
