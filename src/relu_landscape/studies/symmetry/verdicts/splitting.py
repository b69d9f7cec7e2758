"""Splitting one neuron of a symmetric minimum, and where descent leads from there.

Descent from a symmetric start keeps its symmetry up to rounding, and can stop at saddles. What
stopped there, or nowhere, has not come to an end and decides nothing about where descent leads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.families.closed_forms import closed_form_inner_limits
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    universal_finding,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.proofs import count_proved
from relu_landscape.studies.symmetry.verdicts.orders import (
    HALF_WAY,
    NOT_FAR,
    far_pairs,
    finite,
    order_between,
)
from relu_landscape.studies.symmetry.verdicts.rows import (
    FAMILY,
    at_equal_size,
    named_rows,
    names_in,
    spurious_minima,
)
from relu_landscape.tables.columns import POINT

_CLASS = (*POINT, "neuron_class")
_NO_SPLIT = "no neuron of a symmetric minimum was split"
_FATES = "family_fates"
_FATE = ("family", "m", "k", "neuron_class", "sign", "second_neuron", "second_sign")


def one_split_of_family_makes_saddle(
    claim: Claim, family_points: pd.DataFrame, family_splits: pd.DataFrame
) -> Finding:
    """Has every symmetric spurious minimum a neuron to split in two that leaves a strict saddle?

    A split leaves one where the inner Hessian A_i of the neuron has a negative eigenvalue.

    Parameters of the claim: tolerance (an eigenvalue below minus it is negative).
    Source: AF22, abstract, for neurons added in any way.
    """
    splits = _splits_of_minima(family_points, family_splits)
    if splits.empty:
        return not_run(_NO_SPLIT)
    # The class of neurons of the smallest eigenvalue stands for its point.
    minima = splits.sort_values("inner_smallest_eigenvalue").drop_duplicates(list(POINT))
    return _split_finding(claim, minima.sort_values(list(POINT)), POINT)


def every_split_makes_saddle(
    claim: Claim, family_points: pd.DataFrame, family_splits: pd.DataFrame
) -> Finding:
    """Does splitting any one neuron of a symmetric spurious minimum leave a strict saddle?

    Parameters, tables: as for `one_split_of_family_makes_saddle`. Source: derived.
    """
    splits = _splits_of_minima(family_points, family_splits)
    if splits.empty:
        return not_run(_NO_SPLIT)
    return _split_finding(claim, splits, _CLASS)


def steepest_split_is_symmetric(
    claim: Claim, family_points: pd.DataFrame, family_splits: pd.DataFrame
) -> Finding:
    """Does the steepest descent from a split keep the symmetry of the neuron, at n = k?

    That is, does the smallest eigenvalue of every A_i belong to one representation of the
    stabiliser of the neuron. With n > k it need not; how often it does is in the note.

    Parameter of the claim: irrep. Source: derived; AF22, abstract, for descent directions in
    certain subspaces.
    """
    splits = _splits_of_minima(family_points, family_splits)
    equal = at_equal_size(splits)
    if equal.empty:
        return not_run(_NO_SPLIT)
    more = splits[splits["extra"] > 0]
    stated = claim.parameters["irrep"]
    return universal_finding(
        Cases(equal, equal[equal["irrep"] != stated], "family_splits", _CLASS),
        found=", ".join(sorted(set(equal["irrep"]))),
        expected=stated,
        note=f"With n > k it does in {int((more['irrep'] == stated).sum())} of "
        f"{counted(len(more), 'case')}.",
    )


def split_eigenvalue_decays(claim: Claim, family_splits: pd.DataFrame) -> Finding:
    """Does the smallest eigenvalue of A_i vanish like k^{-1/2}, with the limits known for it?

    Its order, -1/2, is read off the last two k of each class of neurons, see `orders`. Where
    sqrt(k) times the eigenvalue has a limit in closed form in the representation of the eigenvalue,
    the distance from it is of order -1/2, too, or less.

    Parameters of the claim: first_k, far_k (see `orders.far_pairs`). Source: derived.
    """
    pairs = far_pairs(at_equal_size(family_splits), (*FAMILY, "neuron_class"), claim.parameters)
    if not pairs:
        return not_run(NOT_FAR)
    cases = pd.concat(
        [pair.tail(1)[list(_CLASS)].assign(**_decay(pair)) for pair in pairs], ignore_index=True
    )
    wrong = ~((cases["order"] + 0.5).abs() <= HALF_WAY) | (
        cases["order_of_error"] > -0.5 + HALF_WAY
    )
    compared = cases[cases["order_of_error"].notna()]
    found: dict[str, Any] = {
        "smallest order": finite(float(cases["order"].min())),
        "largest order": finite(float(cases["order"].max())),
        "largest order of the distance from a limit": finite(
            float(compared["order_of_error"].max())
        ),
    }
    constants = ", ".join(
        f"{name} class {row['neuron_class']} {row['constant']:.5f}"
        for name, row in named_rows(cases)
    )
    return universal_finding(
        Cases(cases, cases[wrong], "family_splits", ("family", "m", "neuron_class")),
        found=found,
        expected=dict.fromkeys(found, -0.5),
        note=f"{len(compared)} limits are known. sqrt(k) times the eigenvalue at the largest k: "
        f"{constants}.",
        against=Verdict.DEVIATES,
    )


def split_class_reaches_global(claim: Claim, family_fates: pd.DataFrame) -> Finding:
    """Does descent lead to a global minimum wherever a neuron of one class was split, to any side?

    Descents that came to no end leave the claim undecided.

    Parameters of the claim: family, neuron_class. Source: derived.
    """
    chosen = (
        (family_fates["second_neuron"] < 0)
        & (family_fates["family"] == claim.parameters["family"])
        & (family_fates["neuron_class"] == claim.parameters["neuron_class"])
    )
    return _all_global(family_fates[chosen])


def split_leads_to_level(claim: Claim, family_fates: pd.DataFrame) -> Finding:
    """Does descent after a split end at a spurious minimum of this loss, to either side?

    Descents that came to no end leave the claim undecided.

    Case of the claim: family, m, k, neuron_class. Parameters: decimals (given). Expected: the loss.
    Source: derived.
    """
    fates = of_case(family_fates, claim.case)
    fates = fates[fates["second_neuron"] < 0]
    if fates.empty:
        return not_run("no such neuron was split")
    error = (fates["loss_after"] - claim.expected).abs()
    ended = _came_to_an_end(fates)
    near = error <= half_a_digit(claim.parameters["decimals"])
    wrong = fates[ended & ~(near & (fates["landing"] == "spurious"))]
    verdict = Verdict.REPRODUCED if ended.all() else Verdict.UNDECIDED
    shown = wrong if len(wrong) else fates
    return Finding(
        verdict=Verdict.DEVIATES if len(wrong) else verdict,
        found=float(shown["loss_after"].iloc[0]),
        sample_size=int(ended.sum()),
        expected=claim.expected,
        note=f"{counted(len(fates), 'descent')} with {counted(fates['n'].iloc[0], 'student')}: "
        f"{_landings(fates)}.",
        evidence=f"tables/{_FATES}.parquet: {place_of(shown, _FATE[:5])}",
        would_decide=_longer_descents(fates),
    )


def some_second_split_reaches_global(_: Claim, family_fates: pd.DataFrame) -> Finding:
    """Is there after each first descent a neuron whose split leads to a global minimum?

    Without one nothing is decided, unless all second descents came to an end.

    Source: derived.
    """
    fates = family_fates[family_fates["second_neuron"] >= 0]
    if fates.empty:
        return not_run("no second neuron was split")
    ends = (
        fates.assign(reached=fates["landing"] == "global", open=~_came_to_an_end(fates))
        .groupby(list(_FATE[:5]), as_index=False)[["reached", "open"]]
        .any()
    )
    without = ends[~ends["reached"]]
    finding = universal_finding(
        Cases(ends, without, _FATES, _FATE),
        found={"ends": len(ends), "with a way to a global minimum": int(ends["reached"].sum())},
        expected={"with a way to a global minimum": len(ends)},
        note=f"Second descents: {_landings(fates)}.",
    )
    if without.empty or (~without["open"]).any():
        return finding
    return replace(finding, verdict=Verdict.UNDECIDED, would_decide=_longer_descents(fates))


def _splits_of_minima(family_points: pd.DataFrame, family_splits: pd.DataFrame) -> pd.DataFrame:
    minima = spurious_minima(family_points)
    return family_splits.merge(minima[list(POINT)], on=list(POINT), validate="many_to_one")


def _split_finding(claim: Claim, cases: pd.DataFrame, key: tuple[str, ...]) -> Finding:
    smallest = cases["inner_smallest_eigenvalue"]
    return universal_finding(
        Cases(cases, cases[smallest >= -claim.parameters["tolerance"]], "family_splits", key),
        found=float(smallest.max()),
        note=f"Largest of the smallest eigenvalues of A_i. Families: {names_in(cases)}.",
        proved=count_proved(cases),
    )


def _decay(pair: pd.DataFrame) -> dict[str, float]:
    """Order of the eigenvalue, of the distance from its limit, and what it approaches."""
    last = pair.iloc[-1]
    scaled = pair["inner_smallest_eigenvalue"] * pair["k"].astype(np.float64) ** 0.5
    m = int(last["m"]) if last["family"] != "A" else None
    limits = {
        (limit.neuron_class, limit.irrep): limit.value
        for limit in closed_form_inner_limits(str(last["family"]), m=m)
    }
    limit = limits.get((int(last["neuron_class"]), str(last["irrep"])))
    decays = bool((scaled < 0.0).all())
    return {
        "order": order_between(pair, "inner_smallest_eigenvalue") if decays else np.nan,
        "constant": float(scaled.iloc[-1]),
        "order_of_error": np.nan
        if limit is None
        else order_between(pair.assign(error=scaled - limit), "error"),
    }


def _all_global(fates: pd.DataFrame) -> Finding:
    finished = fates[_came_to_an_end(fates)]
    if fates.empty:
        return not_run("no such neuron was split")
    if finished.empty:
        return Finding(
            verdict=Verdict.UNDECIDED,
            sample_size=len(fates),
            note=f"No descent came to an end: {_landings(fates)}.",
            evidence=f"tables/{_FATES}.parquet: {place_of(fates, (*_FATE, 'landing'))}",
            would_decide=_longer_descents(fates),
        )
    elsewhere = finished[finished["landing"] != "global"]
    whole = len(finished) == len(fates)
    finding = universal_finding(
        Cases(finished, elsewhere, _FATES, _FATE),
        found={"at global minima": len(finished) - len(elsewhere), "elsewhere": len(elsewhere)},
        expected={"elsewhere": 0},
        note=f"Families: {names_in(finished)}. Descents: {_landings(fates)}.",
    )
    if finding.verdict is Verdict.CONSISTENT and not whole:
        return Finding(
            verdict=Verdict.UNDECIDED,
            found=finding.found,
            sample_size=finding.sample_size,
            expected=finding.expected,
            note=finding.note,
            evidence=f"{finding.evidence}: "
            f"{place_of(fates[~_came_to_an_end(fates)], (*_FATE, 'landing'))}",
            would_decide=_longer_descents(fates),
        )
    return finding


def _came_to_an_end(fates: pd.DataFrame) -> pd.Series[bool]:
    """Whether a descent ended at a minimum."""
    saddle = (fates["landing"] == "spurious") & (fates["smallest_eigenvalue"] <= 0)
    return (fates["landing"] != "unfinished") & ~saddle


def _longer_descents(fates: pd.DataFrame) -> str:
    stopped = int((~_came_to_an_end(fates)).sum())
    return (
        f"{stopped} of {counted(len(fates), 'descent')} ended at no minimum; longer ones, started "
        "off the symmetric point again, would decide."
    )


def _landings(fates: pd.DataFrame) -> str:
    saddles = (fates["landing"] == "spurious") & ~_came_to_an_end(fates)
    counts = fates["landing"].mask(saddles, "saddle").value_counts().sort_index()
    return ", ".join(f"{name} {count}" for name, count in counts.items())
