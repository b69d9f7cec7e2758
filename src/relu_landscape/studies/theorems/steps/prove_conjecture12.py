"""How Conjecture 12 fails next to the global minima, and what holds in its place."""

from fractions import Fraction

from relu_landscape.certificates.conjecture12_lines import conjecture12_lines
from relu_landscape.certificates.conjecture12_records import conjecture12_rows
from relu_landscape.certificates.lines import file_text
from relu_landscape.every_k.settings import Conjecture12
from relu_landscape.studies.steps import Made


def prove_conjecture12(wanted: Conjecture12) -> Made:
    """The certificates, and what they state."""
    lines = conjecture12_lines(
        [(pair.k, pair.m) for pair in wanted.directions],
        *(
            (Fraction(one.constant), Fraction(1, one.one_over_reach))
            for one in (wanted.two_teachers, wanted.every_k)
        ),
        tries=wanted.tries,
        seed=wanted.seed,
    )
    return {
        "conjecture12_theorems": list(conjecture12_rows(lines)),
        "certificate": file_text(lines),
    }
