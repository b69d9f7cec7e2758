"""Result tables of the classes of critical points."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import (
    ClassId,
    InputDimension,
    Kind,
    Loss,
    LossCurvature,
    LossSlope,
    NeuronCount,
    RunCount,
    Search,
    Share,
    SmallestEigenvalue,
    StepsTaken,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import at_least, table

RunsOfClass = Annotated[
    RunCount, at_least(1), "Classified restarts of all searches that ended in the class."
]
RepresentativeLoss = Annotated[Loss, at_least(-1e-9), "Population loss at the representative."]


@table(key=("k", "n", "class_id"), version=2)
class Classes:
    """One row a class of end points that are equal up to permuting neurons and coordinates,
    measured at its polished representative (arrays/representatives.npz).
    """

    k: Teachers
    n: Students
    d: InputDimension
    class_id: ClassId
    runs: RunsOfClass
    loss: RepresentativeLoss
    gradient_norm: Annotated[
        LossSlope, at_least(0), "Frobenius norm of the gradient at the representative."
    ]
    polish_outcome: Annotated[
        Literal["polished", "gradient_did_not_fall", "moved_too_far"],
        "How Newton's method ended at the representative.",
    ]
    polish_distance: Annotated[
        Weight, at_least(0), "How far Newton steps moved the representative."
    ]
    diameter: Annotated[Weight, at_least(0), "Largest distance of a member to the representative."]
    convex_radius: Annotated[
        Weight,
        at_least(0),
        "Radius of a ball around the representative from all of which descent leads to it; 0 if "
        "none is known.",
    ]
    neuron_orbits: Annotated[str, "Sizes of the sets of equivalent neurons, such as 1+6."]
    coordinate_orbits: Annotated[
        str, "Sizes of the sets of equivalent coordinates, the p of S21, such as 1+6."
    ]
    distinct_values: Annotated[int, at_least(1), "Number of distinct weights."]
    distance_to_global_minima: Annotated[
        Weight, at_least(0), "Frobenius distance to the set of global minima (S21, Theorem 2)."
    ]
    is_global: Annotated[bool, "Whether the representative is a global minimum."]


@table(key=("search", "k", "n", "restart"), version=1)
class Memberships:
    """One row a classified restart, with the class of its end point. Runs stopped early have
    none.
    """

    search: Search
    k: Teachers
    n: Students
    restart: Annotated[int, at_least(0), "Number of the restart."]
    class_id: Annotated[int, at_least(0), "Class of the end point, counted from 0 in each case."]
    distance_to_representative: Annotated[
        Weight,
        at_least(0),
        "Frobenius distance to the representative after the best permutation of neurons and "
        "coordinates.",
    ]
    finished_by_newton: Annotated[
        bool,
        "Whether the iteration budget ended descent and Newton's method took it to the critical "
        "point.",
    ]


@table(key=("search", "k", "n", "class_id"), version=1)
class Spreads:
    """One row a class at n = k that is not global and in which two or more runs of one search
    ended by its tolerance.
    """

    search: Search
    k: Teachers
    n: Students
    class_id: ClassId
    runs: Annotated[RunCount, at_least(2), "Runs of the search that ended so."]
    spread: Annotated[
        Weight,
        at_least(0),
        "Largest Frobenius distance of two of them, neurons and coordinates permuted.",
    ]


@table(key=("k", "n", "class_id", "neuron"), version=3)
class Neurons:
    """One row a neuron of a class representative."""

    k: Teachers
    n: Students
    class_id: ClassId
    neuron: Annotated[int, at_least(0), "Row of the representative, counted from 0."]
    orbit: Annotated[int, at_least(0), "Neurons with the same number are equivalent."]
    norm: Annotated[Weight, at_least(0), "Norm of the neuron."]
    inner_smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest eigenvalue of H'_ii = H_ii - I/2."
    ]
    mean_curvature: Annotated[LossCurvature, "Mean eigenvalue tr(H'_ii)/d."]


@table(key=("k", "n", "class_id"), version=3)
class Curvature:
    """One row a class, the curvature of the loss at its representative; spectra are in
    arrays/spectra.npz.
    """

    k: Teachers
    n: Students
    class_id: ClassId
    runs: RunsOfClass
    loss: RepresentativeLoss
    kind: Kind
    smallest_eigenvalue: SmallestEigenvalue
    largest_eigenvalue: Annotated[LossCurvature, "Largest eigenvalue of the Hessian."]
    eigenvalue_error: Annotated[
        LossCurvature, at_least(0), "Bound on the error of the eigenvalues."
    ]
    negative_eigenvalues: Annotated[int, at_least(0), "Eigenvalues below minus the error."]
    norm_sum: Annotated[Weight, at_least(0), "Sum of the norms of the neurons."]
    norm_gap: Annotated[
        Weight, "k minus the sum of norms; Theorem 14 of S21 assumes that it is not negative."
    ]
    largest_inner_eigenvalue: Annotated[
        LossCurvature,
        "Over the neurons, the largest of the smallest eigenvalues of H'_ii = H_ii - I/2.",
    ]
    largest_mean_curvature: Annotated[
        LossCurvature, "Over the neurons, the largest mean eigenvalue tr(H'_ii)/d."
    ]


@table(key=("k", "n", "class_id", "neuron", "alpha"), version=3)
class Splits:
    """One row a split of a neuron w_i into (alpha w_i, (1 - alpha) w_i) at a class representative
    that is not global.
    """

    k: Teachers
    n: Annotated[NeuronCount, at_least(1), "Number of students before the split."]
    class_id: Annotated[int, at_least(0), "Class that is split, counted from 0 in each case."]
    kind: Annotated[
        Literal["spurious_minimum", "saddle", "undecided"],
        "What the critical point was before the split.",
    ]
    neuron: Annotated[int, at_least(0), "Row of the representative that is split."]
    alpha: Annotated[Share, "Share of the first half."]
    gradient_norm: Annotated[
        LossSlope, at_least(0), "Frobenius norm of the gradient after the split."
    ]
    smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest eigenvalue of the Hessian after the split."
    ]
    eigenvalue_error: Annotated[LossCurvature, at_least(0), "Bound on its error."]
    inner_smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest eigenvalue lambda of H'_ii of the neuron before the split."
    ]
    bound: Annotated[
        LossCurvature,
        "Upper bound lambda/2 (1/alpha + 1/(1 - alpha)) on the smallest eigenvalue after the "
        "split (S21, Lemma 29).",
    ]
    verdict: Annotated[
        Literal["strict_saddle", "not_strict_saddle"], "Whether the split point is a strict saddle."
    ]


@table(key=("k", "n", "class_id", "neuron", "alpha", "sign"), version=1)
class Fates:
    """One row a descent from a split point, along one sign of its direction of negative
    curvature.
    """

    k: Teachers
    n: Annotated[NeuronCount, at_least(1), "Number of students before the split."]
    class_id: Annotated[int, at_least(0), "Class that was split, counted from 0 in each case."]
    neuron: Annotated[int, at_least(0), "Row of the representative that was split."]
    alpha: Annotated[Share, "Share of the first half."]
    sign: Annotated[Literal[-1, 1], "Sign of the first push along the direction."]
    iterations: StepsTaken
    stop_reason: Annotated[
        Literal["converged", "below_threshold", "iteration_budget", "diverged", "non_finite"],
        "Why the descent ended.",
    ]
    loss_before: Annotated[Loss, at_least(-1e-9), "Population loss at the split point."]
    loss_after: Annotated[
        Loss | None, at_least(-1e-9), "Population loss at the end; empty if it is not finite."
    ]
    landing: Annotated[
        Literal["global", "class", "new", "unfinished"],
        "Where it ended: at a global minimum, in a known class of (k, n + 1), at a new point, or "
        "nowhere yet.",
    ]
    landing_class: Annotated[int, at_least(-1), "Class of (k, n + 1) where it ended, or -1."]
    gradient_norm: Annotated[
        LossSlope | None,
        at_least(0),
        "Frobenius norm of the gradient at the end; empty if it is not finite.",
    ]


Slope = Annotated[
    LossSlope,
    "Slope of the loss where the zero half grows, in the better of two directions next to that of "
    "the neuron; below zero the point is no minimum.",
]


@table(key=("k", "n", "class_id", "neuron"), version=1)
class ZeroHalves:
    """One row an orbit of neurons of a class representative that is not global, of which one is
    split with a share of 0 or 1: one half keeps the weights, the other is zero.
    """

    k: Teachers
    n: Annotated[NeuronCount, at_least(1), "Number of students before the split."]
    class_id: Annotated[int, at_least(0), "Class that is split, counted from 0 in each case."]
    kind: Annotated[
        Literal["spurious_minimum", "saddle", "undecided"],
        "What the critical point was before the split.",
    ]
    neuron: Annotated[int, at_least(0), "Row of the representative that is split."]
    inner_smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest eigenvalue lambda of H'_ii of the neuron before the split."
    ]
    slope: Slope
    slope_error: Annotated[LossSlope, at_least(0), "Bound on its error."]


@table(key=("k", "n", "class_id", "neuron"), version=1)
class FewStudentSplits:
    """One row a neuron of a class of end points with fewer students than teachers, and what its
    splits are.
    """

    k: Teachers
    n: Annotated[NeuronCount, at_least(1), "Number of students before the split, below k."]
    class_id: Annotated[int, at_least(0), "Class, counted from 0 in each case."]
    runs: Annotated[RunCount, at_least(1), "Restarts that ended in the class."]
    loss: RepresentativeLoss
    kind: Annotated[
        Literal["spurious_minimum", "saddle", "undecided"],
        "What the critical point is; every minimum counts as spurious, its loss being positive.",
    ]
    norm_gap: Annotated[
        Weight, "k minus the sum of norms; Theorem 14 of S21 assumes that it is not negative."
    ]
    neuron: Annotated[int, at_least(0), "Row of the representative that is split."]
    inner_smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest eigenvalue lambda of H'_ii of the neuron before the split."
    ]
    saddles: Annotated[int, at_least(0), "Shares alpha for which the split is a strict saddle."]
    shares: Annotated[int, at_least(1), "Shares alpha in (0, 1) that were tried."]
    largest_eigenvalue: Annotated[
        LossCurvature, "Largest over these shares of the smallest Hessian eigenvalue after a split."
    ]
    slope: Slope
    slope_error: Annotated[LossSlope, at_least(0), "Bound on its error."]
