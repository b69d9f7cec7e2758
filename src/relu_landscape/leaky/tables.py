"""Result tables of leaky networks."""

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
    Family,
    Loss,
    LossCurvature,
    NeuronCount,
    RunCount,
    SecondBlock,
    Teachers,
)
from relu_landscape.tables.schema import Unit, at_least, between, table

Slope = Annotated[float, between(-1, 1), "Slope s of the activation max(z, s z)."]
Irrep = Annotated[str, "Representation of the smallest eigenvalue."]


@table(key=("family", "m", "k", "slope"), version=1)
class LeakyPoints:
    """One row a critical point of a family at one slope, of the slopes that the family reaches."""

    family: Family
    m: SecondBlock
    k: Teachers
    slope: Slope
    loss: Annotated[Loss, "Population loss F_s."]
    smallest_eigenvalue: Annotated[LossCurvature, "Smallest Hessian eigenvalue."]
    irrep: Irrep
    index: Annotated[
        float, at_least(0), "Number of negative Hessian eigenvalues, with multiplicity."
    ]


@table(key=("family", "m", "k", "event", "slope"), version=1)
class LeakyThresholds:
    """One row an event along a family at one k, as the slope changes."""

    family: Family
    m: SecondBlock
    k: Teachers
    event: Annotated[
        Literal["fold", "eigenvalue"],
        "The family turns back; or its smallest eigenvalue changes its sign.",
    ]
    slope: Annotated[float, between(-1, 1), "Slope s there."]
    irrep: Annotated[str | None, "Representation of the eigenvalue; empty for a fold."]
    index_below: Annotated[
        float | None, at_least(0), "Index at the next smaller slope of leaky_points."
    ]
    index_above: Annotated[
        float | None, at_least(0), "Index at the next larger slope of leaky_points."
    ]


@table(key=("family", "m", "slope", "event"), version=1)
class LeakySizes:
    """One row a real k at which a family changes at one slope."""

    family: Family
    m: SecondBlock
    slope: Slope
    event: Annotated[
        Literal["fold", "eigenvalue"],
        "From this k on the family ends in a fold before this slope; or is a minimum at it.",
    ]
    k: Annotated[
        float | None,
        at_least(1),
        "Number of teachers, real; empty if it is a minimum from k = m + 3 on.",
    ]
    irrep: Annotated[str | None, "Representation of the eigenvalue; empty for a fold."]


@table(key=("family", "m", "k", "slope"), version=1)
class LeakyEnclosures:
    """One row a critical point of a family for which a proof in balls was tried."""

    family: Family
    m: SecondBlock
    k: Teachers
    slope: Slope
    state: Annotated[
        Literal["enclosed", "not_enclosed", "not_reached"],
        "Enclosed, with the sign of every Hessian eigenvalue; nothing proved; or no such point.",
    ]
    index: Annotated[
        float | None, at_least(0), "Number of negative Hessian eigenvalues; no other one is zero."
    ]
    loss_lower: Annotated[Loss | None, "Lower bound of the loss."]
    loss_upper: LossUpper


@table(key=("family", "m", "k", "slope"), version=1)
class CertifiedSlopes:
    """One row a point of a family for which a proof that it is a minimum was tried."""

    family: Family
    m: SecondBlock
    k: Teachers
    slope: Slope
    proved: Annotated[
        bool, "Whether a certificate shows a spurious strict minimum, for every number of inputs."
    ]
    reason: Reason
    checked: Checked
    loss_lower: LossLower
    loss_upper: LossUpper
    hessian_lower: HessianLower
    orthogonal_hessian_lower: OrthogonalHessianLower
    splits: Annotated[NeuronCount, "Classes of neurons; 0 where nothing was proved."]
    splits_proved: Annotated[
        NeuronCount, "Those of which every split, for every share, is proved a strict saddle."
    ]
    line: CertificateLine


@table(key=("k", "slope"), version=1)
class LeakyShares:
    """One row the restarts at one slope, n = k; the starts are the same at every slope."""

    k: Teachers
    slope: Slope
    runs: Annotated[RunCount, at_least(1), "Restarts."]
    unfinished: Annotated[RunCount, "Restarts that did not converge within the budget."]
    bad: Annotated[RunCount, "Restarts that converged, to the loss of a bad run or more."]
    spurious: Annotated[
        RunCount, "Restarts that converged to a loss that is not zero to rounding, bad or not."
    ]
    negated_rows: Annotated[
        NeuronCount, "Neurons of all restarts that converged whose largest weight is negative."
    ]


@table(key=("family", "m", "k"), version=1)
class LeakyEscapes:
    """One row the restarts next to a critical point of the absolute value, s = -1."""

    family: Family
    m: SecondBlock
    k: Teachers
    displacement: Annotated[
        float, Unit("weight"), at_least(0), "Standard deviation of each weight from the point."
    ]
    runs: Annotated[RunCount, at_least(1), "Restarts."]
    unfinished: Annotated[RunCount, "Restarts that did not converge within the budget."]
    spurious: Annotated[RunCount, "Restarts that converged to a loss that is not zero to rounding."]
