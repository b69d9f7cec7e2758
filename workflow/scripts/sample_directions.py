"""Adapter of rule sample_directions."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.directions import sample_quotients
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = dict(snakemake.params.directions)
teachers, extra = settings.pop("teachers"), settings.pop("extra_students")
sizes = [(k, k + more) for k in teachers for more in extra]

with job_log(snakemake.log[0]) as log:
    progress = log.progress("directions", "sizes")
    records = []
    for done, (k, n) in enumerate(sizes, start=1):
        records += sample_quotients(k, n, **settings)
        progress(done, len(sizes))
    table = "direction_quotients"
    write_table(make_table(records, table), snakemake.output[0], table)
