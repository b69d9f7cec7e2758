"""The exact stationary point next to a network of floats, one neuron a group, and one that is zero.

Where the sign of w_i.x_s is fixed for every neuron and sample, 0 holding w_i on the hyperplane
w.x_s = 0, the outputs are linear in the matrices h_i w_i^T: their least squares are rational. With
several outputs a neuron that is free in a plane needs the best fit of rank one, which is a surd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from relu_landscape.finite_stationary.exact_algebra import (
    dot,
    null_space,
    product,
    solution,
    transposed,
)
from relu_landscape.finite_stationary.finite_data import (
    ExactNetwork,
    FiniteData,
    Pattern,
    network,
    pattern_of,
)
from relu_landscape.finite_stationary.neuron_groups import Group
from relu_landscape.finite_stationary.surds import Number, square_root

_DECIMALS = 3  # to which a start is rounded, so that no last bit of it is seen

_Vector = list[Number]


class NoSuchPointError(ValueError):
    """No exact point was found next to these groups; the message says why."""


def point_of_groups(groups: Sequence[Group], data: FiniteData) -> ExactNetwork:
    """The network of least loss whose neurons, one a group, meet the samples as these do.

    Where it has other patterns, the neuron whose pattern changes first on the way there is held on
    the hyperplane where it does, and so on. The last neuron is zero: it stands for all that are
    near their vanishing start. Whether the point is stationary `stationarity.decide` answers.

    Args:
        groups: at most one of each pattern; none for the network that is zero.
        data: the samples.

    Raises:
        NoSuchPointError: there is none that these ways find.
    """
    outputs, width = len(data.targets[0]), len(data.inputs[0])
    if outputs == 1:
        found = _scalar_fit(groups, data)
    else:
        found = [_single_fit(group.pattern, groups, data) for group in groups]
    rows = [*found, ([Fraction(0)] * width, [Fraction(0)] * outputs)]
    return network([w for w, _ in rows], [h for _, h in rows])


@dataclass(frozen=True)
class _Cell:
    """A neuron h w on one side, or on the hyperplane, of each sample: h = 1 or -1.

    Attributes:
        pattern: which side.
        sign: h.
    """

    pattern: Pattern
    sign: int


def _scalar_fit(groups: Sequence[Group], data: FiniteData) -> list[tuple[_Vector, _Vector]]:
    """The neurons of a network with one output, by least squares from cell to cell."""
    cells = [_cell(group, data) for group in groups]
    sums = [[_rounded(x) for x in group.matrix[0]] for group in groups]
    while cells:
        spaces = [on_hyperplanes(cell.pattern, data) for cell in cells]
        starts = [nearest_in(m, space) for m, space in zip(sums, spaces, strict=True)]
        ends = _least_squares(starts, spaces, cells, data)
        crossing = _first_crossing(starts, ends, cells, data)
        if crossing is None:
            sums = ends
            break
        share, place, sample = crossing
        sums = [
            [a + share * (b - a) for a, b in zip(start, end, strict=True)]
            for start, end in zip(starts, ends, strict=True)
        ]
        pattern = cells[place].pattern
        cells[place] = _Cell((*pattern[:sample], 0, *pattern[sample + 1 :]), cells[place].sign)
    return [
        ([cell.sign * x for x in m], [Fraction(cell.sign)])
        for cell, m in zip(cells, sums, strict=True)
    ]


def _cell(group: Group, data: FiniteData) -> _Cell:
    """The cell of a group, with the sign of h with which its sum lies there."""
    inputs, _ = data.floats()
    off = [s for s, sign in enumerate(group.pattern) if sign]
    agrees = np.sign(inputs[off] @ group.matrix[0]) * np.array(group.pattern)[off]
    if not (np.all(agrees > 0) or np.all(agrees < 0)):
        raise NoSuchPointError("the sum of a group has another pattern than its neurons")
    return _Cell(group.pattern, int(agrees[0]))


def on_hyperplanes(pattern: Pattern, data: FiniteData) -> list[list[Fraction]]:
    """A basis of the w with w.x_s = 0 where the pattern is 0."""
    on = [x for x, sign in zip(data.inputs, pattern, strict=True) if sign == 0]
    return null_space(on, len(data.inputs[0]))


def nearest_in(vector: _Vector, basis: list[list[Fraction]]) -> _Vector:
    """The nearest vector of a space."""
    if not basis:
        raise NoSuchPointError("a neuron is held at zero")
    gram, right = product(basis, transposed(basis)), [[dot(b, vector)] for b in basis]
    found = solution(gram, right)
    assert found is not None
    return product(transposed(found), basis)[0]


def _least_squares(
    starts: Sequence[_Vector],
    spaces: Sequence[list[list[Fraction]]],
    cells: Sequence[_Cell],
    data: FiniteData,
) -> list[_Vector]:
    """The sums h w of least loss in the spaces of the cells that are nearest to these."""
    design = [
        [
            dot(b, x) if cell.pattern[s] > 0 else Fraction(0)
            for cell, space in zip(cells, spaces, strict=True)
            for b in space
        ]
        for s, x in enumerate(data.inputs)
    ]
    met = [
        sum(
            (dot(m, x) for m, cell in zip(starts, cells, strict=True) if cell.pattern[s] > 0),
            Fraction(0),
        )
        for s, x in enumerate(data.inputs)
    ]
    columns = transposed(design)
    missing = [[y[0] - f] for y, f in zip(data.targets, met, strict=True)]
    # delta = A^T nu is least among those with A^T A delta = A^T r.
    nu = solution(product(product(columns, design), columns), product(columns, missing))
    assert nu is not None
    delta = iter(row[0] for row in product(columns, nu))
    return [
        [
            a + change
            for a, change in zip(
                start, product([[next(delta) for _ in space]], space)[0], strict=True
            )
        ]
        for start, space in zip(starts, spaces, strict=True)
    ]


def _first_crossing(
    starts: Sequence[_Vector],
    ends: Sequence[_Vector],
    cells: Sequence[_Cell],
    data: FiniteData,
) -> tuple[Fraction, int, int] | None:
    """How far the cells reach on the way: share, neuron and sample; None where to the end."""
    crossings = []
    for place, (start, end, cell) in enumerate(zip(starts, ends, cells, strict=True)):
        for sample, x in enumerate(data.inputs):
            side = cell.sign * cell.pattern[sample]
            here, there = side * dot(start, x), side * dot(end, x)
            if side and here <= 0:
                raise NoSuchPointError("the start lies in no cell")
            if side and there <= 0:
                crossings.append((here / (here - there), place, sample))
    return min(crossings, default=None)


def _single_fit(
    pattern: Pattern, groups: Sequence[Group], data: FiniteData
) -> tuple[_Vector, _Vector]:
    """A neuron with several outputs that alone meets its samples."""
    active = [s for s, sign in enumerate(pattern) if sign > 0]
    if sum(any(group.pattern[s] > 0 for s in active) for group in groups) > 1:
        raise NoSuchPointError("two groups with several outputs meet the same sample")
    space = on_hyperplanes(pattern, data)
    targets = [data.targets[s] for s in active]
    if len(space) == 1:
        units = [dot(space[0], data.inputs[s]) for s in active]
        side = 1 if units[0] > 0 else -1
        w = [side * x for x in space[0]]
        squares = dot(units, units)
        h = [side * dot(units, column) / squares for column in transposed(targets)]
    elif len(space) == len(active) == len(targets[0]) == 2:
        w, h = _best_of_rank_one([data.inputs[s] for s in active], targets)
    else:
        raise NoSuchPointError("no fit of rank one is known but of two samples by two outputs")
    if pattern_of(w, data.inputs) != pattern:
        raise NoSuchPointError("the network of the least loss has other patterns")
    return w, h


def _best_of_rank_one(
    inputs: Sequence[Sequence[Fraction]], targets: Sequence[Sequence[Fraction]]
) -> tuple[_Vector, _Vector]:
    """w and h of the least |h w.x_s - y_s|^2 over two samples, where w.x_s > 0 at both.

    h is the eigenvector of sum_s y_s y_s^T of the larger eigenvalue, w.x_s = h.y_s/|h|^2.
    """
    scatter = product(transposed(targets), targets)
    (a, b), (_, c) = scatter
    larger = (square_root((a - c) * (a - c) + 4 * b * b) + (a + c)) / 2
    h: _Vector = [b + larger * 0, larger - a]
    if b == 0:
        raise NoSuchPointError("the targets are orthogonal")
    met = [dot(h, y) for y in targets]
    if met[0] < 0:
        h, met = [-x for x in h], [-x for x in met]
    squares = dot(h, h)
    # Cramer's rule: the inputs are rational, what they meet is not.
    (p, q), (r, s) = inputs
    determinant = p * s - q * r
    w = [
        (met[0] * s - met[1] * q) / (squares * determinant),
        (met[1] * p - met[0] * r) / (squares * determinant),
    ]
    return w, h


def _rounded(x: float) -> Fraction:
    return Fraction(round(float(x) * 10**_DECIMALS), 10**_DECIMALS)
