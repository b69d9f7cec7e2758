"""The Hessian over weights and output weights, one isotypic component at a time.

Permuting the n copies with their teachers, and the m other teachers, changes nothing. The tangent
space is a sum of irreducible representations: the trivial one, "t"; the standard ones "s_n" and
"s_m"; their product "s_n*s_m"; "y_n" and "x_n" of the partitions (n - 2, 1, 1) and (n - 2, 2); and,
for inputs that no teacher has, whose reflection changes nothing either, "t'" and "s_n'". On each
the Hessian is one small matrix, found on representatives of which v = e_1 - e_2 is a factor. Their
entries are whole numbers if those of neurons are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.fewer_students.arrangement import NO_PARAMETER, NeuronArrangement

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class TangentComponent:
    """An isotypic component.

    irrep: its name; dimension: how often each eigenvalue occurs; vectors: (copies, parameters of
    the refined arrangement), orthogonal representatives.
    """

    irrep: str
    dimension: float
    vectors: NDArray[np.float64]


@dataclass(frozen=True)
class Refined:
    """An arrangement whose classes are cut so that representatives are constant on parts.

    coarse: the arrangement; fine: cut, with an input that no teacher has; lift: (fine.dimension,)
    the coarse parameter of each fine one, NO_PARAMETER for those of that input, which are zero.
    """

    coarse: NeuronArrangement
    fine: NeuronArrangement
    lift: NDArray[np.int64]


def refine(coarse: NeuronArrangement) -> Refined:
    """Return an arrangement of one part a class, cut into parts.

    Raises:
        ValueError: a number of copies that is not whole and less than 3, or of other teachers that
            is not whole and less than 2.
    """
    copies = tuple(part for size in coarse.copies for part in _parts(size, least=3))
    others = tuple(part for size in coarse.others for part in _parts(size, least=2))
    fine = NeuronArrangement(copies, others, coarse.averages, unused=1)
    lift = np.full(fine.dimension, NO_PARAMETER)
    further = len(coarse.copies)
    kinds = [0] * len(copies) + [further] * len(others)
    rows = [0] * len(copies) + [further] * coarse.averages
    for part, row in enumerate(rows):
        if fine.own[part] != NO_PARAMETER:
            lift[fine.own[part]] = coarse.own[row]
        lift[fine.output[part]] = coarse.output[row]
        for column, kind in enumerate(kinds):
            if fine.rest[part, column] != NO_PARAMETER:
                lift[fine.rest[part, column]] = coarse.rest[row, kind]
    return Refined(coarse, fine, lift)


def components(refined: Refined, unused_inputs: float) -> Iterator[TangentComponent]:
    """Return the components that occur, the trivial one first.

    Args:
        refined: the arrangement.
        unused_inputs: d - k, 0 or more.
    """
    coarse, fine = refined.coarse, refined.fine
    n, m = sum(coarse.copies), sum(coarse.others)
    copies = np.arange(len(fine.copies))
    others = len(copies) + np.arange(len(fine.others))
    unused, averages = len(fine.input_parts) - 1, len(copies) + np.arange(fine.averages)
    v = {
        name: _difference(fine, parts)
        for name, parts in (("n", copies), ("m", others))
        if len(parts) > 1
    }
    everywhere = np.ones(len(fine.input_parts))
    yield TangentComponent("t", 1.0, _trivial(refined))
    if "n" in v:
        yield TangentComponent("s_n", n - 1, _standard(fine, v["n"], copies, others, averages))
    if "m" in v:
        rows = [copies, averages]
        vectors = [_rest(fine, row, np.outer(everywhere, v["m"]), others) for row in rows]
        yield TangentComponent("s_m", m - 1, _present(vectors))
    if "n" in v and "m" in v:
        product = _rest(fine, copies, np.outer(v["n"], v["m"]), others)
        yield TangentComponent("s_n*s_m", (n - 1) * (m - 1), _present([product]))
    if n > 2:
        yield TangentComponent("y_n", (n - 1) * (n - 2) / 2, _present([_alternating(fine, n)]))
    if n > 3:
        yield TangentComponent("x_n", n * (n - 3) / 2, _present([_symmetric(fine, n)]))
    if unused_inputs:
        last = np.array([unused])
        ones = np.ones((len(everywhere), len(everywhere)))
        vectors = [_rest(fine, row, ones, last) for row in (copies, averages)]
        yield TangentComponent("t'", unused_inputs, _present(vectors))
        if "n" in v:
            vector = _rest(fine, copies, np.outer(v["n"], everywhere), last)
            yield TangentComponent("s_n'", unused_inputs * (n - 1), _present([vector]))


def _parts(size: float, least: int) -> tuple[float, ...]:
    """Two parts of one neuron, and the others."""
    if size in (1, 2, 3):
        return (1.0,) * int(size)
    if size < least:
        raise ValueError(
            f"{size:g} neurons of one class; a spectrum needs 1, 2, or any number from {least} on"
        )
    return (1.0, 1.0, size - 2.0)


def _difference(fine: NeuronArrangement, parts: NDArray[np.int64]) -> Vector:
    """v = e_1 - e_2 of a class, as values on the parts of inputs."""
    v = np.zeros(len(fine.input_parts))
    v[parts[:2]] = 1.0, -1.0
    return v


def _vector(fine: NeuronArrangement, own: Vector, rest: Vector, output: Vector) -> Vector:
    vector = np.zeros(fine.dimension)
    for values, places in ((own, fine.own), (rest, fine.rest), (output, fine.output)):
        present = places != NO_PARAMETER
        vector[places[present]] = values[present]
    return vector


def _rest(
    fine: NeuronArrangement, rows: NDArray[np.int64], values: Vector, columns: NDArray[np.int64]
) -> Vector:
    """The vector with these values, (inputs, inputs), in rows and columns; no own coordinates."""
    rest = np.zeros(fine.rest.shape)
    block = np.ix_(rows, columns)
    rest[block] = values[block]
    nothing = np.zeros(len(rest))
    return _vector(fine, nothing, rest, nothing)


def _present(vectors: list[Vector]) -> Vector:
    return np.array([vector for vector in vectors if vector.any()])


def _trivial(refined: Refined) -> Vector:
    return np.array([refined.lift == place for place in range(refined.coarse.dimension)], float)


def _standard(
    fine: NeuronArrangement,
    v: Vector,
    copies: NDArray[np.int64],
    others: NDArray[np.int64],
    averages: NDArray[np.int64],
) -> Vector:
    """diag(v), v 1^T + 1 v^T and v 1^T - 1 v^T beside it; v 1_m^T; v in the average; outputs v."""
    nothing, one = np.zeros(len(fine.student_parts)), np.ones(len(v))
    on_students = nothing.copy()
    on_students[copies] = v[copies]
    empty = np.zeros(fine.rest.shape)
    rows, columns = np.outer(v, one), np.outer(one, v)
    return _present(
        [
            _vector(fine, on_students, empty, nothing),
            _rest(fine, copies, rows + columns, copies),
            _rest(fine, copies, rows - columns, copies),
            _rest(fine, copies, rows, others),
            _rest(fine, averages, columns, copies),
            _vector(fine, nothing, empty, on_students),
        ]
    )


def _alternating(fine: NeuronArrangement, n: float) -> Vector:
    """The antisymmetric matrix with zero row sums that the swap of coordinates 1, 2 negates."""
    values = np.zeros((len(fine.input_parts),) * 2)
    for row, column, value in ((0, 1, n - 2), (0, 2, -1.0), (1, 2, 1.0)):
        values[row, column], values[column, row] = value, -value
    return _rest(fine, np.arange(3), values, np.arange(3))


def _symmetric(fine: NeuronArrangement, n: float) -> Vector:
    """The symmetric matrix with zero diagonal and row sums that permutations of the rest fix."""
    values = np.zeros((len(fine.input_parts),) * 2)
    values[0, 1] = values[1, 0] = (n - 2) * (n - 3)
    values[:2, 2] = values[2, :2] = 3 - n
    values[2, 2] = 2.0
    return _rest(fine, np.arange(3), values, np.arange(3))
