"""Adapter of rule certify_basins."""

from relu_landscape.certificates.basin_lines import certify_basins
from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.storage import write_text
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.search.basins import Basins

table = "certified_basins"

with job_log(snakemake.log[0]) as log:
    proofs, progress = Proofs(), log.progress("basins", "sizes")
    for done, path in enumerate(snakemake.input, start=1):
        proofs.append(certify_basins(Basins(**read_arrays(path))))
        progress(done, len(snakemake.input))
    write_text(snakemake.output.certificates, file_text(proofs.lines))
    write_table(make_table(proofs.records, table), snakemake.output.table, table)
