"""Claims about zero loss within the regions of one input with bias."""

from __future__ import annotations

from math import log

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, place_of, universal_finding
from relu_landscape.judging.sample_sizes import rounded_up, size_to_meet
from relu_landscape.judging.statistics import clopper_pearson, fisher_exact_p
from relu_landscape.judging.words import counted
from relu_landscape.studies.activation_regions.verdicts.counts import exact_numbers

_KEY = ("regions", "targets", "n", "d1", "data_set")
_WRONG = {
    "least_squares": {
        "zero_loss_shares": ("least_squares_wrong", "every_target_least_squares_wrong"),
        "zero_loss_counts": ("least_squares_wrong",),
    },
    "linear_program": {
        "zero_loss_shares": ("linear_program_wrong", "every_target_linear_program_wrong"),
        "zero_loss_counts": ("linear_program_wrong",),
        "zero_loss_bounds": ("free_wrong",),
    },
}
"""For each float method, where its wrong decisions are counted."""


def method_is_right(
    claim: Claim,
    zero_loss_shares: pd.DataFrame,
    zero_loss_counts: pd.DataFrame,
    zero_loss_bounds: pd.DataFrame,
) -> Finding:
    """Does a float method say of every region, target and count what is proved?

    Case: method. Parameters: none.
    Source: derived for this project.
    """
    tables = {
        "zero_loss_shares": zero_loss_shares,
        "zero_loss_counts": zero_loss_counts,
        "zero_loss_bounds": zero_loss_bounds,
    }
    sizes = {"zero_loss_shares": "draws", "zero_loss_counts": "cones", "zero_loss_bounds": "draws"}
    columns = _WRONG[str(claim.case["method"])]
    decided = sum(len(columns[table]) * int(tables[table][sizes[table]].sum()) for table in columns)
    if decided == 0:
        return not_run("no region was decided")
    wrong = {table: int(tables[table][list(columns[table])].sum().sum()) for table in columns}
    first = next((table for table in columns if wrong[table]), None)
    evidence = f"tables/*.parquet: {', '.join(columns)}"
    if first is not None:
        rows = tables[first]
        evidence = f"tables/{first}.parquet: " + place_of(
            rows[rows[list(columns[first])].any(axis=1)], _KEY
        )
    return Finding(
        verdict=Verdict.CONSISTENT if first is None else Verdict.REFUTED,
        found={"wrong decisions": sum(wrong.values())},
        sample_size=decided,
        expected={"wrong decisions": 0},
        note="Every region is decided exactly. The errors of least squares are at most "
        f"{zero_loss_shares['largest_zero'].max():.1e} of the mean square of the target where that "
        f"is fitted, and at least {zero_loss_shares['smallest_positive'].min():.1e} where not.",
        evidence=evidence,
    )


def every_target_count(claim: Claim, zero_loss_counts: pd.DataFrame) -> Finding:
    """Has this number of regions zero loss for every target, in every data set?

    Case: n, d1. Expected: every_target. Parameters: none.
    Source: derived for this project.
    """
    rows = of_case(zero_loss_counts, claim.case)
    if rows.empty:
        return not_run("this size was not counted")
    return exact_numbers(
        rows,
        claim.expected,
        table="zero_loss_counts",
        key=("n", "d1", "data_set"),
        note=f"Of {rows['regions'].iloc[0]} regions; {counted(len(rows), 'data set')}.",
    )


def some_regions_hold_zero_loss(claim: Claim, zero_loss_shares: pd.DataFrame) -> Finding:
    """Are there regions that hold zero loss, and others that do not?  Which share of them does?

    Every region drawn is decided exactly. No share is published for these cases: it is shown with
    its interval and compared with nothing.

    Case: regions, targets, n, d1. Parameters: confidence (of the interval).
    Source: derived for this project.
    """
    rows = of_case(zero_loss_shares, claim.case)
    if rows.empty:
        return not_run("this case was not drawn")
    row = rows.iloc[0]
    draws, zero = int(row["draws"]), int(row["zero_loss"])
    return Finding(
        verdict=Verdict.REPRODUCED if 0 < zero < draws else Verdict.UNDECIDED,
        found={"share": zero / draws},
        interval=clopper_pearson(zero, draws, claim.parameters["confidence"]),
        sample_size=draws,
        note=f"Zero loss in {zero} of {draws} regions, decided exactly; a mean squared error of at "
        f"most 1e-8 in {row['within_published_tolerance']}.",
        evidence=f"tables/zero_loss_shares.parquet: {place_of(rows, _KEY)}",
        would_decide=f"All {draws} regions drawn are of one kind; about "
        f"{rounded_up(size_to_meet(0.5 / draws))} would meet one of the other kind if their share "
        f"is {0.5 / draws:.1%}.",
    )


