"""Result tables of the symmetric families."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import (
    ClassId,
    Family,
    FurtherNeurons,
    InputDimension,
    Kind,
    Loss,
    LossCurvature,
    NeuronCount,
    Percent,
    RunCount,
    Search,
    SecondBlock,
    Share,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, table


@table(key=("family", "m", "extra", "k"), version=3)
class FamilyPoints:
    """One row a symmetric critical point of a family (Arjevani and Field) at one k."""

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    k: Annotated[Teachers, at_least(2)]
    isotropy: Annotated[str, "Isotropy subgroup."]
    loss: Annotated[Loss, at_least(0), "Population loss."]
    smallest_eigenvalue: Annotated[LossCurvature, "Smallest Hessian eigenvalue."]
    irrep: Annotated[str, "Representation of the smallest eigenvalue."]
    largest_eigenvalue: Annotated[LossCurvature, "Largest Hessian eigenvalue."]
    index: Annotated[
        float, at_least(0), "Number of negative Hessian eigenvalues, with multiplicity."
    ]
    distinct_eigenvalues: Annotated[
        int, at_least(1), "Number of distinct Hessian eigenvalues by isotypic blocks."
    ]
    bounded_difference: Annotated[
        LossCurvature | None,
        at_least(0),
        "Largest difference to the spectrum at the global minimum, representation by "
        "representation, over the eigenvalues that stay bounded as k grows. Empty where n > k.",
    ]


@table(key=("family", "m", "extra", "k", "parameter"), version=1)
class FamilyParameters:
    """One row a parameter of a symmetric critical point in its fixed-point space."""

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    k: Annotated[Teachers, at_least(2)]
    parameter: Annotated[
        str,
        "Class of rows and what of them; diag is the own coordinate, c0, c1, ... the value on "
        "coordinates of that class.",
    ]
    value: Annotated[Weight, "Value."]


@table(key=("family", "m", "extra", "k", "rank"), version=1)
class FamilySpectra:
    """One row a distinct Hessian eigenvalue of a symmetric critical point."""

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    k: Annotated[Teachers, at_least(2)]
    rank: Annotated[int, at_least(0), "Place in increasing order, counted from 0."]
    eigenvalue: Annotated[LossCurvature, "Eigenvalue."]
    multiplicity: Annotated[float, at_least(0), "How often it occurs."]
    irrep: Annotated[str, "Representation that it belongs to."]


@table(key=("family", "m", "extra", "k", "neuron_class"), version=3)
class FamilySplits:
    """One row a class of neurons of a symmetric critical point, of which one is split."""

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    k: Annotated[Teachers, at_least(2)]
    neuron_class: Annotated[int, at_least(0), "Class of rows."]
    neurons: Annotated[NeuronCount, at_least(1), "Neurons in the class."]
    inner_smallest_eigenvalue: Annotated[
        LossCurvature,
        "Smallest eigenvalue of the inner Hessian A_i; negative: every split of the neuron makes "
        "a strict saddle.",
    ]
    irrep: Annotated[str, "Representation of the stabiliser of the neuron that it belongs to."]
    inner_largest_eigenvalue: Annotated[LossCurvature, "Largest eigenvalue of A_i."]


@table(key=("family", "m", "quantity", "power"), version=1)
class PuiseuxCoefficients:
    """One row a coefficient of a Puiseux series of a family in h = k^{-1/2}."""

    family: Family
    m: SecondBlock
    quantity: Annotated[str, "The loss, or a parameter of the fixed-point space."]
    power: Annotated[int, at_least(0), "Power of h."]
    coefficient: Annotated[float, "Coefficient, recovered by interpolation in extended precision."]
    error: Annotated[float, at_least(0), "Estimate of its error."]
    digits: Annotated[str, "Coefficient to 20 digits."]
    closed_form: Annotated[float | None, "Closed form, where one is known."]
    difference: Annotated[
        float | None, at_least(0), "Difference from it, computed in extended precision."
    ]


@table(key=("family", "m", "extra"), version=2)
class StabilityThresholds:
    """One row a family; the real k at which it becomes a local minimum, and ceases to be one."""

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    k: Annotated[
        float,
        Unit("neurons"),
        at_least(2),
        "Real k at which the smallest Hessian eigenvalue crosses zero.",
    ]
    irrep: Annotated[str, "Representation of the eigenvalue."]
    index_below: Annotated[
        float, at_least(0), "Number of negative eigenvalues just below, at a real k."
    ]
    index_above: Annotated[float, at_least(0), "The same just above."]
    smallest_integer: Annotated[
        NeuronCount, at_least(2), "First whole k at which it is a local minimum."
    ]
    lost_k: Annotated[
        float | None,
        Unit("neurons"),
        at_least(2),
        "Real k beyond which it is a saddle again; empty where there is none up to k = 1000.",
    ]


@table(key=("k", "columns", "extra"), version=1)
class FixedSpaceSearches:
    """One row a search in Fix(S_{k-q}) at n = k + extra."""

    k: Annotated[Teachers, at_least(2)]
    columns: Annotated[int, at_least(0), "Single columns q."]
    extra: FurtherNeurons
    starts: Annotated[int, Unit("starts"), at_least(1), "Random starts."]
    global_starts: Annotated[
        int, Unit("starts"), at_least(0), "Starts that ended at global minima."
    ]
    unfinished_starts: Annotated[int, Unit("starts"), at_least(0), "Starts that ended nowhere."]
    points: Annotated[int, at_least(0), "Spurious critical points reached."]


@table(key=("k", "columns", "extra", "rank"), version=1)
class FixedSpacePoints:
    """One row a spurious critical point reached by descent from random starts in Fix(S_{k-q}) at
    n = k + extra.
    """

    k: Annotated[Teachers, at_least(2)]
    columns: Annotated[
        int, at_least(0), "Single columns q: coordinates that may differ from all others."
    ]
    extra: FurtherNeurons
    rank: Annotated[int, at_least(0), "Place in increasing order of the loss, counted from 0."]
    loss: Annotated[Loss, at_least(0), "Population loss."]
    smallest_eigenvalue: Annotated[LossCurvature, "Smallest Hessian eigenvalue."]
    irrep: Annotated[str, "Representation of the smallest eigenvalue."]
    index: Annotated[float, at_least(0), "Number of negative Hessian eigenvalues."]
    chain: Annotated[
        Literal["I", "II"],
        "I where the k - q equivalent neurons point to minus their teachers, II where they point "
        "to them.",
    ]
    coordinate_orbits: Annotated[str, "Sizes of the orbits of coordinates."]
    reached: Annotated[int, Unit("starts"), at_least(1), "Starts that ended there."]


@table(key=("family", "m", "k", "neuron_class", "sign", "second_neuron", "second_sign"), version=1)
class FamilyFates:
    """One row a descent after one neuron of a symmetric minimum was split, and after one of where
    it landed was split again.
    """

    family: Family
    m: SecondBlock
    k: Annotated[Teachers, at_least(2)]
    neuron_class: Annotated[int, at_least(0), "Class of the neuron that was split first."]
    sign: Annotated[Literal[-1, 1], "Sign of the push along the direction of negative curvature."]
    second_neuron: Annotated[
        int,
        at_least(-1),
        "Row that was split at the end of the first descent, the first of its orbit; -1 for the "
        "first descent itself.",
    ]
    second_sign: Annotated[
        Literal[-1, 0, 1], "Sign of the second push; 0 for the first descent itself."
    ]
    n: Annotated[NeuronCount, at_least(3), "Students during this descent."]
    loss_before: Annotated[Loss, at_least(0), "Loss at the split point."]
    loss_after: Annotated[Loss, "Loss at the end."]
    landing: Annotated[
        Literal["global", "spurious", "unfinished"],
        "At a global minimum, at another critical point, or nowhere within the budget.",
    ]
    smallest_eigenvalue: Annotated[
        LossCurvature | None,
        "Smallest Hessian eigenvalue at another critical point; empty elsewhere.",
    ]
    coordinate_orbits: Annotated[
        str | None,
        "Sizes of the orbits of coordinates at another critical point, such as 1+11; empty "
        "elsewhere.",
    ]


@table(key=("family", "m", "k", "epsilon", "sample"), version=1)
class PerturbedTargets:
    """One row a symmetric minimum followed to the target V = I + epsilon G/sqrt(k)."""

    family: Family
    m: SecondBlock
    k: Annotated[Teachers, at_least(2)]
    epsilon: Annotated[float, at_least(0), "Size of the perturbation."]
    sample: Annotated[int, at_least(0), "Number of the draw of G."]
    outcome: Annotated[
        Literal["strict_minimum", "saddle", "undecided", "fold", "lost"],
        "What became of the minimum: the path ends in a fold where its smallest eigenvalue "
        "vanishes.",
    ]
    reached: Annotated[Share, "Share of epsilon up to which it was followed."]
    smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest Hessian eigenvalue where the path ended."
    ]
    largest_inner_eigenvalue: Annotated[
        LossCurvature,
        "Largest over the neurons of the smallest eigenvalue of A_i there; negative: every split "
        "makes a strict saddle.",
    ]


@table(key=("k", "d", "sample"), version=1)
class RandomTeachers:
    """One row a draw of k teachers from the unit sphere of R^d, to which the minimum II_1 was
    followed.
    """

    k: Annotated[Teachers, at_least(2)]
    d: Annotated[InputDimension, at_least(2)]
    sample: Annotated[int, at_least(0), "Number of the draw."]
    largest_correlation: Annotated[
        float, at_least(0), "Largest modulus of an inner product of two teachers."
    ]
    outcome: Annotated[
        Literal["strict_minimum", "saddle", "undecided", "fold", "lost"],
        "What became of the minimum, over all directions of R^d: the path ends in a fold where its "
        "smallest eigenvalue vanishes.",
    ]
    reached: Annotated[Share, "Share of the way to the teachers up to which it was followed."]
    loss: Annotated[Loss | None, at_least(0), "Population loss there; empty where the path ended."]
    smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest Hessian eigenvalue, in the span alone where the path ended."
    ]


@table(key=("k", "n", "class_id"), version=4)
class IdentifiedClasses:
    """One row a class of critical points that gradient descent met in the main study, with its
    name.
    """

    k: Annotated[Teachers, at_least(2)]
    n: Annotated[Students, at_least(2)]
    class_id: ClassId
    kind: Kind
    loss: Annotated[Loss, at_least(0), "Population loss."]
    family: Annotated[str | None, "Family; empty where it belongs to none."]
    m: Annotated[NeuronCount, "Neurons that stay as k grows; 0 for A and where there is no family."]
    between: Annotated[
        NeuronCount,
        "q if the class is the minimum between II_q and I_(k-q-1), with one neuron on its way "
        "from e_i to -e_i; 0 otherwise.",
    ]
    isotropy: Annotated[str, "Isotropy subgroup."]
    loss_as_I: Annotated[
        Loss | None,
        "Loss after following the point to k = 1e5 as a member of I_m; tends to 1/2 - 1/pi on "
        "that family. Empty where this cannot be done.",
    ]
    loss_as_II: Annotated[Loss | None, "The same as a member of II_m; tends to 0."]


@table(key=("search", "k", "n", "family", "m"), version=1)
class FamilyRates:
    """One row a family and size; how often random initialisation reaches it in the main study."""

    search: Search
    k: Annotated[Teachers, at_least(2)]
    n: Annotated[Students, at_least(2)]
    family: Annotated[
        Literal["A", "I", "II", "none"],
        "Family; none counts the runs at spurious minima of no family.",
    ]
    m: SecondBlock
    runs: Annotated[RunCount, at_least(1), "Restarts."]
    reached: Annotated[RunCount, "Restarts that ended there."]
    percent: Annotated[Percent, "Share of the restarts."]
    percent_low: Annotated[Percent, "Lower end of its 95 % Clopper-Pearson interval."]
    percent_high: Annotated[Percent, "Upper end."]
