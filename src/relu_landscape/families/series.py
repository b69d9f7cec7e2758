"""Puiseux series: loss and entries of a family as power series in h = k^{-1/2}.

The points are solved at k = 1/h^2 for h = h_0, 2 h_0, ..., N h_0 in extended precision, and the
polynomial of degree N - 1 through them has, in its first terms, the coefficients of the series up
to an error of order h_0^(N-i) in term i.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import mpmath
import numpy as np

from relu_landscape.arguments import checked_arguments, whole_number
from relu_landscape.families.family import Family, checked_family, solve_family
from relu_landscape.symmetry.arithmetic import Arithmetic, Numbers, Real, extended
from relu_landscape.symmetry.reduced import ReducedLoss

NODE_SPACING: Final = "1e-4"
# Beyond these many digits of h_0^(N-i) the interpolation and the loss, which is a difference of
# numbers of size k^2, cost digits: some 20 and 16.
NODES_BEYOND_TERMS: Final = 10
DIGITS: Final = 110


@dataclass(frozen=True)
class Series:
    """Coefficients of powers h^0, h^1, ..., and how far each may be off.

    errors: change of each coefficient when the last node is left out, an upper estimate.
    """

    coefficients: tuple[mpmath.mpf, ...]
    errors: tuple[float, ...]


@dataclass(frozen=True)
class PuiseuxSeries:
    """The series of the loss and of each entry of a family; entries by parameter name."""

    family: Family
    m: int
    loss: Series
    entries: dict[str, Series]


@checked_arguments(terms=whole_number)
def puiseux_series(family: str, *, m: int | None = None, terms: int = 6) -> PuiseuxSeries:
    """Recover the leading coefficients in h = k^{-1/2} of loss and entries of a family.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block, for families I and II.
        terms: number of coefficients, of h^0 to h^(terms-1), at least 1.

    Returns:
        Coefficients as mpmath numbers, with estimates of their errors.

    Raises:
        ValueError: no such family, or no terms.

    Source: AF20, abstract (critical points are series in k^{-1/2}); found by interpolation.
    """
    name, block = checked_family(family, m, 0)
    if terms < 1:
        raise ValueError(f"terms = {terms}; ask for at least one coefficient")
    arithmetic = extended(DIGITS)
    spacing = arithmetic.number(NODE_SPACING)
    values: list[list[Real]] = []
    names: tuple[str, ...] = ()
    for node in range(1, terms + NODES_BEYOND_TERMS + 1):
        k = 1 / (node * spacing) ** 2
        space, solution = solve_family(name, block, 0, k, arithmetic)
        names = space.parameter_names
        loss = ReducedLoss(space, arithmetic).loss(solution.parameters)
        values.append([loss, *solution.parameters])
    series = _interpolate(np.array(values, dtype=object), spacing, terms, arithmetic)
    return PuiseuxSeries(name, block, series[0], dict(zip(names, series[1:], strict=True)))


def _interpolate(
    values: Numbers, spacing: mpmath.mpf, terms: int, arithmetic: Arithmetic
) -> list[Series]:
    """Series of each column of the values (nodes, quantities) at h = spacing, 2 spacing, ..."""
    fits = [
        _polynomial(values[:count], spacing, arithmetic) for count in (len(values) - 1, len(values))
    ]
    series = []
    for fewer, best in zip(*(fit[:terms].T for fit in fits), strict=True):
        errors = tuple(float(abs(a - b)) for a, b in zip(fewer, best, strict=True))
        with mpmath.workdps(DIGITS):
            series.append(Series(tuple(map(mpmath.mpf, best)), errors))
    return series


def _polynomial(values: Numbers, spacing: mpmath.mpf, arithmetic: Arithmetic) -> Numbers:
    """Coefficients (degree + 1, quantities) of the polynomials through the values."""
    nodes = arithmetic.array(np.arange(1, len(values) + 1))
    powers = np.arange(len(values))
    vandermonde = np.array([[node ** int(power) for power in powers] for node in nodes])
    columns = [arithmetic.solve(vandermonde, column) for column in values.T]
    scale = arithmetic.array([spacing ** int(power) for power in powers])
    return np.array(columns, dtype=object).T / scale[:, None]
