"""The loss on a fixed-point space, and its derivatives, at a cost that does not depend on k.

F is a sum over pairs of neurons, and pairs of one orbit contribute equally. Two neurons of one pair
see the coordinates in a few slots: the own coordinate of the first, that of the second, and the
rest of each block, on which both are constant. With the number of coordinates of a slot as weight,

    <u, v> = sum_slots weight u v,

the pair is a pair of short vectors, and F = 1/2 sum over orbits of pairs of size times f. Sizes and
weights are real numbers, and so k is.

Angles are 2 atan2(|a - b|, |a + b|) of the unit vectors, as in `objective.pair`; the Hessian has
the form that has no cancellation at small angles. The arrays may hold float64 or mpmath numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import instance_of
from relu_landscape.symmetry.arithmetic import FLOAT64, Arithmetic, Numbers, Real
from relu_landscape.symmetry.fixed_points import NO_PARAMETER, FixedPointSpace


@dataclass(frozen=True)
class PairOrbits:
    """Orbits of ordered pairs (first neuron, second neuron or teacher).

    first, second: (orbits, slots) parameter in each slot; the places `dimension` and
    `dimension + 1` stand for the constants 0 and 1; weights: (orbits, slots) coordinates in each
    slot; sizes: (orbits,) number of pairs; rows: (orbits,) class of the first neuron.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weights: Numbers
    sizes: Numbers
    rows: NDArray[np.int64]

    def of_row(self, row: int) -> PairOrbits:
        """Return the orbits whose first neuron is of one class."""
        chosen = self.rows == row
        return PairOrbits(
            first=self.first[chosen],
            second=self.second[chosen],
            weights=self.weights[chosen],
            sizes=self.sizes[chosen],
            rows=self.rows[chosen],
        )


@dataclass(frozen=True)
class _Pairs:
    """Geometry of the pairs of each orbit; the fields are those of `objective.geometry`."""

    first_norm: Numbers
    second_norm: Numbers
    first_unit: Numbers
    second_unit: Numbers
    sine: Numbers
    cosine: Numbers
    supplement: Numbers
    bisector: Numbers
    separation: Numbers
    normal: Numbers


