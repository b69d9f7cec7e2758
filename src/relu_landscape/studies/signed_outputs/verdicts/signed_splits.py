"""Tests of claims about what splits by neurons of either output make of minima."""

from __future__ import annotations

from typing import Final

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    ranges_of,
    universal_finding,
)
from relu_landscape.judging.words import counted

_CLASSES, _FAMILIES, _CURVATURES = "class_orbits", "family_orbits", "split_curvatures"
_ORBIT: Final = ("k", "n", "class_id", "neuron")
_ROW: Final = ("family", "m", "k", "row")
_SPLIT: Final = ("k", "row", "gamma")
_NEEDS = "A certificate that the checker accepts would decide."


def same_sign_splits_are_saddles(claim: Claim, class_orbits: pd.DataFrame) -> Finding:
    """Is every split of a neuron into two of its own output proved a strict saddle?

    An inner Hessian without a negative eigenvalue refutes it. Parameter of the claim: none. Source:
    S21, Theorems 14 and 16.
    """
    del claim
    return _orbit_finding(class_orbits, "same_sign", "strict_saddle", class_orbits["lowest"] >= 0)


def signed_splits_are_minima(claim: Claim, class_orbits: pd.DataFrame) -> Finding:
    """Is, with n = k, every split into two of opposite outputs proved a minimum?

    An inner Hessian with a positive eigenvalue off the neuron refutes it. Parameter of the claim:
    none. Source: derived.
    """
    del claim
    rows = class_orbits[class_orbits["n"] == class_orbits["k"]]
    return _orbit_finding(rows, "opposite_sign", "minimum", rows["highest"] >= 0)


