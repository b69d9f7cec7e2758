"""Stationary points on finite data as lines that `certificates.check_finite_points` accepts."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from relu_landscape.certificates.check_finite_points import check_line
from relu_landscape.finite_stationary.exact_algebra import Rows
from relu_landscape.finite_stationary.finite_data import ExactNetwork, FiniteData
from relu_landscape.finite_stationary.stationarity import DirectionalStationarity
from relu_landscape.finite_stationary.surds import Number, Surd

_BITS = 40  # of a radius, rounded down: at least so many of those that count


def point_line(point: ExactNetwork, data: FiniteData, found: DirectionalStationarity) -> str | None:
    """The certificate that a point is a local minimum, or is none but stationary.

    Args:
        point, data: the network and the samples.
        found: what `decide` says of them.

    Returns:
        The line; None where there is nothing that the checker can state: the point is not
        stationary, or it is not known whether it is a minimum.

    Raises:
        Refused: the checker does not accept it, so that it and `decide` disagree.
    """
    if not found.stationary or found.local_minimum is None:
        return None
    if found.local_minimum:
        own: dict[str, Any] = {
            "statement": "finite_minimum",
            "radius": str(_rounded_down(found.radius)),
        }
    else:
        escape = next(x for x in found.escapes if not any(point.outputs[x.neuron]))
        own = {
            "statement": "finite_saddle",
            "neuron": escape.neuron,
            "direction": [str(x) for x in escape.direction],
        }
    numbers = [x for row in (*point.weights, *point.outputs) for x in row]
    line = {
        **own,
        "inputs": _written(data.inputs),
        "targets": _written(data.targets),
        "weights": _written(point.weights),
        "outputs": _written(point.outputs),
        "loss": _entry(found.loss),
        "radicand": next((x.radicand for x in numbers if isinstance(x, Surd)), None),
    }
    text = json.dumps(line)
    check_line(text)
    return text


def _rounded_down(radius: Number) -> Fraction:
    scale = 2 ** (_BITS + int(1 / min(radius, 1)).bit_length())
    return Fraction(int(radius * scale), scale)


def _written(rows: Rows) -> list[list[Any]]:
    return [[_entry(x) for x in row] for row in rows]


def _entry(x: Number) -> str | list[str]:
    return [str(x.a), str(x.b)] if isinstance(x, Surd) else str(x)
