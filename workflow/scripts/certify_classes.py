"""Adapter of rule certify_classes."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs, class_method, prove_classes
from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import write_text
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

params, table = snakemake.params, "certified_classes"
file = f"{snakemake.wildcards.span}.jsonl"

with job_log(snakemake.log[0]) as log:
    classes = read_table(snakemake.input.classes, "classes")
    points = read_arrays(snakemake.input.representatives)
    proofs = Proofs()
    for (k, n), rows in classes.groupby(["k", "n"]):
        case = case_name(k, n)
        if case in params.cases:
            method = class_method(k, largest_full_k=params.largest_full_k)
            progress = log.progress(f"proofs {case}", "classes")
            proofs.append(prove_classes(rows, points[case], method, file=file, progress=progress))
    write_text(snakemake.output.certificates, file_text(proofs.lines))
    write_table(make_table(proofs.records, table), snakemake.output.table, table)
