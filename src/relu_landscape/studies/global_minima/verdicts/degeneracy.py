"""How flat the loss is at global minima with more students than teachers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relu_landscape.global_minima import STRONG_CONVEXITY
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding
from relu_landscape.judging.words import counted

_SIZE = ("k", "n", "d")
_QUOTIENTS = "lojasiewicz_quotients"


def kernel_exceeds_set(claim: Claim, hessian_kernels: pd.DataFrame) -> Finding:
    """Has the kernel of the Hessian dimension (n - k) d at every global minimum, the set n - k?

    The other eigenvalues have to be at least what the smallest one is at n = k: the Hessian is that
    of n = k after summing the students of each teacher, which shortens no vector off the kernel.

    Parameter of the claim: tolerance (of eigenvalues). Source: derived here, after S21, Theorem 2.
    """
    if hessian_kernels.empty:
        return not_run("no kernel was computed")
    extra = hessian_kernels["n"] - hessian_kernels["k"]
    as_stated = (hessian_kernels["kernel_dimension"] == extra * hessian_kernels["d"]) & (
        hessian_kernels["set_dimension"] == extra
    )
    least = STRONG_CONVEXITY - claim.parameters["tolerance"]
    as_stated &= hessian_kernels["least_positive"] >= least
    return universal_finding(
        Cases(hessian_kernels, hessian_kernels[~as_stated], "hessian_kernels", (*_SIZE, "sample")),
        found={
            "largest eigenvalue in the kernel": float(hessian_kernels["largest_zero"].max()),
            "least eigenvalue outside": float(hessian_kernels["least_positive"].min()),
        },
        expected={
            "largest eigenvalue in the kernel": 0.0,
            "least eigenvalue outside": STRONG_CONVEXITY,
        },
        note="With d > 1 the kernel is larger than the tangent space of the set, so F is no "
        "Morse-Bott function there.",
    )


def quotient_approaches_limit(claim: Claim, lojasiewicz_quotients: pd.DataFrame) -> Finding:
    """Does the least |grad F|/F^{2/3} tend to 3 c^{1/3} as the distance from the minimum falls?

    Its values at the two smallest distances are continued to zero along a line, whose error is of
    the order of the product of the two; with an exponent other than 2/3 they would have no limit.

    Parameter of the claim: curvature (the error over that product at most).
    Source: derived here; the exponent is that of Zhou, Ge & Jin 2021.
    """
    rows = []
    for _, group in lojasiewicz_quotients.sort_values("epsilon").groupby(list(_SIZE)):
        if len(group) > 1:
            near, far = group.iloc[0], group.iloc[1]
            slope = (far["least_quotient"] - near["least_quotient"]) / (
                far["epsilon"] - near["epsilon"]
            )
            limit = near["least_quotient"] - slope * near["epsilon"]
            rows.append(
                {
                    **{name: int(near[name]) for name in _SIZE},
                    "epsilon": near["epsilon"],
                    "found": limit,
                    "expected": near["limit"],
                    "allowed": claim.parameters["curvature"] * near["epsilon"] * far["epsilon"],
                }
            )
    if not rows:
        return not_run("no size with two distances")
    cases = pd.DataFrame(rows)
    error = (cases["found"] - cases["expected"]).abs()
    worst = cases.iloc[int(np.argmax(error / cases["allowed"]))]
    return universal_finding(
        Cases(cases, cases[~(error <= cases["allowed"])], _QUOTIENTS, (*_SIZE, "epsilon")),
        found=float(worst["found"]),
        expected=float(worst["expected"]),
        note=f"Shown is the worst of {counted(len(cases), 'size')}, k = {worst['k']:g}, n = "
        f"{worst['n']:g}, d = {worst['d']:g}; smallest distance "
        f"{float(np.min(cases['epsilon'])):g}.",
        against=Verdict.DEVIATES,
    )
