"""How smooth the loss is where no neuron is zero (S21, Lemmas 1 and 18)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding
from relu_landscape.judging.statistics import fit_power_law

_PROBE = ("arrangement", "k", "draw")
_CHANGES = ("gradient_error", "hessian_change")
_LEAST = float(np.finfo(np.float64).tiny)


def twice_differentiable(_: Claim, smoothness_probes: pd.DataFrame) -> Finding:
    """Do the changes of the Hessian fall to zero with the step, at every point?

    At each point a power of the step is fitted to what the gradient's difference quotient is off
    the Hessian, and to the change of the Hessian; the loss is twice continuously differentiable
    there if both powers are positive. A case where the interval of one reaches zero deviates.

    Source: S21, Lemma 1.
    """
    fitted = [
        dict(zip(_PROBE, place, strict=True)) | _orders(rows)
        for place, rows in smoothness_probes.groupby(list(_PROBE))
        if len(rows) >= 3
    ]
    if not fitted:
        return not_run("no point has three steps")
    points = pd.DataFrame(fitted)
    least = points.groupby("arrangement")["order"].min()
    return universal_finding(
        Cases(points, points[points["order_low"] <= 0.0], "smoothness_probes", _PROBE),
        found={f"smallest order, {name}": float(order) for name, order in least.items()},
        note="Order in the step, 1 for a Hessian that is Lipschitz.",
        against=Verdict.DEVIATES,
    )


def pair_limits_reached(claim: Claim, pair_hessian_limits: pd.DataFrame) -> Finding:
    """Are h1 and h2 as close to their limits as the angle is to 0 or pi?

    Cases are pairs of vectors at the angle s from parallel or antiparallel; the norm of h1 must be
    at most s |v|/(pi |w|), that of h2 less its limit at most s/pi.

    Parameters of the claim: rounding (of both norms).
    Source: S21, Lemma 18; the constants are derived in `pair_limit_records`.
    """
    if pair_hessian_limits.empty:
        return not_run("no pair was measured")
    allowed = pair_hessian_limits["angle"] / np.pi
    rounding = claim.parameters["rounding"]
    first = pair_hessian_limits["first_norm"] / pair_hessian_limits["ratio"]
    mixed = pair_hessian_limits["mixed_distance"]
    wrong = (first > allowed + rounding) | (mixed > allowed + rounding)
    closest = pair_hessian_limits["step"] == pair_hessian_limits["step"].min()
    return universal_finding(
        Cases(
            pair_hessian_limits,
            pair_hessian_limits[wrong],
            "pair_hessian_limits",
            ("towards", "d", "draw", "step"),
        ),
        found={
            "largest |w| |h1|/|v| at the smallest angle": float(first[closest].max()),
            "largest distance of h2 there": float(mixed[closest].max()),
        },
        note=f"Smallest angle {pair_hessian_limits['step'].min():g}.",
    )


def _orders(rows: pd.DataFrame) -> dict[str, float]:
    """The smaller of the two fitted powers, and the lower end of the intervals of both."""
    laws = [fit_power_law(rows["step"], np.maximum(rows[name], _LEAST)) for name in _CHANGES]
    return {
        "order": min(law.exponent for law in laws),
        "order_low": min(law.exponent_interval.low for law in laws),
    }
