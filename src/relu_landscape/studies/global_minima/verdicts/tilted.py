"""Negative curvature next to every global minimum of n > k (S21, Theorem 4).

Two neurons of one teacher are tilted the same way by the angle atan(eps); the quadratic form is
that along (z, -z), z the unit vector of the tilt plane orthogonal to them.
"""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    sizes_of,
    universal_finding,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.proofs import count_proved

_TABLE = "negative_curvature"
_KEY = ("k", "n", "d", "share", "epsilon", "arithmetic")
_NONE_BUILT = "no tilted pair of neurons was built"


def negative_curvature_nearby(claim: Claim, negative_curvature: pd.DataFrame) -> Finding:
    """Is the smallest Hessian eigenvalue negative at every tilted pair, however small the tilt?

    The form over |(z, -z)|^2 = 2 bounds the smallest eigenvalue from above. Where that bound is
    itself below the rounding of double precision, rows in double decide nothing.

    Parameters of the claim: rounding (of an eigenvalue in double precision).
    Source: S21, Theorem 4.
    """
    points = _points(claim, negative_curvature)
    decisive = points[points["form_exact"].abs() / 2.0 > points["rounding"]]
    if decisive.empty:
        return not_run(_NONE_BUILT)
    smallest = decisive["smallest_eigenvalue"]
    ratio = 2.0 * smallest / decisive["form_exact"]
    return universal_finding(
        Cases(decisive, decisive[smallest >= 0.0], _TABLE, _KEY),
        found={
            "largest of the smallest eigenvalues": float(smallest.max()),
            "smallest ratio to half the form": float(ratio.min()),
            "largest ratio to half the form": float(ratio.max()),
        },
        note=f"epsilon from {decisive['epsilon'].min():.0e} to {decisive['epsilon'].max():.0e}; "
        f"{len(points) - len(decisive)} points in double precision lie below its rounding.",
        proved=count_proved(decisive),
    )


def tilted_form_exact(claim: Claim, negative_curvature: pd.DataFrame) -> Finding:
    """Is the form at a tilted pair -(sin t/pi)(1/|w_1| + 1/|w_2|), t = atan(eps)?

    Parameters of the claim: tolerance (relative), rounding (absolute, in double precision).
    Source: S21, Lemma 28; the exact value is derived here.
    """
    points = _points(claim, negative_curvature)
    if points.empty:
        return not_run(_NONE_BUILT)
    excess, relative = _differences(points, "form_exact")
    extended = relative[points["arithmetic"] == "extended"]
    return universal_finding(
        Cases(
            points,
            points[excess > claim.parameters["tolerance"] * points["form_exact"].abs()],
            _TABLE,
            _KEY,
        ),
        found={"largest relative difference": float(relative.max())},
        expected={"largest relative difference": 0.0},
        note=f"In extended precision, {counted(len(extended), 'point')}, the largest is "
        f"{extended.max():.1e}."
        if len(extended)
        else "No point in extended precision.",
    )


def tilted_form_as_printed(claim: Claim, negative_curvature: pd.DataFrame) -> Finding:
    """Is the form at a tilted pair -(1 + eps)(sin t/pi)(a_1 + a_2)^2/(a_1 a_2), as printed?

    It is (1 + eps) sqrt(1 + eps^2) times the exact form: right to leading order only.

    Parameters of the claim: tolerance (relative), rounding (absolute, in double precision).
    Source: S21, proof of Theorem 4.
    """
    points = _points(claim, negative_curvature)
    if points.empty:
        return not_run(_NONE_BUILT)
    excess, relative = _differences(points, "form_printed")
    wrong = excess > claim.parameters["tolerance"] * points["form_printed"].abs()
    worst = points.iloc[[int(relative.argmax())]]
    apart = points.assign(slope=relative / points["epsilon"])[wrong].sort_values("epsilon")
    detail = (
        f" Over epsilon it is {apart['slope'].iloc[0]:.3f} at the smallest of these epsilon, "
        f"{apart['epsilon'].iloc[0]:.0e}."
        if wrong.any()
        else ""
    )
    return Finding(
        verdict=Verdict.DEVIATES if wrong.any() else Verdict.REPRODUCED,
        found={"form": float(worst["form"].iloc[0]), "relative difference": float(relative.max())},
        sample_size=len(points),
        expected={"form": float(worst["form_printed"].iloc[0]), "relative difference": 0.0},
        note=f"At {place_of(worst, ('share', 'epsilon'))}; relative to the printed value, the "
        f"difference exceeds {claim.parameters['tolerance']:g} at {int(wrong.sum())} of "
        f"{counted(len(points), 'point')} ({sizes_of(points)}).{detail}",
        evidence=f"tables/{_TABLE}.parquet: {place_of(worst, _KEY)}",
    )


def tilted_smallest_eigenvalue(claim: Claim, negative_curvature: pd.DataFrame) -> Finding:
    """Has the Hessian at one tilted pair this smallest eigenvalue, in either arithmetic?

    Case of the claim: k, n, d, share, epsilon. Parameters: decimals (given).
    Source: S21, Theorem 4; the numbers are derived here.
    """
    points = of_case(negative_curvature, claim.case)
    if points.empty:
        return not_run("this point was not built")
    error = (points["smallest_eigenvalue"] - claim.expected).abs()
    worst = points.iloc[[int(error.argmax())]]
    agrees = error.max() <= half_a_digit(claim.parameters["decimals"])
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found=float(worst["smallest_eigenvalue"].iloc[0]),
        sample_size=len(points),
        expected=claim.expected,
        note=f"Arithmetic: {', '.join(sorted(points['arithmetic']))}.",
        evidence=f"tables/{_TABLE}.parquet: {place_of(worst, _KEY)}",
    )


def _points(claim: Claim, negative_curvature: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table with what rounding leaves of them: nothing to speak of if extended."""
    in_double = negative_curvature["arithmetic"] == "double"
    return negative_curvature.assign(rounding=in_double * claim.parameters["rounding"])


def _differences(points: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    """Difference of a column to the form beyond rounding, and the same relative to the column."""
    excess = ((points["form"] - points[column]).abs() - points["rounding"]).clip(lower=0.0)
    return excess, excess / points[column].abs()
