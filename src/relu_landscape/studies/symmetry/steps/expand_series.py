"""Loss and entries of the families as series in k^(-1/2)."""

from relu_landscape.families.settings import Series
from relu_landscape.studies.steps import Made
from relu_landscape.studies.symmetry.family_records import series_records


def expand_series(series: Series) -> Made:
    """The coefficients of every family."""
    families = [("A", None), *((family, m) for family in ("I", "II") for m in series.blocks)]
    return {
        "puiseux_coefficients": [
            row for family, m in families for row in series_records(family, m, series.terms)
        ]
    }
