"""Adapter of rule certify_classes."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import class_method, prove_classes
from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.storage import write_text
from relu_landscape.evidence.tables import make_table, read_table, write_table

table = "certified_classes"
method = class_method(snakemake.params.k, largest_full_k=snakemake.params.largest_full_k)

with job_log(snakemake.log[0]) as log:
    classes = read_table(snakemake.input.classes, "classes")
    points = read_arrays(snakemake.input.representatives)["representatives"]
    progress = log.progress(f"proofs {snakemake.wildcards.case}", "classes")
    proofs = prove_classes(classes, points, method, progress=progress)
    write_text(snakemake.output.certificates, file_text(proofs.lines))
    write_table(make_table(proofs.records, table), snakemake.output.table, table)
