"""Names of cases, k teachers and n students, in paths and files of arrays."""

from __future__ import annotations

__all__ = ["case_name", "case_size"]


def case_name(k: int, n: int) -> str:
    """Name of a case: k8-n9."""
    return f"k{k}-n{n}"


def case_size(case: str) -> tuple[int, int]:
    """(k, n) of a case name."""
    k, n = case.removeprefix("k").split("-n")
    return int(k), int(n)
