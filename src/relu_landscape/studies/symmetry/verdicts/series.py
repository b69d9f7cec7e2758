"""Puiseux series: loss and weights of the families in powers of h = k^{-1/2}."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import half_a_digit, not_run, of_case, place_of
from relu_landscape.studies.symmetry.verdicts.rows import names_in

_TABLE = "puiseux_coefficients"
_KEY = ("family", "m", "quantity", "power")
_NO_SERIES = "no series was recovered"


def series_recovered(claim: Claim, puiseux_coefficients: pd.DataFrame) -> Finding:
    """Are loss and weights power series in k^{-1/2}?

    Polynomials in h through points of growing k determine the coefficients only if they are: the
    error is the change of a coefficient when one point is left out.

    Parameters of the claim: tolerance (of the error).
    Source: AF20, abstract.
    """
    if puiseux_coefficients.empty:
        return not_run(_NO_SERIES)
    odd = puiseux_coefficients[
        (puiseux_coefficients["power"] % 2 == 1)
        & (puiseux_coefficients["coefficient"].abs() > puiseux_coefficients["error"])
    ]
    return _finding(
        puiseux_coefficients,
        puiseux_coefficients[puiseux_coefficients["error"] > claim.parameters["tolerance"]],
        found={"largest error": float(puiseux_coefficients["error"].max())},
        note=f"h^0 to h^{puiseux_coefficients['power'].max()}; {len(odd)} coefficients of "
        "odd powers do "
        "not vanish, so that no series in 1/k would do.",
    )


def series_in_closed_form(claim: Claim, puiseux_coefficients: pd.DataFrame) -> Finding:
    """Do all coefficients that have a closed form agree with it?

    Parameters of the claim: tolerance (of the difference, in extended precision).
    Source: derived.
    """
    rows = puiseux_coefficients
    rows = rows[rows["closed_form"].notna()]
    if rows.empty:
        return not_run(_NO_SERIES)
    return _finding(
        rows,
        rows[rows["difference"] > claim.parameters["tolerance"]],
        found={"largest difference": float(rows["difference"].max())},
        note="",
    )


def series_powers_missing(claim: Claim, puiseux_coefficients: pd.DataFrame) -> Finding:
    """Is there no h in the series of any weight, and no h^3 in those of the first block of rows?

    Parameters of the claim: tolerance (of the coefficient).
    Source: derived.
    """
    rows = puiseux_coefficients
    first_block = rows["quantity"].str.startswith("r0.")
    rows = rows[
        (rows["quantity"] != "loss") & ((rows["power"] == 1) | ((rows["power"] == 3) & first_block))
    ]
    if rows.empty:
        return not_run(_NO_SERIES)
    size = rows["coefficient"].abs()
    return _finding(
        rows,
        rows[size > claim.parameters["tolerance"]],
        found={"largest coefficient": float(size.max())},
        note="",
    )


def series_coefficient(claim: Claim, puiseux_coefficients: pd.DataFrame) -> Finding:
    """Has a coefficient this value?

    Case of the claim: family, m, quantity, power. Parameters: decimals (given).
    Source: that of the claim.
    """
    rows = of_case(puiseux_coefficients, claim.case)
    if rows.empty:
        return not_run("this coefficient was not recovered")
    found = float(rows["coefficient"].iloc[0])
    agrees = abs(found - claim.expected) <= half_a_digit(claim.parameters["decimals"])
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found=found,
        sample_size=len(rows),
        expected=claim.expected,
        note=f"{rows['digits'].iloc[0]}, with an error of about {rows['error'].iloc[0]:.0e}.",
        evidence=f"tables/{_TABLE}.parquet: {place_of(rows, _KEY)}",
    )


def _finding(
    rows: pd.DataFrame, wrong: pd.DataFrame, *, found: Mapping[str, float], note: str
) -> Finding:
    """The finding about all coefficients; what rests on an interpolation deviates at most."""
    first = f": {place_of(wrong, _KEY)}" if len(wrong) else ""
    counted = f"{len(rows)} coefficients of {names_in(rows)}, {len(wrong)} against it."
    return Finding(
        verdict=Verdict.DEVIATES if len(wrong) else Verdict.CONSISTENT,
        found=found,
        sample_size=len(rows),
        expected=dict.fromkeys(found, 0.0),
        note=f"{counted} {note}".strip(),
        evidence=f"tables/{_TABLE}.parquet{first}",
    )
