"""Where the neurons and inputs of a catalogue's point stand in the representative of its class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["representative_order", "weights_by_block"]

SAME_ENTRY: Final = 1e-9
"""Entries of a polished point closer than this are equal."""


def weights_by_block(weights: Mapping[str, Any]) -> NDArray[np.float64]:
    """The matrix W (n, k) of which a catalogue holds the distinct entries.

    Args:
        weights: `blocks`, sizes that sum to k; `extra`, number of rows n - k that belong to none;
            for each class of rows (a block, or one of these) `own`, its entry on its own
            coordinate, and `rest`, its entries on the coordinates of each block.
    """
    blocks = weights["blocks"]
    starts = np.concatenate([[0], np.cumsum(blocks)])
    rows = []
    for row_class, (own, rest) in enumerate(zip(weights["own"], weights["rest"], strict=True)):
        entries = [0.0 if entry is None else entry for entry in rest]
        row = np.repeat(entries, blocks)
        if row_class >= len(blocks):
            rows.append(row)
            continue
        for member in range(blocks[row_class]):
            rows.append(row.copy())
            rows[-1][starts[row_class] + member] = own
    return np.array(rows)


def representative_order(
    weights: Mapping[str, Any], neurons: Sequence[int], representative: NDArray[np.float64]
) -> dict[str, list[int]]:
    """Rows and columns of `weights_by_block`, in the order in which the representative has them.

    Descents begin at representatives; who wants to repeat one needs it to the order of its neurons.

    Args:
        weights: of the catalogue.
        neurons: for each row of the representative its class of rows in `weights`.
        representative: (n, k).

    Raises:
        ValueError: no order makes the two equal.
    """
    point = weights_by_block(weights)
    sizes = [*weights["blocks"], *[1] * weights["extra"]]
    following = [int(start) for start in np.concatenate([[0], np.cumsum(sizes)[:-1]])]
    rows = []
    for row_class in neurons:
        rows.append(following[row_class])
        following[row_class] += 1
    left, columns = list(range(point.shape[1])), []
    for column in representative.T:
        apart = [float(np.abs(point[rows, one] - column).max()) for one in left]
        nearest = int(np.argmin(apart))
        if apart[nearest] > SAME_ENTRY:
            raise ValueError(
                f"a column of the representative differs by {apart[nearest]:.1e} from each that "
                f"the catalogue has left for it; allowed is {SAME_ENTRY:g}: they are two points"
            )
        columns.append(left.pop(nearest))
    return {"rows": rows, "columns": columns}
