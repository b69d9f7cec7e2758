"""Adapter of rule time_proofs."""

from relu_landscape.certificates.timing import time_proofs
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings, table = snakemake.params.timing, "proof_times"

with job_log(snakemake.log[0]) as log:
    total = len(settings["full"]) + len(settings["symmetric"])
    progress = log.progress("timed proofs", "sizes")
    records = []
    for record in time_proofs(**settings):
        records.append(record)
        progress(len(records), total)
    write_table(make_table(records, table), snakemake.output[0], table)
