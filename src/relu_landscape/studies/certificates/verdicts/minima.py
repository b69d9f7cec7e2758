"""Which minima are proved, and what is proved of splitting their neurons."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from relu_landscape.certificates.outcome import FailureReason
from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.rows import CLASS, not_run, of_case, universal_finding
from relu_landscape.studies.certificates.verdicts.checked import if_checked, listed, shown_for_all


def minima_at_sizes_proved(
    claim: Claim, certified_pairs: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is a spurious minimum proved, for every number of inputs d >= k, at each of the sizes?

    Parameters of the claim: sizes (pairs [k, n]), file. Source: S18, Theorem 1.
    """
    if certified_pairs.empty:
        return not_run("no pair was tried")
    sizes = [tuple(size) for size in claim.parameters["sizes"]]
    proved = certified_pairs[_is_minimum(certified_pairs)]
    shown = set(zip(proved["k"], proved["n"], strict=True)) & set(sizes)
    missing = [size for size in sizes if size not in shown]
    tried = zip(certified_pairs["k"], certified_pairs["n"], certified_pairs["reason"], strict=True)
    reasons = {
        (k, n): reason if isinstance(reason, str) else "a bound is missing"
        for k, n, reason in tried
    }
    note = f"{len(shown)} of {len(sizes)} sizes are proved."
    if missing:
        note += " Not proved: " + listed(
            [f"k={k}, n={n} ({reasons.get((k, n), 'not tried')})" for k, n in missing]
        )
    finding = Finding(
        verdict=Verdict.UNDECIDED if missing else Verdict.REPRODUCED,
        found=_by_excess(shown),
        sample_size=len(sizes),
        expected=_by_excess(sizes),
        note=note,
        evidence="tables/certified_pairs.parquet",
        proved=len(shown),
    )
    return if_checked(finding, claim, certified_pairs, certificate_checks)


def classes_proved(
    claim: Claim,
    curvature: pd.DataFrame,
    certified_classes: pd.DataFrame,
    certificate_checks: pd.DataFrame,
) -> Finding:
    """Is every class that floats call a spurious minimum proved one, and none of the saddles?

    With n < k a minimum of positive loss is not spurious; such classes do not count.

    Parameter of the claim: file. Source:
    derived.
    """
    table = "certified_classes"
    kinds = curvature[[*CLASS, "kind"]]
    rows = certified_classes.merge(kinds, on=list(CLASS), how="left", validate="many_to_one")
    rows = rows[rows["n"] >= rows["k"]]
    minima = rows[rows["kind"] == "spurious_minimum"]
    saddles = rows[rows["kind"] == "saddle"]
    wrong = saddles[saddles["proved"]]
    if minima.empty and wrong.empty:
        return not_run("no class is a spurious minimum")
    missing = minima[~_is_minimum(minima)]
    found = {
        "spurious minima": len(minima),
        "proved": len(minima) - len(missing),
        "saddles": len(saddles),
        "saddles proved minima": len(wrong),
    }
    unknown = rows[~rows["kind"].isin(["spurious_minimum", "saddle"])]
    note = f"{int(unknown['proved'].sum())} of {len(unknown)} classes that floats leave undecided, "
    note += "or did not look at, are proved minima."
    if wrong.empty:
        finding = shown_for_all(minima, missing, table=table, found=found, note=note)
    else:
        finding = universal_finding(rows, wrong, table=table, key=CLASS, found=found, note=note)
    return if_checked(finding, claim, certified_classes, certificate_checks)


