"""Guesses in float64: the critical point at one h, and a quadratic through the branch there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Final

import numpy as np
from flint import arb, arb_series, ctx
from numpy.typing import NDArray

from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.generic_numbers import Number, independent, partials
from relu_landscape.every_k.residual import residual
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, scale_at
from relu_landscape.families.family import Family

_NEWTON_STEPS: Final = 30
_SETTLED: Final = 1e-11
_LARGEST_MOVE: Final = 2.0
_GUESS_BITS: Final = 64

# G at h = 0; its equation is no linear one, and is solved by Newton's method from here.
_OFF_DIAGONAL_GUESS: Final = {Family.II: 1.9, Family.I: 0.1}


@dataclass(frozen=True)
class Predictor:
    """x(h) = c_0 + c_1 (h - center) + c_2 (h - center)^2, exact numbers.

    center: of the piece; coefficients: (unknowns, 3).
    """

    center: float
    coefficients: NDArray[np.float64]

    def over(self, h: Number, spread: Sequence[Number]) -> list[Number]:
        """Return x(h) + [-spread, spread] for a ball h, or for a series with a ball in front.

        Args:
            h: a ball or a series.
            spread: one number >= 0 for each unknown.
        """
        moved = h - arb(self.center)
        return [
            (arb(c2) * moved + arb(c1)) * moved + arb(c0) + arb(0, width)
            for (c0, c1, c2), width in zip(self.coefficients.tolist(), spread, strict=True)
        ]


def limit_guess(family: SymmetricFamily) -> list[float]:
    """Return the unknowns at h = 0, where the equations but that of G are solved by hand.

    II: C = 2, F = 4/pi = -B, A = 8/pi, D = 2 + 8/pi + 8/pi^2. I: with w = 1/m, F = 2 - 4/pi, and
    A, B from E_1 and E_2. A: A = 8/pi - 4, B = 4/pi - 2.
    """
    pi = math.pi
    if family.family is Family.A:
        return [8 / pi - 4, 4 / pi - 2]
    if family.family is Family.II:
        start = [8 / pi, -4 / pi, 2, 2 + 8 / pi + 8 / pi**2, 4 / pi]
    else:
        w = 1 / family.special_rows
        start = [8 / pi + (8 / pi - 4) * w, 4 / pi + (4 / pi - 2) * w]
        start += [(16 / pi**2 - 12 / pi) * w, 8 / pi - 8 / pi**2, 2 - 4 / pi]
    return start + [_OFF_DIAGONAL_GUESS[family.family]] * (family.special_rows > 1)


def solve_at(
    family: SymmetricFamily, h: float, guess: Sequence[float]
) -> tuple[list[float], NDArray[np.float64]]:
    """Return the unknowns of the critical point near a guess, and the inverse Jacobian there.

    Raises:
        NewtonError: Newton's method did not settle there.
    """
    point = list(guess)
    for _ in range(_NEWTON_STEPS):
        value, jacobian = _linearised(family, h, point)
        try:
            inverse: NDArray[np.float64] = np.linalg.inv(jacobian).astype(np.float64)
        except np.linalg.LinAlgError as error:
            raise NewtonError(f"the equations are singular at h = {h}") from error
        step = inverse @ value
        if not np.abs(step).max() <= _LARGEST_MOVE:
            raise NewtonError(f"Newton's method left its start at h = {h}")
        point = [x - y for x, y in zip(point, step.tolist(), strict=True)]
        if np.abs(step).max() < _SETTLED * (1 + np.abs(point).max()):
            return point, inverse
    raise NewtonError(f"Newton's method did not settle in {_NEWTON_STEPS} steps at h = {h}")


def predict(family: SymmetricFamily, center: float, guess: Sequence[float]) -> Predictor:
    """Return the first Taylor coefficients of the branch at h, rounded to float64.

    The n-th one is -J^-1 times the n-th coefficient of the residual along the terms before it.

    Raises:
        NewtonError: there is no critical point near the guess.
    """
    point, inverse = solve_at(family, center, guess)
    coefficients = [point]
    with precision(_GUESS_BITS), truncation(3):
        h = arb_series([arb(center), arb(1)])
        for order in (1, 2):
            terms = [arb_series([arb(x) for x in row]) for row in zip(*coefficients, strict=True)]
            values = residual_at(family, h, terms)
            found = np.array([float(value[order]) for value in values])
            coefficients.append((-inverse @ found).tolist())
    return Predictor(center, np.array(coefficients).T)


@singledispatch
def residual_at(
    family: SymmetricFamily, h: Number, unknowns: Sequence[Number], pi: Number | None = None
) -> list[Number]:
    """Return the residual, in balls or series of balls if pi is none, else in its kind of number.

    Families with equations of their own register them here.
    """
    named = dict(zip(family.unknowns, unknowns, strict=True))
    return residual(ScaledNetwork(family, scale_at(family, h, pi), named))


def network_at(family: SymmetricFamily, h: Number, unknowns: Sequence[Number]) -> ScaledNetwork:
    """Return the network in balls or series of balls."""
    named = dict(zip(family.unknowns, unknowns, strict=True))
    return ScaledNetwork(family, scale_at(family, h), named)


class truncation:
    """Keep this many coefficients of power series, then as many as before."""

    def __init__(self, terms: int) -> None:
        self.terms = terms

    def __enter__(self) -> None:
        self.before = ctx.cap
        ctx.cap = self.terms

    def __exit__(self, *error: object) -> None:
        ctx.cap = self.before


def _linearised(
    family: SymmetricFamily, h: float, point: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    try:
        values = residual_at(family, h, independent(point), math.pi)
    except (ValueError, ZeroDivisionError) as error:
        raise NewtonError(f"Newton's method left the domain at h = {h}") from error
    return (
        np.array([x.value for x in values]),
        np.array([partials(x, len(point)) for x in values]),
    )
