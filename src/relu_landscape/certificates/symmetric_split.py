"""Splits of a minimum with a symmetry that are strict saddles, one proof for a class of neurons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from relu_landscape.certificates.precision import Ball, exact, root, total
from relu_landscape.certificates.rounding import decimal_above, float_balls
from relu_landscape.certificates.structured import StructuredNetwork
from relu_landscape.eigenspaces import softest_direction

BOUND_DIGITS: Final = 6
"""Of a bound of an eigenvalue in a certificate with a symmetry."""

_GROWTH_STEPS: Final = 12


@dataclass(frozen=True)
class SymmetricSplit:
    """Proof that splitting a neuron of one class makes a strict saddle, for every share.

    row: class of neurons. The block of the neuron is cut into its own coordinate and the rest, and
    vectors are constant on the parts: direction: u; growth: z; curvature_upper and slope_upper: as
    in `SaddleCertificate`.
    """

    row: int
    direction: NDArray[np.float64]
    curvature_upper: Decimal
    growth: NDArray[np.float64]
    slope_upper: Decimal


def symmetric_split(network: StructuredNetwork, neuron: int, row: int) -> SymmetricSplit | None:
    """Prove that splits of a neuron are strict saddles; None if this is not shown.

    Args:
        network: over the box of the minimum, the block of the neuron cut into its own coordinate
            and the rest.
        neuron: its class in this network.
        row: its class in that of the minimum.
    """
    u = _direction_on_parts(network, neuron)
    ball_u = [exact(float(x)) for x in u]
    form = network.inner_hessian_forms(neuron, [ball_u])[0][0]
    curvature = _loosened(form / _square(network, ball_u))
    if not curvature < 0:
        return None
    for z in _growths(network, neuron, u):
        ball_z = [exact(float(x)) for x in z]
        change = network.added_neuron_slope(ball_z, network.signs[neuron])
        slope = _loosened(change / _square(network, ball_z).sqrt())
        if slope < 0:
            return SymmetricSplit(
                row=row,
                direction=u,
                curvature_upper=decimal_above(curvature, BOUND_DIGITS),
                growth=z,
                slope_upper=decimal_above(slope, BOUND_DIGITS),
            )
    return None


def _loosened(negative: Ball) -> Ball:
    """An upper bound with room for a checker, whose enclosure may be a few times as wide.

    The direction of a short neuron, and with it the curvature, may be uncertain by percents.
    """
    return negative.mid() * (1 - arb(2) ** -13) + 4 * arb(negative.rad())


def _direction_on_parts(network: StructuredNetwork, neuron: int) -> NDArray[np.float64]:
    """A direction of smallest curvature of H'_ii among the vectors constant on the parts."""
    lengths = [root(arb(size)) for size in network.sizes]
    units = [
        [1 / length if a == b else arb(0) for b in range(len(lengths))]
        for a, length in enumerate(lengths)
    ]
    inner = float_balls(arb_mat(network.inner_hessian_forms(neuron, units))).midpoints
    vector = softest_direction(np.nan_to_num(inner))
    values: NDArray[np.float64] = vector / np.array([float(x) for x in lengths])
    return values


def _growths(
    network: StructuredNetwork, neuron: int, u: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """Points next to the neuron on both sides along u, far ones first."""
    w = np.array([float(x) for x in network.W.rest[neuron]])
    if neuron < network.present:
        w[neuron] = float(network.W.own[neuron])
    step = 0.5 * float(network.norms()[neuron])
    for _ in range(_GROWTH_STEPS):
        yield w + step * u
        yield w - step * u
        step /= 2


def _square(network: StructuredNetwork, x: Sequence[Ball]) -> Ball:
    """|x|^2 of a vector that is constant on the parts."""
    return total(size * y * y for size, y in zip(network.sizes, x, strict=True))
