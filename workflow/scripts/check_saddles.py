"""Adapter of rule check_saddles."""

from relu_landscape.certificates.check_saddles import checked
from relu_landscape.evidence.certificate_files import prove_theorem_again
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

table = "theorem_saddle_checks"

with job_log(snakemake.log[0]) as log:
    known = {
        "further_row": int(read_table(snakemake.input.theorem_saddles)["pieces"].iloc[0]),
        "splits": int(read_table(snakemake.input.theorem_splits)["piece"].nunique()),
    }
    records = []
    for theorem, pieces in known.items():
        path = snakemake.input[theorem]
        accepted = prove_theorem_again(path, checked, ("piece", pieces), log.say)
        records.append({"theorem": theorem, "pieces": pieces, "accepted": accepted})
    write_table(make_table(records, table), snakemake.output[0], table)
