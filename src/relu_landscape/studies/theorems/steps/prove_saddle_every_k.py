"""A with one neuron more proved a saddle of index k - 1 for every k from a bound on."""

from relu_landscape.certificates.outcome import Failure
from relu_landscape.every_k.further_certificate import certify_saddle_for_all_k
from relu_landscape.every_k.real_thresholds import least_real_k_of_saddle
from relu_landscape.every_k.records import saddle_row, saddle_rows
from relu_landscape.every_k.saddle_lines import saddle_for_every_k_lines
from relu_landscape.every_k.settings import FurtherSaddle
from relu_landscape.studies.steps import Made


def prove_saddle_every_k(wanted: FurtherSaddle) -> Made:
    """The certificate, what it says piece by piece, and from which real k on it holds."""
    outcome = certify_saddle_for_all_k(wanted.least_k)
    threshold = least_real_k_of_saddle() if wanted.threshold else None
    certified = [] if isinstance(outcome, Failure) else [outcome]
    return {
        "theorem_saddles": [saddle_row(outcome, threshold)],
        "theorem_saddle_pieces": [row for one in certified for row in saddle_rows(one)],
        "certificate": "".join(
            f"{line}\n" for one in certified for line in saddle_for_every_k_lines(one)
        ),
    }
