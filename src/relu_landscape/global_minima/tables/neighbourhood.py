"""The set of global minima and the curvature around it."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.global_minima.tables.columns import TeachersAndInputs
from relu_landscape.tables.columns import (
    InputDimension,
    Loss,
    LossCurvature,
    LossSlope,
    NeuronCount,
    Share,
    SmallestEigenvalue,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, table

Arithmetic = Annotated[
    Literal["double", "extended"],
    "Double precision, or the independent reference in extended precision.",
]


@table(key=("k", "n", "d", "sample"), version=1)
class GlobalMinimumMembers:
    """One row a sampled member of the set of global minima (S21, Theorem 2), and the point
    reached from it by a random displacement.
    """

    k: Teachers
    n: Students
    d: InputDimension
    sample: Annotated[int, at_least(0), "Number of the sample."]
    loss: Annotated[Loss, "Population loss of the member."]
    loss_error: Annotated[Loss, at_least(0), "Bound on its rounding error."]
    gradient_norm: Annotated[
        LossSlope, at_least(0), "Frobenius norm of the gradient at the member."
    ]
    distance: Annotated[
        Weight, at_least(0), "Distance to the set at which the member is recognised."
    ]
    displacement: Annotated[Weight, at_least(0), "Frobenius length of the displacement."]
    moved_distance: Annotated[
        Weight,
        at_least(0),
        "Distance of the displaced point to the nearest member found, an upper bound of its "
        "distance to the set.",
    ]
    moved_lower_bound: Annotated[Weight, at_least(0), "Lower bound of its distance to the set."]
    moved_exact: Annotated[bool, "Whether the two bounds meet to rounding."]


@table(key=("k", "d", "rank"), version=3)
class GlobalMinimumSpectra:
    """One row a distinct eigenvalue of the Hessian at the global minimum of n = k, from its
    closed form and computed.
    """

    k: Annotated[NeuronCount, at_least(1), "Number of teachers, and of students."]
    d: InputDimension
    rank: Annotated[
        int, at_least(0), "Place among the closed forms, in increasing order, counted from 0."
    ]
    eigenvalue: Annotated[LossCurvature, "Closed form."]
    multiplicity: Annotated[int, at_least(1), "How often it occurs."]
    largest_difference: Annotated[
        LossCurvature,
        at_least(0),
        "Largest distance of the computed eigenvalues in these places from it.",
    ]


@table(key=("k", "search", "start"), version=6)
class ConvexityRadii:
    """One row a drawn direction, one for each way of searching for the worst direction, and one for
    the worst that any found, from the global minimum of n = k = d; the radius at which the smallest
    Hessian eigenvalue first vanishes along it.
    """

    k: Annotated[NeuronCount, at_least(2), "Number of teachers, and of students."]
    search: Annotated[
        Literal["random", "ring", "trio", "free", "worst"],
        "Direction drawn uniformly; searched among those that D_q x S_(k-q) leaves unchanged, q "
        "neurons on a ring; among those that S_(k-3) does, three neurons moving in any way; among "
        "all by independent chains; the worst of the searched.",
    ]
    start: Annotated[
        int, at_least(0), "Number of the drawn direction; q on a ring; 0 for the others."
    ]
    radius: Annotated[
        Weight | None,
        at_least(0),
        "Frobenius distance from the minimum. Empty where the Hessian stays positive definite up "
        "to the largest radius tried.",
    ]
    largest_radius: Annotated[Weight, at_least(0), "Largest radius tried."]
    smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest Hessian eigenvalue at the radius, or at the largest one tried."
    ]
    spread: Annotated[
        Weight | None,
        at_least(0),
        "Largest minus least radius that chains of searches found; for the worst also between "
        "these and the least ring or trio. Empty for a drawn direction, a ring and a trio.",
    ]
    agreed: Annotated[
        bool,
        "Whether chains, and for the worst also the least ring or trio, agree to 1e-7 of the "
        "radius; true where there is no spread.",
    ]
    place: Annotated[
        int, at_least(0), "Place of the direction in the array convexity_directions of this k."
    ]


@table(key=("k", "n", "d", "share", "epsilon", "arithmetic"), version=3)
class NegativeCurvature:
    """One row a point next to a global minimum of n > k at which the Hessian has a negative
    eigenvalue (S21, Theorem 4); two neurons of one teacher are tilted by the angle atan(epsilon).
    """

    k: Teachers
    n: Annotated[Students, at_least(2)]
    d: Annotated[InputDimension, at_least(2)]
    share: Annotated[
        Share, "Multiple a of the teacher that the first tilted neuron is; the second is 1 - a."
    ]
    epsilon: Annotated[float, at_least(0), "Tangent of the tilt."]
    arithmetic: Arithmetic
    form: Annotated[
        LossCurvature,
        "Computed quadratic form (z, -z)^T H (z, -z), z the unit vector of the tilt plane "
        "orthogonal to the neurons.",
    ]
    form_exact: Annotated[
        LossCurvature, "Closed form -(sin t/pi)(1/|w_1| + 1/|w_2|), t = atan(epsilon)."
    ]
    form_printed: Annotated[
        LossCurvature,
        "Value printed in the proof, -(1 + epsilon)(sin t/pi)(a_1 + a_2)^2/(a_1 a_2).",
    ]
    smallest_eigenvalue: SmallestEigenvalue


@table(key=("k", "n", "d", "share", "epsilon", "arithmetic"), version=3)
class ValleyPoints:
    """One row a point of the valley next to a global minimum of n > k along which one-point
    strong convexity and the PL condition fail (S21, Theorems 7 and 9); w_1 = a v_1 + epsilon v_2,
    w_2 = (1 - a) v_1 - epsilon v_2.
    """

    k: Annotated[Teachers, at_least(2)]
    n: Annotated[Students, at_least(3)]
    d: Annotated[InputDimension, at_least(2)]
    share: Annotated[Share, "Multiple a of the teacher that the first neuron is."]
    epsilon: Annotated[Weight, at_least(0), "Length of the displacement of either neuron."]
    arithmetic: Arithmetic
    loss: Annotated[Loss, "Population loss."]
    squared_gradient_norm: Annotated[
        float,
        Unit("squared loss per weight"),
        at_least(0),
        "Squared Frobenius norm of the gradient.",
    ]
    one_point_gradient: Annotated[
        LossCurvature, "One-point quotient in gradient form, <grad F, W - W*>/|W - W*|^2."
    ]
    one_point_hessian: Annotated[
        LossCurvature, "One-point quotient in Hessian form, (W - W*)^T H(W) (W - W*)/|W - W*|^2."
    ]
    pl_ratio: Annotated[
        LossCurvature | None, "|grad F|^2/(2 F). Empty where the loss is below its rounding error."
    ]
    smallest_eigenvalue: SmallestEigenvalue


@table(key=("k", "n", "direction"), version=1)
class DirectionQuotients:
    """One row a direction drawn uniformly from a global minimum; the one-point quotients at a
    fixed distance along it.
    """

    k: TeachersAndInputs
    n: Annotated[
        NeuronCount,
        at_least(2),
        "Number of students; neuron j belongs to teacher j mod k, with equal shares.",
    ]
    direction: Annotated[int, at_least(0), "Number of the direction."]
    radius: Annotated[Weight, at_least(0), "Frobenius distance from the global minimum."]
    one_point_hessian: Annotated[LossCurvature, "(W - W*)^T H(W) (W - W*)/|W - W*|^2."]
    one_point_gradient: Annotated[LossCurvature, "<grad F(W), W - W*>/|W - W*|^2."]
