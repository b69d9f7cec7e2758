"""Guesses in float64: the critical point at one (r, s), and a polynomial of degree 2 through it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from flint import arb, arb_series
from numpy.typing import NDArray

from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.branch import limit_guess, truncation
from relu_landscape.every_k.generic_numbers import independent, partials
from relu_landscape.every_k.rectangles import Rectangle, Surface, member_of, network_at
from relu_landscape.every_k.residual import residual
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import Scale, SymmetricFamily
from relu_landscape.families.family import Family

_NEWTON_STEPS: Final = 20
_SETTLED: Final = 1e-11
_LARGEST_MOVE: Final = 2.0
_STEP: Final = 1 / 32
_GUESS_BITS: Final = 64
# Stands for m = infinity where a guess needs a number.
_MANY_ROWS: Final = 10**9


def fit_surface(
    family: Family, rectangle: Rectangle, guess: Sequence[float] | None
) -> tuple[Surface, NDArray[np.float64]]:
    """Return a polynomial through the critical point at the middle, and the inverse Jacobian there.

    The coefficients are the first ones of Taylor's expansion, rounded to float64.

    Args:
        family: I or II.
        rectangle: where.
        guess: values of the unknowns near its middle; None: they are continued from r = 0.

    Raises:
        NewtonError: the critical point is not found.
    """
    member, (r, s) = member_of(family, rectangle), rectangle.center
    start = _follow(member, float(r), float(s)) if guess is None else guess
    point, inverse = _solve(member, float(r), float(s), start)
    rows = {way: _expanded(member, (r, s), point, inverse, way) for way in ((1, 0), (0, 1), (1, 1))}
    first, second, both = rows[1, 0], rows[0, 1], rows[1, 1]
    mixed = both[1] - first[1] - second[1]
    columns = [np.array(point), first[0], second[0], first[1], second[1], mixed]
    return Surface((r, s), np.array(columns).T.tolist()), inverse


def _follow(member: SymmetricFamily, r: float, s: float) -> list[float]:
    """The critical point at (r, s), continued from r = 0."""
    rows = round(s**-2) if s > _MANY_ROWS**-0.5 else _MANY_ROWS
    point = limit_guess(SymmetricFamily(member.family, max(rows, 2)))
    steps = math.ceil(r / _STEP)
    for n in range(steps + 1):
        point, _ = _solve(member, r * n / max(steps, 1), s, point)
    return point


def _solve(
    member: SymmetricFamily, r: float, s: float, guess: Sequence[float]
) -> tuple[list[float], NDArray[np.float64]]:
    point = list(guess)
    for _ in range(_NEWTON_STEPS):
        try:
            named = dict(zip(member.unknowns, independent(point), strict=True))
            values = residual(ScaledNetwork(member, Scale(r, s, 1, math.pi), named))
            slopes = np.array([partials(x, len(point)) for x in values])
            inverse: NDArray[np.float64] = np.linalg.inv(slopes).astype(np.float64)
        except (ValueError, ZeroDivisionError, np.linalg.LinAlgError) as error:
            raise NewtonError(f"Newton's method left the domain at r = {r}, s = {s}") from error
        step = inverse @ np.array([x.value for x in values])
        if not np.abs(step).max() <= _LARGEST_MOVE:
            raise NewtonError(f"Newton's method left its start at r = {r}, s = {s}")
        point = [x - y for x, y in zip(point, step.tolist(), strict=True)]
        if np.abs(step).max() < _SETTLED * (1 + np.abs(point).max()):
            return point, inverse
    raise NewtonError(f"Newton's method did not settle at r = {r}, s = {s}")


def _expanded(
    member: SymmetricFamily,
    center: tuple[Any, Any],
    point: Sequence[float],
    inverse: NDArray[np.float64],
    way: tuple[int, int],
) -> list[NDArray[np.float64]]:
    """The coefficients of x and x^2 of the critical point at center + x way.

    The n-th one is -J^-1 times the n-th coefficient of the residual along the terms before it.
    """
    coefficients = [list(point)]
    with precision(_GUESS_BITS), truncation(3):
        r, s = (arb_series([x, arb(y)]) for x, y in zip(center, way, strict=True))
        for order in (1, 2):
            terms = [arb_series([arb(x) for x in row]) for row in zip(*coefficients, strict=True)]
            values = residual(network_at(member, r, s, terms))
            found = np.array([float(value[order]) for value in values])
            coefficients.append((-inverse @ found).tolist())
    return [np.array(x) for x in coefficients[1:]]
