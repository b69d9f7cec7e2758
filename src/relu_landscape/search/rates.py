"""Shares of runs that end well or badly, from tables of restarts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relu_landscape.statistics import clopper_pearson


def bad_run_rates(restarts: pd.DataFrame) -> list[dict[str, Any]]:
    """Share of bad runs (final F at or above the bad loss) of each search and size.

    Args:
        restarts: rows of restarts; columns search, protocol, k, n, bad.

    Returns:
        One record for each (search, k, n): runs, bad, percent_bad and the ends of its 95 %
        Clopper-Pearson interval.

    Source: S18, the percentages of its result table.
    """
    records = []
    for (search, protocol, k, n), group in restarts.groupby(["search", "protocol", "k", "n"]):
        bad, runs = int(group["bad"].sum()), len(group)
        low, high = clopper_pearson(bad, runs)
        records.append(
            {
                "search": search,
                "protocol": protocol,
                "k": k,
                "n": n,
                "runs": runs,
                "bad": bad,
                "percent_bad": 100 * bad / runs,
                "percent_low": 100 * low,
                "percent_high": 100 * high,
            }
        )
    return records


def global_minimum_counts(
    restarts: pd.DataFrame, memberships: pd.DataFrame, classes: pd.DataFrame
) -> list[dict[str, Any]]:
    """Runs of each search and size that ended in the class of a global minimum.

    Args:
        restarts: rows of restarts; columns search, k, n.
        memberships: rows of classified runs; columns search, k, n, class_id.
        classes: rows of classes; columns k, n, class_id, is_global.

    Returns:
        One record for each (search, k, n): runs, at_global. Runs that were stopped early are not
        classified and never count.

    Source: S21, Section 4.2 and the published result files.
    """
    case = ["k", "n"]
    runs = restarts.groupby(["search", *case]).size()
    members = memberships.merge(classes[[*case, "class_id", "is_global"]], on=[*case, "class_id"])
    at_global = members[members["is_global"]].groupby(["search", *case]).size()
    return [
        {"search": search, "k": k, "n": n, "runs": int(count), "at_global": int(found)}
        for (search, k, n), count, found in zip(
            runs.index, runs, at_global.reindex(runs.index, fill_value=0), strict=True
        )
    ]


def bad_run_ends(
    restarts: pd.DataFrame, memberships: pd.DataFrame, curvature: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return what the bad runs of each search and size ended in.

    Args:
        restarts: rows of restarts; columns search, k, n, restart, bad.
        memberships: rows of classified runs; columns search, k, n, restart, class_id.
        curvature: rows of measured classes; columns k, n, class_id, kind.

    Returns:
        One record for each (search, k, n) with bad runs and each kind of end: runs. A bad run
        without a measured class is unclassified.

    Source: S18 and S21 count bad runs; what they hold is asked here.
    """
    bad = restarts.loc[restarts["bad"], ["search", "k", "n", "restart"]]
    classes = memberships[["search", "k", "n", "restart", "class_id"]]
    ends = bad.merge(classes, how="left").merge(
        curvature[["k", "n", "class_id", "kind"]], how="left"
    )
    ends["kind"] = ends["kind"].astype(object).fillna("unclassified")
    counts = ends.groupby(["search", "k", "n", "kind"]).size()
    return [
        {"search": search, "k": int(k), "n": int(n), "end": kind, "runs": int(runs)}
        for (search, k, n, kind), runs in zip(counts.index, counts, strict=True)
    ]
