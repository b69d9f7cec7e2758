"""Losses, eigenvalues and sums of norms against the published ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import half_a_digit, not_run, of_case
from relu_landscape.judging.sample_sizes import more_needed, rounded_up
from relu_landscape.judging.statistics import (
    REQUIRED_POWER,
    holm,
    homogeneity_p,
    mean_comparison_p,
    mean_interval,
    power_of_homogeneity_test,
    power_of_mean_comparison,
)
from relu_landscape.studies.safran.verdicts.rows import spurious_minima, with_class_columns

Case = tuple[int, int]


class _Mean(NamedTuple):
    """A published mean over a number of bad runs, and whether all of them are in it for certain."""

    value: float
    bad_runs: int
    all_bad_runs: bool
    runs: int

    def runs_for(self, bad_runs: int) -> int:
        """In how many runs so many bad ones are expected at the published rate."""
        return rounded_up(bad_runs * self.runs / self.bad_runs)


class _Histogram(NamedTuple):
    """Counts of ours and published ones over the same bins; ours has runs outside as well."""

    ours: NDArray[np.int64]
    published: NDArray[np.int64]


def published_level(claim: Claim, classes: pd.DataFrame, curvature: pd.DataFrame) -> Finding:
    """Has the minimum of a published symmetry type the published loss, eigenvalue and norms?

    Among the spurious minima of the case with these sizes p of the orbits of coordinates, in any
    order (all minima, if no p is given), the one whose loss is nearest is compared, if it is within
    `match_within` of the published loss; else the minimum was not met and nothing is decided.

    Case of the claim: k, n, and p such as "1+6". Parameters: decimals (printed), match_within
    (relative). Expected: published values by column of the table curvature, loss among them.
    Source: S18 and S21, result files of the authors.
    """
    k, n = _case(claim)
    runs = _runs(classes, k, n)
    if runs == 0:
        return not_run("no run of this size was classified")
    minima = with_class_columns(spurious_minima(curvature), classes, ["coordinate_orbits"])
    minima = minima[(minima["k"] == k) & (minima["n"] == n)]
    p = claim.case.get("p")
    if p is not None:
        same = [_sizes(orbits) == _sizes(p) for orbits in minima["coordinate_orbits"]]
        minima = minima[np.array(same, dtype=np.bool_)]
    distance = (minima["loss"] / claim.expected["loss"] - 1.0).abs().to_numpy()
    where = f"tables/curvature.parquet: k={k}, n={n}"
    if distance.size == 0 or distance.min() > claim.parameters["match_within"]:
        return Finding(
            verdict=Verdict.UNDECIDED,
            sample_size=runs,
            note=f"None of {runs} classified runs ended in a minimum of this kind.",
            evidence=where,
            would_decide=f"None of {runs} classified runs ended in a minimum of this kind; one "
            "that does, or a certificate of it, would decide.",
        )
    level = minima.iloc[int(distance.argmin())]
    found = {name: float(level[name]) for name in claim.expected}
    allowed = half_a_digit(claim.parameters["decimals"])
    wrong = [name for name in found if abs(found[name] - claim.expected[name]) > allowed]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=int(level["runs"]),
        expected=claim.expected,
        note=f"p = {level['coordinate_orbits']}, {int(level['runs'])} runs. "
        + (f"Different: {', '.join(wrong)}." if wrong else "All printed digits agree."),
        evidence=f"{where}, class_id={level['class_id']}",
    )


def published_weights(
    claim: Claim, identified_classes: pd.DataFrame, family_parameters: pd.DataFrame
) -> Finding:
    """Has the minimum of a symmetric family that runs end at the published weights?

    The class is aligned with the family by its isotropy and loss (step identify_classes), so that
    the weights are compared by their names there: neurons as rows r0, r1, ..., for each the weight
    diag of its own teacher and c0, c1, ... of the other teachers of each class.

    Case of the claim: k, n. Parameters: family, m, decimals (printed). Expected: weights by name.
    Source: S18 and S21, result files of the authors.
    """
    settings = claim.parameters
    k, n = _case(claim)
    point = {"family": settings["family"], "m": settings["m"]}
    weights = of_case(family_parameters, {**point, "extra": n - k, "k": k})
    if weights.empty:
        return not_run("the family was not solved at this size")
    met = of_case(identified_classes, {**point, "between": 0, **claim.case})
    where = f"tables/family_parameters.parquet: family={settings['family']}, m={settings['m']}, "
    where += f"extra={n - k}, k={k}"
    if met.empty:
        return Finding(
            Verdict.UNDECIDED,
            evidence=where,
            would_decide="No run ended at it; one that does would decide.",
        )
    values = dict(zip(weights["parameter"], weights["value"].astype(float), strict=True))
    found = {name: values.get(name) for name in claim.expected}
    allowed = half_a_digit(settings["decimals"])
    wrong = [
        name
        for name, value in found.items()
        if value is None or abs(value - claim.expected[name]) > allowed
    ]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=len(values),
        expected=claim.expected,
        note=f"Class {met['class_id'].iloc[0]}, {met['isotropy'].iloc[0]}. "
        + (f"Different: {', '.join(wrong)}." if wrong else "All digits agree."),
        evidence=where,
    )


def mean_over_bad_runs(
    claim: Claim,
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2018_bad_run_rates: pd.DataFrame,
    level: float,
) -> Finding:
    """Has a quantity the published mean over the bad runs of one (k, n)?

    Means that agree to the printed digits agree. Other means, both over random samples of minima,
    are compared by Student's test (see `mean_comparison_p`), Holm-adjusted over all published
    (k, n) with enough bad runs there and here; a sample that would miss the smallest difference is
    undecided. With few bad runs the test would be wrong, not just weak: a rare level that one side
    has not met is missing from its spread. Runs that stopped at saddles are left out.

    Parameters of the claim: search, quantity (column of curvature), published_column, decimals,
    least_bad_runs (on either side), smallest_difference (relative). Tables: memberships, curvature,
    published/safran2018_bad_run_rates. Source: S18, result files of the authors.
    """
    case = _case(claim)
    settings = claim.parameters
    samples = _bad_run_samples(curvature, memberships, settings["search"], settings["quantity"])
    means = _published_means(safran2018_bad_run_rates, settings["published_column"])
    members = of_case(memberships, {**claim.case, "search": settings["search"]})
    where = f"tables/memberships.parquet: search={settings['search']}, k={case[0]}, n={case[1]}"
    if members.empty:
        return not_run(f"search {settings['search']} has no bad run here")
    if case not in samples:
        note = f"None of {len(members)} classified runs ended in a spurious minimum."
        return Finding(
            Verdict.UNDECIDED,
            expected=means[case].value,
            note=note,
            evidence=where,
            would_decide=f"{note.rstrip('.')}; runs that do would decide.",
        )
    sample, published = samples[case], means[case]
    rounding = half_a_digit(settings["decimals"])
    least = settings["least_bad_runs"]
    tested = [
        other
        for other, mean in means.items()
        if other in samples and min(samples[other].size, mean.bad_runs) >= least
    ]
    p_values = [
        mean_comparison_p(samples[o], means[o].value, means[o].bad_runs, rounding=rounding)
        for o in tested
    ]
    adjusted = dict(zip(tested, holm(p_values).tolist(), strict=True)).get(case)
    would_decide = ""
    if abs(float(sample.mean()) - published.value) <= rounding:
        verdict, note = Verdict.REPRODUCED, "All printed digits agree."
    elif adjusted is None:
        verdict, note = Verdict.UNDECIDED, "Too few bad runs for a test."
        would_decide = (
            f"A test takes {least} bad runs on either side, and there are {sample.size} here and "
            f"{published.bad_runs} published; "
            + (
                "more published ones would decide."
                if published.bad_runs < least
                else f"{least} here would decide, of about {published.runs_for(least)} runs."
            )
        )
    else:
        difference = settings["smallest_difference"] * abs(published.value)
        test = _MeanTest(sample, published, difference, level / len(tested))
        verdict, note = test.compared(adjusted, level)
        would_decide = test.would_decide() if verdict is Verdict.UNDECIDED else ""
    if not published.all_bad_runs:
        note += " The authors verified only part of their bad runs; the mean may be over those."
    return Finding(
        verdict=verdict,
        found=float(sample.mean()),
        interval=mean_interval(sample) if sample.size > 1 else None,
        sample_size=sample.size,
        expected=published.value,
        note=f"{sample.size} runs against {published.bad_runs}. {note}",
        evidence=f"{where}; tables/curvature.parquet: {settings['quantity']}",
        would_decide=would_decide,
    )


def norm_sum_histogram(
    claim: Claim,
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2021_figure1: pd.DataFrame,
    level: float,
) -> Finding:
    """Are the sums of norms at non-global points distributed like in a panel of Figure 1?

    Monte Carlo chi-square test of homogeneity over the published bins and what lies outside them,
    Holm-adjusted over the panels that ran.

    Parameters of the claim: search, seed, smallest_difference (total variation distance; a sample
    that would miss it is undecided). Tables: memberships, curvature, published/safran2021_figure1.
    Source: S21, Figure 1, counts from data of the authors.
    """
    case = _case(claim)
    settings = claim.parameters
    panels = _panels(curvature, memberships, safran2021_figure1, settings["search"])
    if case not in panels:
        return not_run(f"search {settings['search']} has no measured non-global points here")
    p_values = [
        homogeneity_p(panel.ours, panel.published, seed=settings["seed"] + k)
        for (k, _), panel in panels.items()
    ]
    adjusted = dict(zip(panels, holm(p_values).tolist(), strict=True))[case]
    ours, published = panels[case]
    distance = 0.5 * float(np.abs(ours / ours.sum() - published / published.sum()).sum())

    def power_with(own: int, there: int) -> float:
        return power_of_homogeneity_test(
            own,
            there,
            int(np.count_nonzero(ours + published)),
            settings["smallest_difference"],
            level / len(panels),
        )

    size, published_size = int(ours.sum()), int(published.sum())
    power = power_with(size, published_size)
    if adjusted <= level:
        verdict = Verdict.DEVIATES
    else:
        verdict = Verdict.REPRODUCED if power >= REQUIRED_POWER else Verdict.UNDECIDED
    would_decide = ""
    if verdict is Verdict.UNDECIDED:
        would_decide = (
            f"{size} runs beside {published_size} published ones see a total variation distance of "
            f"{settings['smallest_difference']:g} with a probability of {power:.0%}; "
            + more_needed(power_with, published_size)
        )
    return Finding(
        verdict=verdict,
        found={"total variation distance": distance, "adjusted p": adjusted},
        sample_size=size,
        expected={"total variation distance": 0.0},
        note=f"Runs in the published bins and outside on either side: {ours.tolist()} against "
        f"{published.tolist()}. Power {power:.2f} against a total variation distance of "
        f"{settings['smallest_difference']:g}.",
        evidence=f"tables/memberships.parquet: search={settings['search']}, k={case[0]}, "
        f"n={case[1]}; tables/curvature.parquet: norm_sum",
        would_decide=would_decide,
    )


def _case(claim: Claim) -> Case:
    return int(claim.case["k"]), int(claim.case["n"])


def _sizes(orbits: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in orbits.split("+")))


def _runs(classes: pd.DataFrame, k: int, n: int) -> int:
    return int(classes.loc[(classes["k"] == k) & (classes["n"] == n), "runs"].sum())


def _runs_with(
    memberships: pd.DataFrame, curvature: pd.DataFrame, search: str, columns: list[str]
) -> pd.DataFrame:
    """One row a classified run of a search whose class was measured, with columns of the class."""
    measured = with_class_columns(
        memberships[memberships["search"] == search], curvature, ["kind", *columns]
    )
    return measured[measured["kind"].notna()]


def _bad_run_samples(
    curvature: pd.DataFrame, memberships: pd.DataFrame, search: str, quantity: str
) -> dict[Case, NDArray[np.float64]]:
    runs = _runs_with(memberships, curvature, search, [quantity])
    runs = runs[runs["kind"] == "spurious_minimum"]
    cases = sorted(set(zip(runs["k"].tolist(), runs["n"].tolist(), strict=True)))
    return {
        (k, n): runs.loc[(runs["k"] == k) & (runs["n"] == n), quantity].to_numpy(dtype=np.float64)
        for k, n in cases
    }


def _published_means(safran2018_bad_run_rates: pd.DataFrame, column: str) -> dict[Case, _Mean]:
    return {
        (int(row["k"]), int(row["n"])): _Mean(
            value=float(row[column]),
            bad_runs=round(row["percent_bad_all"] * row["runs"] / 100.0),
            all_bad_runs=row["percent_bad_all"] == row["percent_bad_verified"],
            runs=int(row["runs"]),
        )
        for row in safran2018_bad_run_rates[safran2018_bad_run_rates[column].notna()].to_dict(
            "records"
        )
    }


class _MeanTest(NamedTuple):
    """The comparison of a sample with a published mean, at the strictest level of its family."""

    sample: NDArray[np.float64]
    published: _Mean
    difference: float
    strictest: float

    def compared(self, adjusted_p: float, level: float) -> tuple[Verdict, str]:
        """The verdict of the test, and whether it would see a difference."""
        note = f"Adjusted p = {adjusted_p:.2g}."
        if adjusted_p <= level:
            return Verdict.DEVIATES, note
        power = self._power(self.sample.size, self.published.bad_runs)
        verdict = Verdict.REPRODUCED if power >= REQUIRED_POWER else Verdict.UNDECIDED
        return verdict, f"{note} Power {power:.2f} against a difference of {self.difference:.2g}."

    def would_decide(self) -> str:
        """How many bad runs would see the difference, where these do not."""
        size, published = self.sample.size, self.published.bad_runs
        seen = (
            f"{size} bad runs beside {published} published ones see a difference of "
            f"{self.difference:.2g} with a probability of {self._power(size, published):.0%}"
        )
        return f"{seen}; {more_needed(self._power, published, 'bad runs')}"

    def _power(self, size: int, published: int) -> float:
        spread = float(self.sample.std(ddof=1))
        return power_of_mean_comparison(spread, size, published, self.difference, self.strictest)


def _panels(
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2021_figure1: pd.DataFrame,
    search: str,
) -> dict[Case, _Histogram]:
    """The published panels for which the search has measured non-global points."""
    runs = _runs_with(memberships, curvature, search, ["norm_sum"])
    runs = runs[runs["kind"] != "global_minimum"]
    panels = {}
    for k in sorted(set(safran2021_figure1["k"].tolist())):
        sums = runs.loc[(runs["k"] == k) & (runs["n"] == k), "norm_sum"].to_numpy()
        if sums.size:
            panels[k, k] = _histogram(
                sums, safran2021_figure1[safran2021_figure1["k"] == k].sort_values("bin_low")
            )
    return panels


def _histogram(sums: NDArray[np.float64], bins: pd.DataFrame) -> _Histogram:
    edges = np.append(bins["bin_low"].to_numpy(), bins["bin_high"].to_numpy()[-1])
    # The outer edges are the extreme values of the published runs, printed to six decimals: half a
    # unit of the last one must not push the same minimum out of its bin.
    edges[0] -= 5e-7
    edges[-1] += 5e-7
    counts = np.histogram(sums, bins=np.concatenate(([-np.inf], edges, [np.inf])))[0]
    published = np.concatenate(([0], bins["runs"].to_numpy(), [0]))
    return _Histogram(ours=counts.astype(np.int64), published=published.astype(np.int64))
