"""Adapter of rule find_thresholds."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.family_records import threshold_record
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

blocks = snakemake.params.blocks
families = [("A", None, 0), *((family, m, 0) for family in ("I", "II") for m in blocks)]
families += [("I", 1, 1), ("II", 1, 1)]  # A with a neuron more is a saddle at every k

with job_log(snakemake.log[0]):
    records = [threshold_record(*family) for family in families]
    table = "stability_thresholds"
    write_table(make_table(records, table), snakemake.output[0], table)
