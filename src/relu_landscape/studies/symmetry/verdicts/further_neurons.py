"""Critical points with more neurons than teachers that are no split points.

Points of Fix(S_{k-q}) at n = k + e are those that descent from random starts reached; no start need
have reached a point, so that what was not met is no counterexample to anything. The single columns
of a point are the coordinates outside its largest orbit, which are q or fewer.
"""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    not_run,
    of_case,
    place_of,
    sizes_of,
    universal_finding,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.judging.words import counted
from relu_landscape.studies.proofs import count_proved
from relu_landscape.tables.columns import POINT

_POINTS = "fixed_space_points"
_SEARCHES = "fixed_space_searches"
_KEY = ("k", "columns", "extra", "rank")
_NOT_SEARCHED = "no spurious critical point of this chain was reached with more neurons"


def one_more_neuron_saddle(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Has the point of a family with one more neuron the index k - 1 at every k?

    Case of the claim: family, m, extra. Source: derived.
    """
    points = of_case(family_points, claim.case)
    if points.empty:
        return not_run("the family was not followed with one more neuron")
    return universal_finding(
        Cases(points, points[points["index"] != points["k"] - 1], "family_points", POINT),
        found={"largest of the smallest eigenvalues": float(points["smallest_eigenvalue"].max())},
        note=f"Representations of it: {', '.join(sorted(set(points['irrep'])))}.",
    )


def one_more_neuron_minimum(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Is the point of a family with one more neuron a local minimum from a given k on, not below?

    Case of the claim: family, m, extra. Expected: the first k.
    Source: derived.
    """
    points = of_case(family_points, claim.case)
    if points.empty:
        return not_run("the family was not followed with one more neuron")
    minimum = points["index"] == 0
    minima, saddles = points["k"][minimum], points["k"][~minimum]
    return universal_finding(
        Cases(points, points[minimum != (points["k"] >= claim.expected)], "family_points", POINT),
        proved=count_proved(points[points["k"] >= claim.expected]),
        found={
            "smallest k of a minimum": int(minima.min()) if len(minima) else None,
            "largest k of a saddle": int(saddles.max()) if len(saddles) else None,
        },
        expected={
            "smallest k of a minimum": claim.expected,
            "largest k of a saddle": claim.expected - 1,
        },
        note=f"Computed at k = {', '.join(str(k) for k in sorted(points['k']))}.",
    )


def lesser_symmetry_survives(
    claim: Claim, fixed_space_points: pd.DataFrame, fixed_space_searches: pd.DataFrame
) -> Finding:
    """Do minima of lesser symmetry survive neurons that make saddles of those of greater symmetry?

    Looked for: a k and e at which a minimum with some number of single columns was reached, and
    with a smaller number saddles but no minimum.

    Parameters of the claim: chain, tolerance (of eigenvalues). Source: AF22, abstract;
    the measure is ours.
    """
    points = _points(claim, fixed_space_points)
    if points.empty:
        return not_run(_NOT_SEARCHED)
    pairs = []
    for _, group in points.groupby(["k", "extra"]):
        k, extra = (int(group[name].iloc[0]) for name in ("k", "extra"))
        minima = set(group["single"][group["is_minimum"]])
        saddles = set(group["single"][group["is_saddle"]]) - minima
        pairs += [(k, extra, int(s), int(q)) for q in minima for s in saddles if s < q]
    if not pairs:
        return Finding(
            verdict=Verdict.UNDECIDED,
            sample_size=len(points),
            note=f"No such k and e among {_searched(fixed_space_searches)}.",
            evidence=f"tables/{_POINTS}.parquet: chain={claim.parameters['chain']}",
            would_decide=f"No k and e with both are among {counted(len(points), 'point')} reached; "
            "searches at further k and e would decide.",
        )
    pairs.sort()
    k, extra, saddle, minimum = pairs[-1]
    return Finding(
        verdict=Verdict.REPRODUCED,
        found={
            "k": k,
            "extra": extra,
            "single columns of the minimum": minimum,
            "single columns of the saddles": saddle,
        },
        sample_size=len(points),
        note="(k, e, single columns of saddles and of minima): "
        + ", ".join(f"({k}, {e}, {s}, {q})" for k, e, s, q in pairs)
        + f". {_searched(fixed_space_searches)}; what no start reached is not seen.",
        evidence=f"tables/{_POINTS}.parquet: chain={claim.parameters['chain']}, k={k}, "
        f"extra={extra}",
    )


def single_columns_outnumber_neurons(
    claim: Claim, fixed_space_points: pd.DataFrame, fixed_space_searches: pd.DataFrame
) -> Finding:
    """Has every minimum at n = k + e at least e single columns, and are saddles reached with e - 1?

    A minimum with fewer single columns refutes it. Unless minima and saddles with e - 1 single
    columns were both reached nothing is decided. With e or more there are saddles as well, at
    small k.

    Parameters of the claim: chain, tolerance (of eigenvalues). Source: derived.
    """
    points = _points(claim, fixed_space_points)
    if points.empty:
        return not_run(_NOT_SEARCHED)
    minima = points[points["is_minimum"]]
    too_few = minima[minima["single"] < minima["extra"]]
    saddles = points[points["is_saddle"] & (points["single"] == points["extra"] - 1)]
    finding = universal_finding(
        Cases(points, too_few, _POINTS, _KEY),
        found={
            "minima": len(minima),
            "minima with too few single columns": len(too_few),
            "saddles with one single column too few": len(saddles),
        },
        expected={"minima with too few single columns": 0},
        note=f"(k, e, single columns) of minima: {_places(minima)}; of saddles with e - 1: "
        f"{_places(saddles)}. {_searched(fixed_space_searches)}.",
    )
    if finding.verdict is Verdict.CONSISTENT and (minima.empty or saddles.empty):
        return Finding(
            verdict=Verdict.UNDECIDED,
            found=finding.found,
            sample_size=finding.sample_size,
            expected=finding.expected,
            note=f"{finding.note} Not both were reached.",
            evidence=finding.evidence,
            would_decide=f"{counted(len(minima), 'minimum', 'minima')} and "
            f"{counted(len(saddles), 'saddle')} with e - 1 single columns were reached; searches "
            "at further k, q and e that reach both would decide.",
        )
    return finding


def saddles_unstable_in_copies(claim: Claim, fixed_space_points: pd.DataFrame) -> Finding:
    """Are saddles at n = k + e with q = e - 1 single columns unstable in copies of one irrep?

    It is the standard representation of S_{k-q}: it holds the smallest eigenvalue, and the index is
    a multiple of its dimension k - q - 1. The note says how many copies it is.

    Parameters of the claim: chain, tolerance (of eigenvalues). Source: derived.
    """
    points = _points(claim, fixed_space_points)
    saddles = points[points["is_saddle"] & (points["single"] == points["extra"] - 1)]
    if saddles.empty:
        return not_run("no such saddle was reached")
    copies = saddles["index"] / (saddles["k"] - saddles["single"] - 1)
    whole = (copies % 1.0 == 0.0) & (saddles["irrep"] == "s_p")
    in_copies = "; ".join(
        f"{copy:g} at {_places(saddles[copies == copy])}" for copy in sorted(set(copies))
    )
    return universal_finding(
        Cases(saddles, saddles[~whole], _POINTS, _KEY),
        found={"saddles unstable in whole copies": int(whole.sum())},
        expected={"saddles unstable in whole copies": len(saddles)},
        note=f"Copies, at (k, e, single columns): {in_copies}.",
    )


def minimum_of_chain_reached(
    claim: Claim, fixed_space_searches: pd.DataFrame, fixed_space_points: pd.DataFrame
) -> Finding:
    """Does a random start reach a local minimum of one chain at n = k + e?

    The share of the starts that do, in per cent, is shown.

    Parameters of the claim: chain, extra, tolerance (of eigenvalues). Source: derived.
    """
    extra = claim.parameters["extra"]
    searches = fixed_space_searches
    searches = searches[searches["extra"] == extra]
    if searches.empty:
        return not_run(f"no search with {extra} more neurons")
    points = _points(claim, fixed_space_points)
    minima = points[points["is_minimum"] & (points["extra"] == extra)]
    reached, starts = int(minima["reached"].sum()), int(searches["starts"].sum())
    low, high = clopper_pearson(reached, starts)
    found = (
        "Reached: "
        + ", ".join(
            f"k = {k}, {single} single columns, loss {loss:.7f}, {counted(count, 'start')}"
            for k, single, loss, count in zip(
                minima["k"], minima["single"], minima["loss"], minima["reached"], strict=True
            )
        )
        if reached
        else "None was reached"
    )
    where = f": {place_of(minima, _KEY)}" if reached else f": extra={extra}"
    return Finding(
        verdict=Verdict.REPRODUCED if reached else Verdict.UNDECIDED,
        found=100.0 * reached / starts,
        interval=(100.0 * low, 100.0 * high),
        sample_size=starts,
        note=f"{found}; {counted(starts, 'start')} in "
        f"{counted(len(searches), 'search', 'searches')}, {sizes_of(searches)}.",
        evidence=f"tables/{_POINTS if reached else _SEARCHES}.parquet{where}",
        would_decide=f"None of {counted(starts, 'start')} reached one; a certificate of one, or a "
        "start that reaches it, would decide.",
    )


def _points(claim: Claim, fixed_space_points: pd.DataFrame) -> pd.DataFrame:
    """Points of the chain with more neurons than teachers, their kind and single columns."""
    chosen = fixed_space_points[
        (fixed_space_points["chain"] == claim.parameters["chain"])
        & (fixed_space_points["extra"] > 0)
    ]
    largest = [
        max((int(size) for size in orbits.split("+")), default=0)
        for orbits in chosen["coordinate_orbits"]
    ]
    tolerance = claim.parameters["tolerance"]
    kinds: pd.DataFrame = chosen.assign(
        single=chosen["k"] - pd.Series(largest, index=chosen.index, dtype="int64"),
        is_minimum=chosen["smallest_eigenvalue"] > tolerance,
        is_saddle=chosen["smallest_eigenvalue"] < -tolerance,
    )
    return kinds


def _places(points: pd.DataFrame) -> str:
    places = sorted(set(zip(points["k"], points["extra"], points["single"], strict=True)))
    return ", ".join(f"({k}, {e}, {q})" for k, e, q in places) or "none"


def _searched(fixed_space_searches: pd.DataFrame) -> str:
    return (
        f"{counted(int(fixed_space_searches['starts'].sum()), 'start')} in "
        f"{counted(len(fixed_space_searches), 'search', 'searches')}, "
        f"{int(fixed_space_searches['unfinished_starts'].sum())} of which ended nowhere"
    )
