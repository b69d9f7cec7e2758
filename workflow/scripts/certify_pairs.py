"""Adapter of rule certify_pairs."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_pairs
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import write_text
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings, table = snakemake.params.pairs, "certified_pairs"
pairs = [(k, k) for k in settings["equal"]] + [(k, k + 1) for k in settings["one_more"]]

with job_log(snakemake.log[0]):
    proofs = prove_pairs(pairs)
    write_text(snakemake.output.certificates, file_text(proofs.lines))
    write_table(make_table(proofs.records, table), snakemake.output.table, table)
