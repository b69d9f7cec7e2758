"""Result tables of output weights of both signs."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.certificates.tables import CertificateLine
from relu_landscape.tables.columns import (
    ClassId,
    Family,
    InputDimension,
    Loss,
    LossCurvature,
    LossSlope,
    NeuronCount,
    RunCount,
    SecondBlock,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import at_least, table

SplitVerdict = Literal["strict_saddle", "minimum", "undecided"]
SameSign = Annotated[
    SplitVerdict, "What every split of such a neuron into two of its own output is, as proved."
]
OppositeSign = Annotated[
    SplitVerdict,
    "What every split into one of its own output and one of the opposite is, as proved.",
]
CheckedSame = Annotated[bool, "Whether the certificate proves the first of the two verdicts."]
CheckedOpposite = Annotated[bool, "Whether the certificate proves the second."]
Lowest = Annotated[
    LossCurvature, "Smallest eigenvalue of the inner Hessian on the complement of the neuron."
]
Highest = Annotated[LossCurvature, "Largest one."]
OffSpan = Annotated[
    LossCurvature,
    "Its eigenvalue for inputs orthogonal to all neurons and teachers, where there are such.",
]
CurvatureLower = Annotated[
    LossCurvature | None,
    "Lower bound of the modulus of all these eigenvalues, where all have one sign.",
]
OrbitSize = Annotated[NeuronCount, at_least(1), "Neurons that a symmetry exchanges with it."]
Positives = Annotated[NeuronCount, at_least(1), "Students of output 1."]
Negatives = Annotated[NeuronCount, "Students of output -1."]
Gamma = Annotated[float, at_least(1), "Size gamma of the part of output 1."]


@table(key=("k", "n", "class_id", "neuron"), version=1)
class ClassOrbits:
    """One row an orbit of neurons of a class of critical points that is not a global minimum, all
    outputs 1, and what splitting one of them makes.
    """

    k: Teachers
    n: Students
    class_id: ClassId
    neuron: Annotated[int, at_least(0), "The first neuron of the orbit."]
    neurons: OrbitSize
    lowest: Lowest
    highest: Highest
    off_span: OffSpan
    same_sign: SameSign
    opposite_sign: OppositeSign
    checked_same: CheckedSame
    checked_opposite: CheckedOpposite
    curvature_lower: CurvatureLower
    line: CertificateLine


@table(key=("family", "m", "k", "row"), version=1)
class FamilyOrbits:
    """One row an orbit of neurons of a member of a family that is a minimum, and what splitting one
    of them makes.
    """

    family: Family
    m: SecondBlock
    k: Teachers
    row: Annotated[int, at_least(0), "Block of the neuron: 0 that of k - m, 1 that of m."]
    neurons: OrbitSize
    lowest: Lowest
    highest: Highest
    off_span: OffSpan
    same_sign: SameSign
    opposite_sign: OppositeSign
    checked_same: CheckedSame
    checked_opposite: CheckedOpposite
    curvature_lower: CurvatureLower
    line: CertificateLine


@table(key=("k", "row", "gamma"), version=1)
class SplitCurvatures:
    """One row a signed split of a neuron of II_1, as the whole Hessian sees it."""

    k: Teachers
    row: Annotated[int, at_least(0), "Block of the neuron: 0 that of k - 1, 1 the single one."]
    gamma: Gamma
    loss_change: Annotated[Loss, "Loss of the split less that of the point."]
    gradient_norm: Annotated[LossSlope, at_least(0), "Norm of the gradient."]
    smallest_eigenvalue: Annotated[LossCurvature, "Hessian eigenvalue of smallest modulus."]
    next_eigenvalue: Annotated[LossCurvature, "Smallest of the other eigenvalues."]
    form_error: Annotated[
        LossCurvature,
        at_least(0),
        "Largest entry by which the Hessian along the displacements that decouple differs from the "
        "formula.",
    ]
    curvature_across: Annotated[
        LossCurvature,
        "Smallest value of the form across the line, -y^T H'_ii y/(gamma (gamma - 1)), |y| = 1.",
    ]


@table(key=("teachers", "draw", "end"), version=1)
class ChannelEnds:
    """One row a strict minimum of positive loss of networks with a gated linear unit that searches
    met and balls prove.
    """

    teachers: Annotated[Literal["orthonormal", "random"], "Law of the unit teachers."]
    draw: Annotated[
        int, at_least(0), "Number of the draw of teachers; of orthonormal ones, of the size."
    ]
    end: Annotated[int, at_least(0), "Number of the minimum, by loss."]
    k: Teachers
    d: InputDimension
    students: Annotated[NeuronCount, "Students beside the unit, all of output 1."]
    searches: Annotated[int, at_least(1), "Searches that ended there."]
    loss: Annotated[Loss, "F_end there."]
    linear_norm: Annotated[Weight, "|p|, of the linear part of the unit."]
    across_norm: Annotated[Weight, "|p'|, of what of p is orthogonal to the gate."]
    loss_lower: Annotated[Loss, "Lower bound of F_end there."]
    loss_upper: Annotated[Loss, "Upper bound."]
    hessian_lower: Annotated[
        LossCurvature, "Lower bound of the Hessian of F_end, the gate's length held."
    ]
    across_lower: Annotated[Weight, at_least(0), "Lower bound of |p'| over the box."]


@table(key=("teachers", "draw", "end", "gamma"), version=1)
class ChannelRises:
    """One row a pair of students at finite gamma next to the end of a channel with p' not zero."""

    teachers: Annotated[Literal["orthonormal", "random"], "Law of the unit teachers."]
    draw: Annotated[int, at_least(0), "Number of the draw, as in channel_ends."]
    end: Annotated[int, at_least(0), "Number of the minimum, as in channel_ends."]
    gamma: Annotated[float, at_least(1), "Size of the pair: gamma a + p/2 and gamma a - p/2."]
    rate: Annotated[float, "gamma (F_end - F)."]
    limit: Annotated[float, at_least(0), "Its limit |p'|^3/(6 pi |a|), as derived."]
    below: Annotated[bool, "Whether balls prove F to be below F_end at its minimum."]


