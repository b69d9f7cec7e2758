"""Adapter of rule measure_curvature."""

import numpy as np

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, read_table, write_table
from relu_landscape.minima.curvature import measure_curvature
from relu_landscape.minima.records import curvature_record, neuron_records
from relu_landscape.proofs import class_statements, mark_proved, neuron_statements
from relu_landscape.symmetry.measured_curvature import measure_curvature_through_symmetry

with job_log(snakemake.log[0]) as log:
    classes = read_table(snakemake.input.classes, "classes")
    points = read_arrays(snakemake.input.representatives)["representatives"]
    progress = log.progress(snakemake.wildcards.case, "classes")
    _, n, d = points.shape
    whole_hessian = d <= snakemake.params.largest_whole_k
    measured = []
    for done, point in enumerate(points, start=1):
        measured.append(
            measure_curvature(point, np.eye(d))
            if whole_hessian
            else measure_curvature_through_symmetry(point)
        )
        progress(done, len(points))
    pairs = list(zip(classes.to_dict("records"), measured, strict=True))
    spectra = np.array([found.spectrum for found in measured]).reshape(-1, n * d)
    softest = np.array([found.softest_direction for found in measured]).reshape(-1, n, d)
    write_arrays(snakemake.output.spectra, spectra=spectra)
    write_arrays(snakemake.output.softest_directions, softest_directions=softest)
    table, path = "certified_classes", snakemake.input.get("certified")
    certified = read_table(path, table) if path else make_table([], table)
    neurons = [record for row, found in pairs for record in neuron_records(row, found)]
    neurons = mark_proved(neurons, neuron_statements(certified))
    write_table(make_table(neurons, "neurons"), snakemake.output.neurons, "neurons")
    curvature = [curvature_record(row, found) for row, found in pairs]
    curvature = mark_proved(curvature, class_statements(certified))
    write_table(make_table(curvature, "curvature"), snakemake.output.curvature, "curvature")
