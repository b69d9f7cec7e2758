"""Weight matrices of both points of erf, rebuilt from their few weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.fewer_students.erf_networks import erf_network
from relu_landscape.figures.heat_maps import COLOUR_TICKS, draw_weights, entries_of, weight_colours
from relu_landscape.figures.style import PAGE_WIDTH, Plot, empty_plot, figure, rows_with
from relu_landscape.studies.fewer_students.figures.style import BRANCHES, branch_name

COLUMNS = ["branch", "k", "n", "loss", "index", "neuron", "coordinate", "weight", "output"]


def _rows(point: pd.Series) -> pd.DataFrame:
    W, outputs = erf_network(dict(point))
    named = {name: point[name] for name in ("branch", "k", "n", "loss", "index")}
    return pd.DataFrame({**named, **entries_of(W), "output": np.repeat(outputs, W.shape[1])})


def _finding(points: list[pd.Series]) -> str:
    """Norm and output of what is not a copy."""
    average, perturbed = points
    return (
        f"At k = {average['k']}, n = {average['n']} the average has norm {average['norm']:.4f} and "
        f"output {average['output']:g}; each perturbed copy has norm {perturbed['norm']:.4f} and "
        f"output {perturbed['output']:.4f}."
    )


@figure
def erf_matrices(erf_points: pd.DataFrame) -> Plot:
    """Heat maps of both points at the largest k, for half as many students.

    Caption:
        Weights of the two points that gradient flow of erf ends at, for the largest k of profile
        **{profile}** and n = k/2 students: the copy-average (left; the last student averages) and
        the perturbed copy (right). Rows are students, columns inputs. The colour follows the signed
        square root of the weight.

    Returns:
        The figure, and one row an entry: branch, k, n, loss, index, neuron, coordinate (both from
        1), weight, output (of the neuron).

    Source: Simsek et al. 2023 for the two points; computed.
    """
    if erf_points.empty:
        return empty_plot(erf_points, COLUMNS)
    k = int(erf_points["k"].max())
    points = [rows_with(erf_points, k=k, n=k // 2, branch=name).iloc[0] for name in BRANCHES]
    colours = weight_colours(1.0)
    drawing = Figure(figsize=(PAGE_WIDTH, 2.3), layout="constrained")
    panels = drawing.subplots(1, len(points))
    for axes, point in zip(panels, points, strict=True):
        mesh = draw_weights(axes, erf_network(dict(point))[0], colours)
        kind = "minimum" if point["index"] == 0 else f"saddle, index {point['index']:g}"
        axes.set_title(
            f"{branch_name(point['branch'])}\nF = {point['loss']:.5f}, {kind}", fontsize=7
        )
    drawing.colorbar(mesh, ax=panels, label="weight", shrink=0.8, ticks=COLOUR_TICKS)
    data = pd.concat([_rows(point) for point in points], ignore_index=True)[COLUMNS]
    return Plot(drawing, data, _finding(points))
