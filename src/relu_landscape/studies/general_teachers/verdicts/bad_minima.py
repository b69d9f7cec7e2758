"""Tests of claims about the bad minima of teachers that are not orthonormal."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding
from relu_landscape.judging.rows import Cases, not_run, universal_finding

_MINIMA = "general_minima"
_POINT = ("target", "k", "d", "n", "class_id")


def bad_ends_are_proved_minima(claim: Claim, general_minima: pd.DataFrame) -> Finding:
    """Is every bad end proved a strict minimum, its certificate accepted by the checker?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    if general_minima.empty:
        return not_run("no restart with such teachers ended badly")
    right = general_minima["proved"] & general_minima["checked"]
    return universal_finding(
        Cases(general_minima, general_minima[~right], _MINIMA, _POINT),
        found=int(right.sum()),
        expected=len(general_minima),
        note=f"Smallest proved curvature {general_minima['hessian_lower'].min():.3g}.",
    )
