"""Coefficients of the series of a family in h = k^(-1/2), enclosed.

The scaled unknowns are analytic in h at 0, where the Jacobian J of the residual is regular: the
n-th coefficient is -J^-1 times the coefficient of h^n in the residual along the terms before it.
All of it in balls, from a box around the critical point at h = 0 that holds exactly one zero, which
is that of the branch proved for all large k.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flint import arb, arb_mat, arb_series

from relu_landscape.arguments import checked_arguments, text, whole_number
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.rounding import Interval, interval
from relu_landscape.every_k.branch import network_at, residual_at, truncation
from relu_landscape.every_k.certificate import certify_family_for_all_k, named_family
from relu_landscape.every_k.generic_numbers import Number, independent, partials
from relu_landscape.every_k.residual import residual
from relu_landscape.every_k.scaled_loss import scaled_loss
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, entries, scale_at

_BITS: Final = 320
_RADIUS: Final = arb(2) ** -256
_NEWTON_STEPS: Final = 8
_DIGITS: Final = 40
# Where the branch is identified: one piece from h = 0 on.
_LARGE_K: Final = 10**6


@dataclass(frozen=True)
class EnclosedSeries:
    """Coefficients of h^0, h^1, ..., each in an interval.

    loss: of F; entries: of a, b, c, d, f, g, see `every_k.scaling`.
    """

    loss: tuple[Interval, ...]
    entries: dict[str, tuple[Interval, ...]]


@checked_arguments(family=text, special_rows=whole_number, terms=whole_number)
def enclose_series(family: str, special_rows: int, *, terms: int = 6) -> EnclosedSeries | Failure:
    """Enclose the first coefficients of loss and entries of a family in h = k^(-1/2).

    Args:
        family: "A", "I" or "II".
        special_rows: m, neurons in the second block; 0 for A.
        terms: number of coefficients, of h^0 to h^(terms - 1), at least 1.

    Returns:
        Intervals of some 40 digits, or why the point at h = 0 is not located.

    Raises:
        ValueError: no such family, or no term.

    Source: derived here; Arjevani and Field 2022 have the first terms for A, I_1 and II_1.
    """
    named = named_family(family, special_rows)
    if terms < 1:
        raise ValueError(f"terms = {terms}; it must be 1 or more")
    found = enclose_along(named, terms, _loss_and_entries)
    if isinstance(found, Failure):
        return found
    loss, *rest = found
    names = entries(named, scale_at(named, arb(0)), dict.fromkeys(named.unknowns, arb(0)))
    return EnclosedSeries(loss=loss, entries=dict(zip(names, rest, strict=True)))


def enclose_along(
    family: SymmetricFamily, terms: int, quantities: Callable[[ScaledNetwork], Sequence[Number]]
) -> list[tuple[Interval, ...]] | Failure:
    """Enclose the first coefficients of functions of the critical point in h.

    Args:
        family: the family.
        terms: number of coefficients, at least 1.
        quantities: functions that are analytic at h = 0.

    Returns:
        The coefficients of each, or why the point at h = 0 is not located.
    """
    known = certify_family_for_all_k(family.family, family.special_rows, least_k=_LARGE_K)
    if isinstance(known, Failure):
        return known
    first = known.pieces[0]
    with precision(_BITS):
        located = _locate_limit(family, [float(x) for x in first.at(0.0)])
        limits = zip(first.at(0.0), first.location.uniqueness.tolist(), strict=True)
        if located is None or not all(
            abs(x - arb(float(y))) < limit / 2
            for x, (y, limit) in zip(located[0], limits, strict=True)
        ):
            return Failure(FailureReason.NEWTON_LEFT, "the limit point is not located")
        with truncation(terms):
            network = _expand(family, *located, terms)
            return [_intervals(x, terms) for x in quantities(network)]


def _locate_limit(family: SymmetricFamily, start: Sequence[float]) -> tuple[list[Any], Any] | None:
    """A box that holds the one critical point at h = 0 near a guess, and the Jacobian over it."""
    size, zero = len(start), arb(0)
    point = [arb(x) for x in start]
    for _ in range(_NEWTON_STEPS):
        _, jacobian = _linearised(family, point)
        values = arb_mat(size, 1, residual_at(family, zero, point))
        step = jacobian.mid().solve(values.mid()).entries()
        point = [(x - y).mid() for x, y in zip(point, step, strict=True)]
    box, jacobian = _linearised(family, [x + arb(0, _RADIUS) for x in point])
    inverse = jacobian.mid().inv().mid()
    shift = inverse * arb_mat(size, 1, residual_at(family, zero, point))
    identity = arb_mat([[int(i == j) for j in range(size)] for i in range(size)])
    contraction = identity - inverse * jacobian
    for i in range(size):
        row = sum((abs(contraction[i, j]) for j in range(size)), start=arb(0))
        if not abs(shift[i, 0]) + row * _RADIUS < _RADIUS:
            return None
    return box, jacobian


def _linearised(family: SymmetricFamily, point: list[Number]) -> tuple[list[Number], Any]:
    values = residual(network_at(family, arb(0), independent(point)))
    return point, arb_mat([list(partials(x, len(point))) for x in values])


def _expand(
    family: SymmetricFamily, limit: Sequence[Number], jacobian: Any, terms: int
) -> ScaledNetwork:
    """The network along the branch, in series of this many terms."""
    coefficients = [list(limit)]
    h = arb_series([arb(0), arb(1)])
    for order in range(1, terms):
        values = residual_at(family, h, _series(coefficients))
        right = arb_mat(len(limit), 1, [-value[order] for value in values])
        coefficients.append(jacobian.solve(right).entries())
    return network_at(family, h, _series(coefficients))


def _loss_and_entries(x: ScaledNetwork) -> list[Number]:
    loss = scaled_loss(x)
    if x.family.sign == 1:
        loss = loss * x.scale.t
    named = {name: getattr(x, name) for name in x.family.unknowns}
    return [loss, *entries(x.family, x.scale, named).values()]


def _series(coefficients: Sequence[Sequence[Number]]) -> list[Number]:
    return [arb_series(list(row)) for row in zip(*coefficients, strict=True)]


def _intervals(series: Number, terms: int) -> tuple[Interval, ...]:
    return tuple(interval(series[n], _DIGITS) for n in range(terms))
