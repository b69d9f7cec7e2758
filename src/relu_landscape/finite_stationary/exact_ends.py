"""The exact stationary point next to the end of a descent, with all of its neurons.

Weights near a hyperplane w.x_s = 0 are put on it, H is rounded to binary fractions, and W changed
as little as makes sum_s (h_i.e_s) x_s vanish, for every i, on the space in which w_i may move. With
one output, or where the h_i of each cell span all outputs, the derivatives by h_i vanish as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from relu_landscape.finite_stationary.exact_algebra import dot, product, solution
from relu_landscape.finite_stationary.finite_data import (
    ExactNetwork,
    FiniteData,
    Pattern,
    errors,
    network,
)
from relu_landscape.finite_stationary.neuron_groups import Reading, Weights, patterns_of
from relu_landscape.finite_stationary.pattern_points import nearest_in, on_hyperplanes
from relu_landscape.finite_stationary.surds import Number

_BITS = 30  # after the point


def exact_end(W: Weights, H: Weights, data: FiniteData, reading: Reading) -> ExactNetwork:
    """The network that a descent ends next to; `stationarity.decide` says what it is.

    Args:
        W, H: (n, d) and (n, outputs), no neuron held at zero.
        data: the samples.
        reading: its `kink` says which weights are near a hyperplane.

    Raises:
        NoSuchPointError: a neuron is near hyperplanes that meet at zero alone.
    """
    inputs, _ = data.floats()
    patterns = [tuple(pattern) for pattern in patterns_of(W, inputs, reading.kink).tolist()]
    bases = [on_hyperplanes(pattern, data) for pattern in patterns]
    weights = [nearest_in(_binary(w), basis) for w, basis in zip(W.tolist(), bases, strict=True)]
    start = network(weights, [_binary(h) for h in H.tolist()])
    reach = [
        list(_moves(pattern, basis, data)) for pattern, basis in zip(patterns, bases, strict=True)
    ]
    # delta = A^T nu is least among those with A^T (e + A delta) = 0; a row of A is (s, output).
    rows = [
        [
            h[output] * entry
            for h, moves in zip(start.outputs, reach, strict=True)
            for entry in moves[s]
        ]
        for s in range(len(data.inputs))
        for output in range(len(data.targets[0]))
    ]
    gram = [[dot(row, other) for other in rows] for row in rows]
    e = [[-x] for row in errors(start, data) for x in row]
    nu = solution(product(gram, gram), product(gram, e))
    assert nu is not None
    delta = iter(dot([x for (x,) in nu], column) for column in zip(*rows, strict=True))
    return network(
        [[x + next(delta) for x in w] for w in start.weights],
        start.outputs,
    )


def _moves(
    pattern: Pattern, basis: list[list[Fraction]], data: FiniteData
) -> Iterator[list[Number]]:
    """Of each sample that a neuron meets x_s as seen from where the neuron may move, else zero."""
    for sign, x in zip(pattern, data.inputs, strict=True):
        yield nearest_in(list(x), basis) if sign > 0 else [Fraction(0)] * len(x)


def _binary(values: Iterable[float]) -> list[Fraction]:
    return [Fraction(round(x * 2**_BITS), 2**_BITS) for x in values]
