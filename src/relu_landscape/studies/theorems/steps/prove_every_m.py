"""Families proved to be spurious minima for every m, and every k from a multiple of m on."""

from fractions import Fraction

from relu_landscape.certificates.outcome import Failure
from relu_landscape.every_k.every_m_certificate import certify_families_for_all_m
from relu_landscape.every_k.records import every_m_row
from relu_landscape.every_k.settings import FamiliesForEveryM
from relu_landscape.every_k.tree_lines import every_m_lines
from relu_landscape.studies.steps import Made


def prove_every_m(wanted: FamiliesForEveryM) -> Made:
    """The certificate of one theorem, and what it says."""
    outcome = certify_families_for_all_m(
        wanted.family, Fraction(str(wanted.least_ratio)), least_special_rows=wanted.least_m
    )
    lines = [] if isinstance(outcome, Failure) else every_m_lines(outcome)
    return {
        "rectangle_theorems": [every_m_row(wanted, outcome)],
        "certificate": "".join(f"{line}\n" for line in lines),
    }
