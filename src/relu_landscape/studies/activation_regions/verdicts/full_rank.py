"""How often Jacobians have full rank at initialisation, and what that takes (Figures 1 and 2)."""

from __future__ import annotations

import itertools
import math

import pandas as pd
import scipy

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, of_case
from relu_landscape.judging.sample_sizes import rounded_up
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.judging.words import counted

_LAWS = ["data", "initialisation"]
_COLUMN = ["figure", *_LAWS, "d0", "n"]
_TABLE = "tables/transition_widths.parquet"


def singular_values_agree(_: Claim, full_rank_cells: pd.DataFrame) -> Finding:
    """Is the rank by singular values in float64 the exact one in every draw compared?

    Source: derived here.
    """
    compared = full_rank_cells[full_rank_cells["compared_trials"] > 0]
    if compared.empty:
        return not_run("no draw was compared")
    wrong = compared[compared["svd_disagreements"] > 0]
    return Finding(
        verdict=Verdict.CONSISTENT if wrong.empty else Verdict.REFUTED,
        found={"disagreements": int(compared["svd_disagreements"].sum())},
        sample_size=int(compared["compared_trials"].sum()),
        expected={"disagreements": 0},
        note=f"{len(compared)} cells of Figures 1 and 2, ranks compared, not only whether full.",
        evidence="tables/full_rank_cells.parquet" + _first(wrong, [*_COLUMN, "d1"]),
    )


def half_widths_as_stated(claim: Claim, transition_widths: pd.DataFrame) -> Finding:
    """Do the intervals of the widths at 50 % full rank contain the stated ones?

    Parameters of the claim: widths (a list of mappings with n, width and d0 or ratio), and with the
    case what singles out rows (figure, data, initialisation).
    Source: an emulation of the public code, for the project; the paper prints heat maps.
    """
    exact = of_case(transition_widths, {**claim.case, "reading": "exact"})
    stated, found, missing, wrong = {}, {}, [], []
    for entry in claim.parameters["widths"]:
        place = {name: entry[name] for name in entry if name != "width"}
        name = ", ".join(f"{key}={value:g}" for key, value in place.items())
        row = of_case(exact, place)
        if row.empty:
            missing.append(name)
            continue
        stated[name] = float(entry["width"])
        found[name] = _number(row["width"].iloc[0])
        low = float(row["width_low"].fillna(-math.inf).iloc[0])
        high = float(row["width_high"].fillna(math.inf).iloc[0])
        if not low <= stated[name] <= high:
            wrong.append(f"{name} ({low:.2f} to {high:.2f})")
    if not stated:
        return not_run("none of the columns stated is in the grid")
    met = Verdict.UNDECIDED if missing else Verdict.REPRODUCED
    return Finding(
        verdict=Verdict.DEVIATES if wrong else met,
        found=found,
        sample_size=int(exact["trials"].min()),
        expected=stated,
        note=(
            f"Outside its interval: {'; '.join(wrong)}. " if wrong else "All in their intervals. "
        )
        + (f"Not in the grid: {'; '.join(missing)}." if missing else ""),
        evidence=f"{_TABLE}: {', '.join(f'{key}={value}' for key, value in claim.case.items())}",
        would_decide=f"The grid lacks {'; '.join(missing)}; draws there would decide.",
    )


