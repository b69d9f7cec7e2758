"""Tests of claims about stationary points on finite data, minima and saddles."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, place_of, universal_finding
from relu_landscape.judging.words import counted

_POINTS, _ENDS = "finite_points", "finite_ends"
_POINT, _END = ("data_set", "place"), ("data_set", "run")


def level_of_plateau(
    claim: Claim, finite_points: pd.DataFrame, finite_certificate_checks: pd.DataFrame
) -> Finding:
    """Is there a stationary point of exactly this loss, next to which runs stay?

    Case of the claim: data_set, plateau (near which runs fall slowest). Parameter: width (of the
    plateau, relative). Expected: the loss, in fractions and roots. Source: derived.
    """
    rows = of_case(finite_points, {"data_set": claim.case["data_set"]})
    apart = (rows["run_loss"] / claim.case["plateau"] - 1.0).abs()
    rows = rows[apart <= claim.parameters["width"]].head(1)
    if rows.empty:
        return not_run("no run stays near this plateau")
    agrees = rows["exact_loss"].iloc[0] == claim.expected
    proved = _accepted(rows, finite_certificate_checks)
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found=rows["exact_loss"].iloc[0],
        expected=claim.expected,
        sample_size=len(rows),
        proved=int(proved.sum()) if agrees else None,
        note=f"The loss is {rows['loss'].iloc[0]:.8g}; runs are at {rows['run_loss'].iloc[0]:.8g} "
        f"where they fall slowest beside it, and stay {rows['stay'].iloc[0]} iterations or less.",
        evidence=f"tables/{_POINTS}.parquet: {place_of(rows, _POINT)}",
    )


def final_loss_is_published(
    claim: Claim, finite_ends: pd.DataFrame, wu2025_descents: pd.DataFrame
) -> Finding:
    """Have all runs the published final loss, to the resolution of the published float32?

    Compared is the loss of the exact point at which a run ends.

    Case of the claim: data_set. Parameter: tolerance. Source: stored outputs of the authors.
    """
    rows = of_case(finite_ends, claim.case)
    if rows.empty:
        return not_run("no descent on this data set")
    expected = float(of_case(wu2025_descents, claim.case)["final_loss"].iloc[0])
    error = (rows["loss"] - expected).abs()
    agrees = bool((error <= claim.parameters["tolerance"]).all())
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found=float(rows["loss"].iloc[error.argmax()]),
        expected=expected,
        sample_size=len(rows),
        note=f"Exactly {' or '.join(sorted(set(rows['exact_loss'])))}; the last iterations are at "
        f"{rows['run_loss'].min():.10g} to {rows['run_loss'].max():.10g}.",
        evidence=f"tables/{_ENDS}.parquet: {place_of(rows, ('data_set',))}",
    )


def loss_goes_to_zero(claim: Claim, finite_ends: pd.DataFrame) -> Finding:
    """Is there a network of loss exactly zero next to the end of every run?

    Case of the claim: data_set. Parameter: reach (largest difference of a weight). Source: stored
    outputs of the authors.
    """
    rows = of_case(finite_ends, claim.case)
    if rows.empty:
        return not_run("no descent on this data set")
    near = (rows["exact_loss"] == "0") & (rows["largest_move"] <= claim.parameters["reach"])
    return universal_finding(
        Cases(rows, rows[~near], _ENDS, _END),
        found={
            "loss of the last iteration": float(rows["run_loss"].max()),
            "largest move": float(rows["largest_move"].max()),
        },
        note="Found are the largest ones of all runs.",
        against=Verdict.DEVIATES,
    )


def minima_have_no_escape_neuron(
    claim: Claim,
    finite_ends: pd.DataFrame,
    finite_perturbations: pd.DataFrame,
    finite_certificate_checks: pd.DataFrame,
) -> Finding:
    """Is every end of descent that is stationary without escape neuron a local minimum?

    A random change that lowers its loss, no larger than the radius, speaks against it.

    Parameter of the claim: none. Source: Wu, Simsek & Ged, Theorem 4.2.
    """
    del claim
    rows = finite_ends[finite_ends["stationary"] & (finite_ends["escape_neurons"] == 0)]
    if rows.empty:
        return not_run("no descent ends at such a point")
    accepted = _accepted(rows, finite_certificate_checks)
    changed = rows.merge(finite_perturbations, on=list(_END))
    lowered = changed[(changed["lower"] > 0) & (changed["farthest"] <= changed["radius"])]
    against = pd.concat([rows[rows["local_minimum"] == "no"], lowered])
    finding = universal_finding(
        Cases(rows, against, _ENDS, _END),
        found={
            "ends": len(finite_ends),
            "minima": int(accepted.sum()),
            "least radius": float(rows["radius"].min()),
        },
        note="No change of all weights by the radius or less makes the loss smaller.",
        proved=int((accepted & (rows["local_minimum"] == "yes")).sum()),
    )
    return _unless_undecided(finding, rows)


def escape_neurons_make_saddles(
    claim: Claim, finite_points: pd.DataFrame, finite_certificate_checks: pd.DataFrame
) -> Finding:
    """Is no stationary point with an escape neuron a local minimum?

    Case of the claim: none, or data_set. Parameter: data_sets. Source: Wu, Simsek & Ged, abstract.
    """
    rows = finite_points[
        (finite_points["escape_neurons"] > 0)
        & finite_points["data_set"].isin(claim.parameters["data_sets"])
    ]
    if rows.empty:
        return not_run("no stationary point with an escape neuron was found")
    accepted = _accepted(rows, finite_certificate_checks)
    none = rows["local_minimum"] == "no"
    finding = universal_finding(
        Cases(rows, rows[rows["local_minimum"] == "yes"], _POINTS, _POINT),
        found=int(none.sum()),
        note="Each has a neuron that is zero.",
        proved=int((accepted & none).sum()),
    )
    return _unless_undecided(finding, rows)


def saddles_are_left_by_escape_neurons(claim: Claim, finite_points: pd.DataFrame) -> Finding:
    """Has every stationary point of positive loss that runs leave an escape neuron?

    Parameter of the claim: none. Source: Wu, Simsek & Ged, abstract.
    """
    del claim
    rows = finite_points[finite_points["exact_loss"] != "0"]
    if rows.empty:
        return not_run("runs stay next to no stationary point")
    return universal_finding(
        Cases(rows, rows[rows["escape_neurons"] == 0], _POINTS, _POINT),
        found=int((rows["escape_neurons"] > 0).sum()),
        note="Among them is the last of a run, where all neurons have grown or are dead: one more, "
        "zero, would leave it.",
    )


def minimum_of_positive_loss(
    claim: Claim, finite_ends: pd.DataFrame, finite_certificate_checks: pd.DataFrame
) -> Finding:
    """Is a network of full width with exactly this loss, which is not zero, a local minimum?

    Case of the claim: data_set. Expected: the loss. Source: derived.
    """
    rows = of_case(finite_ends, claim.case)
    if rows.empty:
        return not_run("no descent on this data set")
    rows = rows[rows["exact_loss"] == claim.expected]
    accepted = rows[_accepted(rows, finite_certificate_checks) & (rows["local_minimum"] == "yes")]
    shown = not accepted.empty
    return Finding(
        verdict=Verdict.CONSISTENT if shown else Verdict.UNDECIDED,
        found=claim.expected if shown else None,
        expected=claim.expected,
        sample_size=1,
        proved=int(shown),
        listed=f"data_set = {claim.case['data_set']}" if shown else "",
        note=f"Of {len(rows)} such networks {len(accepted)} are proved; "
        f"{accepted['live'].iloc[0]} neurons of the first meet a sample, "
        f"{accepted['dead'].iloc[0]} do not."
        if shown
        else "",
        evidence=f"tables/{_ENDS}.parquet: {place_of(rows, _END)}" if shown else f"tables/{_ENDS}",
        would_decide="No run of this profile ends next to one; longer runs would.",
    )


def one_more_neuron_leaves(
    claim: Claim, finite_points: pd.DataFrame, finite_ends: pd.DataFrame
) -> Finding:
    """Is the loss of a minimum at which runs end also that of a saddle with a neuron that is zero?

    Case of the claim: data_set. Expected: the loss. Source: derived.
    """
    ends = of_case(finite_ends, claim.case)
    ends = ends[(ends["local_minimum"] == "yes") & (ends["exact_loss"] == claim.expected)]
    rows = of_case(finite_points, claim.case)
    rows = rows[(rows["exact_loss"] == claim.expected) & (rows["local_minimum"] == "no")]
    if ends.empty or rows.empty:
        return not_run("no run both ends at such a minimum and stays next to the saddle")
    return Finding(
        verdict=Verdict.REPRODUCED,
        found=claim.expected,
        expected=claim.expected,
        sample_size=len(ends),
        note=f"Ends that are such minima: {len(ends)}; beside one that is zero the saddle has "
        f"{counted(rows['neurons'].iloc[0], 'neuron')}.",
        evidence=f"tables/{_POINTS}.parquet: {place_of(rows, _POINT)}",
    )


def _unless_undecided(finding: Finding, rows: pd.DataFrame) -> Finding:
    """`finding`, undecided if nothing is against it but cases are open."""
    open_cases = int((rows["local_minimum"] == "undecided").sum())
    if finding.verdict is not Verdict.CONSISTENT or not open_cases:
        return finding
    return replace(
        finding,
        verdict=Verdict.UNDECIDED,
        would_decide=f"Of {counted(open_cases, 'case')} it is not known whether they are local "
        "minima; what tells of escape neurons whose outputs are not all zero would decide it.",
    )


def _accepted(rows: pd.DataFrame, checks: pd.DataFrame) -> pd.Series:
    """Whose certificates the checker accepts."""
    return rows["line"].isin(checks.loc[checks["accepted"], "line"])
