"""Adapter of rule follow_splits."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.search import Protocol
from relu_landscape.symmetry.split_fates import follow_splits

settings = dict(snakemake.params.fates)
blocks = settings.pop("blocks")
for name in ("teachers", "protocol"):
    del settings[name]
families = [("A", None), *((family, m) for family in ("I", "II") for m in blocks)]
k = int(snakemake.wildcards.teachers.removeprefix("k"))

with job_log(snakemake.log[0]) as log:
    protocol = Protocol(**snakemake.params.protocol)
    progress = log.progress(f"splits at k{k}", "families")
    records = []
    for done, (family, m) in enumerate(families, start=1):
        if k >= (m or 0) + 4:
            records += follow_splits(family, m, k, protocol, **settings)
        progress(done, len(families))
    write_table(make_table(records, "family_fates"), snakemake.output[0], "family_fates")
