"""What splits of the neurons of II_1 add to the Hessian, for every k from a bound on."""

from relu_landscape.certificates.outcome import Failure
from relu_landscape.every_k.certificate import certify_family_for_all_k, named_family
from relu_landscape.every_k.records import split_rows, split_series_rows
from relu_landscape.every_k.saddle_lines import splits_for_every_k_lines
from relu_landscape.every_k.settings import Splits
from relu_landscape.every_k.split_rates import enclose_split_series, enclose_splits
from relu_landscape.studies.steps import Made


def enclose_every_split(wanted: Splits) -> Made:
    """The enclosures piece by piece, their certificate, and their series at k = infinity."""
    outcome = certify_family_for_all_k("II", 1, least_k=wanted.least_k)
    certified = [] if isinstance(outcome, Failure) else [(outcome, enclose_splits(outcome))]
    series = enclose_split_series(terms=wanted.terms)
    return {
        "theorem_splits": [row for one in certified for row in split_rows(*one)],
        "theorem_split_series": []
        if isinstance(series, Failure)
        else list(split_series_rows(named_family("II", 1), series)),
        "certificate": "".join(
            f"{line}\n" for one in certified for line in splits_for_every_k_lines(*one)
        ),
    }
