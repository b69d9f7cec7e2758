"""Which minima are proved, and what is proved of splitting their neurons."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from relu_landscape.certificates.outcome import FailureReason
from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    ranges_of,
    sizes_by_excess,
    universal_finding,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.certificates.verdicts.checked import (
    PAIR,
    if_checked,
    listed,
    shown_for_all,
)
from relu_landscape.tables.columns import CLASS, POINT


def minima_at_sizes_proved(
    claim: Claim, certified_pairs: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is a spurious minimum proved, for every number of inputs d >= k, at each of the sizes?

    Parameters of the claim: sizes (pairs [k, n]), file. Source: S18, Theorem 1.
    """
    sizes = [tuple(size) for size in claim.parameters["sizes"]]
    rows = certified_pairs[
        [size in sizes for size in zip(certified_pairs["k"], certified_pairs["n"], strict=True)]
    ]
    if rows.empty:
        return not_run("none of these sizes was tried")
    proved = rows[_is_minimum(rows)]
    shown = set(zip(proved["k"], proved["n"], strict=True))
    missing = [size for size in sizes if size not in shown]
    reasons = {
        (k, n): reason if isinstance(reason, str) else "a bound is missing"
        for k, n, reason in zip(rows["k"], rows["n"], rows["reason"], strict=True)
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
        listed=sizes_by_excess(sizes),
        would_decide=f"{len(missing)} of {len(sizes)} sizes have no certificate; one for each of "
        "them would decide.",
    )
    return if_checked(finding, claim, rows, certificate_checks)


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
        return if_checked(finding, claim, minima, certificate_checks)
    finding = universal_finding(Cases(rows, wrong, table, CLASS), found=found, note=note)
    return if_checked(finding, claim, wrong, certificate_checks)


