"""Adapter of rule check_conjecture12."""

from relu_landscape.certificates import check_conjecture12
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.line_checks import prove_lines_again
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

table = "conjecture12_checks"

with job_log(snakemake.log[0]) as log:
    theorems = len(read_table(snakemake.input.table))
    records = prove_lines_again(snakemake.input.certificate, check_conjecture12, theorems, log.say)
    write_table(make_table(records, table), snakemake.output[0], table)
