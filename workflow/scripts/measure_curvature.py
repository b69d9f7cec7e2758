"""Adapter of rule measure_curvature."""

import numpy as np

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import job_log
from relu_landscape.minima.curvature import measure_curvature
from relu_landscape.minima.records import curvature_record, neuron_records
from relu_landscape.proofs import class_statements, mark_proved, neuron_statements
from relu_landscape.symmetry.measured_curvature import measure_curvature_through_symmetry
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

with job_log(snakemake.log[0]) as log:
    classes = read_table(snakemake.input.classes, "classes").to_dict("records")
    points = read_arrays(snakemake.input.representatives)
    progress = log.progress("curvature", "classes")
    measured = []
    for done, row in enumerate(classes, start=1):
        point = points[case_name(row["k"], row["n"])][row["class_id"]]
        measured.append(
            measure_curvature(point, np.eye(row["k"]))
            if row["k"] <= snakemake.params.largest_whole_k
            else measure_curvature_through_symmetry(point)
        )
        progress(done, len(classes))
    pairs = list(zip(classes, measured, strict=True))
    spectra, softest = {}, {}
    for case, representatives in points.items():
        found = [m for row, m in pairs if case_name(row["k"], row["n"]) == case]
        _, n, d = representatives.shape
        spectra[case] = np.array([one.spectrum for one in found]).reshape(-1, n * d)
        softest[case] = np.array([one.softest_direction for one in found]).reshape(-1, n, d)
    write_arrays(snakemake.output.spectra, **spectra)
    write_arrays(snakemake.output.softest_directions, **softest)
    table, path = "certified_classes", snakemake.input.get("certified")
    certified = read_table(path, table) if path else make_table([], table)
    neurons = [record for row, found in pairs for record in neuron_records(row, found)]
    neurons = mark_proved(neurons, neuron_statements(certified))
    write_table(make_table(neurons, "neurons"), snakemake.output.neurons, "neurons")
    curvature = [curvature_record(row, found) for row, found in pairs]
    curvature = mark_proved(curvature, class_statements(certified))
    write_table(make_table(curvature, "curvature"), snakemake.output.curvature, "curvature")
