"""Coefficients of A, I_1 and II_1 in powers of h = k^(-1/2), exactly: rational functions of pi.

At h = 0 the equations are solved by the values below. Put into them exactly they leave 0, and that
point lies in the box that holds one critical point, the limit of the branch that is proved for all
large k. There the Jacobian J is regular, and the n-th coefficients are -J^-1 times the n-th one of
the residual along the terms before it, all in exact arithmetic. With more special rows G solves an
equation that is not linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from relu_landscape.arguments import checked_arguments, text, whole_number
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.branch import residual_at
from relu_landscape.every_k.certificate import certify_family_for_all_k, named_family
from relu_landscape.every_k.exact_numbers import PI, ExactSeries, RationalInPi
from relu_landscape.every_k.scaled_loss import scaled_loss
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, scale_at
from relu_landscape.every_k.split_eigenvalues import split_eigenvalues
from relu_landscape.every_k.sweep import EVERY_K_BITS
from relu_landscape.families.family import Family

_A: Final = SymmetricFamily(Family.A, 0)
_I_1: Final = SymmetricFamily(Family.I, 1)
_II_1: Final = SymmetricFamily(Family.II, 1)
# Each unknown in powers of 1/pi.
_LIMITS: Final = {
    _A: ((-4, 8), (-2, 4)),
    _I_1: ((-4, 16), (-2, 8), (0, -12, 16), (0, 8, -8), (2, -4)),
    _II_1: ((0, 8), (0, -4), (2,), (2, 8, 8), (0, 4)),
}
_LARGE_K: Final = 10**6


@checked_arguments(terms=whole_number)
def exact_split_series(*, terms: int = 1) -> dict[tuple[str, str, int], list[RationalInPi]]:
    """Return the first coefficients of the eigenvalues of the inner Hessians of II_1, exactly.

    Args:
        terms: number of coefficients, at least 1.

    Returns:
        Those of eigenvalue/h^power, by class (w or s), representation and place, as in
        `split_eigenvalues`.

    Raises:
        ValueError: no term.
        ArithmeticError: the exact point at h = 0 is not that of the proved branch.

    Source: derived here.
    """
    network = _along_branch(_II_1, terms)
    return {
        (x.neuron_class, x.irrep, x.place): x.coefficient.coefficients
        for x in split_eigenvalues(network)
    }


@checked_arguments(family=text, special_rows=whole_number, terms=whole_number)
def exact_loss_series(family: str, special_rows: int, *, terms: int = 1) -> list[RationalInPi]:
    """Return the first coefficients of the loss F of a family in h = k^(-1/2), exactly.

    Args:
        family: "A", "I" or "II".
        special_rows: 0 for A, 1 for I and II.
        terms: number of coefficients, of h^0 to h^(terms - 1), at least 1.

    Raises:
        ValueError: no such family, one of more special rows, or no term.
        ArithmeticError: the exact point at h = 0 is not that of the proved branch.

    Source: derived here.
    """
    named = named_family(family, special_rows)
    if not has_exact_series(named):
        raise ValueError(f"special_rows = {special_rows}; exact series are known up to 1")
    network = _along_branch(named, terms)
    loss: ExactSeries = scaled_loss(network)
    return (loss * network.scale.t if named.sign == 1 else loss).coefficients


def has_exact_series(family: SymmetricFamily) -> bool:
    """Say whether the limit of a family is known exactly."""
    return family in _LIMITS


@cache
def _along_branch(family: SymmetricFamily, terms: int) -> ScaledNetwork:
    """The network along the branch, in series of this many terms."""
    if terms < 1:
        raise ValueError(f"terms = {terms}; it must be 1 or more")
    limit = _limit(family)
    size = len(limit)
    zero = ExactSeries([0, 0])
    columns = []
    for along in range(size):
        moved = [ExactSeries([x, int(i == along)]) for i, x in enumerate(limit)]
        columns.append([value[1] for value in _residual(family, zero, moved)])
    jacobian = [[columns[j][i] for j in range(size)] for i in range(size)]

    coefficients = [limit]
    for order in range(1, terms):
        h = ExactSeries([0, 1, *[0] * (order - 1)])
        before = [ExactSeries([*row, 0]) for row in zip(*coefficients, strict=True)]
        values = _residual(family, h, before)
        coefficients.append(_solve(jacobian, [-value[order] for value in values]))
    h = ExactSeries([0, 1, *[0] * (terms - 2)][:terms])
    series = [ExactSeries(row) for row in zip(*coefficients, strict=True)]
    scale = scale_at(family, h, _constant(PI, terms))
    return ScaledNetwork(family, scale, dict(zip(family.unknowns, series, strict=True)))


def _limit(family: SymmetricFamily) -> list[RationalInPi]:
    """The unknowns at h = 0: a critical point, and that of the branch which is proved."""
    powers = [RationalInPi.of(1), RationalInPi.of(1) / PI, RationalInPi.of(1) / (PI * PI)]
    limit = [
        sum((y * x for x, y in zip(row, powers, strict=False)), start=RationalInPi.of(0))
        for row in _LIMITS[family]
    ]
    left = _residual(family, ExactSeries([0]), [ExactSeries([x]) for x in limit])
    known = certify_family_for_all_k(family.family, family.special_rows, least_k=_LARGE_K)
    if isinstance(known, Failure):
        raise ArithmeticError(f"the branch is not located: {known.detail}")
    first = known.pieces[0]
    boxes = zip(first.at(0.0), first.location.uniqueness.tolist(), limit, strict=True)
    with precision(EVERY_K_BITS):
        near = all(abs(x.ball() - float(y)) < width / 2 for y, width, x in boxes)
    if not (near and all(value[0].is_zero() for value in left)):
        raise ArithmeticError("the point written down for h = 0 is not the limit of the branch")
    return limit


def _residual(
    family: SymmetricFamily, h: ExactSeries, unknowns: list[ExactSeries]
) -> list[ExactSeries]:
    found: list[ExactSeries] = residual_at(family, h, unknowns, _constant(PI, len(h.coefficients)))
    return found


def _constant(x: RationalInPi, terms: int) -> ExactSeries:
    return ExactSeries([x, *[0] * (terms - 1)])


def _solve(
    matrix: Sequence[Sequence[RationalInPi]], right: Sequence[RationalInPi]
) -> list[RationalInPi]:
    """x with matrix x = right, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = next(j for j in range(i, len(rows)) if not rows[j][i].is_zero())
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j, row in enumerate(rows):
            if j != i and not row[i].is_zero():
                factor = row[i]
                rows[j] = [x - factor * y for x, y in zip(row, rows[i], strict=True)]
    return [row[-1] for row in rows]
