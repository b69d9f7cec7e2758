"""From which real k on a family is a minimum, and how its loss begins at k = infinity."""

from relu_landscape.certificates.outcome import Failure
from relu_landscape.every_k.certificate import named_family
from relu_landscape.every_k.enclosed_series import enclose_series
from relu_landscape.every_k.real_thresholds import least_real_k
from relu_landscape.every_k.records import series_rows, threshold_row
from relu_landscape.every_k.settings import FamilyForEveryK
from relu_landscape.studies.steps import Made


def enclose_limits(wanted: FamilyForEveryK, terms: int) -> Made:
    """The enclosed threshold and the enclosed first coefficients; no row where that fails."""
    family = named_family(wanted.family, wanted.special_rows)
    threshold = least_real_k(wanted.family, wanted.special_rows)
    series = enclose_series(wanted.family, wanted.special_rows, terms=terms)
    return {
        "theorem_thresholds": []
        if isinstance(threshold, Failure)
        else [threshold_row(family, threshold)],
        "theorem_series": [] if isinstance(series, Failure) else list(series_rows(family, series)),
    }
