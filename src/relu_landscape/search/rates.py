"""Shares of runs that end well or badly, from tables of restarts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.search.protocol import CRITICAL_ENDS

_RUN = ["search", "k", "n", "restart"]


def unfinished_runs(restarts: pd.DataFrame, memberships: pd.DataFrame) -> pd.Series[bool]:
    """Which runs ended at a loss at or above the bad loss, but at no critical point.

    Their budget was used up, or they diverged: nothing says where they go, and they are no minima.

    Args:
        restarts: rows of restarts; columns search, k, n, restart, bad, stop_reason.
        memberships: rows of classified runs, among them those that Newton's method finished;
            columns search, k, n, restart.

    Returns:
        (rows of restarts,), with their index.
    """
    classified = pd.MultiIndex.from_frame(restarts[_RUN]).isin(
        pd.MultiIndex.from_frame(memberships[_RUN])
    )
    critical = restarts["stop_reason"].isin(CRITICAL_ENDS) | classified
    return restarts["bad"] & ~critical


def bad_run_rates(restarts: pd.DataFrame, memberships: pd.DataFrame) -> list[dict[str, Any]]:
    """Share of bad runs (critical points with F at or above the bad loss) of each search and size.

    Args:
        restarts: rows of restarts; columns search, protocol, k, n, restart, bad, stop_reason.
        memberships: as for `unfinished_runs`.

    Returns:
        One record for each (search, k, n): runs, the unfinished ones left out; bad; percent_bad,
        None of no runs, and the ends of its 95 % Clopper-Pearson interval; unfinished.

    Source: S18, the percentages of its result table, where unfinished runs would count as bad.
    """
    records = []
    rows = restarts.assign(unfinished=unfinished_runs(restarts, memberships))
    for (search, protocol, k, n), group in rows.groupby(["search", "protocol", "k", "n"]):
        unfinished = int(group["unfinished"].sum())
        bad, runs = int(group["bad"].sum()) - unfinished, len(group) - unfinished
        low, high = clopper_pearson(bad, runs) if runs else (0.0, 1.0)
        records.append(
            {
                "search": search,
                "protocol": protocol,
                "k": k,
                "n": n,
                "runs": runs,
                "bad": bad,
                "percent_bad": 100 * bad / runs if runs else None,
                "percent_low": 100 * low,
                "percent_high": 100 * high,
                "unfinished": unfinished,
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
        restarts: rows of restarts; columns search, k, n, restart, bad, stop_reason.
        memberships: rows of classified runs; columns search, k, n, restart, class_id.
        curvature: rows of measured classes; columns k, n, class_id, kind.

    Returns:
        One record for each (search, k, n) with bad runs and each kind of end: runs. A bad run
        without a measured class is unclassified; unfinished runs are not bad.

    Source: S18 and S21 count bad runs; what they hold is asked here.
    """
    bad = restarts.loc[restarts["bad"] & ~unfinished_runs(restarts, memberships), _RUN]
    classes = memberships[[*_RUN, "class_id"]]
    ends = bad.merge(classes, how="left").merge(
        curvature[["k", "n", "class_id", "kind"]], how="left"
    )
    ends["kind"] = ends["kind"].astype(object).fillna("unclassified")
    counts = ends.groupby(["search", "k", "n", "kind"]).size()
    return [
        {"search": search, "k": int(k), "n": int(n), "end": kind, "runs": int(runs)}
        for (search, k, n, kind), runs in zip(counts.index, counts, strict=True)
    ]
