"""Adapter of rule identify_classes."""

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.class_names import name_classes
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

table, cases = "identified_classes", snakemake.params.cases

with job_log(snakemake.log[0]):
    curvature = read_table(snakemake.input.curvature, "curvature")
    points = read_arrays(snakemake.input.representatives)
    records = []
    for (k, n), rows in curvature.groupby(["k", "n"]):
        case = case_name(k, n)
        if case in cases:
            records += name_classes(rows, points[case], tolerance=snakemake.params.tolerance)
    write_table(make_table(records, table), snakemake.output[0], table)
