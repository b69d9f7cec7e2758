"""Whether a point is measured through its symmetry or from its whole Hessian: decided here."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.symmetry.recognition import RecognisedIsotropy, recognise_isotropy

# The number of parameters is about the square of that of blocks; the reduced Hessian has its square
# in entries, each a sum over orbits of pairs.
MOST_BLOCKS: Final = 4


def usable_isotropy(W: NDArray[np.float64], *, largest_whole_k: int) -> RecognisedIsotropy | None:
    """Return the isotropy through which a point is measured, or None if from its whole Hessian.

    The whole Hessian takes O((n k)^3) operations. Through the symmetry it is a gradient's k^3, but
    only while the fixed-point space has few blocks.

    Args:
        W: (n, k), teacher V = I_k; n >= k beyond `largest_whole_k`.
        largest_whole_k: up to it points are measured from all of their weights.

    Raises:
        ValueError: W is not finite, or has n < k, beyond `largest_whole_k`.
    """
    if W.shape[1] <= largest_whole_k:
        return None
    found = recognise_isotropy(W)
    return found if len(found.space.blocks) <= MOST_BLOCKS else None
