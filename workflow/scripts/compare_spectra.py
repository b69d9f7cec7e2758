"""Adapter of rule compare_spectra."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.spectrum import compare_spectrum
from relu_landscape.proofs import eigenvalue_statements, mark_proved
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.spectrum

with job_log(snakemake.log[0]) as log:
    progress = log.progress("spectra", "values of k")
    records = []
    for k in range(2, settings["largest_k"] + 1):
        for extra in settings["extra_inputs"]:
            records += compare_spectrum(k, k + extra)
        progress(k - 1, settings["largest_k"] - 1)
    certified = read_table(snakemake.input[0], "certified_global_minima")
    records = mark_proved(records, eigenvalue_statements(certified))
    table = "global_minimum_spectra"
    write_table(make_table(records, table), snakemake.output[0], table)
