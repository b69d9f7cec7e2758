"""Proofs that weaker notions of convexity fail near global minima, and Conjecture 12."""

from collections.abc import Iterable
from fractions import Fraction

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_inequalities
from relu_landscape.certificates.settings import Inequalities
from relu_landscape.studies.steps import Made


def certify_inequalities(inequalities: Inequalities) -> Made:
    """Bounds of forms and quotients at rational points."""
    proofs = prove_inequalities(
        inequalities.sizes,
        shares=[Fraction(share) for share in inequalities.shares],
        epsilons=_powers_of_a_tenth(inequalities.epsilon_exponents),
        scales=_powers_of_a_tenth(inequalities.scale_exponents),
    )
    return {"certified_inequalities": proofs.records, "certificates": file_text(proofs.lines)}


def _powers_of_a_tenth(exponents: Iterable[int]) -> list[Fraction]:
    return [Fraction(1, 10**exponent) for exponent in exponents]
