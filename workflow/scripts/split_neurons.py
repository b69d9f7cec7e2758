"""Adapter of rule split_neurons."""

import numpy as np

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, read_table, write_table
from relu_landscape.minima.landing import follow_descent
from relu_landscape.minima.records import fate_records, split_record
from relu_landscape.minima.splitting import Push, descent_starts, split_every_neuron
from relu_landscape.search import Protocol

params = snakemake.params
settings = params.splitting

with job_log(snakemake.log[0]) as log:
    points = read_arrays(snakemake.input.representatives)["representatives"]
    _, n, k = points.shape
    larger = snakemake.input.get("larger")
    known = read_arrays(larger)["representatives"] if larger else np.empty((0, n + 1, k))
    curvature = read_table(snakemake.input.curvature, "curvature")
    neurons = read_table(snakemake.input.neurons, "neurons")
    # A symmetry of the point exchanges the neurons of an orbit, and descent with them: the first
    # of each orbit is followed.
    first = neurons.groupby(["class_id", "orbit"])["neuron"].transform("min") == neurons["neuron"]
    followed = set(neurons.loc[first, ["class_id", "neuron"]].itertuples(index=False, name=None))
    spurious = curvature[curvature["kind"] != "global_minimum"].to_dict("records")
    progress = log.progress(f"split {snakemake.wildcards.case}", "classes")
    splits, origins = [], []
    for done, row in enumerate(spurious, start=1):
        for split in split_every_neuron(points[row["class_id"]], np.eye(k), settings["alphas"]):
            splits.append(split_record(row, split))
            if split.curvature.is_strict_saddle and (row["class_id"], split.neuron) in followed:
                origins.append((row, split))
        progress(done, len(spurious))
    push = Push(*(settings[name] for name in ("displacement", "asymmetry", "seed")))
    starts = [descent_starts(split.weights, np.eye(k), push) for _, split in origins]
    fates = follow_descent(
        np.concatenate([np.empty((0, n + 1, k)), *starts]),
        Protocol(**params.protocol),
        known,
        global_loss=settings["global_loss"],
        global_distance=settings["global_distance"],
        tolerance=params.tolerance,
        iteration_budget=settings["iteration_budget"],
        progress=log.progress(f"descent from splits of {snakemake.wildcards.case}", "starts"),
    )
    write_arrays(snakemake.output.landings, landings=fates.descent.weights)
    write_table(make_table(fate_records(origins, fates), "fates"), snakemake.output.fates, "fates")
    write_table(make_table(splits, "splits"), snakemake.output.splits, "splits")