def some_neurons_have_saddles_alone(claim: Claim, class_orbits: pd.DataFrame) -> Finding:
    """Does, with n = k + 1, some neuron have both kinds of splits proved strict saddles?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    rows = class_orbits[class_orbits["n"] == class_orbits["k"] + 1]
    if rows.empty:
        return not_run("no class with n = k + 1")
    mixed = rows[(rows["lowest"] < 0) & (rows["highest"] > 0)]
    proved = mixed[
        (mixed["same_sign"] == "strict_saddle") & (mixed["opposite_sign"] == "strict_saddle")
    ]
    kinds = (
        f"of {counted(int(rows['neurons'].sum()), 'neuron')} of classes with k = "
        f"{ranges_of(rows['k'])}"
    )
    return Finding(
        verdict=Verdict.REPRODUCED if len(proved) else Verdict.UNDECIDED,
        found={
            "neurons": int(mixed["neurons"].sum()),
            "smallest k": int(mixed["k"].min()) if len(mixed) else None,
            "largest eigenvalue": float(mixed["highest"].max()) if len(mixed) else None,
        },
        sample_size=len(rows),
        note=f"{mixed['neurons'].sum()} {kinds}. That signed splits of them are saddles is proved "
        "in balls, without a certificate.",
        evidence=f"tables/{_CLASSES}.parquet"
        + (f": {place_of(proved, _ORBIT)}" if len(proved) else ""),
        would_decide="A neuron of such a minimum with an indefinite inner Hessian would decide.",
    )


def family_splits_are_minima(claim: Claim, family_orbits: pd.DataFrame) -> Finding:
    """Is every split into two of opposite outputs proved a minimum, at every k of this family?

    Case of the claim: family, m. Source: derived.
    """
    rows = of_case(family_orbits, claim.case)
    if rows.empty:
        return not_run("no member of this family")
    right = rows["opposite_sign"] == "minimum"
    wrong = rows[rows["highest"] >= 0]
    return Finding(
        verdict=Verdict.REFUTED
        if len(wrong)
        else Verdict.CONSISTENT
        if right.all()
        else Verdict.UNDECIDED,
        found={"largest eigenvalue": float(rows["highest"].max())},
        sample_size=len(rows),
        proved=int(right.sum()),
        listed=f"k = {ranges_of(rows['k'])}, every d >= k",
        note="Of every d >= k at once; lower bounds stand in the table.",
        evidence=f"tables/{_FAMILIES}.parquet"
        + (f": {place_of(wrong, _ROW)}" if len(wrong) else ""),
        would_decide=_NEEDS,
    )


def block_turns(claim: Claim, family_orbits: pd.DataFrame) -> Finding:
    """Are signed splits of a block proved minima below a real k, and saddles of both kinds above?

    Case of the claim: family, m, row. Expected: the k. Source: derived; the k is that which
    `every_k.signed_splits` encloses by other means.
    """
    rows = of_case(family_orbits, claim.case)
    minima = rows.loc[rows["opposite_sign"] == "minimum", "k"]
    both = (rows["opposite_sign"] == "strict_saddle") & (rows["same_sign"] == "strict_saddle")
    saddles = rows.loc[both, "k"]
    if minima.empty or saddles.empty:
        return not_run("the family stands on one side of this k alone")
    sides = len(minima) + len(saddles) == len(rows)
    agrees = sides and minima.max() < claim.expected < saddles.min()
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found={"last k below": int(minima.max()), "first k above": int(saddles.min())},
        sample_size=len(rows),
        expected=claim.expected,
        note=f"k = {ranges_of(rows['k'])}. Above, splits of either kind are strict saddles.",
        evidence=f"tables/{_FAMILIES}.parquet: {place_of(rows, ('family', 'm', 'row'))}",
    )


def inner_spectrum_is(claim: Claim, family_orbits: pd.DataFrame) -> Finding:
    """Has the inner Hessian of a member's neuron these extreme eigenvalues off the neuron?

    Case of the claim: family, m, k, row. Parameter: decimals. Expected: by column. Source: a trial
    of this project with the whole matrix.
    """
    return _compared(of_case(family_orbits, claim.case), claim, _FAMILIES, _ROW)


def split_eigenvalue_is(claim: Claim, split_curvatures: pd.DataFrame) -> Finding:
    """Has the Hessian of a signed split this smallest eigenvalue beside that of the line?

    Case of the claim: k, row, gamma. Parameter: digits, significant. Expected: the value. Source: a
    trial of this project.
    """
    rows = of_case(split_curvatures, claim.case)
    if rows.empty:
        return not_run("this split was not measured")
    found, digits = float(rows["next_eigenvalue"].iloc[0]), claim.parameters["digits"]
    agrees = float(f"{found:.{digits - 1}e}") == claim.expected
    return Finding(
        verdict=Verdict.REPRODUCED if agrees else Verdict.DEVIATES,
        found=found,
        sample_size=len(rows),
        expected=claim.expected,
        evidence=f"tables/{_CURVATURES}.parquet: {place_of(rows, _SPLIT)}",
    )


def splits_decouple(claim: Claim, split_curvatures: pd.DataFrame) -> Finding:
    """Is a signed split critical, of the same loss, and its Hessian that of the formula?

    Parameter of the claim: tolerance, of each times gamma^2. Source: derived.
    """
    rows = split_curvatures
    if rows.empty:
        return not_run("no split was measured")
    allowed = claim.parameters["tolerance"] * rows["gamma"] ** 2
    names = ["loss_change", "gradient_norm", "form_error"]
    errors = rows[names].abs()
    return universal_finding(
        Cases(rows, rows[errors.gt(allowed, axis=0).any(axis=1)], _CURVATURES, _SPLIT),
        found={name: float(errors[name].max()) for name in names},
        note="Found are the largest errors; entries of the Hessian along the displacements grow "
        "like gamma^2.",
    )


def curvature_falls(claim: Claim, split_curvatures: pd.DataFrame) -> Finding:
    """Has each signed split one eigenvalue zero, the next of which gamma (gamma - 1) is constant?

    Beyond a gamma the product is compared with that at the largest gamma, at every k and block.

    Parameters of the claim: zero, least_gamma, spread. Source: derived.
    """
    rows = split_curvatures
    if rows.empty:
        return not_run("no split was measured")
    product = rows["next_eigenvalue"] * rows["gamma"] * (rows["gamma"] - 1.0)
    last = rows.groupby(["k", "row"])["gamma"].transform("idxmax").map(product)
    far = rows["gamma"] >= claim.parameters["least_gamma"]
    off = far & ((product / last - 1.0).abs() > claim.parameters["spread"])
    flat = rows["smallest_eigenvalue"].abs() <= claim.parameters["zero"] * rows["next_eigenvalue"]
    return universal_finding(
        Cases(rows, rows[~flat | off], _CURVATURES, _SPLIT),
        found={"least product": float(product[far].min()), "largest": float(product[far].max())},
        note=f"gamma from {rows['gamma'].min():g} to {rows['gamma'].max():g}.",
    )


def _orbit_finding(
    rows: pd.DataFrame, column: str, verdict: str, against: pd.Series[bool]
) -> Finding:
    """A statement about all orbits of neurons, proved of those that certificates prove it of."""
    if rows.empty:
        return not_run("no class of minima")
    right, wrong = rows[rows[column] == verdict], rows[against]
    checked = "checked_same" if column == "same_sign" else "checked_opposite"
    shown = Verdict.CONSISTENT if len(right) == len(rows) else Verdict.UNDECIDED
    return Finding(
        verdict=Verdict.REFUTED if len(wrong) else shown,
        found={
            "neurons": int(rows["neurons"].sum()),
            "proved": int(right["neurons"].sum()),
        },
        sample_size=len(rows),
        proved=int(right[checked].sum()),
        note=f"{len(rows)} orbits of neurons, k = {ranges_of(rows['k'])}.",
        evidence=f"tables/{_CLASSES}.parquet"
        + (f": {place_of(wrong, _ORBIT)}" if len(wrong) else ""),
        would_decide=_NEEDS,
    )


def _compared(rows: pd.DataFrame, claim: Claim, table: str, key: tuple[str, ...]) -> Finding:
    """Numbers of one row against those of the claim, to its decimals."""
    if rows.empty:
        return not_run("this point is not among them")
    found = {name: float(rows[name].iloc[0]) for name in claim.expected}
    reach = half_a_digit(claim.parameters["decimals"])
    wrong = [name for name, value in claim.expected.items() if abs(found[name] - value) > reach]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=len(rows),
        expected=claim.expected,
        note=f"Different: {', '.join(wrong)}." if wrong else "All agree.",
        evidence=f"tables/{table}.parquet: {place_of(rows, key)}",
    )
