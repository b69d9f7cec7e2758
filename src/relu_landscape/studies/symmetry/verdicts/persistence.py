"""Symmetric minima when the target is not symmetric: V = I + eps G/sqrt(k)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, place_of, sizes_of
from relu_landscape.studies.symmetry.verdicts.rows import (
    FAMILY,
    at_equal_size,
    named_rows,
    names_in,
)

_TABLE = "perturbed_targets"
_CASE = (*FAMILY, "k")
_ENDED_BEFORE = ("fold", "lost")


def minima_persist(
    claim: Claim,
    perturbed_targets: pd.DataFrame,
    family_points: pd.DataFrame,
    family_splits: pd.DataFrame,
) -> Finding:
    """Is there for every minimum a size of perturbation that it survives, with its splits?

    It survives a draw of G if it stays a strict minimum and every A_i keeps a negative eigenvalue,
    and a size if it survives all draws. The paper names no size: a minimum that does not survive
    the smallest one tried decides nothing. What persists has a spectrum that tends to that of the
    minimum itself: where the change of an eigenvalue does not fall with epsilon, it deviates.

    The largest size that each survives is in the note.

    Parameter of the claim: least_order (in epsilon, of the change of either eigenvalue).
    Source: AF22, abstract.
    """
    rows = _judged(perturbed_targets)
    if rows.empty:
        return not_run("no minimum was followed to a perturbed target")
    sizes = rows.groupby([*_CASE, "epsilon"], as_index=False)[["survives"]].all()
    cases = sizes.groupby(list(_CASE), as_index=False)[["survives"]].any()
    without = cases[~cases["survives"]]
    largest = sizes[sizes["survives"]].groupby(list(_CASE), as_index=False).agg({"epsilon": "max"})
    cases = cases.merge(_orders(rows, _own(family_points, family_splits)), on=list(_CASE))
    unknown = cases[cases["order"].isna()]
    stays = cases[cases["order"] < claim.parameters["least_order"]]
    evidence = f"tables/{_TABLE}.parquet"
    if not stays.empty:
        verdict, evidence = Verdict.DEVIATES, f"{evidence}: {place_of(stays, _CASE)}"
    else:
        open_cases = len(without) or len(unknown)
        verdict = Verdict.UNDECIDED if open_cases else Verdict.CONSISTENT
    least = float(cases["order"].min())
    return Finding(
        verdict=verdict,
        found={
            "minima": len(cases),
            "that survive some size": int(cases["survives"].sum()),
            "least order in epsilon": least if math.isfinite(least) else None,
        },
        sample_size=len(cases),
        expected={"that survive some size": len(cases)},
        note=f"{names_in(rows)}, {sizes_of(rows)}; epsilon from {rows['epsilon'].min():g} to "
        f"{rows['epsilon'].max():g}. "
        + (f"None at {_named(without)}. " if len(without) else "")
        + (f"Not compared at two sizes: {_named(unknown)}. " if len(unknown) else "")
        + (f"No limit at {_named(stays)}. " if len(stays) else "")
        + "Largest epsilon of which all draws are survived: "
        + (
            ", ".join(
                f"{name} at k = {row['k']} {row['epsilon']:g}" for name, row in named_rows(largest)
            )
            or "none"
        )
        + ".",
        evidence=evidence,
        would_decide=f"{len(without)} minima do not survive {rows['epsilon'].min():g}, the "
        "smallest size tried; smaller ones would decide.",
    )


def _judged(perturbed_targets: pd.DataFrame) -> pd.DataFrame:
    """Rows of true perturbations, with a column that says whether the minimum survived."""
    rows = perturbed_targets
    rows = rows[rows["epsilon"] > 0]
    strict = rows["outcome"] == "strict_minimum"
    return rows.assign(survives=strict & (rows["largest_inner_eigenvalue"] < 0))


def _own(family_points: pd.DataFrame, family_splits: pd.DataFrame) -> pd.DataFrame:
    """Smallest Hessian eigenvalue of each minimum itself, and the largest smallest one of A_i."""
    points = at_equal_size(family_points)[[*_CASE, "smallest_eigenvalue"]]
    splits = at_equal_size(family_splits).groupby(list(_CASE), as_index=False)
    inner = splits["inner_smallest_eigenvalue"].max()
    return points.merge(inner, on=list(_CASE)).set_axis([*_CASE, "own", "own_inner"], axis=1)


def _orders(rows: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Of each minimum the order in epsilon of the change of its eigenvalues, the lesser of the two.

    It is that of the largest change over the draws of G, between the two smallest sizes; draws
    count that were followed to the end at both. Empty where nothing can be compared.
    """
    near, far = (*sorted(rows["epsilon"].unique()), math.nan)[:2]
    ends = rows[rows["epsilon"].isin([near, far]) & ~rows["outcome"].isin(_ENDED_BEFORE)]
    ends = ends[ends.groupby([*_CASE, "sample"])["epsilon"].transform("size") == 2]
    ends = ends.merge(own, on=list(_CASE))
    changes = ends[[*_CASE, "epsilon"]].assign(
        hessian=(ends["smallest_eigenvalue"] - ends["own"]).abs(),
        inner=(ends["largest_inner_eigenvalue"] - ends["own_inner"]).abs(),
    )
    largest = changes.groupby(["epsilon", *_CASE]).max()
    with np.errstate(divide="ignore", invalid="ignore"):
        orders = (_at(largest, far) / _at(largest, near)).apply(np.log) / math.log(far / near)
    known = orders.min(axis=1, skipna=False).rename("order").reset_index()
    return rows[list(_CASE)].drop_duplicates().merge(known, on=list(_CASE), how="left")


def _at(largest: pd.DataFrame, epsilon: float) -> pd.DataFrame:
    """The changes at one size, by minimum."""
    return largest[largest.index.get_level_values("epsilon") == epsilon].droplevel("epsilon")


def _named(cases: pd.DataFrame) -> str:
    return ", ".join(f"{name} at k = {row['k']}" for name, row in named_rows(cases))