def splits_of_classes_proved(
    claim: Claim, certified_classes: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every split of every proved class proved a strict saddle, for all shares at once?

    Parameter of the claim: file. Source: S21, Theorem 16.
    """
    return _splits_proved(claim, certified_classes, certificate_checks, "certified_classes", "")


def level_of_certificate(
    claim: Claim,
    certified_pairs: pd.DataFrame,
    certified_families: pd.DataFrame,
    certificate_checks: pd.DataFrame,
) -> Finding:
    """Is a spurious minimum proved whose loss has the printed digits?

    Of the minima proved at this size the one is meant whose enclosed loss rounds to them. Of a
    smallest eigenvalue and a sum of norms that are printed as well the certificate holds bounds,
    below and above, which must agree with the printed digits.

    Case of the claim: k, n. Parameters: decimals (printed). Expected: loss, and, where they are
    printed, smallest_eigenvalue and norm_sum. Source: S18 and S21, result files of the authors.
    """
    case = {name: claim.case[name] for name in ("k", "n")}
    families = certified_families.assign(n=certified_families["k"] + certified_families["extra"])
    proved = {
        "certified_pairs": (_minima_of(certified_pairs, case), "pairs.jsonl"),
        "certified_families": (_minima_of(families, case), "families.jsonl"),
    }
    allowed = half_a_digit(claim.parameters["decimals"])
    for table, (rows, file) in proved.items():
        found = rows[_has_level(rows, claim.expected, allowed)]
        if not found.empty:
            checked = replace(claim, parameters={"file": file})
            finding = _level_finding(found.iloc[[0]], table, claim)
            return if_checked(finding, checked, found.iloc[[0]], certificate_checks)
    return not_run("no proved minimum of this size has this loss")


def _minima_of(rows: pd.DataFrame, case: Mapping[str, object]) -> pd.DataFrame:
    minima = of_case(rows, case)
    return minima[_is_minimum(minima)]


def _has_level(rows: pd.DataFrame, expected: Mapping[str, float], allowed: float) -> pd.Series:
    """Whether the enclosed loss rounds to the printed one, and no bound speaks against the rest."""
    above = rows["loss_lower"] >= expected["loss"] - allowed
    fits = above & (rows["loss_upper"] <= expected["loss"] + allowed)
    if "smallest_eigenvalue" in expected:
        fits &= rows["hessian_lower"] <= expected["smallest_eigenvalue"] + allowed
    if "norm_sum" in expected:
        fits &= rows["norm_sum_upper"] >= expected["norm_sum"] - allowed
    return fits


def _level_finding(row: pd.DataFrame, table: str, claim: Claim) -> Finding:
    bounds = row.iloc[0]
    key = POINT if table == "certified_families" else PAIR
    return Finding(
        verdict=Verdict.REPRODUCED,
        found={
            "loss": float(bounds["loss_lower"]),
            "smallest eigenvalue at least": float(bounds["hessian_lower"]),
            "norm sum at most": float(bounds["norm_sum_upper"]),
        },
        sample_size=1,
        proved=1,
        listed=f"k = {claim.case['k']}, n = {claim.case['n']}",
        expected=claim.expected,
        note="The loss is enclosed within the printed digits.",
        evidence=f"tables/{table}.parquet: {place_of(row, key)}",
    )


def splits_of_pairs_proved(
    claim: Claim, certified_pairs: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every split of the minima proved at given sizes a strict saddle, for all shares at once?

    Parameter of the claim: file. Source: S21, Theorem 16.
    """
    sizes = list(zip(certified_pairs["k"], certified_pairs["n"], strict=True))
    minima = f"one minimum each at {sizes_by_excess(sizes)}"
    return _splits_proved(claim, certified_pairs, certificate_checks, "certified_pairs", minima)


def splits_of_families_proved(
    claim: Claim, certified_families: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every split of every proved family member a strict saddle, for all shares at once?

    Parameter of the claim: file. Source: S21, Theorem 16.
    """
    minima = certified_families[certified_families["proved"]]
    members = f"{len(minima)} symmetric minima, m = {ranges_of(minima['m'])}, k up to "
    members += f"{minima['k'].max()}"
    return _splits_proved(
        claim, certified_families, certificate_checks, "certified_families", members
    )


def _splits_proved(
    claim: Claim,
    rows: pd.DataFrame,
    certificate_checks: pd.DataFrame,
    table: str,
    listed_as: str,
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
        listed_as=listed_as,
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
        finding = universal_finding(Cases(equal, against, table, CLASS), found=answers, note=note)
    return if_checked(finding, claim, equal, certificate_checks)


def family_proved(
    claim: Claim, certified_families: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is every member of a family from its first minimum on proved, and every one below a saddle?

    A member below, or above the last minimum if there is one, that is proved a minimum refutes it;
    one between them that fails because its Hessian is not positive definite, as at a saddle,
    deviates. Other failures decide nothing.

    Parameter of the claim: file. Expected: first_k, whole k of the first minimum; last_k, of the
    last one, where the family ceases to be one. Source: derived.
    """
    table = "certified_families"
    rows = of_case(certified_families, claim.case)
    first = int(claim.expected["first_k"])
    last = claim.expected.get("last_k", math.inf)
    outside = ~rows["k"].between(first, last)
    if outside.all():
        return not_run(f"no member with k >= {first} was tried")
    is_minimum = _is_minimum(rows)
    like_saddle = ~rows["proved"] & (rows["reason"] == FailureReason.NOT_POSITIVE_DEFINITE)
    proved = set(rows.loc[is_minimum, "k"])
    found: dict[str, Quantity] = {"proved": len(proved)}
    if proved:
        found |= {"smallest k": int(min(proved)), "largest k": int(max(proved))}
    note = (
        f"At {int((outside & like_saddle).sum())} of {counted(int(outside.sum()), 'member')} below "
        "k = "
    )
    note += f"{first}{'' if last == math.inf else f' or above {last}'} the Hessian is not positive "
    note += "definite."
    minima = rows[~outside]
    finding = shown_for_all(
        minima,
        minima[~is_minimum[~outside]],
        table=table,
        found=found,
        note=note,
        listed_as=f"k = {ranges_of(minima['k'])}",
    )
    open_cases = outside & ~like_saddle
    for against, verdict in (
        (open_cases, Verdict.UNDECIDED),
        (~outside & like_saddle, Verdict.DEVIATES),
        (outside & is_minimum, Verdict.REFUTED),
    ):
        if against.any():
            place = place_of(rows[against], POINT)
            finding = replace(
                finding,
                verdict=verdict,
                evidence=f"tables/{table}.parquet: {place}",
                would_decide=f"At {int(against.sum())} k beyond these the Hessian may be positive "
                "definite; certificates of saddles there would decide.",
            )
    return if_checked(finding, claim, rows, certificate_checks)


def minima_of_isotropy_proved(
    claim: Claim, certified_families: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is a spurious minimum of isotropy Delta(S_{k-m} x S_m) proved at every k beyond a given one?

    Of the families I_m and II_m one suffices.

    Parameters of the claim: m, above, file. Source: AF20 (2003.10576v1), abstract.
    """
    m, above = claim.parameters["m"], claim.parameters["above"]
    rows = of_case(certified_families, {"m": m, "extra": 0})
    rows = rows[rows["k"] > above]
    if rows.empty:
        return not_run(f"no member with m = {m} beyond k = {above} was tried")
    proved = rows[_is_minimum(rows)]
    cases = rows.drop_duplicates("k")
    finding = shown_for_all(
        cases,
        cases[~cases["k"].isin(proved["k"])],
        table="certified_families",
        found={"sizes": len(cases), "proved": int(proved["k"].nunique())},
        note="",
        listed_as=f"k = {ranges_of(cases['k'])}",
    )
    return if_checked(finding, claim, proved, certificate_checks)


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
