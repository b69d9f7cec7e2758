"""Claims that are proved, by the functions that decide them.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.certificates.verdicts.<function>. A failure to
prove is no counterexample: it leaves a statement undecided. And a finding rests on the checker as
well, which shares no code with the producer: unless it accepted every certificate of the files
concerned, parameter `file` of the claim ("k{k}-n{n}.jsonl" for one file a size), the finding is
undecided.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from relu_landscape.certificates.outcome import FailureReason
from relu_landscape.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.rows import CLASS, not_run, of_case, place_of, sizes_of, universal_finding

__all__ = [
    "checker_accepts",
    "classes_proved",
    "conjecture_fails",
    "curvature_at_global_minima_proved",
    "family_proved",
    "minima_at_sizes_proved",
    "negative_curvature_proved",
    "norm_sums_below_k_proved",
    "quotients_proved_small",
    "radius_below_measured",
    "splits_proved",
]

_PAIR = ("k", "n")
_FAMILY = ("family", "m", "extra", "k")
_INEQUALITY = ("quantity", "point")
_KEYS: Mapping[str, Sequence[str]] = {
    "certified_classes": CLASS,
    "certified_pairs": _PAIR,
    "certified_families": _FAMILY,
}
_CHECKS = "certificate_checks"
_NAMED = 5  # exceptions that a note names at most


def minima_at_sizes_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is a spurious minimum proved, for every number of inputs d >= k, at each of the sizes?

    Parameters of the claim: sizes (pairs [k, n]), file. Tables: certified_pairs,
    certificate_checks. Source: S18, Theorem 1.
    """
    rows = tables["certified_pairs"]
    if rows.empty:
        return not_run("no pair was tried")
    sizes = [tuple(size) for size in claim.parameters["sizes"]]
    proved = rows[_is_minimum(rows)]
    shown = set(zip(proved["k"], proved["n"], strict=True)) & set(sizes)
    missing = [size for size in sizes if size not in shown]
    tried = zip(rows["k"], rows["n"], rows["reason"], strict=True)
    reasons = {
        (k, n): reason if isinstance(reason, str) else "a bound is missing"
        for k, n, reason in tried
    }
    note = f"{len(shown)} of {len(sizes)} sizes are proved."
    if missing:
        note += " Not proved: " + _listed(
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
    return _if_checked(finding, claim, tables, "certified_pairs")


def classes_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is every class that floats call a spurious minimum proved one, and none of the saddles?

    With n < k a minimum of positive loss is not spurious; such classes do not count.

    Parameter of the claim: file. Tables: certified_classes, curvature, certificate_checks. Source:
    derived.
    """
    table = "certified_classes"
    kinds = tables["curvature"][[*CLASS, "kind"]]
    rows = tables[table].merge(kinds, on=list(CLASS), how="left", validate="many_to_one")
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
        finding = _shown_for_all(minima, missing, table=table, found=found, note=note)
    else:
        finding = universal_finding(rows, wrong, table=table, key=CLASS, found=found, note=note)
    return _if_checked(finding, claim, tables, table)


def splits_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is every split of every proved minimum proved a strict saddle, for all shares at once?

    Parameters of the claim: table (certified_classes, certified_pairs or certified_families), file.
    Tables: that one, certificate_checks. Source: S21, Theorem 16.
    """
    table = claim.parameters["table"]
    rows = tables[table]
    minima = rows[rows["proved"]]
    if minima.empty:
        return not_run("no minimum was proved")
    complete = (minima["splits"] > 0) & (minima["splits_proved"] == minima["splits"])
    finding = _shown_for_all(
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
    return _if_checked(finding, claim, tables, table)


def norm_sums_below_k_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Do the norms of every proved minimum with n = k sum to at most k?

    Parameter of the claim: file. Tables: certified_classes, certificate_checks. Source: S21,
    Theorem 14, which assumes it; with n > k it says nothing.
    """
    table = "certified_classes"
    rows = tables[table]
    proved = rows[rows["proved"]]
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
        finding = _shown_for_all(equal, missing, table=table, found=answers, note=note)
    else:
        finding = universal_finding(
            equal, against, table=table, key=CLASS, found=answers, note=note
        )
    return _if_checked(finding, claim, tables, table)


def curvature_at_global_minima_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the smallest eigenvalue enclosed around the constant, and a radius of convexity proved?

    An enclosure without the constant refutes it; a wide one or no radius decides nothing.

    Parameters of the claim: width (of the enclosures, at most), file. Expected: the constant.
    Tables: certified_global_minima, certificate_checks. Source: S21, Theorem 3, and that it is
    attained, which is derived.
    """
    table = "certified_global_minima"
    rows = tables[table]
    if rows.empty:
        return not_run("no global minimum was tried")
    constant = float(claim.expected)
    low, high = rows["eigenvalue_lower"], rows["eigenvalue_upper"]
    outside = rows[(low > constant) | (high < constant)]
    shown = (high - low <= claim.parameters["width"]) & (rows[["radius", "hessian_lower"]] > 0).all(
        axis=1
    )
    found = {
        "smallest lower bound": float(low.min()),
        "largest upper bound": float(high.max()),
        "smallest radius": float(rows["radius"].min()),
        "largest radius": float(rows["radius"].max()),
    }
    if outside.empty:
        finding = _shown_for_all(rows, rows[~shown], table=table, found=found, note="")
    else:
        finding = universal_finding(rows, outside, table=table, key=("k",), found=found, note="")
    return _if_checked(finding, claim, tables, table)


def radius_below_measured(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the proved radius of convexity nowhere beyond the smallest radius measured?

    Directions along which convexity fails at no radius tried measure nothing.

    Parameter of the claim: file. Tables: certified_global_minima, convexity_radii,
    certificate_checks. Source: derived.
    """
    table = "certified_global_minima"
    measured = tables["convexity_radii"].groupby("k", as_index=False)["radius"].min().dropna()
    both = tables[table][["k", "radius"]].merge(measured, on="k", suffixes=("", "_measured"))
    if both.empty:
        return not_run("no k has both a proved and a measured radius")
    ratio = both["radius"] / both["radius_measured"]
    finding = universal_finding(
        both,
        both[both["radius"] > both["radius_measured"]],
        table=table,
        key=("k",),
        found={"lowest ratio": float(ratio.min()), "highest ratio": float(ratio.max())},
        expected={"highest ratio": 1.0},
        note="Ratio of the proved to the smallest measured radius.",
    )
    return _if_checked(finding, claim, tables, table)


def negative_curvature_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the curvature proved negative at every point of series that come close to a minimum?

    Parameters of the claim: quantities, file. Tables: certified_inequalities, certificate_checks.
    Source: S21, Theorem 4.
    """
    rows = _of_quantities(claim, tables)
    if rows.empty:
        return not_run("no point was tried")
    failing = rows[~(rows["proved"] & (rows["upper"] < 0))]
    return _shown_along_series(claim, tables, rows, failing, falling=["distance_upper"])


def quotients_proved_small(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Are the quotients proved to fall with the distance, below a multiple of epsilon?

    No constant of one-point convexity, or of the PL inequality, stays below such quotients.

    Parameters of the claim: quantities, multiple (of epsilon, at most), file. Tables:
    certified_inequalities, certificate_checks. Source: S21, Theorems 7 and 9.
    """
    rows = _of_quantities(claim, tables)
    if rows.empty:
        return not_run("no point was tried")
    small = rows["upper"] <= claim.parameters["multiple"] * rows["epsilon"]
    failing = rows[~(rows["proved"] & small)]
    return _shown_along_series(claim, tables, rows, failing, falling=["upper", "distance_upper"])


def conjecture_fails(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is form minus bound proved negative at a rational point?

    Such a point refutes the conjecture; points at which nothing is proved say nothing.

    Parameters of the claim: quantities, file. Tables: certified_inequalities, certificate_checks.
    Source: S21, Conjecture 12.
    """
    table = "certified_inequalities"
    rows = _of_quantities(claim, tables)
    if rows.empty:
        return not_run("no witness was tried")
    against = rows[rows["proved"] & (rows["upper"] < 0)].sort_values("upper")
    found: dict[str, Quantity] = {"points": len(rows), "refuting": len(against)}
    if against.empty:
        finding = Finding(
            verdict=Verdict.UNDECIDED,
            found=found,
            sample_size=len(rows),
            note="The gap is proved negative at no point.",
            evidence=f"tables/{table}.parquet",
        )
    else:
        found |= {
            "gap at most": float(against["upper"].iloc[0]),
            "smallest distance": float(against["distance_upper"].min()),
        }
        finding = universal_finding(
            rows,
            against,
            table=table,
            key=_INEQUALITY,
            found=found,
            note="Every one is a rational point with an enclosed gap below zero.",
        )
    return _if_checked(finding, claim, tables, table)


def family_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is every member of a family from its first minimum on proved, and every one below a saddle?

    A member below may fail, and only because its Hessian is not positive definite.

    Parameter of the claim: file. Expected: first_k, whole k of the first minimum. Tables:
    certified_families, certificate_checks. Source: derived.
    """
    table = "certified_families"
    rows = of_case(tables[table], claim.case)
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
    finding = _shown_for_all(rows, rows[~as_expected], table=table, found=found, note=note)
    return _if_checked(replace(finding, proved=len(proved)), claim, tables, table)


def checker_accepts(_: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Does the checker accept every certificate of every file?

    Table: certificate_checks. Source: derived.
    """
    checks = tables[_CHECKS]
    total = int(checks["certificates"].sum())
    if not total:
        return not_run("there are no certificates")
    refused = checks[checks["accepted"] != checks["certificates"]]
    evidence = f"tables/{_CHECKS}.parquet"
    if not refused.empty:
        evidence += f": {place_of(refused, ('file',))}"
    return Finding(
        verdict=Verdict.CONSISTENT if refused.empty else Verdict.DEVIATES,
        found={"certificates": total, "accepted": int(checks["accepted"].sum())},
        sample_size=total,
        expected={"accepted": total},
        note=", ".join(
            f"{row.file}: {row.accepted} of {row.certificates}" for row in checks.itertuples()
        ),
        evidence=evidence,
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


def _shown_for_all(
    cases: pd.DataFrame,
    missing: pd.DataFrame,
    *,
    table: str,
    found: Mapping[str, Quantity],
    note: str,
) -> Finding:
    """Consistent if shown in all cases; else undecided, with the exceptions and their reasons."""
    key = _KEYS.get(table, _INEQUALITY if "point" in cases else ("k",))
    notes = [f"{len(cases)} cases ({sizes_of(cases)}), not shown in {len(missing)}."]
    if not missing.empty:
        notes.append(
            "Not shown: "
            + _listed([_with_reason(missing.iloc[[place]], key) for place in range(len(missing))])
        )
    return Finding(
        verdict=Verdict.CONSISTENT if missing.empty else Verdict.UNDECIDED,
        found=found,
        sample_size=len(cases),
        note=" ".join([*notes, note]).strip(),
        proved=len(cases) - len(missing),
        evidence=f"tables/{table}.parquet"
        + ("" if missing.empty else f": {place_of(missing, key)}"),
    )


def _with_reason(row: pd.DataFrame, key: Sequence[str]) -> str:
    reason = row["reason"].iloc[0] if "reason" in row else None
    return place_of(row, key) + (f" ({reason})" if isinstance(reason, str) else "")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + f"{more}."


def _of_quantities(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = tables["certified_inequalities"]
    return rows[rows["quantity"].isin(claim.parameters["quantities"])]


def _shown_along_series(
    claim: Claim,
    tables: Mapping[str, pd.DataFrame],
    rows: pd.DataFrame,
    failing: pd.DataFrame,
    *,
    falling: list[str],
) -> Finding:
    """Shown if no row fails and, at every size, the bounds fall together with epsilon."""
    table = "certified_inequalities"
    series = rows.groupby(["quantity", "k", "n", "epsilon"], as_index=False)[falling].max()
    stalled = [
        f"{quantity} at k={k}, n={n}"
        for (quantity, k, n), part in series.groupby(["quantity", "k", "n"])
        if len(part) < 2 or not (part[falling].diff().iloc[1:] > 0).all(axis=None)
    ]
    proved = rows[rows["proved"]]
    found: dict[str, Quantity] = {"points": len(rows), "shown": len(rows) - len(failing)}
    if not proved.empty:
        relative = proved["upper"] / proved["epsilon"]
        found |= {
            "largest over epsilon": float(relative.max()),
            "smallest epsilon": float(proved["epsilon"].min()),
            "smallest distance": float(proved["distance_upper"].min()),
        }
    note = f"Epsilon from {rows['epsilon'].max():g} down to {rows['epsilon'].min():g}."
    if stalled:
        note += f" No approach to the minimum is shown for {_listed(stalled)}"
    finding = _shown_for_all(rows, failing, table=table, found=found, note=note)
    if stalled:
        finding = replace(finding, verdict=Verdict.UNDECIDED)
    return _if_checked(finding, claim, tables, table)


def _if_checked(
    finding: Finding, claim: Claim, tables: Mapping[str, pd.DataFrame], table: str
) -> Finding:
    """`finding`, undecided unless the checker accepted all certificates behind its table."""
    rows, pattern = tables[table], claim.parameters["file"]
    files = pd.Series([_file_of(row, pattern) for row in rows.to_dict("records")], rows.index)
    lines = rows["line"].where(rows["proved"]) if "proved" in rows else rows["line"]
    counts = tables[_CHECKS][["file", "certificates", "accepted"]]
    checks = {
        str(file): (int(certificates), int(accepted))
        for file, certificates, accepted in counts.itertuples(index=False, name=None)
    }
    doubts = [_doubt(file, checks, lines[files == file].dropna()) for file in files.unique()]
    doubts = [doubt for doubt in doubts if doubt]
    if doubts:
        note = _listed(doubts)
        finding = replace(finding, verdict=Verdict.UNDECIDED, proved=None)
    else:
        note = f"The checker accepted all certificates of {pattern}."
    return replace(finding, note=f"{finding.note} {note}".strip())


def _file_of(row: Mapping[Hashable, object], pattern: str) -> str:
    return pattern.format(**{str(name): value for name, value in row.items()})


def _doubt(file: str, checks: Mapping[str, tuple[int, int]], lines: pd.Series) -> str:
    """Why the checker does not stand behind a file and the lines named of it; empty if it does."""
    if file not in checks:
        return f"The checker has not seen {file}"
    certificates, accepted = checks[file]
    if accepted != certificates:
        return f"The checker accepted only {accepted} of {certificates} certificates of {file}"
    if not lines.between(1, certificates).all():
        return f"Not every proof has its line among the {certificates} of {file}"
    return ""
