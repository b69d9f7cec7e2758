"""Adapter of rule check_finite_points."""

from relu_landscape.certificates import check_finite_points
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.line_checks import prove_lines_again
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

table = "finite_certificate_checks"

with job_log(snakemake.log[0]) as log:
    points, ends = map(read_table, (snakemake.input.finite_points, snakemake.input.finite_ends))
    named = sum(int((frame["line"] > 0).sum()) for frame in (points, ends))
    records = prove_lines_again(snakemake.input.certificate, check_finite_points, named, log.say)
    write_table(make_table(records, table), snakemake.output[0], table)
