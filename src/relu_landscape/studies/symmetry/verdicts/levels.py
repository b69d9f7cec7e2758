"""Losses of the families at single sizes and as the number of teachers grows."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from relu_landscape.families.identification import LIMIT_OF_I
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    universal_finding,
)
from relu_landscape.studies.symmetry.verdicts.orders import (
    HALF_WAY,
    NOT_FAR,
    far_pairs,
    finite,
    order_between,
)
from relu_landscape.studies.symmetry.verdicts.rows import (
    FAMILY,
    at_equal_size,
    named_rows,
    names_in,
)
from relu_landscape.tables.columns import POINT

_TABLE = "family_points"

CORRECTION_OF_I = -4.0 / (3.0 * math.pi)
SLOPE_OF_II = 0.5 - 2.0 / math.pi**2


def family_level(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Has the point of a family at one k this loss and this smallest Hessian eigenvalue?

    Case of the claim: family, m, extra, k. Parameters: digits (significant ones compared, by
    column). Expected: values by column. Source: derived.
    """
    points = of_case(family_points, claim.case)
    if points.empty:
        return not_run("this point was not solved for")
    found = {name: float(points[name].iloc[0]) for name in claim.expected}
    wrong = [
        name
        for name, expected in claim.expected.items()
        if abs(found[name] - expected) > _rounding(expected, claim.parameters["digits"][name])
    ]
    digits = ", ".join(f"{claim.parameters['digits'][name]} of {name}" for name in found)
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=len(points),
        expected=claim.expected,
        note=f"{points['isotropy'].iloc[0]}; digits compared: {digits}. "
        + (f"Different: {', '.join(wrong)}." if wrong else "All agree."),
        evidence=f"tables/{_TABLE}.parquet: {place_of(points, POINT)}",
    )


