"""Which families gradient descent from random starts meets, and which it does not (n = k)."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from relu_landscape.families.identification import LIMIT_OF_I, LIMIT_TOLERANCE
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, place_of, sizes_of, universal_finding
from relu_landscape.judging.sample_sizes import size_to_meet
from relu_landscape.judging.statistics import REQUIRED_POWER, clopper_pearson
from relu_landscape.judging.words import counted
from relu_landscape.studies.proofs import count_proved
from relu_landscape.studies.symmetry.verdicts.rows import named_rows
from relu_landscape.tables.columns import CLASS

_CLASSES = "identified_classes"
_RATES = "family_rates"
_MOST_TOLD = 6  # families in a note
_CASE = ["search", "k", "n"]


def families_identified(_claim: Claim, identified_classes: pd.DataFrame) -> Finding:
    """Are the spurious minima of isotropy Delta(S_{k-m} x S_m) that were met A, I_m or II_m?

    Minima of more than two blocks are counted and belong to no chain. One of two blocks without a
    name decides nothing: a family may not reach down to its k. It deviates if it was followed both
    ways to large k and its loss arrives at the limit of neither family, and so does one whose loss
    does not arrive at that of the family it is named after.

    Source: derived; AF20 and AF22 for the families.
    """
    minima = _minima_met(identified_classes)
    if minima.empty:
        return not_run("no class of spurious minima with n = k")
    nameless = minima["family"].isna()
    open_cases = minima[nameless & (minima["isotropy"].str.count("S_") <= 2)]
    against = minima[_of_no_limit(minima)]
    named = minima[~nameless]
    counts = Counter(name for name, _ in named_rows(named))
    others = ", ".join(
        f"{isotropy} {count}"
        for isotropy, count in minima["isotropy"][nameless].value_counts().sort_index().items()
    )
    decided = bool(len(named)) and open_cases.empty
    in_favour = Verdict.CONSISTENT if decided else Verdict.UNDECIDED
    singled_out = open_cases if against.empty else against
    return Finding(
        verdict=in_favour if against.empty else Verdict.DEVIATES,
        found=dict(sorted(counts.items())) | {"none": int(nameless.sum())},
        sample_size=len(minima),
        note=f"{counted(len(minima), 'class', 'classes')} of spurious minima ({sizes_of(minima)}). "
        + (f"Of no family: {others}." if others else "All belong to a family."),
        evidence=f"tables/{_CLASSES}.parquet"
        + (f": {place_of(singled_out, CLASS)}" if len(singled_out) else ": kind=spurious_minimum"),
        would_decide=f"{len(named)} classes have a family, {len(open_cases)} of two blocks have "
        "none; the branches of those, followed to larger k, would decide.",
    )


def minima_between_families(_claim: Claim, identified_classes: pd.DataFrame) -> Finding:
    """Does every spurious minimum of no family that was met lie between II_q and I_{k-q-1}?

    It then has one neuron on its way from e_i to -e_i, see `families.intermediate`.

    Source: derived.
    """
    minima = _minima_met(identified_classes)
    nameless = minima[minima["family"].isna()]
    if nameless.empty:
        return not_run("no class of spurious minima with n = k is without a family")
    elsewhere = nameless[nameless["between"] == 0]
    return universal_finding(
        Cases(nameless, elsewhere, _CLASSES, CLASS),
        found={"classes": len(nameless), "between": len(nameless) - len(elsewhere)},
        note=f"Of {counted(len(minima), 'class', 'classes')} of spurious minima with n = k.",
        proved=count_proved(nameless),
    )


def never_reached(claim: Claim, family_rates: pd.DataFrame) -> Finding:
    """Does no run of gradient descent with n = k end at A or I_m?

    The share of the runs that do, in per cent, is shown. One run that does is a counterexample.
    Without one, so many runs that a true share of `smallest_rate` would be seen with a probability
    of 80 % are needed.

    Parameters of the claim: first_k, smallest_rate. Source: AF23, abstract.
    """
    rates = family_rates
    rates = rates[(rates["n"] == rates["k"]) & (rates["k"] >= claim.parameters["first_k"])]
    if rates.empty:
        return not_run("no run with n = k")
    hits = rates[rates["family"].isin(["A", "I"]) & (rates["reached"] > 0)]
    cases = rates.groupby(_CASE, as_index=False).agg(runs=("runs", "max"))
    reached, runs = int(hits["reached"].sum()), int(cases["runs"].sum())
    low, high = clopper_pearson(reached, runs)
    rate = claim.parameters["smallest_rate"]
    power = 1.0 - (1.0 - rate) ** runs
    finding = universal_finding(
        Cases(cases, hits.drop_duplicates(_CASE), _RATES, (*_CASE, "family", "m")),
        found=100.0 * reached / runs,
        expected=0.0,
        note=f"Power {power:.2f} against a share of {rate:.1%}."
        if hits.empty
        else f"Reached: {_families_met(hits)}.",
    )
    return Finding(
        verdict=Verdict.UNDECIDED
        if finding.verdict is Verdict.CONSISTENT and power < REQUIRED_POWER
        else finding.verdict,
        found=finding.found,
        interval=(100.0 * low, 100.0 * high),
        sample_size=runs,
        expected=finding.expected,
        note=finding.note,
        evidence=finding.evidence,
        would_decide=f"{runs} runs would meet a share of {rate:.1%} with a probability of "
        f"{power:.0%}; {size_to_meet(rate)} that meet none would decide.",
    )


def _of_no_limit(minima: pd.DataFrame) -> pd.Series:
    """Whether the loss, followed along a family, arrives elsewhere: its own one or, nameless, any.

    Where it was not followed it arrives nowhere, which says nothing.
    """
    as_I = (minima["loss_as_I"] - LIMIT_OF_I).abs() > LIMIT_TOLERANCE
    as_II = minima["loss_as_II"].abs() > LIMIT_TOLERANCE
    of_own = as_I.where(minima["family"] != "II", as_II)
    return of_own.where(minima["family"].notna(), as_I & as_II)


def _minima_met(identified_classes: pd.DataFrame) -> pd.DataFrame:
    """Classes of spurious minima with n = k."""
    return identified_classes[
        (identified_classes["n"] == identified_classes["k"])
        & (identified_classes["kind"] == "spurious_minimum")
    ]


def _families_met(hits: pd.DataFrame) -> str:
    """Runs that reached each family, with the smallest and largest k, those of fewest m first."""
    families = hits.groupby(["m", "family"], as_index=False).agg(
        reached=("reached", "sum"), first_k=("k", "min"), last_k=("k", "max")
    )
    told = [
        f"{name} by {counted(row['reached'], 'run')} at k = {row['first_k']}"
        + (f"..{row['last_k']}" if row["last_k"] > row["first_k"] else "")
        for name, row in named_rows(families[:_MOST_TOLD])
    ]
    rest = families[_MOST_TOLD:]
    if len(rest):
        told.append(
            f"{counted(len(rest), 'family', 'families')} of larger m by "
            f"{counted(int(rest['reached'].sum()), 'run')}"
        )
    return ", ".join(told)
