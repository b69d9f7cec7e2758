"""Columns of tables of points tried for strict minima, of networks beside the main study's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from relu_landscape.certificates.acceptance import accepts

if TYPE_CHECKING:
    from relu_landscape.certificates.erf_minimum import ErfMinimumCertificate
    from relu_landscape.certificates.minimum import MinimumCertificate
    from relu_landscape.certificates.symmetric_minimum import SymmetricMinimumCertificate

BOUNDS: Final = ("loss_lower", "loss_upper", "hessian_lower", "orthogonal_hessian_lower")
"""What certificates of strict minima, of every kind, bound."""


def proved_columns(
    found: MinimumCertificate | SymmetricMinimumCertificate | ErfMinimumCertificate, line: str
) -> dict[str, Any]:
    """Return the columns of a minimum that is proved.

    Args:
        found: its certificate.
        line: the certificate as a line of its file, which the checker reads.
    """
    bounds = {name: float(getattr(found, name)) for name in BOUNDS}
    return {"proved": True, "reason": None, "checked": accepts(line), **bounds}


def unproved_columns(reason: str) -> dict[str, Any]:
    """Return the columns of a point of which nothing is proved, for this reason."""
    return {"proved": False, "reason": reason, "checked": False, **dict.fromkeys(BOUNDS)}
