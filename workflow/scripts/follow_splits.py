"""Adapter of rule follow_splits."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.search import Protocol
from relu_landscape.symmetry.split_fates import follow_splits
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = dict(snakemake.params.fates)
teachers, blocks = settings.pop("teachers"), settings.pop("blocks")
del settings["protocol"]
families = [("A", None), *((family, m) for family in ("I", "II") for m in blocks)]
points = [(family, m, k) for k in teachers for family, m in families if k >= (m or 0) + 4]

with job_log(snakemake.log[0]) as log:
    protocol = Protocol(**snakemake.params.protocol)
    progress = log.progress("splits of families", "points")
    records = []
    for done, (family, m, k) in enumerate(points, start=1):
        records += follow_splits(family, m, k, protocol, **settings)
        progress(done, len(points))
    write_table(make_table(records, "family_fates"), snakemake.output[0], "family_fates")
