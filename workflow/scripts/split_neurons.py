"""Adapter of rule split_neurons."""

import numpy as np

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.cells import case_name, case_size
from relu_landscape.evidence.job_log import job_log
from relu_landscape.minima.landing import follow_descent
from relu_landscape.minima.records import fate_records, split_record
from relu_landscape.minima.splitting import Push, descent_starts, split_every_neuron
from relu_landscape.search import Protocol
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

params = snakemake.params
settings = params.splitting
push = Push(*(settings[name] for name in ("displacement", "asymmetry", "seed")))

with job_log(snakemake.log[0]) as log:
    representatives = read_arrays(snakemake.input.representatives)
    curvature = read_table(snakemake.input.curvature, "curvature")
    neurons = read_table(snakemake.input.neurons, "neurons")
    # A symmetry of the point exchanges the neurons of an orbit, and descent with them: the first
    # of each orbit is followed.
    place = ["k", "n", "class_id"]
    first = neurons.groupby([*place, "orbit"])["neuron"].transform("min") == neurons["neuron"]
    followed = set(neurons.loc[first, [*place, "neuron"]].itertuples(index=False, name=None))
    spurious = curvature[curvature["kind"] != "global_minimum"]
    split_rows, fate_rows, landings = [], [], {}
    for case in params.cases:
        k, n = case_size(case)
        points = representatives[case]
        known = representatives.get(case_name(k, n + 1), np.empty((0, n + 1, k)))
        rows = spurious[(spurious["k"] == k) & (spurious["n"] == n)].to_dict("records")
        progress = log.progress(f"split {case}", "classes")
        origins = []
        for done, row in enumerate(rows, start=1):
            for split in split_every_neuron(points[row["class_id"]], np.eye(k), settings["alphas"]):
                split_rows.append(split_record(row, split))
                neuron = (k, n, row["class_id"], split.neuron)
                if split.curvature.is_strict_saddle and neuron in followed:
                    origins.append((row, split))
            progress(done, len(rows))
        starts = [descent_starts(split.weights, np.eye(k), push) for _, split in origins]
        fates = follow_descent(
            np.concatenate([np.empty((0, n + 1, k)), *starts]),
            Protocol(**params.protocol),
            known,
            global_loss=settings["global_loss"],
            global_distance=settings["global_distance"],
            tolerance=params.tolerance,
            iteration_budget=settings["iteration_budget"],
            progress=log.progress(f"descent from splits of {case}", "starts"),
        )
        fate_rows += fate_records(origins, fates)
        landings[case] = fates.descent.weights
    write_arrays(snakemake.output.landings, **landings)
    write_table(make_table(fate_rows, "fates"), snakemake.output.fates, "fates")
    write_table(make_table(split_rows, "splits"), snakemake.output.splits, "splits")
