"""How often restarts end badly, against the number of students of output -1."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
)
from relu_landscape.judging.statistics import clopper_pearson

KINDS = {
    "isolated": "isolated minimum",
    "plateau": "half-line of minima",
    "channel": "channel",
    "slow": "not at tolerance",
}
COLUMNS = [
    *("k", "positives", "negatives", "runs", "bad", "percent", "percent_low", "percent_high"),
    *KINDS,
]


def _long(shares: pd.DataFrame) -> pd.DataFrame:
    """The rows with their shares in percent, and intervals."""
    rows: list[dict[str, Any]] = []
    for row in shares.sort_values(["k", "positives", "negatives"]).to_dict("records"):
        low, high = clopper_pearson(int(row["bad"]), int(row["runs"]))
        shared = {"percent": row["bad"] / row["runs"], "percent_low": low, "percent_high": high}
        percents = {name: 100.0 * share for name, share in shared.items()}
        rows.append({**{str(name): value for name, value in row.items()}, **percents})
    return pd.DataFrame(rows)[COLUMNS]


def _finding(data: pd.DataFrame) -> str:
    """The shares of the smallest k, and what one more student of output 1 does."""
    k = data["k"].min()
    equal = data[(data["k"] == k) & (data["positives"] == k)]
    shares = ", ".join(f"{share:.3g}" for share in equal["percent"])
    numbers = ", ".join(f"{number}" for number in equal["negatives"])
    more = data[data["positives"] > data["k"]]
    bad, runs = int(more["bad"].sum()), int(more["runs"].sum())
    cured = f"; with k + 1 of output 1, {bad} of {runs} runs are bad" if runs else ""
    return (
        f"With k = {k} students of output 1 and {numbers} of output \N{MINUS SIGN}1 the bad share "
        f"is {shares} %{cured}."
    )


@leading_figure
def signed_bad_shares(signed_shares: pd.DataFrame) -> Plot:
    """The share of bad runs by the number of students of output -1.

    Caption:
        The share of restarts that end badly in profile **{profile}**, with k or more students of
        output 1 and some of output -1, by where they end; whiskers: 95 % Clopper-Pearson intervals
        of the whole share. On a half-line a student of output -1 is parallel to one of output 1; in
        a channel a run would be short of the tolerance and its largest norm growing.

    Returns:
        The figure, and one row a composition: k, positives, negatives, runs, bad, percent,
        percent_low, percent_high, isolated, plateau, channel, slow.
    """
    if signed_shares.empty:
        return empty_plot(signed_shares, COLUMNS)
    data = _long(signed_shares)
    figure = Figure(figsize=(PAGE_WIDTH, 2.8), layout="constrained")
    teachers = sorted(set(data["k"]))
    panels = figure.subplots(1, len(teachers), sharey=True, squeeze=False)[0]
    for axes, k in zip(panels, teachers, strict=True):
        rows = data[data["k"] == k].reset_index(drop=True)
        base = pd.Series(0.0, index=rows.index)
        for mark, kind in zip(SERIES, KINDS, strict=False):
            height = 100.0 * rows[kind] / rows["runs"]
            axes.bar(rows.index, height, bottom=base, width=0.7, color=mark.colour)
            base += height
        reach = [rows["percent"] - rows["percent_low"], rows["percent_high"] - rows["percent"]]
        axes.errorbar(rows.index, rows["percent"], yerr=reach, color="0.2", fmt="none", lw=0.9)
        names = [
            f"+{positives}\n\N{MINUS SIGN}{negatives}"
            for positives, negatives in zip(rows["positives"], rows["negatives"], strict=True)
        ]
        axes.set_xticks(rows.index, names)
        axes.set(title=f"k = {k}", ylim=(0, 100))
    panels[0].set_ylabel("bad restarts (%)")
    figure.supxlabel("students of output 1 and of output \N{MINUS SIGN}1", fontsize="medium")
    handles = [
        Patch(facecolor=mark.colour, label=words)
        for (kind, words), mark in zip(KINDS.items(), SERIES, strict=False)
        if data[kind].any()
    ]
    legend_above(figure, handles, columns=4)
    return Plot(figure, data, _finding(data))