def ranks_follow_rows_of_zeros(claim: Claim, full_rank_cells: pd.DataFrame) -> Finding:
    """Has in Figure 2 a share of (1 - 2^-d1)^n of the draws full rank, all sizes together?

    That is the probability that no row is zero if signs are fair coins. Sizes with at least as many
    columns as points. The number of draws of full rank is compared with its expectation, and
    the difference divided by sum_cells trials dp/d(d1): to first order how many neurons too wide
    the law is. Undecided if the interval of that is wider than one neuron.

    Parameters of the claim: confidence. Case: data, initialisation, ratio.
    Source: derived here.
    """
    rows = of_case(full_rank_cells, {**claim.case, "figure": "figure_2"})
    inputs = rows["d0"] + (rows["initialisation"] != "linear_layer_no_bias")
    rows = rows[inputs * rows["d1"] >= rows["n"]]
    if rows.empty:
        return not_run("no size of this ratio has enough columns")
    empty = 2.0 ** -rows["d1"].astype(float)
    law = (1.0 - empty) ** rows["n"]
    slope = math.log(2.0) * rows["n"] * empty * (1.0 - empty) ** (rows["n"] - 1)
    draws = rows["trials"]
    a_neuron = float((draws * slope).sum())
    shift = -float((rows["full"] - draws * law).sum()) / a_neuron
    half = float(scipy.stats.norm.ppf(0.5 + claim.parameters["confidence"] / 2.0))
    half *= math.sqrt(float((draws * law * (1.0 - law)).sum())) / a_neuron
    met = Verdict.REPRODUCED if half < 0.5 else Verdict.UNDECIDED
    return Finding(
        verdict=Verdict.DEVIATES if abs(shift) > half else met,
        found={
            "neurons needed beyond the law": shift,
            "share of full rank": float(rows["full"].sum() / draws.sum()),
        },
        interval=(shift - half, shift + half),
        sample_size=int(draws.sum()),
        expected={
            "neurons needed beyond the law": 0.0,
            "share of full rank": float((draws * law).sum() / draws.sum()),
        },
        note=f"{counted(len(rows), 'size')} with enough columns. A difference means that signs are "
        "no fair coins there: neurons share the points, and points the neurons.",
        would_decide=f"The interval of {draws.sum()} draws is {2 * half:.2g} neurons wide; about "
        f"{rounded_up(float(draws.sum()) * (2 * half) ** 2)} draws would make it one.",
        evidence="tables/full_rank_cells.parquet: figure=figure_2, "
        + ", ".join(f"{key}={value}" for key, value in claim.case.items()),
    )


def slope_falls_with_inputs(claim: Claim, transition_widths: pd.DataFrame) -> Finding:
    """Does the width needed for n points fall with the number of inputs in Figure 1?

    At the largest n, the 50 % widths of any two d0 are compared; one off the grid counts as beyond
    its end. Equal only if both are off the same end, which decides nothing.

    Parameters of the claim: none. Case: data, initialisation.
    Source: Karhadkar, Murray, Tseran and Montufar (2024), Figure 1, as remembered.
    """
    rows = of_case(transition_widths, {**claim.case, "figure": "figure_1", "reading": "exact"})
    rows = rows[rows["n"] == rows["n"].max()].sort_values("d0")
    if len(rows) < 2:
        return not_run("fewer than two numbers of inputs")
    places = [
        row.width if not math.isnan(row.width) else (-math.inf if row.begins_above else math.inf)
        for row in rows.itertuples()
    ]
    pairs = list(itertools.pairwise(places))
    n = int(rows["n"].iloc[0])
    told = {
        f"width at d0={d0}": _number(width)
        for d0, width in zip(rows["d0"], rows["width"], strict=True)
    }
    if any(before < after for before, after in pairs):
        verdict = Verdict.DEVIATES
    elif any(before > after for before, after in pairs):
        verdict = Verdict.CONSISTENT
    else:
        verdict = Verdict.UNDECIDED
    return Finding(
        verdict=verdict,
        found=told,
        sample_size=int(rows["trials"].min()),
        note=f"n = {n}, widths {rows['first_width'].min()} to {rows['last_width'].max()} tried; "
        "none stands for a width beyond them.",
        evidence=f"{_TABLE}: figure=figure_1, n={n}",
        would_decide=f"All {len(rows)} widths at n = {n} lie beyond one end of the grid; a wider "
        "grid would decide.",
    )


def columns_do_not_suffice(claim: Claim, transition_widths: pd.DataFrame) -> Finding:
    """Is d0' d1 >= n far from enough for full rank where there are few inputs?

    Points that no neuron tells apart have rows in one space of dimension d0'; more than d0' of them
    are dependent. Few inputs allow few patterns, so that such groups are frequent. At some n the
    whole interval of the 50 % width has to lie above ceil(n/d0'). What is found is the largest
    ratio of a 50 % width, or of the largest width tried if 50 % is beyond it, to ceil(n/d0'), and
    how many deficient draws with d0' d1 >= n have such a group or a row of zeros.

    Case: figure, and data or initialisation if wanted. Source: derived here.
    """
    rows = of_case(transition_widths, {**claim.case, "reading": "exact"})
    rows = rows[~rows["begins_above"]]
    if rows.empty:
        return not_run("no column is below 50 % at its smallest width")
    ratio = rows["width"].fillna(rows["last_width"]) / rows["necessary_width"]
    most = rows.loc[[ratio.idxmax()]]
    above = rows["width_low"] > rows["necessary_width"]
    zero, equal, dependent = (
        int(rows[f"wide_{reason}"].sum()) for reason in ("zero_row", "equal_rows", "dependent_rows")
    )
    deficient = zero + equal + dependent
    return Finding(
        verdict=Verdict.REPRODUCED if above.any() else Verdict.UNDECIDED,
        found={
            "largest ratio": float(ratio.max()),
            "deficient draws with enough columns": deficient,
            "of these with a row of zeros": zero,
            "of these with too many equal rows": equal,
            "of these for neither reason": dependent,
        },
        sample_size=len(rows),
        note=f"The interval of the width is above ceil(n/d0') at {int(above.sum())} of {len(rows)} "
        "n."
        + (
            " 50 % is beyond the widths tried there, the ratio a lower bound."
            if math.isnan(float(most["width"].iloc[0]))
            else ""
        ),
        would_decide=f"The interval of the width holds ceil(n/d0') at all {len(rows)} n; more "
        f"draws than {rows['trials'].min()} a size would decide.",
        evidence=_TABLE + _first(most, _COLUMN),
    )


