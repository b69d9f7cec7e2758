"""Loss and entries of the families as series in k^(-1/2)."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.studies.steps import Made
from relu_landscape.studies.symmetry.family_records import series_records


def expand_series(series: Mapping[str, Any]) -> Made:
    """The coefficients of every family."""
    blocks = series["blocks"]
    families = [("A", None), *((family, m) for family in ("I", "II") for m in blocks)]
    return {
        "puiseux_coefficients": [
            row for family, m in families for row in series_records(family, m, series["terms"])
        ]
    }
