"""Adapter of rule certify_global_minima."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_global_minima
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import write_text
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

table = "certified_global_minima"

with job_log(snakemake.log[0]):
    proofs = prove_global_minima(range(2, snakemake.params.largest_k + 1))
    write_text(snakemake.output.certificates, file_text(proofs.lines))
    write_table(make_table(proofs.records, table), snakemake.output.table, table)
