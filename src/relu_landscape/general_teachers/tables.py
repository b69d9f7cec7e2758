"""Result tables of teachers that are not orthonormal."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from relu_landscape.certificates.tables import CertificateLine, Reason
from relu_landscape.tables.columns import (
    Checked,
    ClassId,
    Family,
    InputCount,
    InputDimension,
    Loss,
    LossCurvature,
    NeuronCount,
    PointCount,
    RunCount,
    SecondBlock,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, between, table

Target = Annotated[str, "Teachers: their correlation, list of norms, or the seed of their draw."]
KindOfTeachers: TypeAlias = Literal["equiangular", "norms", "random", "rebuilt"]
SplitKind: TypeAlias = Literal["saddle", "minimum", "open"]
TargetKind = Annotated[
    KindOfTeachers,
    "Unit vectors with one inner product; orthogonal of unequal norms; random unit vectors; or one "
    "draw of these, searched for longer.",
]


@table(key=("target", "k", "d", "n"), version=1)
class GeneralShares:
    """One row the restarts with one set of teachers and one number of students."""

    target: Target
    kind: TargetKind
    k: Teachers
    d: Annotated[InputDimension, "Inputs in which the teachers were drawn or stand."]
    n: Students
    correlation: Annotated[
        float, between(-1, 1), "Mean cosine of the angle of two teachers, over all pairs."
    ]
    runs: Annotated[RunCount, at_least(1), "Restarts."]
    unfinished: Annotated[
        RunCount,
        "Restarts that did not converge, or from whose end Newton's method led to no minimum.",
    ]
    bad: Annotated[
        RunCount, "Restarts that ended at a minimum with a loss above zero by more than rounding."
    ]
    levels: Annotated[
        PointCount,
        "Bad ends that differ in the norms of their students, or in which of them are sums of "
        "parallel ones; each has a row in general_minima.",
    ]
    copies: Annotated[
        PointCount, "Bad ends that no permutation of the students makes equal, in all levels."
    ]
    largest_good_loss: Annotated[
        Loss | None,
        "Largest loss of a restart that converged and is not bad; empty where there is none.",
    ]
    largest_diameter: Annotated[
        float | None,
        Unit("weight"),
        at_least(0),
        "Largest distance of two bad ends that count as equal; empty without bad ends.",
    ]
    least_separation: Annotated[
        float | None,
        Unit("weight"),
        at_least(0),
        "Least distance of two levels, which bounds that of their points from below; empty where "
        "there are fewer than two.",
    ]


@table(key=("target", "k", "d", "n", "class_id"), version=2)
class GeneralMinima:
    """One row a level of bad ends: a critical point, and what was proved of it.

    Parallel students are joined into one neuron, their sum, of which the end is a split.
    """

    target: Target
    kind: TargetKind
    k: Teachers
    d: Annotated[InputDimension, "Inputs in which the teachers were drawn or stand."]
    n: Students
    neurons: Annotated[
        NeuronCount, "Neurons with parallel students joined: below n the end is no strict minimum."
    ]
    class_id: ClassId
    runs: Annotated[RunCount, at_least(1), "Restarts that ended there."]
    loss: Annotated[Loss, "Population loss."]
    smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest Hessian eigenvalue of the network with parallel students joined."
    ]
    norm_sum: Annotated[Weight, "Sum of the norms of the students."]
    teacher_norm_sum: Annotated[Weight, "Sum of the norms of the teachers."]
    largest_inner_eigenvalue: Annotated[
        LossCurvature,
        "Over the neurons, the largest of the smallest eigenvalues of the inner Hessian off the "
        "neuron: above zero where splits of a neuron are minima.",
    ]
    proved: Annotated[
        bool,
        "Whether it is proved to be a spurious local minimum: a strict one, with parallel students "
        "joined, of which all splits into such parts are minima.",
    ]
    reason: Reason
    loss_lower: Annotated[Loss | None, "Lower bound of the loss, above zero."]
    loss_upper: Annotated[Loss | None, "Upper bound of the loss."]
    hessian_lower: Annotated[
        LossCurvature | None, "Lower bound of the smallest Hessian eigenvalue over the box."
    ]
    norm_sum_lower: Annotated[Weight | None, "Lower bound of the sum of norms of the students."]
    norm_sum_upper: Annotated[Weight | None, "Upper bound of it."]
    saddles: Annotated[NeuronCount, "Neurons of which every split is proved to be a strict saddle."]
    plateaus: Annotated[
        NeuronCount, "Neurons of which every split with a share in (0, 1) is proved a minimum."
    ]
    checked: Checked
    line: CertificateLine


@table(key=("target", "k", "d", "n", "class_id", "neuron"), version=2)
class GeneralNeurons:
    """One row a neuron of a critical point of general_minima, and what its splits are."""

    target: Target
    k: Teachers
    d: Annotated[InputDimension, "Inputs in which the teachers were drawn or stand."]
    n: Students
    class_id: ClassId
    neuron: Annotated[int, at_least(0), "Neuron, counted from 0 as in the certificate."]
    parts: Annotated[int, at_least(1), "Parallel students of which it is the sum."]
    norm: Annotated[Weight, "Norm of the neuron."]
    largest_cosine: Annotated[float, between(-1, 1), "Largest cosine of its angle to a teacher."]
    inner_smallest: Annotated[
        LossCurvature, "Smallest eigenvalue of its inner Hessian off the neuron."
    ]
    split: Annotated[
        SplitKind,
        "What all its splits with a share in (0, 1) are proved to be.",
    ]


@table(key=("target", "k", "d"), version=1)
class GeneralSurvivals:
    """One row a set of k unit teachers, and where descent from II_1 ends there."""

    target: Annotated[str, "Teachers: their correlation, or the number of their draw."]
    kind: TargetKind
    k: Teachers
    d: Annotated[InputDimension, "Inputs in which the teachers were drawn or stand."]
    largest_correlation: Annotated[
        float, between(0, 1), "Largest absolute value of an inner product of two teachers."
    ]
    end: Annotated[
        Literal["bad", "global", "unfinished"],
        "Where descent from II_1 ends: with the loss of a bad run or without, or nowhere.",
    ]
    loss: Annotated[Loss, "Population loss at the end."]
    distance: Annotated[Weight, at_least(0), "Frobenius distance of the end from II_1."]
    proved: Annotated[bool, "Whether it is proved to be a strict, spurious local minimum."]
    reason: Reason
    hessian_lower: Annotated[
        LossCurvature | None, "Lower bound of the smallest Hessian eigenvalue over the box."
    ]
    checked: Checked
    line: CertificateLine


@table(key=("family", "second_block", "k"), version=1)
class GeneralPersistence:
    """One row a minimum for orthonormal teachers, and how far from these it persists.

    Teachers V are within r if |V V^T - I| <= r in the Frobenius norm.
    """

    family: Family
    second_block: SecondBlock
    k: Teachers
    gram_radius: Annotated[
        float | None,
        between(0, 1),
        "For every V within this there is a strict spurious minimum, as the certificate says; "
        "empty where no radius was found.",
    ]
    hessian_lower: Annotated[
        LossCurvature | None, "Lower bound of the smallest Hessian eigenvalue at all of these."
    ]
    loss_lower: Annotated[Loss | None, "Lower bound of the loss at all of these."]
    distance: Annotated[
        Weight | None,
        at_least(0),
        "They are no farther from the minimum for orthonormal teachers, turned as V is.",
    ]
    d_half: Annotated[
        InputCount,
        "Inputs from which on random unit teachers are within the radius with probability 1/2; 0 "
        "without a radius.",
    ]
    d_99: Annotated[InputCount, "The same with probability .99."]
    d_999: Annotated[InputCount, "The same with probability .999."]
    radius_steepest: Annotated[
        float,
        between(0, 1),
        "Up to where the minimum is followed in float64 in the direction, of those climbed to, in "
        "which the Hessian falls fastest; 1 is the farthest that is tried.",
    ]
    radius_random_least: Annotated[
        float, between(0, 1), "The same in directions of random unit teachers: the least of them."
    ]
    radius_random_median: Annotated[float, between(0, 1), "The median of them."]
    checked: Checked
    line: CertificateLine