@table(key=("k", "row", "gamma", "delta"), version=1)
class SignedSlices:
    """One row a point of a plane next to a line of signed splits of a neuron of II_1."""

    k: Teachers
    row: Annotated[int, at_least(0), "Block of the neuron: 0 that of k - 1, 1 the single one."]
    gamma: Gamma
    delta: Annotated[
        Weight,
        "Displacement of both parts along the eigenvector of the largest inner eigenvalue off the "
        "neuron.",
    ]
    excess: Annotated[Loss, "F less its value on the line."]


@table(key=("k", "positives", "negatives"), version=1)
class SignedShares:
    """One row a composition of the students, and how the restarts with it end."""

    k: Teachers
    positives: Positives
    negatives: Negatives
    runs: Annotated[RunCount, "Number of restarts."]
    bad: Annotated[RunCount, "Runs that end with the loss of a bad run or more."]
    isolated: Annotated[
        RunCount,
        "Those of them at tolerance where no student of output -1 is parallel to one of 1.",
    ]
    plateau: Annotated[RunCount, "Those at tolerance where one is."]
    channel: Annotated[
        RunCount,
        "Those not at tolerance whose largest norm grew by a tenth or more in the second half of "
        "the steps.",
    ]
    slow: Annotated[RunCount, "The others not at tolerance."]
    widest_parallel: Annotated[
        float | None,
        at_least(0),
        "Largest distance of unit vectors that counts as parallel at tolerance.",
    ]
    nearest_other: Annotated[float | None, at_least(0), "Smallest one that does not."]


@table(key=("k", "positives", "negatives", "level"), version=1)
class SignedEnds:
    """One row a bad minimum at which restarts with a composition end, parallel students of opposite
    outputs taken together as one.
    """

    k: Teachers
    positives: Positives
    negatives: Negatives
    level: Annotated[int, at_least(0), "Number of the minimum, by loss."]
    runs: Annotated[RunCount, "Runs that end there."]
    on_plateau: Annotated[RunCount, "Runs that end on a line of signed splits of it."]
    merged_positives: Annotated[NeuronCount, "Neurons of output 1 that it has."]
    merged_negatives: Annotated[NeuronCount, "Neurons of output -1 that it has."]
    loss: Annotated[Loss, "Loss of one of these runs."]
    negative_norm: Annotated[
        Weight | None, "Smallest norm of a neuron of output -1; empty where there is none."
    ]
    proved: Annotated[bool, "Whether it is proved a strict minimum, its certificate checked."]
    loss_lower: Annotated[Loss | None, "Lower bound of its loss; empty where not proved."]
    loss_upper: Annotated[Loss | None, "Upper bound."]
    hessian_lower: Annotated[LossCurvature | None, "Lower bound of its smallest eigenvalue."]
    plateaus: Annotated[
        NeuronCount,
        "Its neurons of output 1 for which all splits of opposite signs are proved minima.",
    ]
    line: CertificateLine
