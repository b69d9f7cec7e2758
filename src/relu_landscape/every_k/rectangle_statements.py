"""What holds at the critical point over a rectangle: curvature, splits and loss.

Forms K - c Gram are shown to be positive definite as in `definite_pieces`: one congruence that
makes the middle the unit matrix, and Gershgorin's theorem.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.every_k.critical_splits import critical_splits
from relu_landscape.every_k.forms import ComponentForm
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.location import Location
from relu_landscape.every_k.rectangles import (
    Rectangle,
    Surface,
    bound_over,
    coefficients_of,
    expand_over,
    factors_of,
    network_at,
)
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaled_loss import scaled_loss
from relu_landscape.every_k.scaling import SymmetricFamily

_ORDER: Final = 2
_DIGITS: Final = 6
# Shares of the eigenvalue at the middle that are tried as lower bounds over the rectangle.
_SHARES: Final = (0.9, 0.7, 0.5, 0.25, 0.0625)
# What is stated is weaker than what was shown, for a checker that rounds differently.
_LESS: Final = Decimal("0.999")


@dataclass(frozen=True)
class RectangleStatements:
    """What holds at the critical points for every m >= 3 and every k of a rectangle.

    eigenvalue_lower: lower bounds of the eigenvalues of the Hessian by isotypic component, as far
    as it exists at an m, and off the span, all positive; inner_upper: by class of neurons, upper
    bounds, all negative, of an eigenvalue of its inner Hessian, divided by h r (w of II) or h;
    loss: ends of an interval of k F/m (II) or F (I), above 0.
    """

    eigenvalue_lower: dict[str, Decimal]
    inner_upper: dict[str, Decimal]
    loss: tuple[Decimal, Decimal]


@dataclass(frozen=True)
class _Quantities:
    forms: list[ComponentForm]
    splits: dict[str, Number]
    loss: Number


def prove_over(
    member: SymmetricFamily, rectangle: Rectangle, surface: Surface, location: Location
) -> RectangleStatements | Failure:
    """Prove what holds at the critical points of a rectangle.

    Args:
        member: stands for the families of the rectangle.
        rectangle: of r and s.
        surface: about its middle.
        location: of the critical point, near the surface.

    Raises:
        UndefinedError: the rectangle is too large.
    """

    def quantities(r: Number, s: Number, unknowns: list[Number]) -> _Quantities:
        network = network_at(member, r, s, unknowns)
        return _Quantities(component_forms(network), critical_splits(network), scaled_loss(network))

    results = expand_over(quantities, rectangle, surface, location.radius.tolist(), _ORDER)
    factors = factors_of(rectangle, _ORDER)

    def bound(values: Sequence[Number]) -> Number:
        return bound_over(coefficients_of(rectangle, values, _ORDER), factors)

    lowest: dict[str, Decimal] = {}
    for forms in zip(*(x.forms for x in results), strict=True):
        form = _matrices(rectangle, [x.form.matrix for x in forms])
        gram = _matrices(rectangle, [x.gram.matrix for x in forms])
        name, found = forms[0].name, _lower_bound(form, gram, factors)
        if found is None:
            return Failure(FailureReason.NOT_POSITIVE_DEFINITE, f"on {name}")
        # A margin for the division, which is not done in balls.
        eigenvalue = decimal_below(found / (2 * math.pi) * (1 - 2.0**-40), _DIGITS) * _LESS
        lowest[name] = min(eigenvalue, lowest.get(name, eigenvalue))
    inner: dict[str, Decimal] = {}
    for neuron_class in results[0].splits:
        upper = bound([x.splits[neuron_class] for x in results])
        if not upper < 0:
            return Failure(FailureReason.NO_NEGATIVE_CURVATURE, f"in class {neuron_class}")
        inner[neuron_class] = decimal_above(upper, _DIGITS) * _LESS
    loss = bound([x.loss for x in results])
    if not loss > 0:
        return Failure(FailureReason.LOSS_NOT_POSITIVE, f"it is in {loss.str(5)}")
    interval = decimal_below(loss, _DIGITS) * _LESS, decimal_above(loss, _DIGITS) / _LESS
    return RectangleStatements(lowest, inner, interval)


def _matrices(rectangle: Rectangle, matrices: Sequence[Sequence[Sequence[Number]]]) -> list[Any]:
    """Taylor coefficients of a matrix, each an `arb_mat`."""
    size = len(matrices[0])
    entries = [
        coefficients_of(rectangle, [matrix[i][j] for matrix in matrices], _ORDER)
        for i in range(size)
        for j in range(size)
    ]
    return [arb_mat(size, size, list(terms)) for terms in zip(*entries, strict=True)]


def _lower_bound(
    form: Sequence[Any], gram: Sequence[Any], factors: Sequence[Number]
) -> float | None:
    """c > 0 such that K - c Gram is positive definite over the rectangle, or None."""
    try:
        inverse = np.linalg.inv(np.linalg.cholesky(_middle(form[0])))
    except np.linalg.LinAlgError:
        return None
    largest = float(np.linalg.eigvalsh(inverse @ _middle(gram[0]) @ inverse.T)[-1])
    for share in _SHARES:
        candidate = share / largest
        shifted = [k - g * candidate for k, g in zip(form, gram, strict=True)]
        if _is_positive_definite(shifted, factors):
            return candidate
    return None


def _is_positive_definite(matrices: Sequence[Any], factors: Sequence[Number]) -> bool:
    """Gershgorin's theorem, after a congruence that makes the middle the unit matrix."""
    try:
        factor = np.linalg.cholesky(_middle(matrices[0]))
    except np.linalg.LinAlgError:
        return False
    transform = arb_mat(np.tril(np.linalg.inv(factor)).tolist())
    transposed = transform.transpose()
    near_unit = [(transform * matrix * transposed).tolist() for matrix in matrices]
    size = len(near_unit[0])
    for i in range(size):
        row = [bound_over([x[i][j] for x in near_unit], factors) for j in range(size)]
        others: Number = sum((abs(x) for j, x in enumerate(row) if j != i), start=row[i] * 0)
        if not (row[i] - others > 0 and transform[i, i] != 0):
            return False
    return True


def _middle(matrix: Any) -> NDArray[np.float64]:
    middle = np.array([float(x.mid()) for x in matrix.entries()])
    return middle.reshape(matrix.nrows(), matrix.ncols())
