"""The local law: its order, its least directions, and what F t^3 and the gradient tend to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, universal_finding
from relu_landscape.single_teacher.laws import RUN

_LIMITS = "single_teacher_limits"
_SIZE = ["k", "n", "draw"]


def scaled_loss_reaches_limit(claim: Claim, single_teacher_limits: pd.DataFrame) -> Finding:
    """Does F t^3 tend to 1/(27 c^2), c the valley's constant in the final direction?

    Its limit is read off the slope of F^(-1/3) against t, in which the time until the valley does
    not enter; the value at the end stands beside it.

    Parameters of the claim: tolerance (relative). Source: derived here.
    """
    limits = of_case(single_teacher_limits, claim.case)
    if limits.empty:
        return not_run("no descent with n > k that is in the valley at its end")
    continued = limits["continued"] / limits["limit"]
    at_end = limits["scaled_loss"] / limits["limit"]
    wrong = (continued - 1).abs() > claim.parameters["tolerance"]
    return universal_finding(
        Cases(limits, limits[wrong], _LIMITS, RUN),
        found=_range("continued F t^3 over 1/(27 c^2)", continued)
        | _range("F t^3 at the end over it", at_end),
        expected={"limit of both": 1.0},
        note=f"Up to t = {limits['time'].max():.3g}.",
        against=Verdict.DEVIATES,
    )


def two_students_reach_shares_limit(claim: Claim, single_teacher_limits: pd.DataFrame) -> Finding:
    """Does F t^3 tend to 8 pi^2/(3 S^2), S = 1/a_1 + 1/a_2, with two students of a single teacher?

    Parameter of the claim: tolerance (relative). Source: derived here.
    """
    limits = single_teacher_limits[single_teacher_limits["shares_limit"].notna()]
    if limits.empty:
        return not_run("no descent of two students on a single teacher")
    ratio = limits["continued"] / limits["shares_limit"]
    wrong = (ratio - 1).abs() > claim.parameters["tolerance"]
    return universal_finding(
        Cases(limits, limits[wrong], _LIMITS, RUN),
        found=_range("continued F t^3 over 8 pi^2/(3 S^2)", ratio)
        | _range("F t^3 at the end", limits["scaled_loss"]),
        expected={"ratio": 1.0, "largest F t^3, at equal shares": float(np.pi**2 / 6)},
        note="",
        against=Verdict.DEVIATES,
    )


def gradient_keeps_up(claim: Claim, single_teacher_limits: pd.DataFrame) -> Finding:
    """Is |grad F| at least 3 c^(1/3) F^(2/3) at the end of every run, and hardly more?

    In the valley |grad F| >= 3 Phi/|u|, with equality where the direction no longer turns.

    Parameter of the claim: tolerance (relative). Source: Zhou, Ge & Jin 2021, where that the loss
    has such an inequality is in the abstract; exponent recalled, constant derived here.
    """
    if single_teacher_limits.empty:
        return not_run("no descent with n > k that is in the valley at its end")
    limits = single_teacher_limits
    ratio = limits["quotient"] / limits["quotient_limit"]
    wrong = (ratio - 1).abs() > claim.parameters["tolerance"]
    return universal_finding(
        Cases(limits, limits[wrong], _LIMITS, RUN),
        found=_range("|grad F|/F^(2/3) over 3 c^(1/3)", ratio)
        | _range("|grad F|/F^(2/3)", limits["quotient"]),
        expected={"ratio": 1.0},
        note="",
        against=Verdict.DEVIATES,
    )


def gradient_never_lags(claim: Claim, single_teacher_descents: pd.DataFrame) -> Finding:
    """Is |grad F| >= 3 c^(1/3) F^(2/3) at every check of every run below a level of the loss?

    c is Phi/|u|^3 at the check itself; on the way into the valley the gradient may be far larger.

    Parameters of the claim: loss (the level), slack (relative). Source: Zhou, Ge & Jin 2021, where
    that the loss has such an inequality is in the abstract; exponent recalled, constant derived
    here.
    """
    checks = single_teacher_descents
    checks = checks[(checks["n"] > checks["k"]) & checks["valley_loss"].notna()]
    checks = checks[checks["loss"] < claim.parameters["loss"]]
    if checks.empty:
        return not_run("no descent with n > k below this loss")
    steepness = checks["gradient_norm"] / checks["loss"] ** (2 / 3)
    ratio = steepness / (3 * checks["valley_loss"] ** (1 / 3) / checks["radius"])
    wrong = ~(ratio >= 1 - claim.parameters["slack"])
    return universal_finding(
        Cases(checks, checks[wrong], "single_teacher_descents", (*RUN, "iteration")),
        found={"least |grad F|/F^(2/3) over 3 c^(1/3)": float(ratio.min())},
        expected={"least ratio, towards the minimum": 1.0},
        note="",
        against=Verdict.DEVIATES,
    )


def two_balanced_students_quotient(
    claim: Claim, single_teacher_limits: pd.DataFrame, simplex_valleys: pd.DataFrame
) -> Finding:
    """Is |grad F|/F^(2/3) that of equal shares with two students from small starts?

    Parameter of the claim: tolerance (relative). Expected: the claim's, in closed form from the
    table beside it. Source: derived here.
    """
    limits = single_teacher_limits
    runs = limits[(limits["start"] == "small") & (limits["n"] == 2)]
    pair = simplex_valleys[simplex_valleys["n"] == 2]
    if runs.empty or pair.empty:
        return not_run("no descent of two students from small starts")
    closed, expected = float(pair["quotient"].iloc[0]), float(claim.expected)
    tolerance = claim.parameters["tolerance"]
    errors = (runs["quotient"] / closed - 1).abs()
    agrees = abs(closed - expected) < claim.parameters["rounding"] and errors.max() <= tolerance
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found={"3 c^(1/3) in closed form": closed}
        | _range("quotient at the end", runs["quotient"]),
        expected=expected,
        sample_size=len(runs),
        evidence=f"tables/{_LIMITS}.parquet: start=small, n=2; tables/simplex_valleys.parquet: n=2",
    )


def law_has_order(claim: Claim, valley_expansions: pd.DataFrame) -> Finding:
    """Does |F/Phi - 1| fall like |u|^2 for a single teacher, and at least like |u| for several?

    The order is read off the two least distances of each draw.

    Parameters of the claim: orders (by "one" and "several"), slack. Source: derived here.
    """
    rows = []
    for names, group in valley_expansions.sort_values("distance").groupby(_SIZE):
        if len(group) > 1:
            near, far = group.iloc[0], group.iloc[1]
            order = np.log(far["error"] / near["error"]) / np.log(
                far["distance"] / near["distance"]
            )
            rows.append(
                dict(zip(_SIZE, names, strict=True))
                | {"order": order, "error": near["error"], "distance": near["distance"]}
            )
    if not rows:
        return not_run("no two distances from a global minimum")
    orders = pd.DataFrame(rows)
    asked = (orders["k"] > 1).map({False: "one", True: "several"}).map(claim.parameters["orders"])
    wrong = ~(orders["order"] >= asked - claim.parameters["slack"])
    found = {
        f"least order, {name}": float(part["order"].min())
        for name, part in (
            ("single teacher", orders[orders["k"] == 1]),
            ("several teachers", orders[orders["k"] > 1]),
        )
        if not part.empty
    }
    return universal_finding(
        Cases(orders, orders[wrong], "valley_expansions", (*_SIZE, "distance")),
        found=found | {"largest error at the least distance": float(orders["error"].max())},
        note=f"At |u| = {orders['distance'].min():g}, in extended precision.",
        against=Verdict.DEVIATES,
    )


def simplex_is_least(
    claim: Claim, simplex_valleys: pd.DataFrame, least_valleys: pd.DataFrame
) -> Finding:
    """Is no direction lower than the best simplex, which has four corners where there is room?

    Parameter of the claim: tolerance (relative). Source: derived here; that no direction is lower
    was searched, not proved.
    """
    if least_valleys.empty or simplex_valleys.empty:
        return not_run("no search for the least direction")
    tolerance = claim.parameters["tolerance"]
    closed = (simplex_valleys["evaluated"] / simplex_valleys["constant"] - 1).abs()
    rooms = (
        least_valleys[["n"]].assign(dimension=least_valleys["dimension"] + 1, most=4).min(axis=1)
    )
    error = least_valleys["found"] / least_valleys["constant"] - 1
    wrong = (error.abs() > tolerance) | (least_valleys["corners"] != rooms)
    wrong |= bool((closed > tolerance).any())
    return universal_finding(
        Cases(least_valleys, least_valleys[wrong], "least_valleys", ("n", "dimension")),
        found=_range("c found over that of the simplex, less 1", error),
        expected={"difference": 0.0},
        note="",
    )


def _range(name: str, values: pd.Series) -> dict[str, float]:
    return {f"least {name}": float(values.min()), f"largest {name}": float(values.max())}
