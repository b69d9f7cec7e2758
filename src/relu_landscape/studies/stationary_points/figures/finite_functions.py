"""The functions of the stationary points that descent on five points passes."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.figures.style import SERIES, Plot, empty_plot, figure, legend_above, legend_line

DATA_SET = "plane_one_output"
COLUMNS = ["kind", "place", "x", "y"]


def _outputs(neurons: pd.DataFrame, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """sum_i h_i relu(w_i.(x, 1))."""
    W, h = neurons[["weight_1", "weight_2"]].to_numpy(), neurons["output_1"].to_numpy()
    found: NDArray[np.float64] = np.maximum(np.column_stack([x, np.ones_like(x)]) @ W.T, 0.0) @ h
    return found


@figure
def finite_functions(
    finite_neurons: pd.DataFrame, finite_points: pd.DataFrame, wu2025_data_sets: pd.DataFrame
) -> Plot:
    """Output of each stationary point against the input.

    Caption:
        The five samples with two inputs, of which one is 1, and one output (dots), and the
        functions of the exact stationary points that descent on them passes, in profile
        **{profile}**, from the network that is zero on. The last one is the straight line of least
        squares: 50 neurons end there, in a local minimum.

    Returns:
        The figure, and one row a sample and a place at which a function is drawn: kind, place, x,
        y.
    """
    samples = wu2025_data_sets[wu2025_data_sets["data_set"] == DATA_SET]
    neurons = finite_neurons[finite_neurons["data_set"] == DATA_SET]
    points = finite_points[finite_points["data_set"] == DATA_SET].sort_values("place")
    if points.empty:
        return empty_plot(points, COLUMNS)
    x = np.linspace(samples["input_1"].min() - 0.1, samples["input_1"].max() + 0.1, 91)
    frames = [
        pd.DataFrame({"kind": "sample", "x": samples["input_1"], "y": samples["target_1"]}),
        *(
            pd.DataFrame({"kind": "point", "place": place, "x": x, "y": _outputs(rows, x)})
            for place, rows in neurons.groupby("place")
        ),
    ]
    data = pd.concat(frames, ignore_index=True).reindex(columns=COLUMNS)
    figure = Figure(figsize=(4.2, 2.9), layout="constrained")
    axes = figure.subplots()
    handles = []
    for mark, point in zip(SERIES, points.to_dict("records"), strict=False):
        rows = data[data["place"] == point["place"]]
        axes.plot(rows["x"], rows["y"], color=mark.colour, linestyle=mark.line)
        label = f"loss {point['exact_loss']}"
        handles.append(legend_line(label, color=mark.colour, linestyle=mark.line))
    axes.plot(samples["input_1"], samples["target_1"], "o", color="0.15", markersize=4.5)
    axes.set(xlabel="input x", ylabel="output f")
    legend_above(figure, handles, columns=3)
    last = points.iloc[-1]
    finding = (
        f"On five samples descent passes {len(points)} stationary points; that of the least loss, "
        f"{last['exact_loss']}, has {last['neurons']} neurons that are not zero."
    )
    return Plot(figure, data, finding)
