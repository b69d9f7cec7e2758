"""What is known in closed form: series, limits of inner Hessians, the spectrum at W = V = I.

All of it was derived for this project (source: derived): the coefficients by recognising numbers
that `puiseux_series` finds, the spectrum by hand. Tests compare them with what is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import mpmath
import numpy as np

from relu_landscape.arguments import checked_arguments, real_number
from relu_landscape.families.family import Family, checked_family
from relu_landscape.symmetry.isotypic import Eigenvalue

_DIGITS = 50


@dataclass(frozen=True)
class ClosedForm:
    """A coefficient of a Puiseux series: of h^power in a quantity, "loss" or a parameter name."""

    quantity: str
    power: int
    value: mpmath.mpf
    source: str = "derived"


@dataclass(frozen=True)
class InnerLimit:
    """The limit of sqrt(k) times an eigenvalue of A_i, for a class of neurons and an irrep.

    The eigenvalue is the smallest one of that representation.
    """

    neuron_class: int
    irrep: str
    value: float
    source: str = "derived"


def closed_form_series(family: str, *, m: int | None = None) -> list[ClosedForm]:
    """Return the coefficients of a family in powers of h = k^{-1/2} that have a closed form.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block, for families I and II.

    Raises:
        ValueError: no such family.

    Source: derived.
    """
    name, block = checked_family(family, m, 0)
    with mpmath.workdps(_DIGITS):
        if name is Family.A:
            return _series_of_A()
        if name is Family.I:
            return _series_of_I(block)
        return _series_of_II(block)


def closed_form_inner_limits(family: str, *, m: int | None = None) -> list[InnerLimit]:
    """Return the known limits of sqrt(k) lambda, lambda the softest of A_i in a representation.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block, for families I and II.

    Raises:
        ValueError: no such family.

    Source: derived.
    """
    name, block = checked_family(family, m, 0)
    pi = np.pi
    gap = 1 / pi - 2 / pi**2
    if name is Family.A:
        return [InnerLimit(0, "t", -2 / pi), InnerLimit(0, "s_{p-1}", -1 / pi)]
    if name is Family.I:
        limits = [InnerLimit(0, "s_{p-1}", -1 / pi)]
        if block == 1:
            limits += [InnerLimit(1, "t", -2 * gap), InnerLimit(1, "s_p", -gap)]
        return limits
    limits = [InnerLimit(0, "t", -np.sqrt(block) * gap), InnerLimit(1, "s_p", -2 / pi**2)]
    if block == 1:
        limits.append(InnerLimit(1, "t", -4 / pi**2))
    return limits


@checked_arguments(k=real_number)
def global_minimum_isotypic_spectrum(k: float) -> list[Eigenvalue]:
    """Return the distinct Hessian eigenvalues at W = V = I_k, ascending.

    With a = 1/4 - 1/(2 pi): a on y, 1/4 + 1/(2 pi) on x; on s the value a and the roots of
    z^2 - (k + 2)/4 z + (k + 2)/16 - a^2; on t the roots of
    z^2 - (k (1/4 + 1/(2 pi)) + 1/2) z + k^2/(8 pi) + k (1/(8 pi) + a^2) + 1/8 - a^2.

    Args:
        k: number of teachers, real, above 3.

    Returns:
        Eigenvalues with multiplicities that add up to k^2.

    Raises:
        ValueError: k is 3 or less, where some of the representations do not occur.

    Source: derived; S21, Theorem 3 has the smallest one.
    """
    if not k > 3:
        raise ValueError(f"k = {k}; needs k > 3, where all of s, x, y occur")
    pi = np.pi
    a = 0.25 - 0.5 / pi
    standard = _quadratic_roots((k + 2) / 4, (k + 2) / 16 - a**2)
    trivial = _quadratic_roots(
        k * (0.25 + 0.5 / pi) + 0.5,
        k**2 / (8 * pi) + k * (1 / (8 * pi) + a**2) + 0.125 - a**2,
    )
    rows = [
        Eigenvalue(a, (k - 1) * (k - 2) / 2, "y_p"),
        Eigenvalue(0.25 + 0.5 / pi, k * (k - 3) / 2, "x_p"),
        Eigenvalue(a, k - 1, "s_p"),
        *(Eigenvalue(root, k - 1, "s_p") for root in standard),
        *(Eigenvalue(root, 1.0, "t") for root in trivial),
    ]
    return sorted(rows, key=lambda row: row.value)


def _quadratic_roots(total: float, product: float) -> tuple[float, float]:
    """The roots of z^2 - total z + product, the smaller one without cancellation."""
    larger = total / 2 + np.sqrt(total**2 / 4 - product)
    return float(product / larger), float(larger)


def _series_of_A() -> list[ClosedForm]:
    pi = mpmath.pi
    return [
        ClosedForm("loss", 0, mpmath.mpf(1) / 2 - 1 / pi),
        ClosedForm("loss", 1, -4 / (3 * pi)),
        ClosedForm("loss", 2, -mpmath.mpf(1) / 2 + 3 / pi - 2 / pi**2),
        ClosedForm("loss", 3, 58 / (15 * pi) - 8 / pi**2),
        ClosedForm("loss", 4, mpmath.mpf(1) / 2 - 16 / (3 * pi) - 2 / pi**2 + 4 / pi**3),
        ClosedForm("r0.diag", 0, mpmath.mpf(-1)),
        ClosedForm("r0.diag", 2, mpmath.mpf(2)),
        ClosedForm("r0.diag", 4, 8 / pi - 4),
        ClosedForm("r0.c0", 2, mpmath.mpf(2)),
        ClosedForm("r0.c0", 4, 4 / pi - 2),
        ClosedForm("r0.c0", 5, 8 / pi),
        ClosedForm("r0.c0", 6, 4 - 12 / pi - 8 / pi**2),
    ]


def _series_of_I(m: int) -> list[ClosedForm]:
    pi = mpmath.pi
    forms = [
        ClosedForm("loss", 0, mpmath.mpf(1) / 2 - 1 / pi),
        ClosedForm("loss", 1, -4 / (3 * pi)),
        ClosedForm("loss", 2, -mpmath.mpf(1 + m) / 2 + (3 + 2 * m) / pi - (2 + 2 * m) / pi**2),
        ClosedForm("r0.diag", 0, mpmath.mpf(-1)),
        ClosedForm("r0.diag", 2, mpmath.mpf(2)),
        ClosedForm("r0.diag", 4, 8 * (m + 1) / pi - 4),
        ClosedForm("r0.c0", 2, mpmath.mpf(2)),
        ClosedForm("r0.c0", 4, 4 * (m + 1) / pi - 2),
        ClosedForm("r1.diag", 0, mpmath.mpf(1)),
        ClosedForm("r1.diag", 2, 8 / pi - 8 / pi**2),
        ClosedForm("r1.c0", 2, 2 - 4 / pi),
        ClosedForm("r1.c0", 3, 32 / pi**3 - 32 / pi**2),
    ]
    if m == 1:
        forms.append(ClosedForm("r0.c1", 4, 16 / pi**2 - 12 / pi))
    return forms


def _series_of_II(m: int) -> list[ClosedForm]:
    pi = mpmath.pi
    forms = [
        ClosedForm("loss", 0, mpmath.mpf(0)),
        ClosedForm("loss", 1, mpmath.mpf(0)),
        ClosedForm("loss", 2, m * (mpmath.mpf(1) / 2 - 2 / pi**2)),
        ClosedForm("r0.diag", 0, mpmath.mpf(1)),
        ClosedForm("r0.diag", 4, 8 * m / pi),
        ClosedForm("r0.c0", 4, -4 * m / pi),
        ClosedForm("r0.c0", 5, -32 * m / pi**3),
        ClosedForm("r0.c1", 2, mpmath.mpf(2)),
        ClosedForm("r1.diag", 0, mpmath.mpf(-1)),
        ClosedForm("r1.diag", 2, 2 + 8 / pi + 8 / pi**2),
        ClosedForm("r1.c0", 2, 4 / pi),
        ClosedForm("r1.c0", 3, 32 / pi**3),
    ]
    if m == 1:
        forms.append(ClosedForm("r0.c1", 4, -(2 + 8 / pi)))
    return forms
