"""Points of erf, proved strict minima in weights and outputs and checked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from relu_landscape.certificates.acceptance import accepts
from relu_landscape.certificates.erf_minimum import certify_erf_minimum
from relu_landscape.certificates.lines import erf_minimum_line
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs
from relu_landscape.fewer_students.erf_networks import erf_network

MOST_WEIGHTS: Final = 400
"""Weights and outputs up to which all of them are worked with: the cost grows with the cube."""

_BOUNDS = ("loss_lower", "loss_upper", "hessian_lower", "orthogonal_hessian_lower")


def is_small(k: int, n: int) -> bool:
    """Return whether a point of this size is proved from all its weights."""
    return n * (k + 1) <= MOST_WEIGHTS


def prove_erf(proofs: Proofs, point: Mapping[str, Any]) -> None:
    """Append the row of certified_erf of a point, and its line if it is proved.

    Args:
        proofs: rows and lines so far.
        point: its row of erf_points.
    """
    labels = {name: point[name] for name in ("branch", "k", "n")}
    found = certify_erf_minimum(*erf_network(point), int(point["k"]))
    if isinstance(found, Failure):
        columns: dict[str, Any] = dict.fromkeys(_BOUNDS)
        columns |= {"proved": False, "reason": found.reason.value, "checked": False}
        proofs.add(labels, columns, None)
    else:
        line = erf_minimum_line(found)
        columns = {name: float(getattr(found, name)) for name in _BOUNDS}
        columns |= {"proved": True, "reason": None, "checked": accepts(line)}
        proofs.add(labels, columns, line)