@dataclass(frozen=True)
class ReducedLoss:
    """F on a fixed-point space, teacher V = I.

    Args:
        space: the space; its block sizes are converted to the numbers of the arithmetic.
        arithmetic: numbers to calculate with.

    Raises:
        ValueError: one of them is something else.

    Source: S21, eqs. (64), (10), (5) for a pair; the sums over orbits are elementary.
    """

    space: FixedPointSpace
    arithmetic: Arithmetic = FLOAT64

    def __post_init__(self) -> None:
        instance_of(FixedPointSpace)(self.space, "space")
        instance_of(Arithmetic)(self.arithmetic, "arithmetic")

    def loss(self, parameters: Numbers) -> Real:
        """Return F.

        Args:
            parameters: (dimension,).

        Raises:
            ValueError: another number of parameters, or a neuron is zero; so do the derivatives.
        """
        values = self._with_constants(parameters)
        students, teachers = self._students, self._teachers
        # F holds f(w_i, w_i)/2 = |w_i|^2/4 for every neuron.
        own = self.entry_counts * values[: self.space.dimension] ** 2
        terms = (
            own / 4,
            students.sizes * self._pair_losses(students, values) / 2,
            -teachers.sizes * self._pair_losses(teachers, values),
            self.arithmetic.array([self._teacher_loss]),
        )
        return self.arithmetic.total(np.concatenate(terms))

    def gradient(self, parameters: Numbers) -> Numbers:
        """Return dF/dparameters, (dimension,): the derivative of F, summed over the entries.

        Args:
            parameters: (dimension,).
        """
        values = self._with_constants(parameters)
        gradient = np.zeros_like(values)
        for sign, orbits in ((1, self._students), (-1, self._teachers)):
            pairs = self._geometry(orbits, values)
            along_first = (pairs.second_norm * pairs.sine)[:, None] * pairs.first_unit
            along_second = (pairs.second_norm * pairs.supplement)[:, None] * pairs.second_unit
            scale = (orbits.sizes * sign / (2 * self.arithmetic.pi))[:, None] * orbits.weights
            np.add.at(gradient, orbits.first, scale * (along_first + along_second))
        inner = gradient[: self.space.dimension]
        return inner + self.entry_counts * values[: self.space.dimension] / 2

    def hessian(self, parameters: Numbers) -> Numbers:
        """Return the second derivatives, (dimension, dimension).

        Args:
            parameters: (dimension,).
        """
        values = self._with_constants(parameters)
        students = self._students
        pairs = self._geometry(students, values)
        hessian = np.zeros((values.size, values.size), dtype=values.dtype)
        _add_forms(hessian, students.first, students.first, self._first_forms(students, pairs))
        _add_forms(hessian, students.first, students.second, self._mixed_forms(students, pairs))
        teachers = self._teachers
        pairs = self._geometry(teachers, values)
        _add_forms(hessian, teachers.first, teachers.first, -self._first_forms(teachers, pairs))
        inner = hessian[: self.space.dimension, : self.space.dimension]
        inner = (inner + inner.T) / 2
        own = np.arange(self.space.dimension)
        inner[own, own] = inner[own, own] + self.entry_counts / 2
        return inner

    def inner_hessian(self, parameters: Numbers, row: int) -> Numbers:
        """Return A = sum_{j != i} h1(w_i, w_j) - sum_j h1(w_i, v_j) of a class with one neuron.

        The form is restricted to vectors that are constant on blocks.

        Args:
            parameters: (dimension,).
            row: class of rows, of size 1.

        Returns:
            (r, r), block by block: u^T A u of the vector with values u on the blocks.
        """
        values = self._with_constants(parameters)
        hessian = np.zeros((values.size, values.size), dtype=values.dtype)
        for sign, orbits in ((1, self._students.of_row(row)), (-1, self._teachers.of_row(row))):
            form = self._first_forms(orbits, self._geometry(orbits, values))
            _add_forms(hessian, orbits.first, orbits.first, sign * form)
        layout = self.space.layout
        columns = layout.rest[row].copy()
        if layout.own[row] != NO_PARAMETER:
            columns[row] = layout.own[row]
        block = hessian[np.ix_(columns, columns)]
        return (block + block.T) / 2

    @cached_property
    def entry_counts(self) -> Numbers:
        """Number of entries of each parameter, (dimension,)."""
        return self.arithmetic.array(list(self._exact.entry_counts))

    @cached_property
    def _exact(self) -> FixedPointSpace:
        # Differences of sizes, taken in float64, would be off by its rounding.
        return self.space.with_sizes_in(self.arithmetic)

    @property
    def _teacher_loss(self) -> Real:
        k = self._exact.k
        return k / 4 + k * (k - 1) / (4 * self.arithmetic.pi)

    @cached_property
    def _students(self) -> PairOrbits:
        return self._collect(_student_orbits(self._exact))

    @cached_property
    def _teachers(self) -> PairOrbits:
        return self._collect(_teacher_orbits(self._exact))

    def _collect(self, orbits: Iterator[_Orbit]) -> PairOrbits:
        present = [orbit for orbit in orbits if orbit.size != 0]
        slots = len(self.space.blocks) + 2
        array = self.arithmetic.array
        return PairOrbits(
            first=np.array([x.first for x in present], dtype=np.int64).reshape(-1, slots),
            second=np.array([x.second for x in present], dtype=np.int64).reshape(-1, slots),
            weights=array([x.weights for x in present]).reshape(-1, slots),
            sizes=array([x.size for x in present]),
            rows=np.array([x.row for x in present], dtype=np.int64),
        )

    def _with_constants(self, parameters: Numbers) -> Numbers:
        values = self.arithmetic.array(parameters)
        if values.shape != (self.space.dimension,):
            raise ValueError(
                f"parameters have shape {values.shape}; this space has ({self.space.dimension},): "
                f"{', '.join(self.space.parameter_names)}"
            )
        return np.concatenate([values, self.arithmetic.array([0, 1])])

    def _geometry(self, orbits: PairOrbits, values: Numbers) -> _Pairs:
        first, second, weights = values[orbits.first], values[orbits.second], orbits.weights
        sqrt, unit = self.arithmetic.sqrt, self._units

        def length(vectors: Numbers) -> Numbers:
            return sqrt((weights * vectors * vectors).sum(axis=1))

        first_norm, second_norm = length(first), length(second)
        if (first_norm == 0).any():
            raise ValueError(
                f"neurons of class {orbits.rows[np.argmax(first_norm == 0)]} are zero, where the "
                "loss is not differentiable: remove or move them"
            )
        a, b = unit(first, first_norm), unit(second, second_norm)
        total, difference = length(a + b), length(a - b)
        bisector, separation = unit(a + b, total), unit(a - b, difference)
        return _Pairs(
            first_norm=first_norm,
            second_norm=second_norm,
            first_unit=a,
            second_unit=b,
            sine=total * difference / 2,
            cosine=(total - difference) * (total + difference) / 4,
            supplement=2 * self.arithmetic.arctan2(total, difference),
            bisector=bisector,
            separation=separation,
            normal=(difference[:, None] * bisector - total[:, None] * separation) / 2,
        )

    def _units(self, vectors: Numbers, lengths: Numbers) -> Numbers:
        """Directions of vectors, (orbits, slots), given their lengths."""
        # A zero vector has no direction: its terms carry sin t = 0.
        units: Numbers = (
            vectors / np.where(lengths > 0, lengths, self.arithmetic.number(1))[:, None]
        )
        return units

    def _pair_losses(self, orbits: PairOrbits, values: Numbers) -> Numbers:
        pairs = self._geometry(orbits, values)
        shape = (pairs.sine + pairs.supplement * pairs.cosine) / (2 * self.arithmetic.pi)
        losses: Numbers = pairs.first_norm * pairs.second_norm * shape
        return losses

    def _first_forms(self, orbits: PairOrbits, pairs: _Pairs) -> Numbers:
        """h1, summed over each orbit, as a form on the slots, (orbits, slots, slots)."""
        lengths = pairs.second_norm / (pairs.first_norm * (2 * self.arithmetic.pi))
        scale = orbits.sizes * pairs.sine * lengths
        along_first = _square(orbits.weights * pairs.first_unit)
        along_normal = _square(orbits.weights * pairs.normal)
        form = _diagonal(orbits.weights) - along_first + along_normal
        scaled: Numbers = scale[:, None, None] * form
        return scaled

    def _mixed_forms(self, orbits: PairOrbits, pairs: _Pairs) -> Numbers:
        """h2, summed over each orbit, as a form on the slots, (orbits, slots, slots)."""
        scale = orbits.sizes / (2 * self.arithmetic.pi)
        along_bisector = _square(orbits.weights * pairs.bisector)
        along_separation = _square(orbits.weights * pairs.separation)
        turning = (scale * pairs.sine)[:, None, None] * (along_bisector - along_separation)
        form: Numbers = turning + _diagonal((scale * pairs.supplement)[:, None] * orbits.weights)
        return form


