"""Symmetric minima when the target is not symmetric: V = I + eps G/sqrt(k)."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, of_case, ranges_of, sizes_of
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.studies.symmetry.verdicts.rows import FAMILY, named_rows, names_in

_TABLE = "perturbed_targets"
_CASE = (*FAMILY, "k")
_UNKNOWN = ("undecided", "lost")


def minima_persist(claim: Claim, perturbed_targets: pd.DataFrame) -> Finding:
    """Is there for every minimum a size of perturbation that it survives, with its splits?

    It survives a draw of G if it stays a strict minimum and every A_i keeps a negative eigenvalue,
    and a size if it survives all draws. The paper names no size: a minimum that does not survive
    the smallest one tried decides nothing.

    Parameters of the claim: largest_epsilon (for the shares in the note).
    Source: AF22, abstract.
    """
    rows = _judged(perturbed_targets)
    if rows.empty:
        return not_run("no minimum was followed to a perturbed target")
    sizes = rows.groupby([*_CASE, "epsilon"], as_index=False)[["survives"]].all()
    cases = sizes.groupby(list(_CASE), as_index=False)[["survives"]].any()
    without = cases[~cases["survives"]]
    shares = _shares(rows, claim.parameters["largest_epsilon"])
    return Finding(
        verdict=Verdict.UNDECIDED if len(without) else Verdict.CONSISTENT,
        found={"minima": len(cases), "that survive some size": int(cases["survives"].sum())},
        sample_size=len(cases),
        expected={"that survive some size": len(cases)},
        note=f"{names_in(rows)}, {sizes_of(rows)}; epsilon from {rows['epsilon'].min():g} to "
        f"{rows['epsilon'].max():g}. "
        + (f"None at {_named(without)}. " if len(without) else "")
        + f"Draws survived up to {claim.parameters['largest_epsilon']:g}: {shares}.",
        evidence=f"tables/{_TABLE}.parquet",
    )


def minima_persist_up_to(claim: Claim, perturbed_targets: pd.DataFrame) -> Finding:
    """Do all minima but the named ones survive perturbations up to a given size, in most draws?

    A draw of G for one k is survived if every minimum stays a strict one and keeps a negative
    eigenvalue of every A_i at every size. Minima that Newton's method lost count neither way.

    Parameters of the claim: largest_epsilon, least_share, exceptions (a list of {family, m, k}).
    Source: derived.
    """
    largest = claim.parameters["largest_epsilon"]
    rows = _judged(perturbed_targets)
    rows = rows[rows["epsilon"] <= largest]
    named = pd.Series(False, index=rows.index)
    for exception in claim.parameters["exceptions"]:
        named |= rows.index.isin(of_case(rows, exception).index)
    known = rows[~named & ~rows["outcome"].isin(_UNKNOWN)]
    if known.empty:
        return not_run("no minimum was followed to a target perturbed so little")
    draws = known.groupby(["k", "sample"])["survives"].all()
    survived, total = int(draws.sum()), len(draws)
    low, high = clopper_pearson(survived, total)
    least = claim.parameters["least_share"]
    if low >= least:
        verdict = Verdict.CONSISTENT
    else:
        verdict = Verdict.DEVIATES if high < least else Verdict.UNDECIDED
    failing = known[~known["survives"]].drop_duplicates(list(_CASE))
    notes = [
        f"{names_in(known)}, {sizes_of(known)}, epsilon up to {known['epsilon'].max():g}.",
        f"Not survived by {_named(failing)}." if len(failing) else "",
        f"{int(rows['outcome'].isin(_UNKNOWN).sum())} points were lost or are undecided.",
        f"Exceptions: {_shares(rows[named], largest)}." if named.any() else "",
    ]
    return Finding(
        verdict=verdict,
        found=survived / total,
        interval=(low, high),
        sample_size=total,
        expected=1.0,
        note=" ".join(note for note in notes if note),
        evidence=f"tables/{_TABLE}.parquet: epsilon<={largest:g}",
    )


def minimum_remains_for_random_teachers(claim: Claim, random_teachers: pd.DataFrame) -> Finding:
    """Does II_1 remain a spurious minimum for nearly all random unit teachers in high dimension?

    A draw counts if the minimum can be followed to it along a line, and is a strict one there, over
    all directions of R^d; what cannot be followed has not been shown to be gone. Decided by the
    draws at every d from a given one on, shown at the largest.

    Parameters of the claim: least_d, least_share, least_loss (of a spurious minimum).
    Source: S18, abstract; the share and the dimension that stand for its words are ours.
    """
    settings = claim.parameters
    remains = (random_teachers["outcome"] == "strict_minimum") & (
        random_teachers["loss"] >= settings["least_loss"]
    )
    rows = random_teachers.assign(remains=remains)
    counts = rows.groupby("d")["remains"].agg(["sum", "size"])
    high = counts[counts.index >= settings["least_d"]]
    if high.empty:
        return not_run(f"no teachers were drawn in {settings['least_d']} or more dimensions")
    shares = {
        int(str(d)): (int(survived), int(total), clopper_pearson(int(survived), int(total)))
        for d, survived, total in counts.itertuples(name=None)
    }
    intervals = [interval for d, (_, _, interval) in shares.items() if d >= settings["least_d"]]
    if all(low >= settings["least_share"] for low, _ in intervals):
        verdict = Verdict.CONSISTENT
    elif any(up < settings["least_share"] for _, up in intervals):
        verdict = Verdict.DEVIATES
    else:
        verdict = Verdict.UNDECIDED
    survived, total, interval = shares[max(shares)]
    return Finding(
        verdict=verdict,
        found=survived / total,
        interval=interval,
        sample_size=int(high["size"].sum()),
        expected=1.0,
        note=f"k = {ranges_of(rows['k'])}. Draws in which it remains: "
        + ", ".join(
            f"{survived} of {total} in R^{d} ({low:.2f} to {up:.2f})"
            for d, (survived, total, (low, up)) in shares.items()
        )
        + ".",
        evidence=f"tables/random_teachers.parquet: d={max(shares)}",
    )


def _judged(perturbed_targets: pd.DataFrame) -> pd.DataFrame:
    """Rows of true perturbations, with a column that says whether the minimum survived."""
    rows = perturbed_targets
    rows = rows[rows["epsilon"] > 0]
    strict = rows["outcome"] == "strict_minimum"
    return rows.assign(survives=strict & (rows["largest_inner_eigenvalue"] < 0))


def _shares(rows: pd.DataFrame, largest: float) -> str:
    """Of each minimum, how many draws it survived at every size up to the largest one."""
    small = rows[rows["epsilon"] <= largest]
    draws = small.groupby([*_CASE, "sample"], as_index=False)[["survives"]].all()
    counts = draws.groupby(list(_CASE), as_index=False).agg(
        survived=("survives", "sum"), total=("survives", "size")
    )
    shares = []
    for name, row in named_rows(counts):
        low, high = clopper_pearson(row["survived"], row["total"])
        shares.append(
            f"{name} at k = {row['k']} {row['survived']} of {row['total']} "
            f"({low:.2f} to {high:.2f})"
        )
    return ", ".join(shares) if shares else "none was tried"


def _named(cases: pd.DataFrame) -> str:
    return ", ".join(f"{name} at k = {row['k']}" for name, row in named_rows(cases))
