"""Result tables of fewer students than teachers."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.certificates.tables import (
    CertificateLine,
    HessianLower,
    LossLower,
    LossUpper,
    OrthogonalHessianLower,
    Reason,
)
from relu_landscape.tables.columns import (
    Checked,
    Loss,
    LossCurvature,
    LossSlope,
    StepCount,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, table

Branch = Annotated[
    Literal["copy_average", "perturbed_copy"],
    "copy_average: n - 1 students near a teacher each, one near the mean of the others; "
    "perturbed_copy: each student near a teacher of its own.",
]
Kernel = Annotated[str, "Activation."]


@table(key=("kernel", "branch", "k", "n"), version=1)
class CopyPoints:
    """One row a critical point with fewer students than teachers."""

    kernel: Kernel
    branch: Branch
    k: Teachers
    n: Students
    isotropy: Annotated[str, "Isotropy subgroup; blocks without neurons last."]
    loss: Annotated[Loss, at_least(0), "Population loss."]
    smallest_eigenvalue: Annotated[LossCurvature, "Smallest Hessian eigenvalue."]
    irrep: Annotated[str, "Representation of the smallest eigenvalue."]
    index: Annotated[
        float, at_least(0), "Number of negative Hessian eigenvalues, with multiplicity."
    ]


@table(key=("kernel", "branch", "k", "n", "parameter"), version=1)
class CopyParameters:
    """One row a parameter of such a point in its fixed-point space."""

    kernel: Kernel
    branch: Branch
    k: Teachers
    n: Students
    parameter: Annotated[
        str,
        "Class of rows and what of them; diag is the own coordinate, c0, c1 the value on "
        "coordinates of that block.",
    ]
    value: Annotated[Weight, "Value."]


@table(key=("kernel", "branch", "k", "n", "rank"), version=1)
class CopySpectra:
    """One row a distinct Hessian eigenvalue of such a point."""

    kernel: Kernel
    branch: Branch
    k: Teachers
    n: Students
    rank: Annotated[int, at_least(0), "Place in increasing order, counted from 0."]
    eigenvalue: Annotated[LossCurvature, "Eigenvalue."]
    multiplicity: Annotated[float, at_least(0), "How often it occurs."]
    irrep: Annotated[str, "Representation that it belongs to."]


@table(key=("k",), version=1)
class LossCrossings:
    """One row a k; the real n at which both points have the same loss, for the ReLU."""

    k: Annotated[Teachers, at_least(8)]
    n: Annotated[
        float,
        Unit("neurons"),
        at_least(1),
        "Real n below which the copy-average has the lower loss, and above which the perturbed "
        "copy has.",
    ]


@table(key=("nodes",), version=1)
class CrossingLimits:
    """One row a number of values of k, from the largest down, from which the limit of n*(k) as k
    grows is extrapolated; beside it the limit that is derived.
    """

    nodes: Annotated[int, at_least(2), "Values of k that the polynomial in 1/k goes through."]
    least_k: Annotated[Teachers, at_least(8), "The least of them."]
    extrapolated: Annotated[float, Unit("neurons"), "Its value at 1/k = 0."]
    lower: Annotated[
        float,
        Unit("neurons"),
        "Lower bound of the zero of the limiting difference of the losses, in ball arithmetic.",
    ]
    upper: Annotated[float, Unit("neurons"), "Upper bound."]


@table(key=("n",), version=1)
class CopyPartings:
    """One row a number of students; where the eigenvalue of the copy-average on which its copies
    part turns negative, for the ReLU.
    """

    n: Annotated[Students, at_least(3)]
    looked_at: Annotated[int, at_least(1), "Values of k at which the eigenvalue was computed."]
    negative: Annotated[int, at_least(0), "Those of them at which it is negative."]
    largest_k: Annotated[Teachers, at_least(5), "The largest of them."]
    eigenvalue: Annotated[LossCurvature, "The eigenvalue there."]
    parts_at: Annotated[
        float | None,
        Unit("neurons"),
        "Real k at which it vanishes, positive below and negative above; empty if it changed its "
        "sign between no two of these k.",
    ]
    lower: Annotated[float | None, Unit("neurons"), "A real k next to it, below."]
    upper: Annotated[float | None, Unit("neurons"), "A real k next to it, above."]
    proved: Annotated[
        bool,
        "Whether ball arithmetic shows that at lower all Hessian eigenvalues are positive, that at "
        "upper this one alone is negative, and that the points between are one curve; d = k.",
    ]


@table(key=("k",), version=1)
class UnequalCopies:
    """One row a k beyond the real k at which the copies of three students part, and the point with
    unequal copies that descent meets next to the copy-average, for the ReLU.
    """

    k: Annotated[Teachers, at_least(5)]
    own_larger: Annotated[Weight, "Weight of one copy on its own teacher."]
    own_smaller: Annotated[Weight, "Weight of the other copy on its own teacher."]
    average_loss_lower: Annotated[
        Loss, at_least(0), "Lower bound of the loss of the copy-average, in ball arithmetic."
    ]
    proved: Annotated[
        bool, "Whether a certificate shows a strict local minimum, for every number of inputs."
    ]
    reason: Reason
    checked: Checked
    loss_lower: LossLower
    loss_upper: LossUpper
    hessian_lower: HessianLower
    orthogonal_hessian_lower: OrthogonalHessianLower
    line: Annotated[
        CertificateLine,
        "Line of the certificate in the file of certified_copies, counted from 1; 0 where there is "
        "none.",
    ]


@table(key=("k", "n", "restart"), version=1)
class FewStudentEnds:
    """One row a restart of descent with fewer students than teachers, and where it ended."""

    k: Teachers
    n: Students
    restart: Annotated[int, at_least(0), "Number of the restart."]
    loss: Annotated[Loss, "Loss at the end."]
    gradient_norm: Annotated[LossSlope, at_least(0), "Norm of the gradient there."]
    iterations: Annotated[StepCount, "Steps taken."]
    end: Annotated[
        Literal["copy_average", "perturbed_copy", "other", "unfinished"],
        "The point that it is, up to the order of neurons and coordinates; unfinished where "
        "descent did not converge. With one student there is only the copy-average.",
    ]
    distance: Annotated[
        Weight | None,
        at_least(0),
        "Largest difference of a weight from the nearer of the two points; empty if unfinished.",
    ]


@table(key=("branch", "k", "n"), version=1)
class CertifiedCopies:
    """One row a critical point with fewer students than teachers, and what was proved of it."""

    branch: Branch
    k: Teachers
    n: Students
    index: Annotated[float, at_least(0), "Number of negative Hessian eigenvalues, not proved."]
    proved: Annotated[
        bool, "Whether a certificate shows a strict local minimum, for every number of inputs."
    ]
    reason: Reason
    checked: Checked
    loss_lower: LossLower
    loss_upper: LossUpper
    hessian_lower: HessianLower
    orthogonal_hessian_lower: OrthogonalHessianLower
    line: CertificateLine
