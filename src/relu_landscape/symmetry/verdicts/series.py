"""Puiseux series: loss and weights of the families in powers of h = k^{-1/2}."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relu_landscape.findings import Claim, Finding, Verdict
from relu_landscape.rows import half_a_digit, not_run, of_case, place_of
from relu_landscape.symmetry.verdicts.rows import names_in

_TABLE = "puiseux_coefficients"
_KEY = ("family", "m", "quantity", "power")
_NO_SERIES = "no series was recovered"


def series_recovered(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Are loss and weights power series in k^{-1/2}?

    Polynomials in h through points of growing k determine the coefficients only if they are: the
    error is the change of a coefficient when one point is left out.

    Parameters of the claim: tolerance (of the error). Table: puiseux_coefficients.
    Source: AF20, abstract.
    """
    rows = tables[_TABLE]
    if rows.empty:
        return not_run(_NO_SERIES)
    odd = rows[(rows["power"] % 2 == 1) & (rows["coefficient"].abs() > rows["error"])]
    return _finding(
        rows,
        rows[rows["error"] > claim.parameters["tolerance"]],
        found={"largest error": float(rows["error"].max())},
        note=f"h^0 to h^{rows['power'].max()}; {len(odd)} coefficients of odd powers do not "
        "vanish, so that no series in 1/k would do.",
    )


def series_in_closed_form(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Do all coefficients that have a closed form agree with it?

    Parameters of the claim: tolerance (of the difference, in extended precision).
    Table: puiseux_coefficients. Source: derived.
    """
    rows = tables[_TABLE]
    rows = rows[rows["closed_form"].notna()]
    if rows.empty:
        return not_run(_NO_SERIES)
    return _finding(
        rows,
        rows[rows["difference"] > claim.parameters["tolerance"]],
        found={"largest difference": float(rows["difference"].max())},
        note="",
    )


def series_powers_missing(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is there no h in the series of any weight, and no h^3 in those of the first block of rows?

    Parameters of the claim: tolerance (of the coefficient). Table: puiseux_coefficients.
    Source: derived.
    """
    rows = tables[_TABLE]
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


def series_coefficient(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Has a coefficient this value?

    Case of the claim: family, m, quantity, power. Parameters: decimals (given).
    Table: puiseux_coefficients. Source: that of the claim.
    """
    rows = of_case(tables[_TABLE], claim.case)
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
