"""Displacements at right angles to the neurons of a global minimum."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.global_minima.tables.columns import TeachersAndInputs
from relu_landscape.tables.columns import NeuronCount, Share, Weight
from relu_landscape.tables.schema import Unit, at_least, table


@table(key=("k", "m", "displacement", "sums", "draw", "scaled_radius"), version=1)
class OrthogonalForms:
    """One row a displacement G of a global minimum W* with m neurons a teacher, each g_ij at right
    angles to its neuron (S21, Theorem 10 and Remark 11).
    """

    k: TeachersAndInputs
    m: Annotated[NeuronCount, at_least(1), "Students of each teacher; n = m k."]
    displacement: Annotated[
        Literal["equal_shares", "unequal_shares", "equal", "cancelling"],
        "Global minimum with equal or unequal shares; with equal shares also displacements that "
        "are equal for the neurons of a teacher, or add up to zero.",
    ]
    sums: Annotated[
        Literal["gaussian", "antisymmetric", "balanced", "zero"],
        "Matrix of the sums g_i: normal, antisymmetric, that with columns that add up to zero, or "
        "zero.",
    ]
    draw: Annotated[int, at_least(0), "Number of the draw."]
    scaled_radius: Annotated[Share, "Largest |g_ij| over the norm of the shortest neuron."]
    largest_displacement: Annotated[Weight, at_least(0), "max |g_ij|, the eps of the theorem."]
    squared_norm: Annotated[float, Unit("weight squared"), at_least(0), "|G|^2."]
    form: Annotated[float, Unit("loss"), "G^T H(W* + G) G."]
    bound: Annotated[float, Unit("loss"), at_least(0), "1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2)."]
