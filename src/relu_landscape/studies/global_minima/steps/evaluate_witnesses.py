"""Explicit counterexamples to Conjecture 12, and their weights as exact rationals."""

from fractions import Fraction

from relu_landscape.global_minima.settings import Conjecture12
from relu_landscape.global_minima.witnesses import WITNESSES, evaluate_witness, weight_records
from relu_landscape.studies.steps import Made


def evaluate_witnesses(conjecture12: Conjecture12) -> Made:
    """Form and bound at every witness and scale, and the weights at one scale."""
    scales = [Fraction(1, 10**exponent) for exponent in conjecture12.scale_exponents]
    stored = Fraction(1, 10**conjecture12.stored_exponent)
    return {
        "conjecture12_witnesses": [
            {"witness": name, **evaluate_witness(shares, scale)}
            for name, shares in WITNESSES.items()
            for scale in scales
        ],
        "witness_weights": [row for name in WITNESSES for row in weight_records(name, stored)],
    }
