"""What holds along the branch over a piece: curvature, splits, loss and lengths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flint import arb_mat

from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.rounding import Interval, decimal_above, decimal_below, interval
from relu_landscape.every_k.branch import network_at
from relu_landscape.every_k.definite_pieces import lower_bound
from relu_landscape.every_k.forms import ComponentForm
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.inner_eigenvalues import InnerEigenvalue, inner_eigenvalues
from relu_landscape.every_k.location import LocatedPiece
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaled_loss import norm_gap, scaled_loss
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.taylor import Piece, bound, expand, join

_ORDER: Final = 2
# Of bounds away from zero, and of the length of an interval at either end.
_LESS: Final = Decimal("0.999")
_WIDER: Final = Decimal("0.0625")


@dataclass(frozen=True)
class InnerBound:
    """A negative eigenvalue of the inner Hessian of a class, for every h > 0 of a piece.

    power, upper: the eigenvalue is at most upper h^power, upper < 0.
    """

    power: int
    upper: Decimal


@dataclass(frozen=True)
class Statements:
    """What holds at the critical point for every h > 0 of a piece.

    eigenvalue_lower: lower bounds of the eigenvalues of the Hessian by isotypic component, and off
    the span, all positive; inner_upper: by class of neurons, w and s; loss: ends of an interval of
    F (I, A) or k F/m (II), above 0; norm_gap: of k^2 (k - sum |w|), above 0, for II at m = 1.
    """

    eigenvalue_lower: dict[str, Decimal]
    inner_upper: dict[str, InnerBound]
    loss: Interval
    norm_gap: Interval | None

    def loosened(self) -> Statements:
        """Weaker statements, with room for a checker that rounds differently."""
        lower, inner = self.eigenvalue_lower, self.inner_upper
        return Statements(
            eigenvalue_lower={name: x * _LESS for name, x in lower.items()},
            inner_upper={name: InnerBound(x.power, x.upper * _LESS) for name, x in inner.items()},
            loss=_wider(self.loss),
            norm_gap=None if self.norm_gap is None else _wider(self.norm_gap),
        )


@dataclass(frozen=True)
class _Quantities:
    forms: list[ComponentForm]
    inner: list[InnerEigenvalue]
    loss: Number
    norm_gap: Number | None


def prove_statements(
    family: SymmetricFamily, located: LocatedPiece, digits: int
) -> Statements | Failure:
    """Prove what holds at the critical point over a piece.

    Args:
        family: the family.
        located: the piece, and where the critical point is.
        digits: of the bounds.

    Raises:
        UndefinedError: the piece is too wide.
    """
    piece, spread = located.piece, located.location.radius.tolist()
    center, whole = expand(
        lambda h, x: _quantities(family, h, x), piece, located.predictor, spread, _ORDER
    )
    lowest = lowest_eigenvalues(zip(center.forms, whole.forms, strict=True), piece, digits)
    if isinstance(lowest, Failure):
        return lowest
    inner: dict[str, InnerBound] = {}
    for near, far in zip(center.inner, whole.inner, strict=True):
        upper = bound(join(near.coefficient, far.coefficient, _ORDER), piece.reach)
        if not upper < 0:
            return Failure(FailureReason.NO_NEGATIVE_CURVATURE, f"in class {near.neuron_class}")
        inner[near.neuron_class] = InnerBound(near.power, decimal_above(upper, digits))
    loss = bound(join(center.loss, whole.loss, _ORDER), piece.reach)
    if not loss > 0:
        return Failure(FailureReason.LOSS_NOT_POSITIVE, f"it is in {loss.str(5)}")
    gap = None
    if center.norm_gap is not None:
        enclosed = bound(join(center.norm_gap, whole.norm_gap, _ORDER), piece.reach)
        if not enclosed > 0:
            return Failure(FailureReason.INEQUALITY_NOT_SHOWN, "the sum of |w| below k")
        gap = interval(enclosed, digits)
    return Statements(lowest, inner, interval(loss, digits), gap)


def _quantities(family: SymmetricFamily, h: Number, unknowns: Sequence[Number]) -> _Quantities:
    network = network_at(family, h, unknowns)
    has_gap = family.sign == 1 and family.special_rows == 1
    return _Quantities(
        forms=component_forms(network),
        inner=inner_eigenvalues(network),
        loss=scaled_loss(network),
        norm_gap=norm_gap(network) if has_gap else None,
    )


def lowest_eigenvalues(
    forms: Iterable[tuple[ComponentForm, ComponentForm]], piece: Piece, digits: int
) -> dict[str, Decimal] | Failure:
    """Return a positive lower bound of the eigenvalues of the Hessian for each component.

    Args:
        forms: on each component, as the two results of `expand` hold them at order 2.
        piece: the interval of h.
        digits: of the bounds.
    """
    lowest: dict[str, Decimal] = {}
    for near, far in forms:
        form, gram = (
            coefficient_matrices(x.matrix, y.matrix, _ORDER)
            for x, y in ((near.form, far.form), (near.gram, far.gram))
        )
        found = lower_bound(form, gram, piece)
        if found is None:
            return Failure(FailureReason.NOT_POSITIVE_DEFINITE, f"on {near.name}")
        # A margin for the division, which is not done in balls.
        eigenvalue = decimal_below(found / (2 * math.pi) * (1 - 2.0**-40), digits)
        lowest[near.name] = min(eigenvalue, lowest.get(near.name, eigenvalue))
    return lowest


def coefficient_matrices(
    center: Sequence[Sequence[Number]], whole: Sequence[Sequence[Number]], order: int
) -> list[Any]:
    """Return the Taylor coefficients of a matrix out of the two results of `expand`."""
    size = len(center)
    entries = [join(center[i][j], whole[i][j], order) for i in range(size) for j in range(size)]
    return [arb_mat(size, size, [x[n] for x in entries]) for n in range(order + 1)]


def _wider(ends: Interval) -> Interval:
    low, high = ends
    return max(low - (high - low) * _WIDER, low / 2), high + (high - low) * _WIDER
