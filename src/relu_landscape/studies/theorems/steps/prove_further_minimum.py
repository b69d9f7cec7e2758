"""II_1 with one neuron more proved a spurious minimum for every k from a bound on."""

from relu_landscape.certificates.outcome import Failure
from relu_landscape.every_k.further_minimum import certify_further_minimum_for_all_k
from relu_landscape.every_k.further_minimum_lines import further_minimum_for_every_k_lines
from relu_landscape.every_k.real_thresholds import least_real_k_of_further_minimum
from relu_landscape.every_k.records import further_minimum_row, further_minimum_rows
from relu_landscape.every_k.settings import FurtherMinimum
from relu_landscape.studies.steps import Made


def prove_further_minimum(wanted: FurtherMinimum) -> Made:
    """The certificate, what it says piece by piece, and from which real k on it holds."""
    outcome = certify_further_minimum_for_all_k(wanted.least_k)
    threshold = least_real_k_of_further_minimum() if wanted.threshold else None
    certified = [] if isinstance(outcome, Failure) else [outcome]
    return {
        "theorem_further_minima": [further_minimum_row(outcome, threshold)],
        "theorem_further_minimum_pieces": [
            row for one in certified for row in further_minimum_rows(one)
        ],
        "certificate": "".join(
            f"{line}\n" for one in certified for line in further_minimum_for_every_k_lines(one)
        ),
    }
