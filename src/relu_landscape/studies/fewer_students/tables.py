"""Result tables of erf students fewer than the teachers."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.certificates.tables import (
    CertificateLine,
    HessianLower,
    LossUpper,
    Reason,
)
from relu_landscape.fewer_students.tables import Branch
from relu_landscape.tables.columns import (
    Checked,
    Loss,
    LossCurvature,
    LossSlope,
    Share,
    StepCount,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, table

End = Literal["copy_average", "perturbed_copy", "other", "unfinished"]


@table(key=("k", "n"), version=1)
class ErfPartitions:
    """One row a size, about the copy-average configurations of all partitions of k into n groups.

    One student a group averages its teachers; erf, output weights trained.
    """

    k: Teachers
    n: Students
    partitions: Annotated[int, at_least(1), "Number of partitions."]
    gradient_bound: Annotated[
        LossSlope,
        at_least(0),
        "Largest bound, over the partitions, on an entry of the gradient in weights and outputs, "
        "in ball arithmetic with 224 bits.",
    ]
    identities: Annotated[
        bool,
        "Whether the identities by which the gradient is zero hold for every size of group, in "
        "exact rational numbers.",
    ]
    extreme_is_best: Annotated[
        bool,
        "Whether ball arithmetic shows that n - 1 copies and one average have a lower loss than "
        "every other partition.",
    ]
    best_loss: Annotated[Loss, at_least(0), "Loss of n - 1 copies and one average."]
    second_loss: Annotated[
        Loss | None, at_least(0), "The least loss of another partition; empty if there is none."
    ]


@table(key=("branch", "k", "n"), version=1)
class CertifiedErf:
    """One row a point of erf for which a certificate was tried, in weights and outputs."""

    branch: Branch
    k: Teachers
    n: Students
    proved: Annotated[
        bool, "Whether a certificate shows a strict local minimum, for every number of inputs."
    ]
    reason: Reason
    checked: Checked
    loss_lower: Annotated[Loss | None, "Lower bound of the loss; empty where nothing was proved."]
    loss_upper: LossUpper
    hessian_lower: HessianLower
    orthogonal_hessian_lower: Annotated[
        HessianLower, "The same for displacements along a further input."
    ]
    line: CertificateLine


@table(key=("branch", "k", "n"), version=1)
class ErfPoints:
    """One row a symmetric critical point of erf in weights and output weights, d = k + 1."""

    branch: Branch
    k: Teachers
    n: Students
    loss: Annotated[Loss, at_least(0), "Population loss."]
    norm: Annotated[Weight, at_least(0), "Norm of the average, or of each perturbed copy."]
    output: Annotated[float, Unit("output weight"), "Its output weight."]
    own: Annotated[Weight | None, "Its weight on its own teacher; empty for an average."]
    copied: Annotated[Weight | None, "Its weight on each teacher that others copy."]
    left_out: Annotated[Weight, "Its weight on each teacher that no student copies."]
    smallest_eigenvalue: Annotated[
        LossCurvature, "Smallest eigenvalue of the Hessian in weights and outputs."
    ]
    irrep: Annotated[str, "Representation of the smallest eigenvalue."]
    index: Annotated[int, at_least(0), "Number of its negative eigenvalues."]
    loss_lower: Annotated[
        Loss | None,
        at_least(0),
        "Lower bound of the loss of a critical point that is proved to exist; empty if not tried.",
    ]
    loss_upper: Annotated[Loss | None, at_least(0), "Upper bound of it."]
    proved_index: Annotated[
        float | None,
        at_least(0),
        "Number of negative eigenvalues there, all others proved positive; empty if not proved.",
    ]


@table(key=("k",), version=1)
class ErfCrossings:
    """One row a k; where both points of erf have the same loss, and where both become minima."""

    k: Annotated[Teachers, at_least(3)]
    n: Annotated[
        float,
        Unit("neurons"),
        at_least(1),
        "Real n below which the copy-average is lower, and above which the perturbed copy is.",
    ]
    share: Annotated[Share, "n/k."]
    perturbed_from: Annotated[
        float | None,
        Unit("neurons"),
        at_least(2),
        "Real n from which on the perturbed copy is a minimum; empty where k is less than 8.",
    ]


@table(key=("k", "n", "restart"), version=1)
class ErfEnds:
    """One row a gradient flow of erf students, weights and outputs, from Glorot's start, d = k + 1.

    Newton steps follow the flow.
    """

    k: Teachers
    n: Students
    restart: Annotated[int, at_least(0), "Number of the restart."]
    loss: Annotated[Loss, "Loss at the end."]
    gradient_norm: Annotated[LossSlope, at_least(0), "Norm of the gradient there."]
    steps: Annotated[StepCount, "Steps of the solver of the flow."]
    largest_output: Annotated[
        float, Unit("output weight"), at_least(0), "Largest size of an output weight."
    ]
    norm: Annotated[Weight, at_least(0), "Norm of the student that has it."]
    end: Annotated[
        End,
        "The point that it is, up to the order of neurons and coordinates and the sign of neurons; "
        "unfinished where Newton steps did not converge.",
    ]
    distance: Annotated[
        Weight | None,
        at_least(0),
        "Largest difference of a weight or output from the nearer point; empty where neither has "
        "the same teachers copied.",
    ]
    end_again: Annotated[
        End | None,
        "The end of the same flow followed a hundred times more accurately; empty if it was not.",
    ]
