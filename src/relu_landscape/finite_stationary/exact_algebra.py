"""Linear algebra of a few rational numbers: what elimination in fractions decides."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from relu_landscape.finite_stationary.surds import Number

Row: TypeAlias = Sequence[Number]
Rows: TypeAlias = Sequence[Row]


def dot(x: Row, y: Row) -> Number:
    """The inner product of two vectors."""
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def transposed(matrix: Rows) -> list[list[Number]]:
    """The columns of a matrix as rows."""
    return [list(column) for column in zip(*matrix, strict=True)]


def product(left: Rows, right: Rows) -> list[list[Number]]:
    """The product of two matrices, of which the right one has rows."""
    columns = transposed(right)
    return [[dot(row, column) for column in columns] for row in left]


def null_space(matrix: Rows, width: int) -> list[list[Fraction]]:
    """A basis of the vectors that are orthogonal to all rows.

    Args:
        matrix: rows of `width` rational numbers, or no rows.
        width: number of columns.
    """
    reduced, pivots = _reduced(matrix)
    basis = []
    for free in (column for column in range(width) if column not in pivots):
        vector = [Fraction(column == free) for column in range(width)]
        for row, pivot in zip(reduced, pivots, strict=False):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def solution(matrix: Rows, right: Rows) -> list[list[Fraction]] | None:
    """Some X with M X = R, zero where it is free; None where there is none.

    Args:
        matrix: M, (rows, columns).
        right: R, (rows, outputs).
    """
    columns, outputs = len(matrix[0]), len(right[0])
    joined = [[*row, *values] for row, values in zip(matrix, right, strict=True)]
    reduced, pivots = _reduced(joined)
    if any(pivot >= columns for pivot in pivots):
        return None
    found = [[Fraction(0)] * outputs for _ in range(columns)]
    for row, pivot in zip(reduced, pivots, strict=False):
        found[pivot] = row[columns:]
    return found


def rank(matrix: Rows) -> int:
    """The rank of a matrix of rational numbers."""
    return len(_reduced(matrix)[1])


def _reduced(matrix: Rows) -> tuple[list[list[Fraction]], list[int]]:
    """The reduced echelon form, and the column of the leading one of each row that is not zero."""
    rows = [list(row) for row in matrix]
    pivots: list[int] = []
    for column in range(len(rows[0]) if rows else 0):
        top = len(pivots)
        found = next((i for i in range(top, len(rows)) if rows[i][column] != 0), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        lead = rows[top][column]
        rows[top] = [entry / lead for entry in rows[top]]
        for i, row in enumerate(rows):
            if i != top and row[column] != 0:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[top], strict=True)]
        pivots.append(column)
    return rows, pivots
