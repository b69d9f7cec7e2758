"""Networks whose students come in classes, for numbers of neurons that need not be whole.

A student of a class of copies has a coordinate of its own; on all other coordinates of one class of
coordinates it is constant. Averages are students without a coordinate of their own. The classes
are those of

    copies (with the teachers they copy) | teachers that are left out or averaged | inputs that no
    teacher has,

each cut into parts; a part is what a group of permutations moves. One neuron stands for its part,
numbers of neurons and of coordinates become weights in sums, and F costs the same at any k and n.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.erf_slopes import Numbers
from relu_landscape.fewer_students.erf_pair import erf_pair
from relu_landscape.fewer_students.jets import Jet, Real, constant, variables_at

NO_PARAMETER = -1


@dataclass(frozen=True)
class NeuronArrangement:
    """Sizes of the parts of each class, real numbers above 0.

    copies: students with a teacher of their own; others: further teachers; averages: 0, or 1 for a
    student without one; unused: 0, or 1 for an input that no teacher has.
    """

    copies: tuple[float, ...]
    others: tuple[float, ...]
    averages: int = 0
    unused: int = 0

    @property
    def teacher_parts(self) -> tuple[float, ...]:
        """Teachers of each part."""
        return (*self.copies, *self.others)

    @property
    def input_parts(self) -> tuple[float, ...]:
        """Coordinates of each part."""
        return (*self.teacher_parts, *(1.0,) * self.unused)

    @property
    def student_parts(self) -> tuple[float, ...]:
        """Students of each part."""
        return (*self.copies, *(1.0,) * self.averages)

    @cached_property
    def own(self) -> NDArray[np.int64]:
        """Parameter of the own coordinate of each part of students, NO_PARAMETER for averages."""
        return self._places[0]

    @cached_property
    def rest(self) -> NDArray[np.int64]:
        """Parameter of each part of students on each part of coordinates, the own one left out."""
        return self._places[1]

    @cached_property
    def output(self) -> NDArray[np.int64]:
        """Parameter of the output weight of each part of students."""
        return self._places[2]

    @property
    def dimension(self) -> int:
        """Number of parameters."""
        return int(self.output[-1]) + 1

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """Number of weights that each parameter fills, (dimension,)."""
        counts = np.empty(self.dimension)
        for part, size in enumerate(self.student_parts):
            if self.own[part] != NO_PARAMETER:
                counts[self.own[part]] = size
            counts[self.output[part]] = size
            for column, place in enumerate(self.rest[part]):
                if place != NO_PARAMETER:
                    counts[place] = size * self._further(part, column)
        return counts

    def loss(self, parameters: NDArray[np.float64] | list[Real], numbers: Numbers) -> Jet:
        """Return F with its derivatives in the parameters.

        Args:
            parameters: (dimension,).
            numbers: the kind they are of.
        """
        jets = variables_at([numbers.number(x) for x in parameters])
        one = constant(numbers.number(1), self.dimension)
        students, squares = range(len(self.student_parts)), []
        total = one.times(numbers.number(sum(self.teacher_parts)) / 6)
        for part in students:
            size, output = numbers.number(self.student_parts[part]), jets[self.output[part]]
            square = self._square(part, jets, one)
            squares.append(square)
            own = erf_pair(square, square, square, numbers)
            total = total + (output * output * own).times(size / 2)
            for other in range(part + 1):
                pairs = self.student_parts[other] - (part == other)
                if pairs == 0:
                    continue
                inner = self._inner(part, other, jets, one)
                shared = erf_pair(square, squares[other], inner, numbers)
                share = size * numbers.number(pairs) / (2 if part == other else 1)
                total = total + (output * jets[self.output[other]] * shared).times(share)
            for entry, teachers in self._teachers_seen(part, jets):
                seen = erf_pair(square, one, entry, numbers)
                total = total + (output * seen).times(-size * numbers.number(teachers))
        return total

    @cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        rows = len(self.student_parts)
        own = np.full(rows, NO_PARAMETER)
        rest = np.full((rows, len(self.input_parts)), NO_PARAMETER)
        output = np.empty(rows, dtype=np.int64)
        count = 0
        for part in range(rows):
            if part < len(self.copies):
                own[part] = count
                count += 1
            for column in range(len(self.input_parts)):
                if self._further(part, column) != 0:
                    rest[part, column] = count
                    count += 1
            output[part] = count
            count += 1
        return own, rest, output

    def _further(self, part: int, column: int) -> float:
        """Coordinates of a part that are not a student's own."""
        return self.input_parts[column] - (part == column and part < len(self.copies))

    def _entry(self, part: int, column: int, jets: list[Jet], one: Jet) -> Jet:
        place = self.rest[part, column]
        return one.times(one.value * 0) if place == NO_PARAMETER else jets[place]

    def _square(self, part: int, jets: list[Jet], one: Jet) -> Jet:
        """|w|^2."""
        total = one.times(one.value * 0)
        if self.own[part] != NO_PARAMETER:
            total = total + jets[self.own[part]] * jets[self.own[part]]
        for column, place in enumerate(self.rest[part]):
            if place != NO_PARAMETER:
                total = total + (jets[place] * jets[place]).times(
                    type(one.value)(self._further(part, column))
                )
        return total

    def _inner(self, part: int, other: int, jets: list[Jet], one: Jet) -> Jet:
        """The inner product of two different students."""
        total = one.times(one.value * 0)
        for owner, reader in ((part, other), (other, part)):
            if self.own[owner] != NO_PARAMETER:
                total = total + jets[self.own[owner]] * self._entry(reader, owner, jets, one)
        for column in range(len(self.input_parts)):
            further = (
                self.input_parts[column]
                - (part == column and self.own[part] != NO_PARAMETER)
                - (other == column and self.own[other] != NO_PARAMETER)
            )
            if further != 0:
                product = self._entry(part, column, jets, one)
                product = product * self._entry(other, column, jets, one)
                total = total + product.times(type(one.value)(further))
        return total

    def _teachers_seen(self, part: int, jets: list[Jet]) -> list[tuple[Jet, float]]:
        """Inner products with teachers, and with how many of them."""
        seen = []
        if self.own[part] != NO_PARAMETER:
            seen.append((jets[self.own[part]], 1.0))
        for column in range(len(self.teacher_parts)):
            if self.rest[part, column] != NO_PARAMETER:
                seen.append((jets[self.rest[part, column]], self._further(part, column)))
        return seen
