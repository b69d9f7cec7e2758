"""Adapter of rule evaluate_witnesses."""

from fractions import Fraction

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.witnesses import WITNESSES, evaluate_witness, weight_records
from relu_landscape.proofs import mark_proved, witness_statements
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.conjecture12
scales = [Fraction(1, 10**exponent) for exponent in settings["scale_exponents"]]
stored = Fraction(1, 10 ** settings["stored_exponent"])

with job_log(snakemake.log[0]):
    witnesses = [
        {"witness": name, **evaluate_witness(shares, scale)}
        for name, shares in WITNESSES.items()
        for scale in scales
    ]
    certified = read_table(snakemake.input[0], "certified_inequalities")
    witnesses = mark_proved(witnesses, witness_statements(certified))
    weights = [record for name in WITNESSES for record in weight_records(name, stored)]
    table = "conjecture12_witnesses"
    write_table(make_table(witnesses, table), snakemake.output.witnesses, table)
    write_table(make_table(weights, "witness_weights"), snakemake.output.weights, "witness_weights")
