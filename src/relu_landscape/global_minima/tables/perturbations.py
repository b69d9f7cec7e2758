"""Random perturbations of global minima, and Conjecture 12."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.global_minima.tables.columns import TeachersAndInputs
from relu_landscape.tables.columns import (
    DrawCount,
    LossCurvature,
    NeuronCount,
    Share,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, table

PerturbationLaw = Literal["gaussian", "cancelling"]


@table(key=("k", "m", "perturbation", "sample"), version=1)
class PerturbationForms:
    """One row a random perturbation G of the global minimum with m equal neurons a teacher (S21,
    Theorem 10 and Appendix D.1); forms are divided by the variance of the entries of G.
    """

    k: TeachersAndInputs
    m: Annotated[NeuronCount, at_least(1), "Students of each teacher; n = m k."]
    perturbation: Annotated[
        PerturbationLaw, "Independent normal entries, or the same with g_i1 = -sum_{j >= 2} g_ij."
    ]
    sample: Annotated[int, at_least(0), "Number of the draw."]
    standard_deviation: Annotated[Weight, at_least(0), "Standard deviation of the entries."]
    form: Annotated[LossCurvature, "G^T H(W* + G) G divided by the variance."]
    bound: Annotated[
        LossCurvature, "1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2) divided by the variance."
    ]
    gap: Annotated[LossCurvature, "Form minus bound."]


@table(key=("k", "m", "perturbation"), version=1)
class Table_1:
    """One row a cell of Table 1 of S21 that was sampled; the printed minimum in the law of the
    minimum of as many draws.
    """

    k: TeachersAndInputs
    m: Annotated[NeuronCount, at_least(2), "Students of each teacher."]
    perturbation: Annotated[PerturbationLaw, "Column of the table."]
    samples: Annotated[
        DrawCount, at_least(1), "Draws that the minimum is taken over, ours and in the paper."
    ]
    minimum: Annotated[
        LossCurvature,
        "Smallest value met: of form - bound (gaussian) or of form (cancelling), over the "
        "variance.",
    ]
    printed: Annotated[LossCurvature, "Printed value."]
    low: Annotated[LossCurvature, "0.5 % point of the law of the minimum, to leading order."]
    median: Annotated[LossCurvature, "Median of that law."]
    high: Annotated[LossCurvature, "99.5 % point of that law."]
    printed_below: Annotated[
        Share, "Probability that the minimum is at most the printed value, to leading order."
    ]
    law_p: Annotated[
        Share, "P-value of the Kolmogorov-Smirnov test of our draws against the leading-order law."
    ]


@table(key=("k", "m", "scaled_radius"), version=3)
class Conjecture12Search:
    """One row a size and radius, the perturbation of least form/bound that independent chains of
    searches found with no neuron moved by more than the radius (Conjecture 12 of S21).
    """

    k: TeachersAndInputs
    m: Annotated[NeuronCount, at_least(1), "Students of each teacher; w*_ij = v_i/m."]
    scaled_radius: Annotated[
        Share, "m times the largest |g_ij| allowed; at 1 a neuron could vanish."
    ]
    largest_displacement: Annotated[Weight, at_least(0), "max |g_ij| of the perturbation found."]
    form: Annotated[float, Unit("loss"), "G^T H(W* + G) G."]
    bound: Annotated[float, Unit("loss"), at_least(0), "1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2)."]
    gap: Annotated[
        float, Unit("loss"), "Form minus bound; the conjecture fails where it is negative."
    ]
    ratio: Annotated[float, "Form over bound."]
    spread: Annotated[
        float, at_least(0), "Largest minus least ratio that a chain found; 0 where they agree."
    ]
    agreed: Annotated[
        bool, "Whether the ratios that chains found differ by at most 1e-7 of 1 - ratio."
    ]
    place: Annotated[
        int, at_least(0), "Place of the perturbation in the array conjecture12_points of this size."
    ]


@table(key=("witness", "scale"), version=3)
class Conjecture12Witnesses:
    """One row a counterexample to Conjecture 12 of S21 at one scale s, in 60-digit arithmetic,
    the form as a second difference of the loss.
    """

    witness: Annotated[str, "Name of the construction."]
    k: TeachersAndInputs
    m: Annotated[NeuronCount, at_least(1), "Students of each teacher."]
    scale: Annotated[Weight, at_least(0), "Scale s of the construction."]
    form: Annotated[float, Unit("loss"), "Second derivative of the loss along G at W* + G."]
    bound: Annotated[float, Unit("loss"), at_least(0), "1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2)."]
    gap: Annotated[float, Unit("loss"), "Form minus bound."]
    gap_over_cube: Annotated[float, Unit("loss per weight cubed"), "Gap divided by s^3."]
    gap_digits: Annotated[str, Unit("loss"), "Gap to 40 significant digits."]


@table(key=("witness", "neuron", "coordinate"), version=1)
class WitnessWeights:
    """One row a weight of a counterexample to Conjecture 12 of S21, as an exact rational number;
    the teacher is the identity.
    """

    witness: Annotated[str, "Name of the construction."]
    m: Annotated[
        NeuronCount,
        at_least(1),
        "Students of each teacher; rows i m .. i m + m - 1 belong to teacher i.",
    ]
    neuron: Annotated[int, at_least(0), "Row of W."]
    coordinate: Annotated[int, at_least(0), "Column of W."]
    numerator: Annotated[int, "Numerator of the weight."]
    denominator: Annotated[int, at_least(1), "Denominator of the weight."]
