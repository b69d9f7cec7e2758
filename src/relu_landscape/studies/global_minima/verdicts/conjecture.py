"""The lower bound without an error term (S21, Conjecture 12), at and around its counterexamples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import mpmath
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.rows import not_run, sizes_of
from relu_landscape.judging.statistics import fit_power_law
from relu_landscape.judging.words import counted
from relu_landscape.objective import reference_curvature_along


class _Witness(NamedTuple):
    """A point where the bound is tried: G^T H(W* + G) G minus bound, and max m |g_ij|."""

    name: str
    gap: mpmath.mpf
    scaled_radius: float


def bound_holds_at_witnesses(claim: Claim, witness_weights: pd.DataFrame) -> Finding:
    """Is G^T H(W* + G) G >= 1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2) at the stored witnesses?

    Everything is computed here once more, from the rational weights alone: W* from the number m of
    neurons a teacher, the form as a second difference of the loss by the independent reference, the
    bound from exact sums. The reference keeps half of its digits where neurons are parallel; a
    violation has to exceed what is left with five digits to spare.

    Parameters of the claim: digits. Source: S21, Conjecture 12.
    """
    if witness_weights.empty:
        return not_run("no witness is stored")
    digits = claim.parameters["digits"]
    error = mpmath.mpf(10) ** (5 - digits // 2)
    witnesses = [
        _evaluate(str(name), rows, digits)
        for name, rows in witness_weights.groupby("witness", sort=True)
    ]
    violating = [witness for witness in witnesses if witness.gap < -error]
    shown = violating or witnesses
    return Finding(
        verdict=Verdict.REFUTED if violating else Verdict.CONSISTENT,
        found={f"gap of {witness.name}": float(witness.gap) for witness in witnesses},
        sample_size=len(witnesses),
        note=f"{len(violating)} of {len(witnesses)} witnesses violate the bound, recomputed to "
        f"{digits} digits from their weights. "
        + ", ".join(
            f"{witness.name}: gap {mpmath.nstr(witness.gap, 12)}, largest displacement "
            f"{witness.scaled_radius:.3g} of a neuron's norm"
            for witness in witnesses
        )
        + ".",
        evidence="tables/witness_weights.parquet: "
        + "; ".join(f"witness={witness.name}" for witness in shown),
    )


def witness_order(claim: Claim, conjecture12_witnesses: pd.DataFrame) -> Finding:
    """Does the gap of a family of counterexamples behave like a constant times s^3 as s -> 0?

    The order of -gap is fitted over the smallest scales; gap/s^3 is read off at the smallest, where
    it still differs from its limit by a multiple of s.

    Parameters of the claim: witness, smallest (number of scales fitted), order_tolerance,
    constant_tolerance (relative). Expected: gap_over_cube, order.
    Source: derived here, for S21, Conjecture 12.
    """
    settings, expected = claim.parameters, claim.expected
    family = conjecture12_witnesses[
        conjecture12_witnesses["witness"] == settings["witness"]
    ].sort_values("scale")
    rows = family.head(settings["smallest"])
    if len(rows) < 3:
        return not_run(f"fewer than three scales of witness {settings['witness']}")
    evidence = f"tables/conjecture12_witnesses.parquet: witness={settings['witness']}"
    constant = float(rows["gap"].iloc[0] / rows["scale"].iloc[0] ** 3)
    if not (rows["gap"] < 0.0).all():
        return Finding(
            verdict=Verdict.DEVIATES,
            found={"gap_over_cube": constant},
            sample_size=len(rows),
            expected=expected,
            note="The gap is not negative at each of the smallest scales.",
            evidence=evidence,
        )
    law = fit_power_law(rows["scale"], -rows["gap"])
    close = abs(constant / expected["gap_over_cube"] - 1.0) <= settings["constant_tolerance"]
    same_order = abs(law.exponent - expected["order"]) <= settings["order_tolerance"]
    return Finding(
        verdict=Verdict.REPRODUCED if close and same_order else Verdict.DEVIATES,
        found={"gap_over_cube": constant, "order": law.exponent},
        interval=law.exponent_interval,
        sample_size=len(rows),
        expected=expected,
        note=f"Scales {rows['scale'].iloc[0]:.0e} to {rows['scale'].iloc[-1]:.0e}; the interval is "
        "that of the order.",
        evidence=evidence,
    )


def smaller_constant_survives(claim: Claim, conjecture12_search: pd.DataFrame) -> Finding:
    """Is form >= c bound with a constant c > 0 within some radius, at every (k, m)?

    c(r) is the least ratio form/bound that independent searches found with no neuron moved by more
    than the share r of its norm 1/m: an upper bound of the best constant, searched and not proved.
    It is enough that it is positive at the smallest radius; it ends where the form itself turns
    negative. Where the searches disagree c is not known, and nothing rests on it.

    Parameters of the claim: k, m, scaled_radii (where c is shown).
    Source: derived here, for S21, Conjecture 12.
    """
    if conjecture12_search.empty:
        return not_run("no perturbation was searched")
    least_radius = conjecture12_search.groupby(["k", "m"])["scaled_radius"].transform("min")
    at_least_radius = conjecture12_search[conjecture12_search["scaled_radius"] == least_radius]
    innermost = at_least_radius[["k", "m", "ratio", "agreed"]]
    worst = innermost.iloc[int(innermost["ratio"].argmin())]
    positive = int(((innermost["ratio"] > 0.0) & innermost["agreed"]).sum())
    converged = conjecture12_search[conjecture12_search["agreed"]]
    negative = converged[(converged["m"] >= 2) & (converged["form"] < 0.0)]["scaled_radius"]
    found: dict[str, Quantity] = {
        f"c({radius:g})": ratio for radius, ratio in _constants(converged, claim).items()
    }
    found["smallest radius with a negative form, m >= 2"] = (
        float(negative.min()) if len(negative) else None
    )
    return Finding(
        verdict=Verdict.REPRODUCED if positive == len(innermost) else Verdict.UNDECIDED,
        found=found,
        sample_size=len(conjecture12_search),
        note=f"c is known and positive at the smallest radius at {positive} of {len(innermost)} "
        f"sizes ({sizes_of(conjecture12_search)}), {worst['ratio']:.4g} or more. Radii are "
        f"shares of the norm 1/m of a neuron; c is shown for k = {claim.parameters['k']}, m "
        f"= {claim.parameters['m']}. "
        f"Independent searches agree at {len(converged)} of "
        f"{counted(len(conjecture12_search), 'radius', 'radii')}; the others are left out.",
        evidence=f"tables/conjecture12_search.parquet: k={worst['k']:.0f}, m={worst['m']:.0f}",
        would_decide=f"c is not positive at the smallest radius tried at "
        f"{len(innermost) - positive} of {counted(len(innermost), 'size')}; smaller radii would "
        "decide.",
    )


def _constants(searches: pd.DataFrame, claim: Claim) -> dict[float, float]:
    settings = claim.parameters
    size = searches[(searches["k"] == settings["k"]) & (searches["m"] == settings["m"])]
    return {
        radius: float(size.loc[size["scaled_radius"] <= radius * (1.0 + 1e-5), "ratio"].min())
        for radius in settings["scaled_radii"]
        if np.isclose(size["scaled_radius"], radius).any()
    }


def _evaluate(name: str, rows: pd.DataFrame, digits: int) -> _Witness:
    """Both sides of the bound at a witness, from its exact weights."""
    m = int(rows["m"].iloc[0])
    k = 1 + int(rows["coordinate"].max())
    entries = {
        (neuron, coordinate): Fraction(int(numerator), int(denominator))
        for neuron, coordinate, numerator, denominator in zip(
            rows["neuron"], rows["coordinate"], rows["numerator"], rows["denominator"], strict=True
        )
    }
    places = list(product(range(m * k), range(k)))
    if set(entries) != set(places):
        raise ValueError(
            f"witness {name} has {len(entries)} weights for m = {m} and k = {k}; the table must "
            f"hold each of the {len(places)} weights of {m * k} neurons once"
        )
    moved = {(i, a): entries[i, a] - Fraction(int(i // m == a), m) for i, a in places}
    sums = {
        (i, a): sum((moved[j, a] for j in range(i * m, (i + 1) * m)), Fraction(0))
        for i, a in product(range(k), range(k))
    }
    totals = [sum((sums[i, a] for i in range(k)), Fraction(0)) for a in range(k)]
    with mpmath.workdps(2 * digits + 10):
        form = reference_curvature_along(
            _matrix(entries, m * k, k), np.eye(k), _matrix(moved, m * k, k), digits=digits
        )
        together = _number(sum((total**2 for total in totals), Fraction(0)))
        apart = _number(sum((entry**2 for entry in sums.values()), Fraction(0)))
        gap = form - (together + (1 - 2 / mpmath.pi) * apart) / 4
    longest = max(sum(moved[i, a] ** 2 for a in range(k)) for i in range(m * k))
    return _Witness(name, gap, m * math.sqrt(longest))


def _matrix(entries: Mapping[tuple[int, int], Fraction], n: int, d: int) -> NDArray[np.object_]:
    matrix = np.empty((n, d), dtype=object)
    for place, entry in entries.items():
        matrix[place] = _number(entry)
    return matrix


def _number(entry: Fraction) -> mpmath.mpf:
    return mpmath.mpf(entry.numerator) / entry.denominator
