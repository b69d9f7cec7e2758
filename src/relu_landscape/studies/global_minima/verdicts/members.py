"""Which points are global minima, and which runs end at them (S21, Theorem 2)."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, place_of, sizes_of, universal_finding
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.judging.words import counted
from relu_landscape.tables.columns import CLASS


def global_minima_recognised(claim: Claim, classes: pd.DataFrame) -> Finding:
    """Is the loss zero on the set of Theorem 2 and nowhere else?

    A counterexample is a class whose loss is zero to rounding far from the set, or one on the set
    whose loss is not. Between the two the loss grows at most like the squared distance, and at
    least like its cube, so the tolerances leave room for rounding alone.

    Parameters of the claim: zero_loss (at or below it a loss counts as zero), far (a distance that
    zero loss rules out), near (a distance that counts as none), least_loss (a loss that it rules
    out). Source: S21, Theorem 2.
    """
    if classes.empty:
        return not_run("no class of end points")
    settings = claim.parameters
    distance, loss = classes["distance_to_global_minima"], classes["loss"]
    zero_elsewhere = (loss <= settings["zero_loss"]) & (distance >= settings["far"])
    positive_here = (loss >= settings["least_loss"]) & (distance <= settings["near"])
    wrong = classes[zero_elsewhere | positive_here]
    on_the_set = int((distance <= settings["near"]).sum())
    return universal_finding(
        Cases(classes, wrong, "classes", CLASS),
        found={"classes on the set": on_the_set, "counterexamples": len(wrong)},
        expected={"counterexamples": 0},
        note=f"{on_the_set} of {len(classes)} classes lie on the set.",
    )


def sampled_members_recognised(claim: Claim, global_minimum_members: pd.DataFrame) -> Finding:
    """Has every sampled member of the set zero loss, and is it recognised, moved or not?

    |F| may not exceed its rounding bound. The distance of a member to the set is zero. A member
    displaced by G is at most |G| away from the set, so the nearest member found may be no further,
    and the lower bound of the distance must not exceed the upper one.

    Parameters of the claim: tolerance (of distances).
    Source: S21, Theorem 2, the converse of which is immediate; the bounds are ours.
    """
    if global_minimum_members.empty:
        return not_run("no member of the set was sampled")
    tolerance = claim.parameters["tolerance"]
    loss = global_minimum_members["loss"].abs()
    beyond = global_minimum_members["moved_distance"] - global_minimum_members["displacement"]
    crossing = (
        global_minimum_members["moved_lower_bound"] - global_minimum_members["moved_distance"]
    )
    wrong = (
        (loss > global_minimum_members["loss_error"])
        | (global_minimum_members["distance"] > tolerance)
        | (beyond > tolerance)
        | (crossing > tolerance)
    )
    exact = int(global_minimum_members["moved_exact"].sum())
    return universal_finding(
        Cases(
            global_minimum_members,
            global_minimum_members[wrong],
            "global_minimum_members",
            ("k", "n", "d", "sample"),
        ),
        found={
            "largest loss": float(loss.max()),
            "largest distance": float(global_minimum_members["distance"].max()),
        },
        expected={"largest loss": 0.0, "largest distance": 0.0},
        note=f"Distance of the displaced point known exactly in {exact} of "
        f"{counted(len(global_minimum_members), 'case')}.",
    )


def good_runs_approach_global_minima(claim: Claim, confirmations: pd.DataFrame) -> Finding:
    """Do runs with n > k that fell below the bad-run threshold approach the set of Theorem 2?

    A run is confirmed if its distance to the set gets below a threshold and falls like 1/t. One
    that is not has not been shown to end elsewhere, so it leaves the claim undecided, and deviates
    where its distance stays.

    Parameters of the claim: search, largest_exponent (in t, of a distance that falls).
    Source: how S18 counts; the rate 1/t is derived here.
    """
    search = claim.parameters["search"]
    runs = confirmations[confirmations["search"] == search]
    if runs.empty:
        return not_run(f"no good run of search {search} with n > k was continued")
    confirmed = int(runs["confirmed"].sum())
    exponents = runs["decay_exponent"]
    exponent = f", median exponent {exponents.median():.3f}" if exponents.notna().any() else ""
    shares = ", ".join(
        f"n-k={extra} {int(group.sum())} of {len(group)}"
        for extra, group in runs["confirmed"].groupby(runs["n"] - runs["k"])
    )
    low, high = clopper_pearson(confirmed, len(runs))
    evidence = f"tables/confirmations.parquet: search={search}"
    in_favour = Verdict.CONSISTENT if confirmed == len(runs) else Verdict.UNDECIDED
    stay = runs[~runs["confirmed"] & (exponents > claim.parameters["largest_exponent"])]
    if not stay.empty:
        evidence += f", {place_of(stay, ('k', 'n', 'restart'))}"
    return Finding(
        verdict=in_favour if stay.empty else Verdict.DEVIATES,
        found=100.0 * confirmed / len(runs),
        interval=(100.0 * low, 100.0 * high),
        sample_size=len(runs),
        expected=100.0,
        note=f"{confirmed} of {len(runs)} continued runs confirmed ({sizes_of(runs)}){exponent}; "
        f"largest distance {runs['distance'].max():.2g}. Percent of runs confirmed: {shares}.",
        evidence=evidence,
        would_decide=f"{len(runs) - confirmed} of {len(runs)} runs are not confirmed, and none is "
        "shown to end elsewhere; longer runs would decide.",
    )


def bad_runs_end_elsewhere(claim: Claim, bad_run_ends: pd.DataFrame) -> Finding:
    """Does every bad run end at a critical point that is no global minimum?

    Runs whose end is not classified count neither way.

    Parameters of the claim: search.
    Source: how S18 counts bad runs, by their loss alone; derived here.
    """
    search = claim.parameters["search"]
    ends = bad_run_ends
    ends = ends[(ends["search"] == search) & (ends["runs"] > 0)]
    classified = ends[ends["end"] != "unclassified"]
    total = int(classified["runs"].sum())
    if total == 0:
        return not_run(f"no bad run of search {search} was classified")
    runs = classified.groupby("end")["runs"].sum()
    minima = int(runs.get("spurious_minimum", 0))
    wrong = classified[classified["end"] == "global_minimum"]
    evidence = f"statistics/bad_run_ends.parquet: search={search}"
    if not wrong.empty:
        evidence += f", k={wrong['k'].iloc[0]}, n={wrong['n'].iloc[0]}, end=global_minimum"
    low, high = clopper_pearson(minima, total)
    return Finding(
        verdict=Verdict.CONSISTENT if wrong.empty else Verdict.REFUTED,
        found=100.0 * minima / total,
        interval=(100.0 * low, 100.0 * high),
        sample_size=total,
        note=f"Percent of classified bad runs at spurious minima ({sizes_of(classified)}). Ends: "
        + ", ".join(f"{end} {count}" for end, count in runs.items())
        + f"; not classified {int(ends['runs'].sum()) - total}.",
        evidence=evidence,
    )
