"""What a theorem for every k says, as rows of tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any, Final, Literal, TypeAlias

from relu_landscape.certificates.outcome import Failure
from relu_landscape.every_k.certificate import CertifiedPiece, EveryKCertificate, EveryKOutcome
from relu_landscape.every_k.enclosed_series import EnclosedSeries
from relu_landscape.every_k.every_m_certificate import EveryMOutcome
from relu_landscape.every_k.exact_numbers import RationalInPi
from relu_landscape.every_k.exact_series import (
    exact_loss_series,
    exact_split_series,
    has_exact_series,
)
from relu_landscape.every_k.further_certificate import SaddleForEveryK
from relu_landscape.every_k.further_minimum import FurtherMinimumForEveryK
from relu_landscape.every_k.real_thresholds import LeastRealK
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.settings import FamiliesForEveryM
from relu_landscape.every_k.signed_splits import signed_splits_of
from relu_landscape.every_k.split_rates import EnclosedSplit
from relu_landscape.every_k.tables import (
    FamilyTheorems,
    RectangleTheorems,
    TheoremFurtherMinima,
    TheoremFurtherMinimumPieces,
    TheoremPieces,
    TheoremSaddlePieces,
    TheoremSaddles,
    TheoremSeries,
    TheoremSignedSplits,
    TheoremSplits,
    TheoremSplitSeries,
    TheoremThresholds,
)
from relu_landscape.every_k.taylor import Piece

__all__ = [
    "every_m_row",
    "further_minimum_row",
    "further_minimum_rows",
    "piece_rows",
    "saddle_row",
    "saddle_rows",
    "series_rows",
    "signed_split_rows",
    "split_rows",
    "split_series_rows",
    "theorem_row",
    "threshold_row",
]

# The number that `symmetry` counts the classes of rows by.
_CLASSES: Final = {"w": 0, "s": 1}


def theorem_row(family: SymmetricFamily, outcome: EveryKOutcome) -> FamilyTheorems:
    """The row of one theorem.

    Args:
        family: the family.
        outcome: its certificate, or why there is none.
    """
    name, m = _name(family), family.special_rows
    if isinstance(outcome, Failure):
        reason = f"{outcome.reason}: {outcome.detail}"
        return FamilyTheorems(family=name, m=m, least_k=None, proved=False, reason=reason, pieces=0)
    least_k, pieces = float(outcome.least_k), len(outcome.pieces)
    return FamilyTheorems(
        family=name, m=m, least_k=least_k, proved=True, reason=None, pieces=pieces
    )


def every_m_row(wanted: FamiliesForEveryM, outcome: EveryMOutcome) -> RectangleTheorems:
    """The row of one theorem for every m.

    Args:
        wanted: what was to be proved.
        outcome: its certificate, or why there is none.
    """
    failed = isinstance(outcome, Failure)
    rectangles = [] if isinstance(outcome, Failure) else outcome.rectangles
    bounds = [min(x.statements.eigenvalue_lower.values()) for x in rectangles]
    return RectangleTheorems(
        family=wanted.family,
        least_m=wanted.least_m,
        least_ratio=wanted.least_ratio,
        proved=not failed,
        reason=f"{outcome.reason}: {outcome.detail}" if isinstance(outcome, Failure) else None,
        rectangles=len(rectangles),
        eigenvalue_lower=math.nextafter(float(min(bounds)), 0.0) if bounds else None,
    )


def piece_rows(certificate: EveryKCertificate) -> Iterator[TheoremPieces]:
    """The rows of the pieces of a certificate, from k = infinity on."""
    for number, piece in enumerate(certificate.pieces):
        yield _piece_row(certificate.family, number, piece)


def signed_split_rows(certificate: EveryKCertificate) -> Iterator[TheoremSignedSplits]:
    """The rows of what signed splits of a family are, one a class of neurons."""
    for name, found in signed_splits_of(certificate).items():
        lower, upper = found.turn or (None, None)
        yield TheoremSignedSplits(
            family=_name(certificate.family),
            m=certificate.family.special_rows,
            neuron_class=_CLASSES[name],
            least_k=float(found.least_k),
            outcome=found.outcome,
            turn_lower=None if lower is None else math.nextafter(float(lower), 0.0),
            turn_upper=None if upper is None else math.nextafter(float(upper), math.inf),
        )


def threshold_row(family: SymmetricFamily, found: LeastRealK) -> TheoremThresholds:
    """The row of the real k from which on a family is a minimum."""
    return TheoremThresholds(
        family=_name(family),
        m=family.special_rows,
        lower=math.nextafter(float(found.lower), 0.0),
        upper=math.nextafter(float(found.upper), math.inf),
        component=found.component,
    )


def series_rows(family: SymmetricFamily, found: EnclosedSeries) -> Iterator[TheoremSeries]:
    """The rows of the series of the loss."""
    terms = len(found.loss)
    exact: list[RationalInPi | None] = [None] * terms
    if has_exact_series(family):
        exact = [*exact_loss_series(_name(family), family.special_rows, terms=terms)]
    for power, ((lower, upper), value) in enumerate(zip(found.loss, exact, strict=True)):
        yield TheoremSeries(
            family=_name(family),
            m=family.special_rows,
            power=power,
            lower=math.nextafter(float(lower), -math.inf),
            upper=math.nextafter(float(upper), math.inf),
            digits=_common(str(lower), str(upper)),
            exact=None if value is None else str(value),
        )


def split_rows(
    certificate: EveryKCertificate, pieces: Sequence[Sequence[EnclosedSplit]]
) -> Iterator[TheoremSplits]:
    """The rows of the eigenvalues of inner Hessians, piece by piece as in `piece_rows`."""
    family = certificate.family
    for number, (found, splits) in enumerate(zip(certificate.pieces, pieces, strict=True)):
        least_k, largest_k = _ends(found.piece)
        for split in splits:
            ((lower, upper),) = split.coefficients
            yield TheoremSplits(
                family=_name(family),
                m=family.special_rows,
                piece=number,
                neuron_class=_CLASSES[split.neuron_class],
                irrep=split.irrep,
                place=split.place,
                least_k=least_k,
                largest_k=largest_k,
                power=split.power,
                lower=math.nextafter(float(lower), -math.inf),
                upper=math.nextafter(float(upper), math.inf),
            )


def split_series_rows(
    family: SymmetricFamily, splits: Sequence[EnclosedSplit]
) -> Iterator[TheoremSplitSeries]:
    """The rows of the series of the eigenvalues of inner Hessians."""
    exact = exact_split_series(terms=len(splits[0].coefficients))
    for split in splits:
        values = exact[split.neuron_class, split.irrep, split.place]
        for further, ((lower, upper), value) in enumerate(
            zip(split.coefficients, values, strict=True)
        ):
            yield TheoremSplitSeries(
                family=_name(family),
                m=family.special_rows,
                neuron_class=_CLASSES[split.neuron_class],
                irrep=split.irrep,
                place=split.place,
                power=split.power + further,
                lower=math.nextafter(float(lower), -math.inf),
                upper=math.nextafter(float(upper), math.inf),
                digits=_common(str(lower), str(upper)),
                exact=str(value),
            )


Threshold: TypeAlias = LeastRealK | Failure | None
"""From which real k on; None: not asked for."""


def _threshold_columns(threshold: Threshold) -> dict[str, Any]:
    if not isinstance(threshold, LeastRealK):
        return {"threshold_lower": None, "threshold_upper": None, "component": None}
    return {
        "threshold_lower": math.nextafter(float(threshold.lower), 0.0),
        "threshold_upper": math.nextafter(float(threshold.upper), math.inf),
        "component": threshold.component,
    }


def saddle_row(outcome: SaddleForEveryK | Failure, threshold: Threshold) -> TheoremSaddles:
    """The row of the theorem that A with one neuron more is a saddle.

    Args:
        outcome: its certificate, or why there is none.
        threshold: from which real k on; None: not asked for.
    """
    proved = not isinstance(outcome, Failure)
    return TheoremSaddles(
        family="A",
        m=0,
        extra=1,
        least_k=None if isinstance(outcome, Failure) else float(outcome.least_k),
        proved=proved,
        reason=f"{outcome.reason}: {outcome.detail}" if isinstance(outcome, Failure) else None,
        pieces=0 if isinstance(outcome, Failure) else len(outcome.pieces),
        **_threshold_columns(threshold),
    )


def saddle_rows(certificate: SaddleForEveryK) -> Iterator[TheoremSaddlePieces]:
    """The rows of the pieces of a saddle for every k, from k = infinity on."""
    for number, found in enumerate(certificate.pieces):
        lower = found.eigenvalue_lower
        component = min(lower, key=lambda name: lower[name])
        least_k, largest_k = _ends(found.piece)
        yield TheoremSaddlePieces(
            piece=number,
            least_k=least_k,
            largest_k=largest_k,
            negative_upper=math.nextafter(float(found.negative_upper), 0.0),
            eigenvalue_lower=math.nextafter(float(lower[component]), 0.0),
            component=component,
        )


def further_minimum_row(
    outcome: FurtherMinimumForEveryK | Failure, threshold: Threshold
) -> TheoremFurtherMinima:
    """The row of the theorem that II_1 with one neuron more is a minimum.

    Args:
        outcome: its certificate, or why there is none.
        threshold: from which real k on; None: not asked for.
    """
    failed = isinstance(outcome, Failure)
    return TheoremFurtherMinima(
        family="II",
        m=1,
        extra=1,
        least_k=None if isinstance(outcome, Failure) else float(outcome.least_k),
        proved=not failed,
        reason=f"{outcome.reason}: {outcome.detail}" if isinstance(outcome, Failure) else None,
        pieces=0 if isinstance(outcome, Failure) else len(outcome.pieces),
        **_threshold_columns(threshold),
    )


def further_minimum_rows(
    certificate: FurtherMinimumForEveryK,
) -> Iterator[TheoremFurtherMinimumPieces]:
    """The rows of the pieces of a minimum with one neuron more, from k = infinity on."""
    for number, found in enumerate(certificate.pieces):
        lower = found.eigenvalue_lower
        component = min(lower, key=lambda name: lower[name])
        least_k, largest_k = _ends(found.piece)
        yield TheoremFurtherMinimumPieces(
            family="II",
            m=1,
            extra=1,
            piece=number,
            least_k=least_k,
            largest_k=largest_k,
            loss_lower=math.nextafter(float(found.loss[0]), -math.inf),
            loss_upper=math.nextafter(float(found.loss[1]), math.inf),
            eigenvalue_lower=math.nextafter(float(lower[component]), 0.0),
            component=component,
        )


def _ends(piece: Piece) -> tuple[float, float | None]:
    """The least and the largest k of a piece, rounded into it; None is infinity."""
    largest = math.nextafter(piece.left**-2, 0.0) if piece.left else None
    return math.nextafter(piece.right**-2, math.inf), largest


def _common(one: str, other: str) -> str:
    """The beginning of two texts that is the same."""
    pairs = zip(one, other, strict=False)
    return "".join(x for x, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _piece_row(family: SymmetricFamily, number: int, found: CertifiedPiece) -> TheoremPieces:
    said = found.statements
    least_k, largest_k = _ends(found.piece)
    component = min(said.eigenvalue_lower, key=lambda name: said.eigenvalue_lower[name])
    return TheoremPieces(
        family=_name(family),
        m=family.special_rows,
        piece=number,
        least_k=least_k,
        largest_k=largest_k,
        loss_lower=math.nextafter(float(said.loss[0]), -math.inf),
        loss_upper=math.nextafter(float(said.loss[1]), math.inf),
        eigenvalue_lower=math.nextafter(float(said.eigenvalue_lower[component]), 0.0),
        component=component,
        norm_gap_lower=None if said.norm_gap is None else float(said.norm_gap[0]),
    )


def _name(family: SymmetricFamily) -> Literal["A", "I", "II"]:
    return family.family.value
