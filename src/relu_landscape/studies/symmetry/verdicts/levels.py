"""Losses of the families at single sizes and as the number of teachers grows."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    POINT,
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    universal_finding,
)
from relu_landscape.studies.symmetry.verdicts.rows import (
    FAMILY,
    at_equal_size,
    groups_of,
    named_rows,
    names_in,
)

_TABLE = "family_points"
_TOO_SMALL = "no family was followed to a large enough k"

LIMIT_OF_I = 0.5 - 1.0 / math.pi
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

    The order is log(F'/F)/log(k'/k) between the two largest k; it has to be -1 and 0.

    Parameters of the claim: first_k, far_k (families with two k from first_k on, the larger one at
    least far_k, are judged), order_tolerance. Source: AF20, abstract.
    """
    points = at_equal_size(family_points)
    points = points[points["k"] >= claim.parameters["first_k"]]
    rows = []
    for group in groups_of(points, FAMILY):
        if len(group) > 1 and group["k"].max() >= claim.parameters["far_k"]:
            (near, far), (before, after) = (group[name].iloc[-2:] for name in ("k", "loss"))
            order = math.log(after / before) / math.log(far / near)
            rows.append(group.tail(1)[[*POINT, "loss"]].assign(order=order))
    if not rows:
        return not_run(_TOO_SMALL)
    cases = pd.concat(rows, ignore_index=True)
    vanishing = cases["family"] == "II"
    error = (cases["order"] + vanishing).abs()
    found = {
        f"order of {kind}": float(cases["order"][chosen].iloc[int(error[chosen].argmax())])
        for kind, chosen in (("type II", vanishing), ("type I and A", ~vanishing))
        if chosen.any()
    }
    return universal_finding(
        Cases(cases, cases[error > claim.parameters["order_tolerance"]], _TABLE, POINT),
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

    What is left, as a multiple of 1/k, and of k F/m as a multiple of k^{-1/2}, must be bounded.

    Parameters of the claim: first_k, far_k (families followed to far_k are judged from first_k on),
    largest_correction (of what is left). Source: derived.
    """
    points = at_equal_size(family_points)
    reaching = points.groupby(list(FAMILY))["k"].transform("max") >= claim.parameters["far_k"]
    points = points[reaching & (points["k"] >= claim.parameters["first_k"])]
    if points.empty:
        return not_run(_TOO_SMALL)
    k, loss = points["k"].to_numpy(np.float64), points["loss"].to_numpy()
    of_II = (points["family"] == "II").to_numpy()
    left_of_I = (loss - LIMIT_OF_I - CORRECTION_OF_I / np.sqrt(k)) * k
    left_of_II = (k * loss / np.maximum(points["m"], 1) - SLOPE_OF_II) * np.sqrt(k)
    left = np.abs(np.where(of_II, left_of_II, left_of_I))
    largest = float(left.max())
    return universal_finding(
        Cases(points, points[left > claim.parameters["largest_correction"]], _TABLE, POINT),
        found={"largest scaled remainder": largest},
        note=f"Families: {names_in(points)}. The limits are {LIMIT_OF_I:.8f} and, of k F/m, "
        f"{SLOPE_OF_II:.8f}.",
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
        return not_run(_TOO_SMALL)
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
        return not_run(_TOO_SMALL)
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
