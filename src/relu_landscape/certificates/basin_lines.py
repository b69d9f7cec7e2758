"""Certificates of the basins in which searches end their runs, from the numbers they are given.

What a search takes are centres, radii and bounds, as stored. Here nothing of them is changed: for
each the bounds are added that the checker needs (`check`, Lemmas 11 and 12), proposed from its own
enclosures at the centre.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from flint import arb
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates import check
from relu_landscape.certificates.lines import to_line
from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.records import Proofs
from relu_landscape.certificates.rounding import decimal_above, decimal_below, float_balls
from relu_landscape.search.basins import Basins

BASIN_BITS: Final = 192
# Of curvatures: eigenvalues in float64 are better than that, and radii leave more.
_MARGIN: Final = 2.0**-30
_LEAST_SHARE: Final = 2.0**-7


@checked_arguments(basins=instance_of(Basins))
def certify_basins(basins: Basins) -> Proofs:
    """Write a certificate for each basin of a search: proposed, not checked.

    Args:
        basins: as a search takes them, of one size; the centres are matrices that permuting the
            neurons and coordinates of blocks together does not change.

    Returns:
        Rows of certified_basins, in their order.
    """
    proofs = Proofs()
    with precision(BASIN_BITS):
        for number, basin in enumerate(zip(*basins, strict=True)):
            fields = _fields(*basin)
            names = ("radius", "step_bound", "gradient_bound")
            columns = {
                **dict(zip(names, map(float, basin[1:]), strict=True)),
                "hessian_lower": float(fields["hessian_lower"]),
                "hessian_upper": float(fields["hessian_upper"]),
                "location_radius": float(fields["location_radius"]),
                "bits": BASIN_BITS,
            }
            proofs.add({"k": len(basin[0]), "basin": number}, columns, to_line(fields))
    return proofs


def blocks_of(center: NDArray[np.float64]) -> list[int]:
    """Return sizes of runs of neurons that, with their coordinates, may change places."""
    sizes = [1]
    for i in range(1, len(center)):
        order = np.arange(len(center))
        order[[i - 1, i]] = i, i - 1
        if np.array_equal(center[np.ix_(order, order)], center):
            sizes[-1] += 1
        else:
            sizes.append(1)
    return sizes


def _fields(
    center: NDArray[np.float64], radius: float, step_bound: float, gradient_bound: float
) -> dict[str, Any]:
    blocks = blocks_of(center)
    firsts = np.cumsum([0, *blocks[:-1]])
    lasts = firsts + blocks - 1
    own = [float(center[i, i]) for i in firsts]
    # The first and the last neuron of a block are two, or there is no entry to state.
    rest = [[0.0 if i == j else float(center[i, j]) for j in lasts] for i in firsts]
    W = [arb(x) for x in own], [[arb(x) for x in row] for row in rest]
    lower, upper = _spectrum(blocks, W)
    g = check.gradient_norm(check.Symmetric(blocks, W))
    # In the ball the curvature is no less than this share of that at the centre.
    location = decimal_above(g / (lower * _LEAST_SHARE))
    outer = arb(radius) * (1 + arb(2) ** -30) + 2 * arb(str(location))
    change = check.hessian_lipschitz(blocks, W, outer) * outer
    return {
        "statement": "basin",
        "bits": BASIN_BITS,
        "blocks": blocks,
        "own": [x.hex() for x in own],
        "rest": [[x.hex() for x in row] for row in rest],
        "radius": float(radius).hex(),
        "location_radius": str(location),
        "hessian_lower": str(decimal_below(lower * (1 - _MARGIN) - change)),
        "hessian_upper": str(decimal_above(upper * (1 + _MARGIN) + change)),
        "step_bound": float(step_bound).hex(),
        "gradient_bound": float(gradient_bound).hex(),
    }


def _spectrum(blocks: list[int], W: check.Structured) -> tuple[float, float]:
    """Ends of the spectrum of the Hessian at a structured point, in float64."""
    values = []
    for hessian, gram in check.isotypic_forms(check.Symmetric(blocks, W)):
        inverse = np.linalg.inv(np.linalg.cholesky(float_balls(gram).midpoints))
        values.append(np.linalg.eigvalsh(inverse @ float_balls(hessian).midpoints @ inverse.T))
    return float(min(x[0] for x in values)), float(max(x[-1] for x in values))
