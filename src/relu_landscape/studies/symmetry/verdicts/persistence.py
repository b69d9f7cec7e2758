"""Symmetric minima when the target is not symmetric: V = I + eps G/sqrt(k)."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, sizes_of
from relu_landscape.studies.symmetry.verdicts.rows import FAMILY, named_rows, names_in

_TABLE = "perturbed_targets"
_CASE = (*FAMILY, "k")


def minima_persist(_: Claim, perturbed_targets: pd.DataFrame) -> Finding:
    """Is there for every minimum a size of perturbation that it survives, with its splits?

    It survives a draw of G if it stays a strict minimum and every A_i keeps a negative eigenvalue,
    and a size if it survives all draws. The paper names no size: a minimum that does not survive
    the smallest one tried decides nothing. The largest size that each survives is in the note.

    Source: AF22, abstract.
    """
    rows = _judged(perturbed_targets)
    if rows.empty:
        return not_run("no minimum was followed to a perturbed target")
    sizes = rows.groupby([*_CASE, "epsilon"], as_index=False)[["survives"]].all()
    cases = sizes.groupby(list(_CASE), as_index=False)[["survives"]].any()
    without = cases[~cases["survives"]]
    largest = sizes[sizes["survives"]].groupby(list(_CASE), as_index=False).agg({"epsilon": "max"})
    return Finding(
        verdict=Verdict.UNDECIDED if len(without) else Verdict.CONSISTENT,
        found={"minima": len(cases), "that survive some size": int(cases["survives"].sum())},
        sample_size=len(cases),
        expected={"that survive some size": len(cases)},
        note=f"{names_in(rows)}, {sizes_of(rows)}; epsilon from {rows['epsilon'].min():g} to "
        f"{rows['epsilon'].max():g}. "
        + (f"None at {_named(without)}. " if len(without) else "")
        + "Largest epsilon of which all draws are survived: "
        + (
            ", ".join(
                f"{name} at k = {row['k']} {row['epsilon']:g}" for name, row in named_rows(largest)
            )
            or "none"
        )
        + ".",
        evidence=f"tables/{_TABLE}.parquet",
        would_decide=f"{len(without)} minima do not survive {rows['epsilon'].min():g}, the "
        "smallest size tried; smaller ones would decide.",
    )


def _judged(perturbed_targets: pd.DataFrame) -> pd.DataFrame:
    """Rows of true perturbations, with a column that says whether the minimum survived."""
    rows = perturbed_targets
    rows = rows[rows["epsilon"] > 0]
    strict = rows["outcome"] == "strict_minimum"
    return rows.assign(survives=strict & (rows["largest_inner_eigenvalue"] < 0))


def _named(cases: pd.DataFrame) -> str:
    return ", ".join(f"{name} at k = {row['k']}" for name, row in named_rows(cases))
