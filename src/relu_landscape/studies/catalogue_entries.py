"""The entries of the catalogue of critical points, of the studies of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from relu_landscape.catalogue.critical_points import Entries
from relu_landscape.studies.declarations import entries_of_studies
from relu_landscape.studies.proofs import join_proofs

__all__ = ["gather_entries"]


def gather_entries(studies: Collection[str], data: Mapping[str, Any]) -> Entries:
    """The entries of these studies, study by study.

    Args:
        studies: their names.
        data: tables and arrays by name, at least those that the studies read.

    Raises:
        ValueError: one is missing that has no default; it is named.
    """
    known = join_proofs(data)
    found: Entries = []
    for made in entries_of_studies(studies):
        missing = [name for name in made.inputs if name not in {*known, *made.optional}]
        if missing:
            raise ValueError(f"{made.module}.{made.name}: nothing makes {', '.join(missing)}")
        found += made.load()(**{name: known[name] for name in made.inputs if name in known})
    return found