def single_precision_misreads(_: Claim, full_rank_cells: pd.DataFrame) -> Finding:
    """Does the public code's rank in float32 call Jacobians of full rank deficient?

    Source: the public code of the paper; the effect is derived here.
    """
    compared = full_rank_cells[full_rank_cells["compared_trials"] > 0]
    if compared.empty:
        return not_run("no draw was compared")
    lost = (compared["compared_full"] - compared["float32_full"]) / compared["compared_trials"]
    most = compared.loc[[lost.idxmax()]]
    return Finding(
        verdict=Verdict.REPRODUCED if lost.max() > 0 else Verdict.UNDECIDED,
        found={
            "draws read differently": int(compared["float32_differs"].sum()),
            "cells with such a draw": int((compared["float32_differs"] > 0).sum()),
            "largest share lost in a cell": float(lost.max()),
        },
        sample_size=int(compared["compared_trials"].sum()),
        note=f"In figure_1: {_differing(compared, 'figure_1')}, in figure_2: "
        f"{_differing(compared, 'figure_2')} draws.",
        would_decide=f"None of {compared['compared_trials'].sum()} draws is read so; one that is "
        "would decide.",
        evidence="tables/full_rank_cells.parquet" + _first(most, [*_COLUMN, "d1"]),
    )


def _differing(compared: pd.DataFrame, figure: str) -> int:
    return int(of_case(compared, {"figure": figure})["float32_differs"].sum())


def narrow_deep_networks_suffice(claim: Claim, deep_ranks: pd.DataFrame) -> Finding:
    """Has the Jacobian of two hidden layers mostly full rank where both are narrower than n?

    A size counts if the whole interval of its share of full rank lies above one half.

    Parameters: confidence.
    Source: Karhadkar et al. 2024, extension to deep networks under mild conditions on widths.
    """
    narrow = deep_ranks[deep_ranks[["d1", "d2"]].max(axis=1) < deep_ranks["n"]]
    if narrow.empty:
        return not_run("no two hidden layers narrower than the number of points were drawn")
    low = [
        clopper_pearson(int(full), int(trials), claim.parameters["confidence"]).low
        for full, trials in zip(narrow["full"], narrow["trials"], strict=True)
    ]
    mostly = narrow[[end > 0.5 for end in low]].sort_values(["d1", "d2"])
    share = narrow["full"] / narrow["trials"]
    return Finding(
        verdict=Verdict.UNDECIDED if mostly.empty else Verdict.REPRODUCED,
        found={"sizes": len(mostly), "largest share": float(share.max())},
        sample_size=len(narrow),
        note="; ".join(
            f"n = {n}: more than half of the draws at (d1, d2) = "
            + ", ".join(f"({d1}, {d2})" for d1, d2 in zip(rows["d1"], rows["d2"], strict=True))
            for n, rows in mostly.groupby("n")
        ),
        evidence="tables/deep_ranks.parquet" + _first(mostly, ["n", "d0", "d1", "d2"]),
        would_decide="The share is surely above one half at none of "
        f"{counted(len(narrow), 'size')}, and {share.max():.2f} at most; more than "
        f"{narrow['trials'].min()} draws would decide.",
    )


def _first(rows: pd.DataFrame, key: list[str]) -> str:
    """Where the first of the rows is, for evidence; nothing for no rows."""
    if rows.empty:
        return ""
    return ": " + ", ".join(f"{name}={rows[name].iloc[0]}" for name in key)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
