"""Adapter of rule certify_families."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_families
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import write_text
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings, table = snakemake.params.families, "certified_families"
sampled, last = settings["teachers"], settings["consecutive_to"]
families = [("A", None, 0), *((name, m, 0) for name in ("I", "II") for m in settings["blocks"])]
families += [("A", None, 1), ("I", 1, 1), ("II", 1, 1)]
wanted = {family: list(sampled) for family in families}
wanted["II", 1, 0] = sorted({*range(6, last + 1), *sampled})

with job_log(snakemake.log[0]) as log:
    progress = log.progress("families", "points")
    proofs = prove_families(wanted, progress=progress)
    write_text(snakemake.output.certificates, file_text(proofs.lines))
    write_table(make_table(proofs.records, table), snakemake.output.table, table)
