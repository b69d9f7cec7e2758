"""The first integer k from which on a family is a minimum, in float64: a guess for a proof."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from relu_landscape.certificates.newton import NewtonError
from relu_landscape.every_k.branch import limit_guess, solve_at
from relu_landscape.every_k.components import component_forms
from relu_landscape.every_k.network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, scale_at

_STEP: Final = 1 / 64


def first_minimum(family: SymmetricFamily) -> int:
    """Return the first integer k from which on the Hessian is positive definite along the branch.

    The branch is followed from h = 0 until it ends or is no minimum; k = m + 2 is never reached.
    """
    h, point = 0.0, limit_guess(family)
    last = 1 / math.sqrt(family.special_rows + 3)
    found = None
    k = math.floor(1 / _STEP**2)
    while h < last:
        h = min(h + _STEP, 1 / math.sqrt(k), last)
        try:
            point, _ = solve_at(family, h, point)
        except NewtonError:
            break
        if not is_minimum(family, h, point):
            break
        if h == 1 / math.sqrt(k):
            found, k = k, k - 1
    assert found is not None, f"{family} is no minimum at any k"
    return found


def is_minimum(family: SymmetricFamily, h: float, point: list[float]) -> bool:
    """Say whether the Hessian is positive definite on every component, in float64."""
    named = dict(zip(family.unknowns, point, strict=True))
    network = ScaledNetwork(family, scale_at(family, h, math.pi), named)
    try:
        for component in component_forms(network):
            np.linalg.cholesky(np.array(component.form.matrix, dtype=np.float64))
    except np.linalg.LinAlgError:
        return False
    return True
