"""Directional stationarity, escape neurons and local minimality on finite data, decided exactly.

With D_i(u) = sum_{s: w_i.x_s > 0} e_s (u.x_s) + sum_{s: w_i.x_s = 0} e_s relu(u.x_s), a vector with
an entry for each output, the loss has in the direction (u_i, eta_i) the one-sided derivative
2/(S outputs) times the sum over i of h_i.D_i(u_i) + eta_i.sum_s e_s relu(w_i.x_s). D_i is linear on
each cone that the samples with w_i.x_s = 0 cut out, so that finitely many u decide all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from numpy.typing import ArrayLike

from relu_landscape.arguments import as_fractions, checked_arguments, exact_array
from relu_landscape.finite_stationary.exact_algebra import Row, Rows, dot, null_space, rank
from relu_landscape.finite_stationary.finite_data import (
    ExactNetwork,
    FiniteData,
    errors,
    mean_square,
    network,
    pattern_of,
)
from relu_landscape.finite_stationary.surds import Number


@dataclass(frozen=True)
class Escape:
    """Where an escape neuron leaves a stationary point.

    Attributes:
        neuron: its row.
        direction: (d,) u with D(u) not zero and h.D(u) = 0.
        derivative: (outputs,) D(u).
    """

    neuron: int
    direction: tuple[Number, ...]
    derivative: tuple[Number, ...]


@dataclass(frozen=True)
class DirectionalStationarity:
    """What is decided about a network on finite data.

    Attributes:
        loss: mean of the squared errors over samples and outputs.
        stationary: whether no one-sided directional derivative is negative.
        escapes: one of each escape neuron; empty where it is not stationary.
        local_minimum: whether it is one; None where each escape neuron has an h that is not zero,
            with several outputs, of which nothing is known.
        radius: of a stationary point without escape neuron, a t such that no change of all weights
            by t or less, each, makes the loss smaller; else None.
    """

    loss: Number
    stationary: bool
    escapes: tuple[Escape, ...]
    local_minimum: bool | None
    radius: Number | None


@checked_arguments(W=exact_array, H=exact_array, x=exact_array, y=exact_array)
def directional_stationarity(
    W: ArrayLike, H: ArrayLike, x: ArrayLike, y: ArrayLike
) -> DirectionalStationarity:
    """Is f(x) = sum_i h_i relu(w_i.x) stationary in all directions on these data, and a minimum?

    All numbers count as exactly what they are, so that 0.1 is the float; give fractions where
    decimals are meant.

    Args:
        W: (n, d), row i is w_i.
        H: (n, outputs), row i is h_i.
        x: (S, d) inputs; a bias is an input that is 1.
        y: (S, outputs) targets.

    Raises:
        ValueError: shapes that do not fit together.
    """
    given: dict[str, Any] = {"W": W, "H": H, "x": x, "y": y}
    for name, array in given.items():
        if array.ndim != 2 or array.size == 0:
            raise ValueError(
                f"{name} has shape {array.shape}; it must have two dimensions, none of them 0"
            )
    for (name, axis), (other, other_axis) in (
        (("H", 0), ("W", 0)),
        (("x", 1), ("W", 1)),
        (("y", 0), ("x", 0)),
        (("y", 1), ("H", 1)),
    ):
        if given[name].shape[axis] != given[other].shape[other_axis]:
            raise ValueError(
                f"{name} has shape {given[name].shape}, which does not fit {other} with shape "
                f"{given[other].shape}: W is (n, d), H (n, outputs), x (S, d), y (S, outputs)"
            )
    exact = {name: as_fractions(array).tolist() for name, array in given.items()}
    data = FiniteData(*(tuple(map(tuple, exact[name])) for name in ("x", "y")))
    return decide(network(exact["W"], exact["H"]), data)


def decide(point: ExactNetwork, data: FiniteData) -> DirectionalStationarity:
    """As `directional_stationarity`, of a network that may have surds.

    An escape neuron has a u with D(u) not zero and h.D(u) = 0. Without one the point is a local
    minimum (Wu, Simsek & Ged 2025, Theorem 4.2): for small changes (u, eta) the loss, convex in the
    outputs, grows by 2/(S outputs) sum_i (h_i + eta_i).D_i(u_i) or more, and at each generator of a
    cone h.D > 0 or D = 0. With one that has h = 0 it is none: after w + s u and h - s c D(u) the
    loss changes by s^2 |D(u)|^2 (-2 c + O(c^2))/(S outputs).
    """
    e = errors(point, data)
    neurons = [_neuron(w, h, e, data) for w, h in zip(point.weights, point.outputs, strict=True)]
    stationary = all(neuron.stationary for neuron in neurons)
    escapes = [
        Escape(i, *neuron.escape)
        for i, neuron in enumerate(neurons)
        if stationary and neuron.escape is not None
    ]
    leaves = any(not any(point.outputs[escape.neuron]) for escape in escapes)
    minimum = stationary and not escapes
    return DirectionalStationarity(
        loss=mean_square(e),
        stationary=stationary,
        escapes=tuple(escapes),
        local_minimum=None if escapes and not leaves else minimum,
        radius=min(neuron.radius for neuron in neurons) if minimum else None,
    )


def generators(on: Rows, width: int) -> list[list[Fraction]]:
    """Vectors of which each cone that hyperplanes cut out is the sum of some.

    Both signs of a basis of what is orthogonal to all x, and of each line of their span that is
    orthogonal to as many independent x as one less than their rank.

    Args:
        on: x of the hyperplanes {u: u.x = 0}; there may be none.
        width: d.
    """
    common, size = null_space(on, width), rank(on)
    lines = [
        space[0]
        for chosen in combinations(on, size - 1 if size else 0)
        if len(space := null_space([*common, *chosen], width)) == 1
    ]
    return [vector for u in [*common, *lines] for vector in (u, [-entry for entry in u])]


@dataclass(frozen=True)
class _Neuron:
    """What one neuron adds: see `DirectionalStationarity`; an escape is u and D(u)."""

    stationary: bool
    escape: tuple[tuple[Number, ...], tuple[Number, ...]] | None
    radius: Number


def _neuron(w: Row, h: Row, e: Rows, data: FiniteData) -> _Neuron:
    """Its derivatives along the generators of the cones at w."""
    pattern = pattern_of(w, data.inputs)
    samples = list(zip(data.inputs, pattern, strict=True))
    units = [max(dot(w, x), Fraction(0)) for x in data.inputs]
    changes = []
    for u in generators([x for x, sign in samples if sign == 0], len(w)):
        D = _summed(e, [_slope(dot(u, x), sign) for x, sign in samples])
        changes.append((dot(h, D), u, D))
    return _Neuron(
        stationary=not any(_summed(e, units)) and all(change >= 0 for change, _, _ in changes),
        escape=next(
            ((tuple(u), tuple(D)) for change, u, D in changes if change == 0 and any(D)), None
        ),
        radius=min(
            [
                *(abs(dot(w, x)) / sum(map(abs, x)) for x, sign in samples if sign),
                *(change / sum(map(abs, D)) for change, _, D in changes if change > 0),
            ],
            default=Fraction(1),
        ),
    )


def _summed(e: Rows, factors: Row) -> list[Number]:
    """The sum of the errors of all samples, each times a factor."""
    return [dot(column, factors) for column in zip(*e, strict=True)]


def _slope(z: Number, sign: int) -> Number:
    """The one-sided derivative of the ReLU at a number of this sign, towards z."""
    return z if sign > 0 or (sign == 0 and z > 0) else Fraction(0)
