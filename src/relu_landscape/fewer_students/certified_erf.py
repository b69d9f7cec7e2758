"""Points of erf, proved strict minima in weights and outputs and checked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from relu_landscape.certificates.erf_minimum import certify_erf_minimum
from relu_landscape.certificates.lines import erf_minimum_line
from relu_landscape.certificates.minimum_columns import proved_columns, unproved_columns
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs
from relu_landscape.fewer_students.erf_networks import erf_network

MOST_WEIGHTS: Final = 400
"""Weights and outputs up to which all of them are worked with: the cost grows with the cube."""


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
        proofs.add(labels, unproved_columns(found.reason.value), None)
    else:
        line = erf_minimum_line(found)
        proofs.add(labels, proved_columns(found, line), line)
