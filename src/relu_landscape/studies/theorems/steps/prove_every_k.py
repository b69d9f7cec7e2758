"""A family proved a spurious minimum for every k from a bound on, and what signed splits are."""

from relu_landscape.certificates.outcome import Failure
from relu_landscape.every_k.certificate import certify_family_for_all_k, named_family
from relu_landscape.every_k.records import piece_rows, signed_split_rows, theorem_row
from relu_landscape.every_k.settings import FamilyForEveryK
from relu_landscape.every_k.signed_splits import decide_signed_splits
from relu_landscape.every_k.theorem_lines import every_k_lines
from relu_landscape.studies.steps import Made


def prove_every_k(wanted: FamilyForEveryK) -> Made:
    """The certificate of one theorem, what it says, and what it says piece by piece."""
    family = named_family(wanted.family, wanted.special_rows)
    outcome = certify_family_for_all_k(wanted.family, wanted.special_rows, least_k=wanted.least_k)
    if not isinstance(outcome, Failure):
        outcome = decide_signed_splits(outcome)
    certified = [] if isinstance(outcome, Failure) else [outcome]
    return {
        "family_theorems": [theorem_row(family, outcome)],
        "theorem_pieces": [row for one in certified for row in piece_rows(one)],
        "theorem_signed_splits": [row for one in certified for row in signed_split_rows(one)],
        "certificate": "".join(f"{line}\n" for one in certified for line in every_k_lines(one)),
    }
