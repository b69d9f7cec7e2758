"""Splits that leave one half zero: the slope of the loss where that half grows."""

import numpy as np
import pandas as pd

from relu_landscape.evidence.cells import case_name
from relu_landscape.minima.settings import Splitting
from relu_landscape.minima.zero_half import zero_half_slope
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Arrays, Made


def measure_zero_halves(
    curvature: pd.DataFrame, neurons: pd.DataFrame, representatives: Arrays, splitting: Splitting
) -> Made:
    """The slope at one neuron of each orbit of every class that is not global.

    Args:
        curvature: kind of the classes.
        neurons: with orbit and smallest eigenvalue of H'_ii.
        representatives: by case, (classes, n, k).
        splitting: largest k, and how far from the neuron its half grows.
    """
    place = ["k", "n", "class_id"]
    first = neurons.drop_duplicates([*place, "orbit"])
    chosen = first.merge(curvature[[*place, "kind"]], on=place, validate="many_to_one")
    chosen = chosen[(chosen["kind"] != "global_minimum") & (chosen["k"] <= splitting.largest_k)]
    records = []
    for row in rows_of(chosen):
        point = representatives[case_name(row["k"], row["n"])][row["class_id"]]
        found = zero_half_slope(point, np.eye(row["k"]), row["neuron"], splitting.displacement)
        kept = (*place, "kind", "neuron", "inner_smallest_eigenvalue")
        records.append(
            {name: row[name] for name in kept} | {"slope": found.slope, "slope_error": found.error}
        )
    return {"zero_halves": records}
