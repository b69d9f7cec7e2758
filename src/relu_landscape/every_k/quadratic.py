"""Linear functionals and quadratic forms on a few named coordinates, over any kind of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from relu_landscape.every_k.generic_numbers import Number

Functional: TypeAlias = Mapping[str, Number]
"""Coefficients of the coordinates that occur."""


def combine(*terms: tuple[Number, Functional]) -> dict[str, Number]:
    """Return the sum of multiples of functionals."""
    found: dict[str, Number] = {}
    for factor, functional in terms:
        for name, coefficient in functional.items():
            product = factor * coefficient
            found[name] = found[name] + product if name in found else product
    return found


@dataclass
class QuadraticForm:
    """A quadratic form in the making; zero at first.

    coordinates: names, in the order of the matrix; those of functionals that are not among them
    count as zero.
    """

    coordinates: Sequence[str]
    matrix: list[list[Number]] = field(init=False)

    def __post_init__(self) -> None:
        self.matrix = [[0] * len(self.coordinates) for _ in self.coordinates]

    def add_square(self, factor: Number, functional: Functional) -> None:
        """Add factor f^2."""
        for i, first in enumerate(self.coordinates):
            if first in functional:
                scaled = factor * functional[first]
                for j, second in enumerate(self.coordinates[: i + 1]):
                    if second in functional:
                        self._add(i, j, scaled * functional[second])

    def add_product(self, factor: Number, left: Functional, right: Functional) -> None:
        """Add factor f g."""
        half = factor / 2
        for i, first in enumerate(self.coordinates):
            for j, second in enumerate(self.coordinates[: i + 1]):
                for f, g in ((left, right), (right, left)):
                    if first in f and second in g:
                        self._add(i, j, half * f[first] * g[second])

    def add(self, factor: Number, other: QuadraticForm) -> None:
        """Add a multiple of another form on the same coordinates."""
        for i, row in enumerate(other.matrix):
            for j in range(i + 1):
                self._add(i, j, factor * row[j])

    def _add(self, i: int, j: int, value: Number) -> None:
        self.matrix[i][j] = self.matrix[i][j] + value
        if i != j:
            self.matrix[j][i] = self.matrix[j][i] + value
