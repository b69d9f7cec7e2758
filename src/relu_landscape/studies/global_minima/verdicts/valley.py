"""The valley next to global minima of n > k, where weaker notions of convexity fail (S21).

Two neurons of one teacher are spread by eps and -eps along another teacher. What is said here about
limits rests on the smallest eps in extended precision: orders are fitted, constants read off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from relu_landscape.global_minima.constructions import valley_constants
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    universal_finding,
)
from relu_landscape.judging.statistics import PowerLaw, fit_power_law

_TABLE = "valley_points"
_CASE = ["k", "n", "d", "share"]
_TOO_FEW = "fewer than three points of a valley in extended precision"


class _Valley(NamedTuple):
    """The points of smallest epsilon of one construction, by increasing epsilon."""

    points: pd.DataFrame

    def law(self, column: str) -> PowerLaw:
        """Power law of a column in epsilon."""
        return fit_power_law(self.points["epsilon"], self.points[column])

    def constant(self, column: str, order: int, place: int = 0) -> float:
        """A column over a power of epsilon, at the smallest epsilon or the next ones."""
        point = self.points.iloc[place]
        return float(point[column] / point["epsilon"] ** order)

    def expected(self, column: str) -> float:
        """The limit of a column over the power of epsilon that it is of."""
        n, k, share = (self.points[name].iloc[0] for name in ("n", "k", "share"))
        return float(getattr(valley_constants(int(n), int(k), float(share)), column))


def one_point_convexity_fails(claim: Claim, valley_points: pd.DataFrame) -> Finding:
    """Do the one-point quotients fall to zero like eps S/(2 pi) and eps S/pi, S = 1/a + 1/(1 - a)?

    The first is the gradient form <grad F, W - W*>/|W - W*|^2, the second the Hessian form. For
    every construction the order of each is fitted over the smallest eps and must be 1, and the
    quotient over the smallest eps must be the constant.

    Parameters of the claim: smallest (number of eps fitted), order_tolerance, constant_tolerance
    (relative). Source: S21, Theorem 7; the constants are derived here.
    """
    return _falls_linearly(claim, valley_points, ["one_point_gradient", "one_point_hessian"])


def pl_condition_fails(claim: Claim, valley_points: pd.DataFrame) -> Finding:
    """Does the PL ratio |grad F|^2/(2 F) fall to zero like a constant times eps?

    Parameters, table: as for `one_point_convexity_fails`.
    Source: S21, Theorem 9; the constant is derived here.
    """
    return _falls_linearly(claim, valley_points, ["pl_ratio"])


def valley_loss_order(claim: Claim, valley_points: pd.DataFrame) -> Finding:
    """Is the loss in the valley at least a multiple of eps, of an order of at most 1, as printed?

    The largest of the fitted orders decides.

    Parameters of the claim: smallest (number of eps fitted), order_tolerance. Expected: the order.
    Source: S21, eq. (26).
    """
    valleys = _valleys(claim, valley_points)
    if not valleys:
        return not_run(_TOO_FEW)
    laws = [valley.law("loss") for valley in valleys]
    steepest = max(laws, key=lambda law: law.exponent)
    holds = steepest.exponent <= claim.expected + claim.parameters["order_tolerance"]
    slowest = min(valley.law("pl_ratio").exponent for valley in valleys)
    vanishes = slowest > claim.parameters["order_tolerance"]
    return Finding(
        verdict=Verdict.REPRODUCED if holds else Verdict.DEVIATES,
        found=steepest.exponent,
        interval=steepest.exponent_interval,
        sample_size=len(valleys),
        expected=claim.expected,
        note=f"Largest fitted order of {len(valleys)} constructions. The PL ratio is of order "
        f"{slowest:.3f} or more, so Theorem 9 {'stands' if vanishes else 'lacks its proof'}.",
        evidence=_evidence(valleys[laws.index(steepest)]),
    )


def valley_gradient_order(claim: Claim, valley_points: pd.DataFrame) -> Finding:
    """Is |grad F|^2 in the valley at most a multiple of eps^2, of an order of at least 2?

    The smallest of the fitted orders decides.

    Parameters, table: as for `valley_loss_order`. Source: S21, eq. (26).
    """
    valleys = _valleys(claim, valley_points)
    if not valleys:
        return not_run(_TOO_FEW)
    laws = [valley.law("squared_gradient_norm") for valley in valleys]
    flattest = min(laws, key=lambda law: law.exponent)
    tolerance = claim.parameters["order_tolerance"]
    sharp = "" if flattest.exponent <= claim.expected + tolerance else " The bound is not sharp."
    return Finding(
        verdict=(
            Verdict.CONSISTENT
            if flattest.exponent >= claim.expected - tolerance
            else Verdict.DEVIATES
        ),
        found=flattest.exponent,
        interval=flattest.exponent_interval,
        sample_size=len(valleys),
        expected=claim.expected,
        note=f"Smallest fitted order of {len(valleys)} constructions.{sharp}",
        evidence=_evidence(valleys[laws.index(flattest)]),
    )


def valley_constants_attained(claim: Claim, valley_points: pd.DataFrame) -> Finding:
    """Are F/eps^3, |grad F|^2/eps^4 and the PL ratio over eps what they should be as eps -> 0?

    Values at the smallest eps are compared. Where those at the two smallest eps differ in the last
    digit given, eps is not small enough, and nothing is decided.

    Case of the claim: k, n, d, share. Parameters: smallest, decimals (by column).
    Expected: constants by column.
    Source: S21, proofs of Theorems 7 and 9; the constants are derived here.
    """
    valleys = _valleys(claim, of_case(valley_points, claim.case))
    if not valleys:
        return not_run(_TOO_FEW)
    valley = valleys[0]
    found, wrong, unsettled = {}, [], []
    for column, expected in claim.expected.items():
        allowed = half_a_digit(claim.parameters["decimals"][column])
        value, before = (valley.constant(column, _ORDERS[column], place) for place in (0, 1))
        found[column] = value
        if abs(value - before) > allowed:
            unsettled.append(column)
        elif abs(value - expected) > allowed:
            wrong.append(column)
    if wrong:
        verdict, note = Verdict.DEVIATES, f"Different: {', '.join(wrong)}."
    elif unsettled:
        verdict, note = Verdict.UNDECIDED, f"Not yet constant: {', '.join(unsettled)}."
    else:
        verdict, note = Verdict.REPRODUCED, "All digits agree."
    return Finding(
        verdict=verdict,
        found=found,
        sample_size=len(valley.points),
        expected=claim.expected,
        note=f"At epsilon = {valley.points['epsilon'].iloc[0]:.0e}. {note}",
        evidence=_evidence(valley),
        would_decide=f"{', '.join(unsettled)} still changes at epsilon = "
        f"{valley.points['epsilon'].iloc[0]:.0e}; a smaller one would decide.",
    )


_ORDERS = {"loss": 3, "squared_gradient_norm": 4, "pl_ratio": 1}


def _valleys(claim: Claim, valley_points: pd.DataFrame) -> list[_Valley]:
    points = valley_points
    points = points[(points["arithmetic"] == "extended") & points["pl_ratio"].notna()]
    points = points.sort_values("epsilon")
    valleys = [
        _Valley(group.head(claim.parameters["smallest"])) for _, group in points.groupby(_CASE)
    ]
    return [valley for valley in valleys if len(valley.points) >= 3]


def _falls_linearly(claim: Claim, valley_points: pd.DataFrame, columns: Sequence[str]) -> Finding:
    valleys = _valleys(claim, valley_points)
    if not valleys:
        return not_run(_TOO_FEW)
    settings = claim.parameters
    cases = pd.concat(
        valley.points[_CASE]
        .head(1)
        .assign(
            column=column,
            order_error=abs(valley.law(column).exponent - 1.0),
            constant_error=abs(valley.constant(column, 1) / valley.expected(column) - 1.0),
        )
        for valley in valleys
        for column in columns
    )
    wrong = (cases["order_error"] > settings["order_tolerance"]) | (
        cases["constant_error"] > settings["constant_tolerance"]
    )
    return universal_finding(
        Cases(cases, cases[wrong], _TABLE, (*_CASE, "column")),
        found={
            "largest error of the order": float(cases["order_error"].max()),
            "largest relative error of the constant": float(cases["constant_error"].max()),
        },
        expected={
            "largest error of the order": 0.0,
            "largest relative error of the constant": 0.0,
        },
        note=f"epsilon down to {min(v.points['epsilon'].iloc[0] for v in valleys):.0e}. Over "
        f"epsilon, at {place_of(valleys[0].points, _CASE)}: "
        + ", ".join(f"{name} {valleys[0].constant(name, 1):.5g}" for name in columns)
        + ".",
        against=Verdict.DEVIATES,
    )


def _evidence(valley: _Valley) -> str:
    return f"tables/{_TABLE}.parquet: {place_of(valley.points, _CASE)}, arithmetic=extended"
