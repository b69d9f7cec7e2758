"""Result tables of what is proved for every k."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import (
    Family,
    FurtherNeurons,
    Loss,
    LossCurvature,
    SecondBlock,
)
from relu_landscape.tables.schema import Unit, at_least, table

Exact = Annotated[str | None, "It exactly, as a function of pi; empty where it is enclosed alone."]
Scaled = Annotated[Loss, "F for A and I_m, k F/m for II_m."]
PieceNumber = Annotated[int, at_least(0), "Piece, counted from 0 at k = infinity."]
NeuronClass = Annotated[int, at_least(0), "Class of rows of the neuron: 0 ordinary, 1 special."]
Irrep = Annotated[str, "Representation of the symmetries of the neuron."]
Place = Annotated[int, at_least(0), "Place among those of its representation, from 0 upwards."]
LeastM = Annotated[int, Unit("neurons"), at_least(3), "Least number of special rows, m."]
LeastRatio = Annotated[float, at_least(1), "Least k/m."]
PieceCount = Annotated[int, at_least(0), "Pieces of the certificate."]


@table(key=("family", "m"), version=1)
class FamilyTheorems:
    """One row a family that is to be proved a spurious strict minimum, with only saddles among its
    splits, for every real k from a bound on and every number of inputs d >= k.
    """

    family: Family
    m: SecondBlock
    least_k: Annotated[float | None, Unit("neurons"), "The bound; empty where nothing was proved."]
    proved: Annotated[bool, "Whether a certificate was found."]
    reason: Annotated[str | None, "Why not, and how far it came; empty where it was proved."]
    pieces: PieceCount


@table(key=("family", "m", "piece"), version=1)
class TheoremPieces:
    """One row a piece of a theorem, an interval of h = k^(-1/2), and what is proved over it."""

    family: Family
    m: SecondBlock
    piece: PieceNumber
    least_k: Annotated[float, Unit("neurons"), at_least(0), "Least k of the piece, rounded up."]
    largest_k: Annotated[
        float | None, Unit("neurons"), "Largest k of the piece, rounded down; empty: infinity."
    ]
    loss_lower: Annotated[
        Scaled, "Lower bound of the scaled loss: of F for A and I_m, k F/m for II_m."
    ]
    loss_upper: Annotated[Scaled, "Upper bound of the scaled loss."]
    eigenvalue_lower: Annotated[
        LossCurvature, at_least(0), "Lower bound of the smallest Hessian eigenvalue."
    ]
    component: Annotated[
        str, "The isotypic component, or the inputs off the span, with the smallest bound."
    ]
    norm_gap_lower: Annotated[
        float | None,
        Unit("weight times neurons squared"),
        "Lower bound of k^2 (k - sum of norms), where it is proved.",
    ]


@table(key=("family", "m"), version=1)
class TheoremChecks:
    """One row a theorem; what the checker, which shares no code with what wrote it, says of it."""

    family: Family
    m: SecondBlock
    pieces: PieceCount
    accepted: Annotated[bool, "Whether the checker proved it again."]


@table(key=("family", "m", "neuron_class"), version=1)
class TheoremSignedSplits:
    """One row a class of neurons of a proved family: what splits of it into parts of opposite
    signs, gamma w and -(gamma - 1) w, are at every real k from the bound of the theorem on, for
    every gamma > 1 and every number of inputs d >= k.
    """

    family: Family
    m: SecondBlock
    neuron_class: NeuronClass
    least_k: Annotated[float, Unit("neurons"), at_least(2), "The bound."]
    outcome: Annotated[
        Literal["minima", "turn", "saddles", "undecided"],
        "minima: a half-line of spurious minima, not strict along gamma alone; saddles: strict "
        "ones, as those into parts of one sign; turn: minima up to some k, saddles beyond it.",
    ]
    turn_lower: Annotated[
        float | None, Unit("neurons"), "Lower end of the k of a turn, rounded down; empty: none."
    ]
    turn_upper: Annotated[
        float | None, Unit("neurons"), "Upper end of the k of a turn, rounded up; empty: none."
    ]


@table(key=("family", "least_m", "least_ratio"), version=1)
class RectangleTheorems:
    """One row a theorem for every m at once: for every whole m >= least_m, every real
    k >= least_ratio m and every number of inputs d >= k a spurious strict minimum, with only
    saddles among its splits.
    """

    family: Family
    least_m: LeastM
    least_ratio: LeastRatio
    proved: Annotated[bool, "Whether a certificate was found."]
    reason: Annotated[str | None, "Why not, and where; empty where it was proved."]
    rectangles: Annotated[
        int, at_least(0), "Rectangles of sqrt(m/k) and 1/sqrt(m) of the certificate."
    ]
    eigenvalue_lower: Annotated[
        float | None,
        Unit("loss per weight squared"),
        "Lower bound of the smallest Hessian eigenvalue, over all m and k.",
    ]


@table(key=("family", "least_m", "least_ratio"), version=1)
class RectangleChecks:
    """One row a theorem for every m; what its checker says of it."""

    family: Family
    least_m: LeastM
    least_ratio: LeastRatio
    rectangles: Annotated[int, at_least(0), "Rectangles of the certificate."]
    accepted: Annotated[bool, "Whether the checker proved it again."]


@table(key=("family", "m"), version=1)
class TheoremThresholds:
    """One row a family; the real k from which on it is a minimum, enclosed: at the lower end it is
    proved a saddle, from the upper end on a minimum.
    """

    family: Family
    m: SecondBlock
    lower: Annotated[float, Unit("neurons"), at_least(2), "Lower end, rounded down."]
    upper: Annotated[float, Unit("neurons"), at_least(2), "Upper end, rounded up."]
    component: Annotated[str, "Isotypic component of the negative eigenvalue at the lower end."]


@table(key=("family", "m", "power"), version=2)
class TheoremSeries:
    """One row a coefficient of the loss of a family as a series in h = k^(-1/2), enclosed."""

    family: Family
    m: SecondBlock
    power: Annotated[int, at_least(0), "Power of h."]
    lower: Annotated[float, "Lower end, rounded down."]
    upper: Annotated[float, "Upper end, rounded up."]
    digits: Annotated[str, "The digits that both ends have in common."]
    exact: Exact


@table(key=("family", "m", "piece", "neuron_class", "irrep", "place"), version=2)
class TheoremSplits:
    """One row an eigenvalue of the inner Hessian of a neuron over a piece of a theorem, over a
    power of h = k^(-1/2) and enclosed: what a split of the neuron adds to the Hessian; those of an
    equal split are twice as large. The 0 along the neuron is left out.
    """

    family: Family
    m: SecondBlock
    piece: PieceNumber
    neuron_class: NeuronClass
    irrep: Irrep
    place: Place
    least_k: Annotated[float, Unit("neurons"), at_least(0), "Least k of the piece, rounded up."]
    largest_k: Annotated[
        float | None, Unit("neurons"), "Largest k of the piece, rounded down; empty: infinity."
    ]
    power: Annotated[int, at_least(1), "Power of h."]
    lower: Annotated[LossCurvature, "Lower end of eigenvalue/h^power, rounded down."]
    upper: Annotated[LossCurvature, "Upper end, rounded up."]


@table(key=("family", "m", "neuron_class", "irrep", "place", "power"), version=2)
class TheoremSplitSeries:
    """One row a coefficient of an eigenvalue of an inner Hessian as a series in h, enclosed."""

    family: Family
    m: SecondBlock
    neuron_class: NeuronClass
    irrep: Irrep
    place: Place
    power: Annotated[int, at_least(1), "Power of h."]
    lower: Annotated[float, "Lower end, rounded down."]
    upper: Annotated[float, "Upper end, rounded up."]
    digits: Annotated[str, "The digits that both ends have in common."]
    exact: Exact


@table(key=("family", "m", "extra"), version=1)
class TheoremSaddles:
    """One row a family with further neurons that is to be proved a saddle for every real k from a
    bound on, of the index that A with one neuron more has, k - 1; and from which real k on it is.
    """

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    least_k: Annotated[float | None, Unit("neurons"), "The bound; empty where nothing was proved."]
    proved: Annotated[bool, "Whether a certificate was found."]
    reason: Annotated[str | None, "Why not, and how far it came; empty where it was proved."]
    pieces: PieceCount
    threshold_lower: Annotated[
        float | None,
        Unit("neurons"),
        "A real k at which it is proved to have another index, rounded down; empty: not asked for.",
    ]
    threshold_upper: Annotated[
        float | None, Unit("neurons"), "The real k from which on it is proved one, rounded up."
    ]
    component: Annotated[
        str | None, "Isotypic component of the further negative eigenvalue at the lower end."
    ]


@table(key=("family", "m", "extra"), version=2)
class TheoremFurtherMinima:
    """One row a family with further neurons that is to be proved a spurious strict minimum for
    every real k from a bound on and every number of inputs d >= k.
    """

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    least_k: Annotated[float | None, Unit("neurons"), "The bound; empty where nothing was proved."]
    proved: Annotated[bool, "Whether a certificate was found."]
    reason: Annotated[str | None, "Why not, and how far it came; empty where it was proved."]
    pieces: PieceCount
    threshold_lower: Annotated[
        float | None,
        Unit("neurons"),
        "A real k at which it is proved to be no minimum, rounded down; empty: not asked for.",
    ]
    threshold_upper: Annotated[
        float | None, Unit("neurons"), "The real k from which on it is proved one, rounded up."
    ]
    component: Annotated[
        str | None, "Isotypic component of the negative eigenvalue at the lower end."
    ]


@table(key=("family", "m", "extra", "piece"), version=2)
class TheoremFurtherMinimumPieces:
    """One row a piece of a theorem on a minimum with further neurons, and what it says."""

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    piece: PieceNumber
    least_k: Annotated[float, Unit("neurons"), at_least(0), "Least k of the piece, rounded up."]
    largest_k: Annotated[
        float | None, Unit("neurons"), "Largest k of the piece, rounded down; empty: infinity."
    ]
    loss_lower: Annotated[Scaled, "Lower bound of k F."]
    loss_upper: Annotated[Scaled, "Upper bound of k F."]
    eigenvalue_lower: Annotated[
        LossCurvature, at_least(0), "Lower bound of the smallest Hessian eigenvalue."
    ]
    component: Annotated[
        str, "The isotypic component, or the inputs off the span, with the smallest bound."
    ]


@table(key=("family", "m", "extra"), version=1)
class TheoremFurtherMinimumChecks:
    """One row a theorem on a minimum with further neurons; what the checker, which shares no code
    with what wrote it, says of it.
    """

    family: Family
    m: SecondBlock
    extra: FurtherNeurons
    pieces: PieceCount
    accepted: Annotated[bool, "Whether the checker proved it again."]


@table(key=("theorem",), version=1)
class TheoremSaddleChecks:
    """One row a theorem on saddles for every k, and what the checker, which shares no code with
    what wrote it, says of it.
    """

    theorem: Annotated[str, "further_row: A with one neuron more; splits: those of II_1."]
    pieces: PieceCount
    accepted: Annotated[bool, "Whether the checker proved it again."]


@table(key=("piece",), version=1)
class TheoremSaddlePieces:
    """One row a piece of the theorem on family A with n = k + 1: it is a saddle of index k - 1, as
    exactly one of the eigenvalues on s_p, of multiplicity k - 1, is negative.
    """

    piece: PieceNumber
    least_k: Annotated[float, Unit("neurons"), at_least(0), "Least k of the piece, rounded up."]
    largest_k: Annotated[
        float | None, Unit("neurons"), "Largest k of the piece, rounded down; empty: infinity."
    ]
    negative_upper: Annotated[LossCurvature, "Upper bound of the negative eigenvalue."]
    eigenvalue_lower: Annotated[
        LossCurvature, at_least(0), "Lower bound of those on all other components."
    ]
    component: Annotated[
        str, "The isotypic component, or the inputs off the span, with the smallest bound."
    ]
