"""Hessian spectra of both points against the number of students."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    LARGEST_READABLE,
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.fewer_students.figures.style import BRANCHES, branch_name, relu_rows
from relu_landscape.studies.symmetry.figures.style import irrep_name

COLUMNS = ["branch", "k", "n", "irrep", "eigenvalue", "multiplicity"]
_IRREPS = dict(zip(("t", "s_p", "s_m", "s_p*s_m", "y_p", "x_p"), SERIES, strict=True))
_LINEAR = 0.01  # eigenvalues smaller than this stand on a linear part of the axis


def _finding(rows: pd.DataFrame) -> str:
    """Of which representation the softest eigenvalues are, and when they are negative."""
    parts = []
    for branch in BRANCHES:
        own = rows_with(rows, branch=branch)
        softest = own.loc[own.groupby("n")["eigenvalue"].idxmin()]
        negative = sorted(softest.loc[softest["eigenvalue"] < 0, "n"])
        kind = (
            f"is a saddle for n = {', '.join(map(str, negative))}" if negative else "is a minimum"
        )
        parts.append(f"the {branch_name(branch)} {kind}")
    return f"At k = {rows['k'].iloc[0]} {' and '.join(parts)}."


@figure
def copy_eigenvalues(copy_spectra: pd.DataFrame) -> Plot:
    """Distinct eigenvalues of both points by representation, against n.

    Caption:
        Distinct Hessian eigenvalues of the copy-average (left) and of the perturbed copy (right)
        against the number of students, at one k, for the ReLU in profile **{profile}**, by
        representations of the permutations that fix the point: t is the trivial one, s_p and s_m
        are the standard ones of the coordinates that are copied and of the others. The axis is
        linear next to zero. Below zero the point is a saddle.

    Returns:
        The figure, and one row a mark: branch, k, n, irrep, eigenvalue, multiplicity.

    Source: representations as in AF21; the spectra are computed.
    """
    spectra = relu_rows(copy_spectra)
    readable = spectra[(spectra["k"] <= LARGEST_READABLE) & (spectra["n"] > 1)]
    if readable.empty:
        return empty_plot(copy_spectra, COLUMNS)
    rows = rows_with(readable, k=readable["k"].max())[COLUMNS].reset_index(drop=True)
    figure = Figure(figsize=(PAGE_WIDTH, 3.2), layout="constrained")
    panels = figure.subplots(1, len(BRANCHES), sharey=True)
    for axes, branch in zip(panels, BRANCHES, strict=True):
        axes.axhline(0.0, color=INK, linewidth=0.6)
        for irrep, mark in _IRREPS.items():
            shown = rows_with(rows, branch=branch, irrep=irrep)
            axes.plot(
                *(shown["n"], shown["eigenvalue"]),
                color=mark.colour,
                marker=mark.marker,
                fillstyle="none",
                linestyle="none",
                markersize=3.6,
            )
        axes.set_yscale("symlog", linthresh=_LINEAR)
        axes.set_title(f"{branch_name(branch)}, k = {rows['k'].iloc[0]}")
        axes.set_xlabel("students n")
        axes.xaxis.get_major_locator().set_params(integer=True)
    panels[0].set_ylabel("Hessian eigenvalue")
    present = set(rows["irrep"])
    handles = [
        legend_line(
            irrep_name(irrep),
            color=mark.colour,
            marker=mark.marker,
            fillstyle="none",
            linestyle="none",
        )
        for irrep, mark in _IRREPS.items()
        if irrep in present
    ]
    legend_above(figure, handles, columns=6)
    return Plot(figure, rows, _finding(rows))