@dataclass(frozen=True)
class _Orbit:
    first: list[int]
    second: list[int]
    weights: list[Real]
    size: Real
    row: int


def _student_orbits(space: FixedPointSpace) -> Iterator[_Orbit]:
    """Orbits of ordered pairs of different neurons."""
    zero, layout, sizes = space.dimension, space.layout, space.row_sizes
    present = space.present
    own = [_or_zero(place, zero) for place in layout.own]
    rest = [[_or_zero(place, zero) for place in row] for row in layout.rest]
    for s in range(len(sizes)):
        for t in range(len(sizes)):
            # An extra neuron has no coordinate of its own: its slot is empty, with weight 0.
            yield _Orbit(
                first=[own[s], rest[s][t] if t < present else zero, *rest[s]],
                second=[rest[t][s] if s < present else zero, own[t], *rest[t]],
                weights=[
                    int(s < present),
                    int(t < present),
                    *(
                        size - space.is_own(s, c) - space.is_own(t, c)
                        for c, size in enumerate(space.blocks)
                    ),
                ],
                size=sizes[s] * (sizes[t] - (s == t)),
                row=s,
            )


def _teacher_orbits(space: FixedPointSpace) -> Iterator[_Orbit]:
    """Orbits of pairs of a neuron and a teacher: of another coordinate, then of its own."""
    zero, one, layout, sizes = space.dimension, space.dimension + 1, space.layout, space.row_sizes
    r, present = len(space.blocks), space.present
    own = [_or_zero(place, zero) for place in layout.own]
    rest = [[_or_zero(place, zero) for place in row] for row in layout.rest]
    for s in range(len(sizes)):
        for t in range(r):
            yield _Orbit(
                first=[own[s], rest[s][t], *rest[s]],
                second=[zero, one, *[zero] * r],
                weights=[
                    int(s < present),
                    1,
                    *(size - space.is_own(s, c) - (c == t) for c, size in enumerate(space.blocks)),
                ],
                size=sizes[s] * (space.blocks[t] - space.is_own(s, t)),
                row=s,
            )
        if s < present:
            yield _Orbit(
                first=[own[s], zero, *rest[s]],
                second=[one, zero, *[zero] * r],
                weights=[1, 0, *(size - (c == s) for c, size in enumerate(space.blocks))],
                size=sizes[s],
                row=s,
            )


def _or_zero(place: int, zero: int) -> int:
    return zero if place == NO_PARAMETER else int(place)


def _diagonal(weights: Numbers) -> Numbers:
    orbits, slots = weights.shape
    matrices = np.zeros((orbits, slots, slots), dtype=weights.dtype)
    matrices[:, np.arange(slots), np.arange(slots)] = weights
    return matrices


def _add_forms(
    total: Numbers, rows: NDArray[np.int64], columns: NDArray[np.int64], forms: Numbers
) -> None:
    np.add.at(total, (rows[:, :, None], columns[:, None, :]), forms)


def _square(vectors: Numbers) -> Numbers:
    squares: Numbers = vectors[:, :, None] * vectors[:, None, :]
    return squares
