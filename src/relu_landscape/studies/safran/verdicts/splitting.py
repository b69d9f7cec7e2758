"""Statements about splitting a neuron w_i into (a w_i, (1 - a) w_i) (S21, Section 4)."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding
from relu_landscape.judging.rows import Cases, not_run, universal_finding
from relu_landscape.judging.words import counted
from relu_landscape.studies.proofs import count_proved
from relu_landscape.studies.safran.verdicts.rows import with_class_columns
from relu_landscape.tables.columns import CLASS

_NOTHING_SPLIT = "no neuron of a spurious minimum was split"


def one_split_makes_saddle(claim: Claim, splits: pd.DataFrame, curvature: pd.DataFrame) -> Finding:
    """Has every minimum with n <= k and norms summing to at most k a neuron to split into saddles?

    A case is a non-global minimum that satisfies the assumption; it is a counterexample if no
    neuron gives a strict saddle for every alpha that was tried.

    Parameters of the claim: tolerance (of the sum of norms).
    Source: S21, Theorem 14.
    """
    splits = with_class_columns(_of_minima(splits), curvature, ["norm_gap"])
    few = splits["n"] <= splits["k"]
    bounded = splits["norm_gap"] >= -claim.parameters["tolerance"]
    covered = splits[few & bounded]
    if covered.empty:
        return not_run(_NOTHING_SPLIT)
    strict = covered.assign(strict=covered["verdict"] == "strict_saddle")
    neurons = strict.groupby([*CLASS, "neuron"], as_index=False)["strict"].all()
    minima = neurons.groupby(list(CLASS), as_index=False)["strict"].sum()
    beyond = splits[~(few & bounded)][list(CLASS)].drop_duplicates()
    return universal_finding(
        Cases(minima, minima[minima["strict"] == 0], "splits"),
        found={
            "minima": len(minima),
            "neurons": len(neurons),
            "neurons that make a saddle": int(neurons["strict"].sum()),
        },
        expected=None,
        note=f"alpha in {_alphas(covered)}. The theorem does not cover {len(beyond)} further "
        "minima, with n > k or a larger sum of norms.",
        proved=count_proved(covered.drop_duplicates(list(CLASS))),
    )


def every_negative_split_makes_saddle(claim: Claim, splits: pd.DataFrame) -> Finding:
    """Does splitting every neuron whose H'_ii has a negative eigenvalue give a strict saddle?

    Parameters of the claim: tolerance (an eigenvalue below minus it is negative).
    Source: S21, Theorem 16.
    """
    splits = _of_minima(splits)
    negative = splits[splits["inner_smallest_eigenvalue"] < -claim.parameters["tolerance"]]
    if negative.empty:
        return not_run(_NOTHING_SPLIT)
    return universal_finding(
        Cases(negative, negative[negative["verdict"] != "strict_saddle"], "splits"),
        found=float(negative["smallest_eigenvalue"].max()),
        expected=None,
        note=f"Largest smallest eigenvalue after a split, alpha in {_alphas(negative)}; "
        f"{counted(len(splits) - len(negative), 'split')} of neurons without negative eigenvalue.",
        proved=count_proved(negative),
    )


def few_students_split(claim: Claim, few_student_splits: pd.DataFrame) -> Finding:
    """Has every minimum with n < k and norms summing to at most k a neuron to split into saddles?

    As `one_split_makes_saddle`; the lowest minimum of a size is tried like the others.

    Parameters of the claim: tolerance (of the sum of norms).
    Source: S21, Theorem 14.
    """
    minima = _of_minima(few_student_splits)
    covered = minima[minima["norm_gap"] >= -claim.parameters["tolerance"]]
    if covered.empty:
        return not_run("no minimum with fewer students than teachers was split")
    strict = covered.assign(strict=covered["saddles"] == covered["shares"])
    points = strict.groupby(list(CLASS), as_index=False)["strict"].sum()
    beyond = len(minima[list(CLASS)].drop_duplicates()) - len(points)
    return universal_finding(
        Cases(points, points[points["strict"] == 0], "few_student_splits"),
        found={
            "minima": len(points),
            "neurons": len(covered),
            "neurons that make a saddle": int(strict["strict"].sum()),
            "largest of the smallest eigenvalues": float(covered["largest_eigenvalue"].max()),
        },
        note=f"{counted(beyond, 'further minimum', 'further minima')} of larger sum of norms.",
    )


def one_zero_half_falls(
    claim: Claim,
    zero_halves: pd.DataFrame,
    few_student_splits: pd.DataFrame,
    curvature: pd.DataFrame,
) -> Finding:
    """Is a minimum of Theorem 14, split with a share of 0 or 1, no minimum?

    All neurons lead to the same point, the minimum with a zero neuron beside it: it is none if the
    loss falls where that grows, in a direction next to one of the neurons.

    Parameters of the claim: tolerance (of the sum of norms).
    Source: S21, Theorem 14.
    """
    with_gap = with_class_columns(_of_minima(zero_halves), curvature, ["norm_gap"])
    rows = pd.concat([with_gap, _of_minima(few_student_splits)])
    few = rows["n"] <= rows["k"]
    covered = rows[few & (rows["norm_gap"] >= -claim.parameters["tolerance"])]
    if covered.empty:
        return not_run(_NOTHING_SPLIT)
    falls = covered.assign(falls=_falls(covered))
    minima = falls.groupby(list(CLASS), as_index=False)["falls"].sum()
    return universal_finding(
        Cases(minima, minima[minima["falls"] == 0], "zero_halves"),
        found={"minima": len(minima), "largest slope at a neuron": float(covered["slope"].max())},
        note="Minima with n < k are in few_student_splits.",
    )


def every_zero_half_falls(
    claim: Claim, zero_halves: pd.DataFrame, few_student_splits: pd.DataFrame
) -> Finding:
    """Does the loss fall where the zero half of a neuron with a negative H'_ii grows?

    Parameters of the claim: tolerance (an eigenvalue below minus it is negative).
    Source: S21, Theorem 16, for alpha in {0, 1}.
    """
    rows = pd.concat([_of_minima(zero_halves), _of_minima(few_student_splits)])
    negative = rows[rows["inner_smallest_eigenvalue"] < -claim.parameters["tolerance"]]
    if negative.empty:
        return not_run(_NOTHING_SPLIT)
    return universal_finding(
        Cases(negative, negative[~_falls(negative)], "zero_halves"),
        found=float(negative["slope"].max()),
        note=f"Largest slope; {int((negative['n'] < negative['k']).sum())} of the neurons are of "
        "minima with n < k, in few_student_splits.",
    )


def split_eigenvalue_bound(claim: Claim, splits: pd.DataFrame) -> Finding:
    """Is the smallest eigenvalue after a split at most lambda/2 (1/a + 1/(1 - a))?

    lambda < 0 is the smallest eigenvalue of H'_ii. At a = 1/2 the two must be equal: in the sum and
    difference of the halves the Hessian falls into 2 H'_ii and a matrix congruent to that before
    the split, which is positive at a minimum.

    Parameters of the claim: tolerance.
    Source: S21, Lemmas 28 and 29; the equality is derived here.
    """
    splits = _of_minima(splits)
    tolerance = claim.parameters["tolerance"]
    negative = splits[splits["inner_smallest_eigenvalue"] < -tolerance]
    if negative.empty:
        return not_run(_NOTHING_SPLIT)
    excess = negative["smallest_eigenvalue"] - negative["bound"]
    halves = negative["alpha"] == 0.5
    unequal = halves & (excess.abs() > tolerance)
    at_half = f"{excess[halves].abs().max():.1e}" if halves.any() else "none was tried"
    return universal_finding(
        Cases(negative, negative[(excess > tolerance) | unequal], "splits"),
        found={"largest excess over the bound": float(excess.max())},
        expected={"largest excess over the bound": 0.0},
        note=f"Largest difference at alpha = 1/2: {at_half}.",
    )


def descent_leaves_split_points(claim: Claim, fates: pd.DataFrame) -> Finding:
    """Does descent from a strict saddle made by a split end lower, at least to one side?

    A case is a split point; of the descents from its two sides the lower end counts. Descents
    without a finite loss do not.

    Parameters of the claim: least_drop (of the loss, relative).
    Source: S21, Theorem 16: the split point is no local minimum.
    """
    finite = fates[fates["loss_after"].notna()]
    if finite.empty:
        return not_run("no descent was followed from a split point")
    points = finite.groupby([*CLASS, "neuron", "alpha"], as_index=False).agg(
        before=("loss_before", "first"), after=("loss_after", "min")
    )
    drop = 1.0 - points["after"] / points["before"]
    landings = finite["landing"].value_counts().sort_index()
    return universal_finding(
        Cases(points, points[drop < claim.parameters["least_drop"]], "fates"),
        found={"smallest relative drop": float(drop.min())},
        expected=None,
        note=f"Landings of {counted(len(finite), 'descent')}: "
        + ", ".join(f"{name} {count}" for name, count in landings.items())
        + ".",
    )


def _of_minima(splits: pd.DataFrame) -> pd.DataFrame:
    return splits[splits["kind"] == "spurious_minimum"]


def _alphas(splits: pd.DataFrame) -> str:
    return "{" + ", ".join(f"{alpha:g}" for alpha in sorted(set(splits["alpha"]))) + "}"


def _falls(zero_halves: pd.DataFrame) -> pd.Series:
    return zero_halves["slope"] < -zero_halves["slope_error"]
