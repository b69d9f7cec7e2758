"""The two branches as rows of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from relu_landscape.fewer_students.copy_branches import CopyBranch
from relu_landscape.fewer_students.copy_points import (
    CopyPoint,
    copy_average_point,
    perturbed_copy_point,
)

POINT_OF: Final[Mapping[CopyBranch, Callable[..., CopyPoint]]] = MappingProxyType(
    {
        CopyBranch.COPY_AVERAGE: copy_average_point,
        CopyBranch.PERTURBED_COPY: perturbed_copy_point,
    }
)


def copy_points_at(k: int, n: int, kernel: str = "relu") -> Iterator[CopyPoint]:
    """The points of both branches at one size; with one student they are the same, the first."""
    for branch, point_at in POINT_OF.items():
        if n > 1 or branch is CopyBranch.COPY_AVERAGE:
            yield point_at(k, n, kernel=kernel)


def point_labels(point: CopyPoint) -> dict[str, Any]:
    """What singles out a point in tables."""
    return {
        "kernel": point.kernel,
        "branch": point.branch.value,
        "k": int(point.k),
        "n": int(point.n),
    }


def point_record(point: CopyPoint) -> dict[str, Any]:
    """Its row of copy_points."""
    return {
        **point_labels(point),
        "isotropy": point.isotropy,
        "loss": point.loss,
        "smallest_eigenvalue": point.smallest.value,
        "irrep": point.smallest.irrep,
        "index": point.index,
    }


def parameter_records(point: CopyPoint) -> list[dict[str, Any]]:
    """Its rows of copy_parameters."""
    labels = point_labels(point)
    named = zip(point.space.parameter_names, point.parameters, strict=True)
    return [{**labels, "parameter": name, "value": float(value)} for name, value in named]


def spectrum_records(point: CopyPoint) -> list[dict[str, Any]]:
    """Its rows of copy_spectra."""
    labels = point_labels(point)
    return [
        {
            **labels,
            "rank": rank,
            "eigenvalue": row.value,
            "multiplicity": row.multiplicity,
            "irrep": row.irrep,
        }
        for rank, row in enumerate(point.spectrum)
    ]
