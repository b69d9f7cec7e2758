"""Losses, eigenvalues and weights of minima against the published ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import half_a_digit, not_run, of_case
from relu_landscape.judging.words import counted
from relu_landscape.studies.safran.verdicts.rows import case_of, spurious_minima, with_class_columns


def published_level(claim: Claim, classes: pd.DataFrame, curvature: pd.DataFrame) -> Finding:
    """Has the minimum of a published symmetry type the published loss, eigenvalue and norms?

    Among the spurious minima of the case with these sizes p of the orbits of coordinates, in any
    order (all minima, if no p is given), the one whose loss is nearest is compared, if it is within
    `match_within` of the published loss; else the minimum was not met and nothing is decided.

    Case of the claim: k, n, and p such as "1+6". Parameters: decimals (printed), match_within
    (relative). Expected: published values by column of the table curvature, loss among them.
    Source: S18 and S21, result files of the authors.
    """
    k, n = case_of(claim)
    runs = _runs(classes, k, n)
    if runs == 0:
        return not_run("no run of this size was classified")
    minima = with_class_columns(spurious_minima(curvature), classes, ["coordinate_orbits"])
    minima = minima[(minima["k"] == k) & (minima["n"] == n)]
    p = claim.case.get("p")
    if p is not None:
        same = [_sizes(orbits) == _sizes(p) for orbits in minima["coordinate_orbits"]]
        minima = minima[np.array(same, dtype=np.bool_)]
    distance = (minima["loss"] / claim.expected["loss"] - 1.0).abs().to_numpy()
    where = f"tables/curvature.parquet: k={k}, n={n}"
    if distance.size == 0 or distance.min() > claim.parameters["match_within"]:
        return Finding(
            verdict=Verdict.UNDECIDED,
            sample_size=runs,
            note=f"None of {runs} classified runs ended in a minimum of this kind.",
            evidence=where,
            would_decide=f"None of {runs} classified runs ended in a minimum of this kind; one "
            "that does, or a certificate of it, would decide.",
        )
    level = minima.iloc[int(distance.argmin())]
    found = {name: float(level[name]) for name in claim.expected}
    allowed = half_a_digit(claim.parameters["decimals"])
    wrong = [name for name in found if abs(found[name] - claim.expected[name]) > allowed]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=int(level["runs"]),
        expected=claim.expected,
        note=f"p = {level['coordinate_orbits']}, {counted(int(level['runs']), 'run')}. "
        + (f"Different: {', '.join(wrong)}." if wrong else "All printed digits agree."),
        evidence=f"{where}, class_id={level['class_id']}",
    )


def published_weights(
    claim: Claim, identified_classes: pd.DataFrame, family_parameters: pd.DataFrame
) -> Finding:
    """Has the minimum of a symmetric family that runs end at the published weights?

    The class is aligned with the family by its isotropy and loss (step identify_classes), so that
    the weights are compared by their names there: neurons as rows r0, r1, ..., for each the weight
    diag of its own teacher and c0, c1, ... of the other teachers of each class.

    Case of the claim: k, n. Parameters: family, m, decimals (printed). Expected: weights by name.
    Source: S18 and S21, result files of the authors.
    """
    settings = claim.parameters
    k, n = case_of(claim)
    point = {"family": settings["family"], "m": settings["m"]}
    weights = of_case(family_parameters, {**point, "extra": n - k, "k": k})
    if weights.empty:
        return not_run("the family was not solved at this size")
    met = of_case(identified_classes, {**point, "between": 0, **claim.case})
    where = f"tables/family_parameters.parquet: family={settings['family']}, m={settings['m']}, "
    where += f"extra={n - k}, k={k}"
    if met.empty:
        return Finding(
            Verdict.UNDECIDED,
            evidence=where,
            would_decide="No run ended at it; one that does would decide.",
        )
    values = dict(zip(weights["parameter"], weights["value"].astype(float), strict=True))
    found = {name: values.get(name) for name in claim.expected}
    allowed = half_a_digit(settings["decimals"])
    wrong = [
        name
        for name, value in found.items()
        if value is None or abs(value - claim.expected[name]) > allowed
    ]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=len(values),
        expected=claim.expected,
        note=f"Class {met['class_id'].iloc[0]}, {met['isotropy'].iloc[0]}. "
        + (f"Different: {', '.join(wrong)}." if wrong else "All digits agree."),
        evidence=where,
    )


def _sizes(orbits: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in orbits.split("+")))


def _runs(classes: pd.DataFrame, k: int, n: int) -> int:
    return int(classes.loc[(classes["k"] == k) & (classes["n"] == n), "runs"].sum())
