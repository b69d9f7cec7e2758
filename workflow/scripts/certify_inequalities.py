"""Adapter of rule certify_inequalities."""

from fractions import Fraction

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_inequalities
from relu_landscape.evidence.job_log import job_log
from relu_landscape.storage import write_text
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings, table = snakemake.params.inequalities, "certified_inequalities"

with job_log(snakemake.log[0]):
    proofs = prove_inequalities(
        settings["sizes"],
        shares=[Fraction(share) for share in settings["shares"]],
        epsilons=[Fraction(1, 10**exponent) for exponent in settings["epsilon_exponents"]],
        scales=[Fraction(1, 10**exponent) for exponent in settings["scale_exponents"]],
    )
    write_text(snakemake.output.certificates, file_text(proofs.lines))
    write_table(make_table(proofs.records, table), snakemake.output.table, table)
