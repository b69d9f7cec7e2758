"""Spurious minima given by all their weights, proved through the symmetry that they have."""

from __future__ import annotations

from typing import Final

from numpy.typing import ArrayLike

from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.symmetric_minimum import (
    SYMMETRIC_BITS,
    SYMMETRIC_RADIUS,
    SymmetricOutcome,
    certify_symmetric_minimum,
)
from relu_landscape.symmetry.recognition import recognise_isotropy

# The cost grows like the cube of the number of parameters, which is about its square.
MOST_BLOCKS: Final = 4


def certify_recognised_minimum(
    W: ArrayLike, *, radius: float = SYMMETRIC_RADIUS, bits: int = SYMMETRIC_BITS
) -> SymmetricOutcome:
    """Prove that a spurious strict minimum lies next to W in the fixed-point space that holds W.

    The space is recognised in floats and the point is moved into it: if that goes wrong, the proof
    fails. What is proved is a minimum up to the order of neurons and coordinates.

    Args:
        W: students next to a minimum, (n, k), n >= k, teachers V = I.
        radius, bits: as for `certify_symmetric_minimum`.

    Returns:
        The certificate, or why there is none: too many blocks among other reasons.

    Raises:
        ValueError: W is not a finite matrix with n >= k, or as `certify_symmetric_minimum` says.

    Source: derived here; AF22 for minima with few diagonal blocks.
    """
    found = recognise_isotropy(W)
    blocks = found.space.blocks
    if len(blocks) > MOST_BLOCKS:
        return Failure(
            FailureReason.TOO_LITTLE_SYMMETRY,
            f"{found.space.isotropy} has {len(blocks)} blocks; allowed: {MOST_BLOCKS} or fewer",
        )
    return certify_symmetric_minimum(found.space, found.parameters, radius=radius, bits=bits)