def most_regions_fit_every_target(claim: Claim, zero_loss_shares: pd.DataFrame) -> Finding:
    """With 2 n ln(2n/epsilon) last weights of either sign, do all but epsilon fit every target?

    Uniform regions; each row of at least that width is a case. It counts against the statement if
    the whole interval of the share lies below 1 - epsilon.

    Parameters: epsilon, confidence.
    Source: Karhadkar et al. 2024, Theorem 12 (its constant is recalled).
    """
    epsilon = claim.parameters["epsilon"]
    uniform = zero_loss_shares[zero_loss_shares["regions"] == "uniform"]
    needed = uniform["n"].map(lambda n: 2 * n * log(2 * n / epsilon))
    wide = uniform[uniform["d1"] // 2 >= needed]
    if wide.empty:
        return not_run("no uniform regions of this width were drawn")
    high = [
        clopper_pearson(int(found), int(draws), claim.parameters["confidence"]).high
        for found, draws in zip(wide["every_target"], wide["draws"], strict=True)
    ]
    return universal_finding(
        Cases(wide, wide[[end < 1.0 - epsilon for end in high]], "zero_loss_shares", _KEY),
        found={"least share": float((wide["every_target"] / wide["draws"]).min())},
        expected={"least share": 1.0 - epsilon},
        note="Regions drawn uniformly that fit every target.",
    )


def default_bounds_hide_zero_loss(
    claim: Claim, zero_loss_bounds: pd.DataFrame, level: float
) -> Finding:
    """Does a linear program with weights >= 0 find far fewer regions with zero loss?

    Reproduced if in every case its share is below that with free weights by Fisher's test.

    Parameters: none. Source: derived for this project, of the authors'
    code, which leaves the bounds to scipy's default.
    """
    del claim
    if zero_loss_bounds.empty:
        return not_run("no program in the weights was solved")
    p_values = [
        fisher_exact_p(
            int(row["free_bounds"]),
            int(row["draws"]),
            int(row["default_bounds"]),
            int(row["draws"]),
            "greater",
        )
        for row in zero_loss_bounds.to_dict("records")
    ]
    lower = [p < level / len(p_values) for p in p_values]
    return Finding(
        verdict=Verdict.REPRODUCED if all(lower) else Verdict.UNDECIDED,
        found={
            "free": float(zero_loss_bounds["free_bounds"].sum() / zero_loss_bounds["draws"].sum()),
            "default": float(
                zero_loss_bounds["default_bounds"].sum() / zero_loss_bounds["draws"].sum()
            ),
        },
        sample_size=int(zero_loss_bounds["draws"].sum()),
        note="; ".join(
            f"{row['regions']} regions, n={row['n']}, d1={row['d1']}: "
            f"{row['default_bounds']} against {row['free_bounds']} of {row['draws']}"
            for row in zero_loss_bounds.to_dict("records")
        )
        + ".",
        evidence="tables/zero_loss_bounds.parquet",
        would_decide=f"In {lower.count(False)} of {counted(len(lower), 'case')} the shares do not "
        "differ significantly; more draws there would decide.",
    )


def zero_loss_set_has_codimension(claim: Claim, zero_loss_shares: pd.DataFrame) -> Finding:
    """Where a region fits a target, do the weights inside it that fit fill 2 d1 - n dimensions?

    A row counts against it if a region of zero loss holds it on the boundary only, or has a
    Jacobian of rank below n. Either happens for targets of measure zero alone.

    Case: targets. Parameters: none.
    Source: Karhadkar et al. 2024, abstract (a high-dimensional set of global minima), Theorem 12.
    """
    rows = of_case(zero_loss_shares, claim.case)
    holding = rows[rows["zero_loss"] > 0]
    if holding.empty:
        return not_run("no region with zero loss for such a target was drawn")
    total = {name: int(holding[name].sum()) for name in ("zero_loss", "interior", "codimension_n")}
    return universal_finding(
        Cases(
            holding,
            holding[holding["codimension_n"] < holding["zero_loss"]],
            "zero_loss_shares",
            _KEY,
        ),
        found={
            "regions with zero loss": total["zero_loss"],
            "on their boundary only": total["zero_loss"] - total["interior"],
            "in more dimensions": total["interior"] - total["codimension_n"],
        },
        note="A case is a law and size; every region in it is decided exactly.",
    )


def zero_loss_on_boundary_only(claim: Claim, zero_loss_shares: pd.DataFrame) -> Finding:
    """Are there regions that fit a target on their boundary only, where the loss has no gradient?

    Case: targets. Parameters: none.
    Source: derived here.
    """
    rows = of_case(zero_loss_shares, claim.case)
    if not rows["zero_loss"].any():
        return not_run("no region with zero loss for such a target was drawn")
    boundary = rows["zero_loss"] - rows["interior"]
    most = rows.loc[[boundary.idxmax()]]
    return Finding(
        verdict=Verdict.REPRODUCED if boundary.any() else Verdict.UNDECIDED,
        found={"regions": int(boundary.sum())},
        sample_size=int(rows["zero_loss"].sum()),
        note=f"Of {int(rows['zero_loss'].sum())} regions in whose closure a target is fitted.",
        would_decide=f"None of {int(rows['zero_loss'].sum())} regions with zero loss is one; one "
        "that is would decide.",
        evidence=f"tables/zero_loss_shares.parquet: {place_of(most, _KEY)}",
    )
