"""How curved the loss is at and around the global minima of n = k (S21, Theorem 3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, place_of, sizes_of, universal_finding
from relu_landscape.judging.words import counted
from relu_landscape.studies.proofs import count_proved
from relu_landscape.tables.columns import CLASS

_NONE_FOUND = "no global minimum at n = k"


def strong_convexity_bound(claim: Claim, curvature: pd.DataFrame) -> Finding:
    """Is the smallest Hessian eigenvalue at global minima with n = k at least 1/4 - 1/(2 pi)?

    Parameters of the claim: tolerance. Source: S21, Theorem 3.
    """
    minima = _global_minima_at_equal_size(curvature)
    if minima.empty:
        return not_run(_NONE_FOUND)
    smallest = minima["smallest_eigenvalue"]
    return universal_finding(
        Cases(
            minima,
            minima[smallest < STRONG_CONVEXITY - claim.parameters["tolerance"]],
            "curvature",
            CLASS,
        ),
        found=float(smallest.min()),
        expected=STRONG_CONVEXITY,
        note="Smallest over all global minima.",
    )


def strong_convexity_attained(claim: Claim, curvature: pd.DataFrame) -> Finding:
    """Is the smallest Hessian eigenvalue at global minima with n = k equal to 1/4 - 1/(2 pi)?

    Parameters of the claim: tolerance.
    Source: S21, Theorem 3 and data of the authors; that it is attained is derived here.
    """
    minima = _global_minima_at_equal_size(curvature)
    if minima.empty:
        return not_run(_NONE_FOUND)
    eigenvalues = minima["smallest_eigenvalue"].to_numpy()
    error = np.abs(eigenvalues - STRONG_CONVEXITY)
    furthest = int(error.argmax())
    return Finding(
        verdict=(
            Verdict.REPRODUCED
            if error[furthest] <= claim.parameters["tolerance"]
            else Verdict.DEVIATES
        ),
        found=float(eigenvalues[furthest]),
        sample_size=len(minima),
        expected=STRONG_CONVEXITY,
        note=f"Furthest of {counted(len(minima), 'global minimum', 'global minima')} "
        f"({sizes_of(minima)}): off by {error[furthest]:.1e}.",
        evidence=f"tables/curvature.parquet: {place_of(minima.iloc[[furthest]], CLASS)}",
    )


def spectrum_in_closed_form(claim: Claim, global_minimum_spectra: pd.DataFrame) -> Finding:
    """Is the Hessian spectrum at the global minimum of n = k the closed form, place by place?

    Both spectra are sorted; an eigenvalue of multiplicity q is compared with the q computed ones in
    its places, and the multiplicities must add up to k d.

    Parameters of the claim: tolerance.
    Source: S21, Theorem 3 and Lemma 20; the full spectrum is derived here.
    """
    if global_minimum_spectra.empty:
        return not_run("no spectrum was computed")
    total = global_minimum_spectra.groupby(["k", "d"])["multiplicity"].transform("sum")
    difference = global_minimum_spectra["largest_difference"]
    wrong = (difference > claim.parameters["tolerance"]) | (
        total != global_minimum_spectra["k"] * global_minimum_spectra["d"]
    )
    pairs = global_minimum_spectra[["k", "d"]].drop_duplicates()
    return universal_finding(
        Cases(
            global_minimum_spectra,
            global_minimum_spectra[wrong],
            "global_minimum_spectra",
            ("k", "d", "rank"),
        ),
        proved=count_proved(global_minimum_spectra),
        found={"largest difference": float(difference.max())},
        expected={"largest difference": 0.0},
        note=f"{counted(len(pairs), 'pair')} (k, d), {int((pairs['d'] > pairs['k']).sum())} with d "
        "> k.",
    )


def convex_neighbourhood_exists(claim: Claim, convexity_radii: pd.DataFrame) -> Finding:
    """Is strong convexity proved in a ball for each k, within what searches leave open?

    The smallest radius at which the smallest eigenvalue vanishes, over all directions drawn and
    searched, bounds the true radius of convexity from above; a direction without such a radius
    stays convex up to the largest one tried. A neighbourhood is shown by a proved radius alone:
    without one at some k nothing is decided, and one beyond the measured radius contradicts it.

    Parameters of the claim: least_radius (below it a radius is rounding).
    Source: S21, Theorem 3, which gives no radius.
    """
    if convexity_radii.empty:
        return not_run("no direction from a global minimum was searched")
    reached = convexity_radii["radius"].fillna(convexity_radii["largest_radius"])
    smallest = (
        convexity_radii.assign(radius=reached)
        .groupby("k", as_index=False)
        .agg(radius=("radius", "min"), proved_radius=("proved_radius", "first"))
    )
    proved = smallest["proved_radius"] > claim.parameters["least_radius"]
    beyond = smallest[smallest["proved_radius"] > smallest["radius"]]
    least = smallest.iloc[int(smallest["radius"].argmin())]
    searched = convexity_radii[convexity_radii["search"] == "worst"]
    by_search = convexity_radii.groupby("search")["radius"].min().dropna()
    if least["radius"] <= claim.parameters["least_radius"]:
        verdict = Verdict.REFUTED
    elif not beyond.empty:
        verdict, least = Verdict.DEVIATES, beyond.iloc[0]
    else:
        verdict = Verdict.REPRODUCED if proved.all() else Verdict.UNDECIDED
    return Finding(
        verdict=verdict,
        found={
            "smallest proved radius": _number(smallest["proved_radius"].min()),
            "smallest radius": float(least["radius"]),
            "at k": int(least["k"]),
            "largest over k of the smallest radius": float(smallest["radius"].max()),
        },
        sample_size=len(smallest),
        proved=int(proved.sum()),
        note=f"Proved at {int(proved.sum())} of {len(smallest)} k. Upper bounds, searched: "
        + ", ".join(
            f"k={k} {radius:.3g}"
            for k, radius in zip(smallest["k"], smallest["radius"], strict=True)
        )
        + ". Smallest of either search: "
        + ", ".join(f"{search} {radius:.3g}" for search, radius in by_search.items())
        + f". Independent searches agree at {int(searched['agreed'].sum())} of {len(searched)} k.",
        evidence=f"tables/convexity_radii.parquet: k={least['k']:.0f}",
        would_decide=f"No radius is proved at {int((~proved).sum())} of {len(smallest)} k; "
        "certificates of one would decide.",
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _global_minima_at_equal_size(curvature: pd.DataFrame) -> pd.DataFrame:
    equal = curvature["n"] == curvature["k"]
    return curvature[equal & (curvature["kind"] == "global_minimum")]