def loss_vanishes_or_stays(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Does the loss of II_m fall like 1/k, and that of A and I_m stay away from zero?

    Its order has to be -1 and 0; it is read off the last two k of each family, see `orders`.

    Parameters of the claim: first_k, far_k (see `orders.far_pairs`). Source: AF20, abstract.
    """
    pairs = far_pairs(at_equal_size(family_points), FAMILY, claim.parameters)
    if not pairs:
        return not_run(NOT_FAR)
    cases = pd.concat(
        [
            pair.tail(1)[[*POINT, "loss"]].assign(order=order_between(pair, "loss"))
            for pair in pairs
        ],
        ignore_index=True,
    )
    vanishing = cases["family"] == "II"
    error = (cases["order"] + vanishing).abs()
    found = {
        f"order of {kind}": finite(float(cases["order"][chosen].iloc[int(error[chosen].argmax())]))
        for kind, chosen in (("type II", vanishing), ("type I and A", ~vanishing))
        if chosen.any()
    }
    return universal_finding(
        Cases(cases, cases[error > HALF_WAY], _TABLE, POINT),
        found=found,
        expected={name: -1.0 if name == "order of type II" else 0.0 for name in found},
        note=f"The order furthest from what is expected is shown. Families: {names_in(cases)}. "
        + " ".join(
            f"{name} at k = {row['k']}: {row['loss']:.6g}."
            for name, row in named_rows(cases)
            if row["m"] <= 1
        ),
        against=Verdict.DEVIATES,
    )


def loss_approaches_limit(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Is F = 1/2 - 1/pi - 4/(3 pi) k^{-1/2} + O(1/k) at A, I_m and m (1/2 - 2/pi^2)/k at II_m?

    What is left of F has to be of order -1, and what is left of k F/m of order -1/2, or less; the
    orders are read off the last two k of each family, see `orders`.

    Parameters of the claim: first_k, far_k (see `orders.far_pairs`). Source: derived.
    """
    points = at_equal_size(family_points)
    k, vanishing = points["k"].astype(np.float64), points["family"] == "II"
    left_of_I = points["loss"] - LIMIT_OF_I - CORRECTION_OF_I * k**-0.5
    left_of_II = k * points["loss"] / points["m"].clip(lower=1) - SLOPE_OF_II
    points = points.assign(left=left_of_I.mask(vanishing, left_of_II))
    pairs = far_pairs(points, FAMILY, claim.parameters)
    if not pairs:
        return not_run(NOT_FAR)
    cases = pd.concat(
        [pair.tail(1)[list(POINT)].assign(order=order_between(pair, "left")) for pair in pairs],
        ignore_index=True,
    )
    expected = -1.0 + 0.5 * (cases["family"] == "II")
    excess = cases["order"] - expected
    worst = int(excess.argmax())
    return universal_finding(
        Cases(cases, cases[excess > HALF_WAY], _TABLE, POINT),
        found={"order of what is left": finite(float(cases["order"].iloc[worst]))},
        expected={"order of what is left": float(expected.iloc[worst])},
        note="The order furthest above what is expected is shown. Families: "
        f"{names_in(cases)}. The limits are {LIMIT_OF_I:.8f} and, of k F/m, {SLOPE_OF_II:.8f}.",
        against=Verdict.DEVIATES,
    )


def limit_of_quantity(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Has a quantity times a power of k this limit at a family?

    Its values at the two largest k are continued to k^{-1/2} = 0 along a line.

    Case of the claim: family, m, extra, quantity (a column), power (of k). Parameters: first_k
    (both are at least that), decimals. Expected: the limit. Source: derived.
    """
    case = dict(claim.case)
    quantity, power = case.pop("quantity"), case.pop("power")
    far = _last_two(of_case(family_points, case), claim.parameters["first_k"])
    if far is None:
        return not_run(NOT_FAR)
    h = far["k"].to_numpy(np.float64) ** -0.5
    near_value, far_value = far[quantity] * far["k"].astype(np.float64) ** power
    found = float(far_value + (far_value - near_value) * h[1] / (h[0] - h[1]))
    agrees = abs(found - claim.expected) <= half_a_digit(claim.parameters["decimals"])
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found=found,
        sample_size=len(far),
        expected=claim.expected,
        note=f"At k = {far['k'].iloc[1]} it is {far_value:.7g}, at k = {far['k'].iloc[0]} "
        f"{near_value:.7g}.",
        evidence=f"tables/{_TABLE}.parquet: {place_of(far.tail(1), POINT)}",
    )


def order_of_quantity(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Does a quantity vanish like this power of k at a family, by its two largest k?

    Case of the claim: family, m, extra, quantity (a column). Parameters: first_k (both are at least
    that), order_tolerance. Expected: the order. Source: derived.
    """
    case = dict(claim.case)
    quantity = case.pop("quantity")
    far = _last_two(of_case(family_points, case), claim.parameters["first_k"])
    if far is None:
        return not_run(NOT_FAR)
    (near_k, far_k), (before, after) = far["k"], far[quantity]
    order = math.log(after / before) / math.log(far_k / near_k) if after / before > 0 else math.nan
    agrees = abs(order - claim.expected) <= claim.parameters["order_tolerance"]
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found=order,
        sample_size=len(far),
        expected=claim.expected,
        note=f"At k = {far_k} it is {after:.7g}, at k = {near_k} {before:.7g}.",
        evidence=f"tables/{_TABLE}.parquet: {place_of(far.tail(1), POINT)}",
    )


def _last_two(points: pd.DataFrame, first_k: int) -> pd.DataFrame | None:
    """The points of a family at its two largest k, None if there are none from first_k on."""
    last = points[points["k"] >= first_k].sort_values("k").tail(2)
    return last if len(last) == 2 else None


def _rounding(value: float, digits: int) -> float:
    """Half a unit of the last of so many significant digits."""
    return half_a_digit(digits - 1 - math.floor(math.log10(abs(value))))
