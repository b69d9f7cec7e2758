"""Where the neurons and inputs of a catalogue's point stand in the representative of its class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_landscape.symmetry.recognition import recognise_isotropy

__all__ = ["representative_order"]


def representative_order(representative: NDArray[np.float64]) -> dict[str, list[int]]:
    """Rows and columns of the catalogue's weights in the order in which a representative has them.

    Descents begin at representatives; who wants to repeat one needs it to the order of its neurons.

    Args:
        representative: of a class, (n, k).

    Returns:
        `rows` (n) and `columns` (k): entry (i, c) of the representative is entry (rows[i],
        columns[c]) of the weights by block.
    """
    found = recognise_isotropy(representative)
    return {
        "rows": np.argsort(found.neuron_order).tolist(),
        "columns": np.argsort(found.coordinate_order).tolist(),
    }
