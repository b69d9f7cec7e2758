"""From which k on a family is a minimum, in float64: a guess for a proof."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np

from relu_landscape.certificates.newton import NewtonError
from relu_landscape.every_k.branch import limit_guess, solve_at
from relu_landscape.every_k.forms import ComponentForm
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, scale_at

_STEP: Final = 1 / 64

FloatForms: TypeAlias = Callable[[float, Sequence[float]], list[ComponentForm]]


def first_minimum(family: SymmetricFamily) -> int:
    """Return the first integer k from which on the Hessian is positive definite along the branch.

    The branch is followed in h = k^(-1/2) from 0 in small steps, then from integer to integer,
    until it ends, is no minimum, or would reach k = m + 2.
    """
    h, point, forms = 0.0, limit_guess(family), forms_of_family(family)
    while (ahead := _follow(family, h + _STEP, point, forms)) is not None:
        h, point = h + _STEP, ahead
    k = math.ceil(h**-2)
    while (ahead := _follow(family, 1 / math.sqrt(k), point, forms)) is not None:
        k, point = k - 1, ahead
    return k + 1


def is_minimum_from(family: SymmetricFamily, k: float) -> bool:
    """Say whether the Hessian is positive definite along the branch, from infinity to a real k."""
    h, point, forms = 0.0, limit_guess(family), forms_of_family(family)
    last = 1 / math.sqrt(k)
    while h < last:
        h = min(h + _STEP, last)
        ahead = _follow(family, h, point, forms)
        if ahead is None:
            return False
        point = ahead
    return True


def follow_to_threshold(
    family: SymmetricFamily, limit: list[float], forms: FloatForms
) -> tuple[float, list[float]]:
    """Return the largest h up to which forms are positive definite all the way, and its point.

    Bisection, as far as float64 tells the sign of the smallest eigenvalue.

    Args:
        family: the family.
        limit: its point at h = 0.
        forms: those of the Hessian, at h and values of the unknowns.
    """
    h, point, step = 0.0, limit, _STEP
    while h + step > h:
        ahead = _follow(family, h + step, point, forms)
        if ahead is None:
            step /= 2
        else:
            h, point = h + step, ahead
    return h, point


def forms_of_family(family: SymmetricFamily) -> FloatForms:
    """Return the forms of the Hessian on all components, in floats."""

    def forms(h: float, point: Sequence[float]) -> list[ComponentForm]:
        named = dict(zip(family.unknowns, point, strict=True))
        return component_forms(ScaledNetwork(family, scale_at(family, h, math.pi), named))

    return forms


def _follow(
    family: SymmetricFamily,
    h: float,
    guess: Sequence[float],
    forms: FloatForms,
) -> list[float] | None:
    """The unknowns at h, or None where there is none near the guess with positive forms."""
    if h**-2 <= family.special_rows + 2:
        return None
    try:
        point, _ = solve_at(family, h, guess)
    except NewtonError:
        return None
    try:
        for component in forms(h, point):
            np.linalg.cholesky(np.array(component.form.matrix, dtype=np.float64))
    except np.linalg.LinAlgError:
        return None
    return point