def splits_of_classes_proved(
    claim: Claim, certified_classes: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every split of every proved class proved a strict saddle, for all shares at once?

    Parameter of the claim: file. Source: S21, Theorem 16.
    """
    return _splits_proved(claim, certified_classes, certificate_checks, "certified_classes")


def splits_of_pairs_proved(
    claim: Claim, certified_pairs: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every split of the minima proved at given sizes a strict saddle, for all shares at once?

    Parameter of the claim: file. Source: S21, Theorem 16.
    """
    return _splits_proved(claim, certified_pairs, certificate_checks, "certified_pairs")


def splits_of_families_proved(
    claim: Claim, certified_families: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every split of every proved family member a strict saddle, for all shares at once?

    Parameter of the claim: file. Source: S21, Theorem 16.
    """
    return _splits_proved(claim, certified_families, certificate_checks, "certified_families")


def _splits_proved(
    claim: Claim, rows: pd.DataFrame, certificate_checks: pd.DataFrame, table: str
) -> Finding:
    minima = rows[rows["proved"]]
    if minima.empty:
        return not_run("no minimum was proved")
    complete = (minima["splits"] > 0) & (minima["splits_proved"] == minima["splits"])
    finding = shown_for_all(
        minima,
        minima[~complete],
        table=table,
        found={
            "minima": len(minima),
            "splits": int(minima["splits"].sum()),
            "splits proved": int(minima["splits_proved"].sum()),
        },
        note="Equal neurons of symmetric points count once.",
    )
    return if_checked(finding, claim, rows, certificate_checks)


def norm_sums_below_k_proved(
    claim: Claim, certified_classes: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Do the norms of every proved minimum with n = k sum to at most k?

    Parameter of the claim: file. Source: S21,
    Theorem 14, which assumes it; with n > k it says nothing.
    """
    table = "certified_classes"
    proved = certified_classes[certified_classes["proved"]]
    equal = proved[proved["n"] == proved["k"]]
    if equal.empty:
        return not_run("no minimum with n = k was proved")
    more = proved[proved["n"] == proved["k"] + 1]
    answers = {
        name: int((equal["norm_sum_below_k"] == name).sum())
        for name in ("proved", "disproved", "undecided")
    }
    beyond = int((more["norm_sum_below_k"] == "disproved").sum())
    note = f"With n = k + 1 it is disproved at {beyond} of {len(more)} proved minima."
    against = equal[equal["norm_sum_below_k"] == "disproved"]
    if against.empty:
        missing = equal[equal["norm_sum_below_k"] != "proved"]
        finding = shown_for_all(equal, missing, table=table, found=answers, note=note)
    else:
        finding = universal_finding(
            equal, against, table=table, key=CLASS, found=answers, note=note
        )
    return if_checked(finding, claim, certified_classes, certificate_checks)


def family_proved(
    claim: Claim, certified_families: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every member of a family from its first minimum on proved, and every one below a saddle?

    A member below may fail, and only because its Hessian is not positive definite.

    Parameter of the claim: file. Expected: first_k, whole k of the first minimum. Tables:
    certified_families, certificate_checks. Source: derived.
    """
    table = "certified_families"
    rows = of_case(certified_families, claim.case)
    first = int(claim.expected["first_k"])
    below = rows["k"] < first
    if not (~below).any():
        return not_run(f"no member with k >= {first} was tried")
    as_expected = _is_minimum(rows).mask(
        below, ~rows["proved"] & (rows["reason"] == FailureReason.NOT_POSITIVE_DEFINITE)
    )
    proved = set(rows.loc[_is_minimum(rows), "k"])
    consecutive = 0
    while first + consecutive in proved:
        consecutive += 1
    found: dict[str, Quantity] = {"proved": len(proved), "consecutive k": consecutive}
    if proved:
        found |= {"smallest k": int(min(proved)), "largest k": int(max(proved))}
    note = f"{int(below.sum())} members below k = {first} are no minima."
    if consecutive:
        found["last consecutive k"] = first + consecutive - 1
        note = f"Every k from {first} to {first + consecutive - 1} is proved. {note}"
    finding = shown_for_all(rows, rows[~as_expected], table=table, found=found, note=note)
    return if_checked(
        replace(finding, proved=len(proved)), claim, certified_families, certificate_checks
    )


def _is_minimum(rows: pd.DataFrame) -> pd.Series:
    """Whether a spurious strict minimum is proved, with bounds that say so."""
    bounds = rows[["loss_lower", "hessian_lower", "orthogonal_hessian_lower"]]
    return rows["proved"] & (bounds > 0).all(axis=1)


def _by_excess(sizes: set[tuple[int, int]] | list[tuple[int, int]]) -> dict[str, Quantity]:
    """How many sizes have n = k, and how many n = k + 1."""
    return {
        "n = k": sum(n == k for k, n in sizes),
        "n = k + 1": sum(n == k + 1 for k, n in sizes),
    }
