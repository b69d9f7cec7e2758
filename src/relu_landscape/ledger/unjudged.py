"""Statements of papers that no claim tests: readers shall know of them, and why."""

from __future__ import annotations

from collections.abc import Iterable

from relu_landscape.ledger.claims_files import UnjudgedStatement
from relu_landscape.settings.yaml_files import read_yaml

__all__ = ["read_unjudged"]


def read_unjudged(paths: Iterable[str]) -> tuple[UnjudgedStatement, ...]:
    """What the claims files at `paths` say is not judged, in their order.

    Raises ValueError for a file that is not YAML or an entry that lacks something.
    """
    return tuple(
        UnjudgedStatement(**entry)
        for path in paths
        for entry in read_yaml(path).get("not_judged", ())
    )
