"""Adapter of rule check_every_k."""

from relu_landscape.certificates.check_every_k import checked
from relu_landscape.evidence.certificate_files import prove_theorem_again
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

table = "theorem_checks"

with job_log(snakemake.log[0]) as log:
    theorem = read_table(snakemake.input.table).iloc[0]
    counted = "piece", int(theorem["pieces"])
    accepted = prove_theorem_again(snakemake.input.certificate, checked, counted, log.say)
    record = {**theorem[["family", "m", "pieces"]], "accepted": accepted}
    write_table(make_table([record], table), snakemake.output[0], table)
