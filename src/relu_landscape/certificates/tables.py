"""Result tables of what is proved."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import (
    ClassId,
    Family,
    FurtherNeurons,
    InputDimension,
    Loss,
    LossCurvature,
    NeuronCount,
    SecondBlock,
    Share,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, table

Method = Literal["all_weights", "symmetry"]
IsMinimum = Annotated[
    bool,
    "Whether a certificate was found: a spurious strict local minimum, for every number of inputs "
    "d >= k.",
]
Reason = Annotated[str | None, "Why not; empty where it was proved."]
LossLower = Annotated[
    Loss | None,
    "Lower bound of the loss, above zero; exact in the certificate. Empty where nothing was "
    "proved.",
]
LossUpper = Annotated[Loss | None, "Upper bound of the loss."]
HessianLower = Annotated[
    LossCurvature | None, "Lower bound of the smallest Hessian eigenvalue over the box."
]
OrthogonalHessianLower = Annotated[
    LossCurvature | None, "The same for displacements orthogonal to all neurons and teachers."
]
BoxRadius = Annotated[
    Weight | None,
    "Half-width of the box in which the minimum is the only critical point; of symmetric points "
    "its radius.",
]
LocationRadius = Annotated[
    Weight | None, "Upper bound of the distance of the minimum from the centre of the box."
]
NormSumUpper = Annotated[Weight | None, "Upper bound of the sum of the norms of the neurons."]
NormSumBelowK = Annotated[
    Literal["proved", "disproved", "undecided"] | None,
    "Whether the sum of norms is at most k, as Theorem 14 of S21 assumes: proved, disproved or "
    "undecided; empty where nothing was proved.",
]
SplitsTried = Annotated[
    NeuronCount, "Neurons, or classes of neurons of symmetric points, whose split is tried."
]
SplitsProved = Annotated[
    NeuronCount, "Those for which it is proved to be a strict saddle for every share."
]
Precision = Annotated[int, Unit("bits"), at_least(2), "Precision of the balls."]
CertificateLine = Annotated[
    int, at_least(0), "Line of the certificate in its file, counted from 1; 0 where there is none."
]


@table(key=("k", "n", "class_id"), version=3)
class CertifiedClasses:
    """One row a class of critical points of the main study that is not a global minimum, and what
    was proved of it.
    """

    k: Teachers
    n: Students
    class_id: ClassId
    method: Annotated[
        Method,
        "What the proof works on: all weights, or those that the recognised symmetry leaves; then "
        "the minimum is proved up to the order of neurons and coordinates.",
    ]
    proved: IsMinimum
    reason: Reason
    loss_lower: LossLower
    loss_upper: LossUpper
    hessian_lower: HessianLower
    orthogonal_hessian_lower: OrthogonalHessianLower
    box_radius: BoxRadius
    location_radius: LocationRadius
    norm_sum_upper: NormSumUpper
    norm_sum_below_k: NormSumBelowK
    splits: SplitsTried
    splits_proved: SplitsProved
    bits: Precision
    file: Annotated[str, "File for the certificate, in certificates/."]
    line: CertificateLine


@table(key=("family", "m", "extra", "k"), version=1)
class CertifiedFamilies:
    """One row a symmetric critical point of a family at one k, and what was proved of it."""

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    k: Annotated[Teachers, at_least(2)]
    proved: IsMinimum
    reason: Reason
    loss_lower: LossLower
    loss_upper: LossUpper
    hessian_lower: HessianLower
    orthogonal_hessian_lower: OrthogonalHessianLower
    box_radius: BoxRadius
    location_radius: LocationRadius
    norm_sum_upper: NormSumUpper
    norm_sum_below_k: NormSumBelowK
    splits: SplitsTried
    splits_proved: SplitsProved
    bits: Precision
    line: CertificateLine


@table(key=("k", "n"), version=1)
class CertifiedPairs:
    """One row a pair (k, n) of the 2018 theorem, and the spurious minimum proved there."""

    k: Teachers
    n: Students
    start: Annotated[str, "Where the point came from that the proof starts at."]
    proved: IsMinimum
    reason: Reason
    loss_lower: LossLower
    loss_upper: LossUpper
    hessian_lower: HessianLower
    orthogonal_hessian_lower: OrthogonalHessianLower
    box_radius: BoxRadius
    location_radius: LocationRadius
    norm_sum_upper: NormSumUpper
    norm_sum_below_k: NormSumBelowK
    splits: SplitsTried
    splits_proved: SplitsProved
    bits: Precision
    line: CertificateLine


@table(key=("k",), version=1)
class CertifiedGlobalMinima:
    """One row a k; the curvature at and around the global minimum of n = k that is proved."""

    k: Annotated[NeuronCount, at_least(2), "Number of teachers, and of students."]
    eigenvalue_lower: Annotated[
        LossCurvature,
        "Lower bound of the smallest Hessian eigenvalue at the minimum; exact in the certificate.",
    ]
    eigenvalue_upper: Annotated[LossCurvature, "Upper bound of it."]
    radius: Annotated[
        Weight, at_least(0), "Frobenius radius of a ball in which strong convexity is proved."
    ]
    hessian_lower: Annotated[
        LossCurvature, at_least(0), "Lower bound of the smallest Hessian eigenvalue in the ball."
    ]
    bits: Precision
    line: Annotated[int, at_least(1), "Line of the certificate in its file, counted from 1."]


@table(key=("quantity", "point"), version=2)
class CertifiedInequalities:
    """One row an inequality at an explicit rational point next to a global minimum that is
    proved.
    """

    quantity: Annotated[
        Literal[
            "hessian_form",
            "one_point_gradient",
            "one_point_hessian",
            "pl_ratio",
            "conjecture12_gap",
        ],
        "What is bounded from above.",
    ]
    point: Annotated[str, "Construction of the point, with its exact parameters."]
    n: Students
    k: Teachers
    d: InputDimension
    share: Annotated[
        Share | None,
        "Multiple a of the teacher that the first of a pair of neurons is, the double nearest to "
        "it. Empty at a witness.",
    ]
    witness: Annotated[str | None, "Name of a counterexample to Conjecture 12. Empty at a pair."]
    epsilon: Annotated[
        Weight,
        at_least(0),
        "Size of the displacement, of a witness its scale s; the double nearest to it.",
    ]
    proved: Annotated[bool, "Whether the inequality was proved."]
    upper: Annotated[
        float | None,
        "Upper bound of the quantity; exact in the certificate. Empty where nothing was proved.",
    ]
    distance_upper: Annotated[Weight | None, "Upper bound of the distance to the global minimum."]
    bits: Precision
    line: CertificateLine


@table(key=("k", "basin"), version=1)
class CertifiedBasins:
    """One row a basin of a search, a ball in which gradient descent is proved to go to its one
    minimum, n = k.
    """

    k: Annotated[Teachers, at_least(2), "Number of teachers, and of students."]
    basin: Annotated[
        int, at_least(0), "Place in the arrays that the search was given, counted from 0."
    ]
    radius: Annotated[
        Weight,
        at_least(0),
        "Frobenius radius around the stored centre, as the search was given it.",
    ]
    step_bound: Annotated[
        float,
        "weight squared per loss",
        at_least(0),
        "Gradient descent with steps below this stays, as the search was given it.",
    ]
    gradient_bound: Annotated[
        float,
        "loss per weight",
        at_least(0),
        "Bound of the gradient norm in the ball, as the search was given it.",
    ]
    hessian_lower: Annotated[
        LossCurvature,
        at_least(0),
        "Lower bound of the smallest Hessian eigenvalue in the ball; exact in the certificate.",
    ]
    hessian_upper: Annotated[LossCurvature, at_least(0), "Upper bound of the largest one."]
    location_radius: Annotated[
        Weight, at_least(0), "The minimum is no farther from the stored centre."
    ]
    bits: Precision
    line: Annotated[CertificateLine, at_least(1)]


@table(key=("file",), version=1)
class CertificateChecks:
    """One row a file of certificates; what the checker, which shares no code with the producer,
    says of it.
    """

    file: Annotated[str, "Name of the file in certificates/."]
    certificates: Annotated[int, at_least(0), "Lines in the file."]
    accepted: Annotated[int, at_least(0), "Lines that the checker proved again."]


@table(key=("line",), version=1)
class Conjecture12Theorems:
    """One row a theorem about Conjecture 12 (S21), of any number of inputs d >= k."""

    line: Annotated[int, at_least(1), "Line of its certificate, counted from 1."]
    statement: Annotated[
        Literal[
            "conjecture12_ray",
            "conjecture12_leading_constant",
            "conjecture12_direction",
            "conjecture12_point",
            "conjecture12_corrected",
            "conjecture12_every_k",
        ],
        "What is proved: that the conjecture fails on a ray that ends in the global minimum; the "
        "largest leading constant C of LHS >= (1 - C eps) RHS; a lower bound of it; one of every C "
        "with which that holds up to the reach; LHS >= (1 - C eps) RHS; LHS >= (1 - 4/(pi - 2) eps "
        "- D k eps^2) RHS.",
    ]
    k: Annotated[
        Teachers,
        at_least(2),
        "At this k; of a ray, of a point, of k = 3 and of the last, from it on.",
    ]
    m: Annotated[NeuronCount, "Students a teacher; 0 for every number of them."]
    size: Annotated[
        Literal["displacement", "orthogonal"] | None,
        "Of which part of a row eps is the largest norm: all of it, or what is orthogonal to its "
        "teacher.",
    ]
    lower: Annotated[float | None, "Lower bound of C; exact in the certificate."]
    upper: Annotated[float | None, "Upper bound of C, or D."]
    reach: Annotated[Weight | None, "Largest eps, or scale on the ray; empty for a limit."]


@table(key=("line",), version=1)
class Conjecture12Checks:
    """One row a theorem about Conjecture 12; what the checker, which shares no code with what wrote
    it, says of it.
    """

    line: Annotated[int, at_least(1), "Line of its certificate, counted from 1."]
    accepted: Annotated[bool, "Whether the checker proved it again."]
    says: Annotated[str, "What it then says that the line proves."]


@table(key=("k",), version=1)
class ConvexityBounds:
    """One row a k; between which bounds the radius of strong convexity around the global minimum of
    n = k lies, by the proof that holds for every k and every d >= k.
    """

    k: Annotated[NeuronCount, at_least(3), "Number of teachers, and of students."]
    lower: Annotated[Weight, at_least(0), "Lower bound, rounded down."]
    upper: Annotated[Weight, at_least(0), "Upper bound, rounded up."]


@table(key=("method", "k"), version=1)
class ProofTimes:
    """One row a timed proof that II_1 with n = k, and every split of it, is what it is said to
    be. Times differ from run to run and from machine to machine; nothing is judged by them.
    """

    method: Annotated[Method, "What the proof works on."]
    k: Annotated[Teachers, at_least(6)]
    bits: Precision
    prove_seconds: Annotated[
        float, Unit("s"), at_least(0), "Processor time of the proof, the least of the repeats."
    ]
    check_seconds: Annotated[
        float,
        Unit("s"),
        at_least(0),
        "Processor time of the checker on the certificate, the least of the repeats.",
    ]
    line_bytes: Annotated[int, Unit("bytes"), at_least(1), "Length of the certificate."]
