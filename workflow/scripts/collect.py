"""Adapter of the rules collect_...: tables and arrays made in parts."""

from pathlib import Path

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import collect_tables

with job_log(snakemake.log[0]):
    for path in snakemake.output.tables:
        name = Path(path).stem
        collect_tables(snakemake.input.get(name, []), path, name)
    for path in snakemake.output.arrays:
        parts = [read_arrays(part) for part in snakemake.input.get(Path(path).stem, [])]
        write_arrays(path, **{case: array for part in parts for case, array in part.items()})
