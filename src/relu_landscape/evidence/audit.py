"""A reported critical point recomputed by a second implementation that shares no code.

The loss, the gradient norm and the curvature along the reported eigenvector come from the textbook
formulas in extended precision (`objective.reference`), the last as a second difference of the loss,
so that no formula of a derivative enters. The smallest eigenvalue is decided again without an
eigenvalue solver: by Sylvester's law of inertia the signs of the pivots of H - mu I count the
eigenvalues of H below mu.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import ldl

from relu_landscape.objective.reference import (
    reference_curvature_along,
    reference_gradient,
    reference_hessian,
    reference_loss,
    reference_to_float64,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AuditFailure",
    "AuditRecord",
    "Reported",
    "Tolerances",
    "agreed",
    "audit_point",
    "count_eigenvalues_below",
    "extreme_rows",
    "sample_rows",
    "tolerances_for",
    "within_reach",
]

_EPS = float(np.finfo(np.float64).eps)
_ENTRY_ERROR = 1e-14
_UNIT_ERROR = 1e-12


class AuditFailure(AssertionError):
    """Reported and recomputed values disagree; the message lists where and by how much."""


@dataclass(frozen=True)
class Tolerances:
    """How far float64 results may be from the reference; see `tolerances_for`."""

    loss: float
    gradient_norm: float
    eigenvalue: float


@dataclass(frozen=True)
class Reported:
    """What is reported of a point W (n, d): F, |grad F|_F, eigenvalues of its Hessian H.

    Attributes
    ----------
    direction: (n, d), the unit eigenvector of the smallest eigenvalue of H.
    largest_inner_eigenvalue: over the neurons, the largest of the smallest eigenvalues of
        H_ii - I/2.
    """

    loss: float
    gradient_norm: float
    smallest_eigenvalue: float
    direction: NDArray[np.float64]
    largest_inner_eigenvalue: float


@dataclass(frozen=True)
class AuditRecord:
    """One point recomputed.

    Attributes
    ----------
    loss, gradient_norm: F and |grad F|_F by the reference.
    curvature_along: u^T H u along the reported direction, a second difference of F.
    eigenvalues_below_lower: eigenvalues of H below lambda - delta, by inertia; 0 if lambda is the
        smallest.
    eigenvalues_below_upper: eigenvalues of H below lambda + delta; 1 or more if lambda is one.
    largest_inner_eigenvalue: over the neurons, the largest of the smallest eigenvalues of
        H_ii - I/2, from the diagonal blocks of the reference Hessian.
    tolerances: what counts as agreement; delta is `tolerances.eigenvalue`.
    disagreements: one line for each reported value that is wrong; empty if none is.
    """

    loss: float
    gradient_norm: float
    curvature_along: float
    eigenvalues_below_lower: int
    eigenvalues_below_upper: int
    largest_inner_eigenvalue: float
    tolerances: Tolerances
    disagreements: tuple[str, ...]


def audit_point(
    W: NDArray[np.float64],
    V: NDArray[np.float64],
    reported: Reported,
    *,
    digits: int = 50,
) -> AuditRecord:
    """Recompute what is reported of the point W with teacher V, and note what disagrees.

    W: (n, d); V: (k, d); digits: decimal digits that the reference carries.

    Raises ValueError if a neuron is zero, shapes do not fit, or the eigenvalue or its direction is
    not finite.
    """
    smallest_eigenvalue, direction = reported.smallest_eigenvalue, reported.direction
    if not np.isfinite(smallest_eigenvalue):
        raise ValueError(f"smallest_eigenvalue must be finite, not {smallest_eigenvalue}")
    tolerances = tolerances_for(W, V)
    gradient = reference_to_float64(reference_gradient(W, V, digits=digits))
    hessian = reference_to_float64(reference_hessian(W, V, digits=digits))
    found_loss = float(reference_loss(W, V, digits=digits))
    found_norm = float(np.linalg.norm(gradient))
    curvature = float(reference_curvature_along(W, V, direction, digits=digits))
    inner = _largest_inner_eigenvalue(hessian, *W.shape)
    delta = tolerances.eigenvalue
    lower = count_eigenvalues_below(hessian, smallest_eigenvalue - delta)
    upper = count_eigenvalues_below(hessian, smallest_eigenvalue + delta)
    disagreements = [
        _compare("loss", reported.loss, found_loss, tolerances.loss),
        _compare("gradient_norm", reported.gradient_norm, found_norm, tolerances.gradient_norm),
        _compare("length of the direction", float(np.linalg.norm(direction)), 1.0, _UNIT_ERROR),
        _compare("smallest_eigenvalue along its direction", smallest_eigenvalue, curvature, delta),
        _compare("largest_inner_eigenvalue", reported.largest_inner_eigenvalue, inner, delta),
    ]
    if lower > 0:
        disagreements.append(
            f"smallest_eigenvalue: reported {float(smallest_eigenvalue)!r}, but {lower} "
            f"eigenvalue(s) lie more than {delta:.1e} below it"
        )
    if upper == 0:
        disagreements.append(
            f"smallest_eigenvalue: reported {float(smallest_eigenvalue)!r}, but every eigenvalue "
            f"lies more than {delta:.1e} above it"
        )
    return AuditRecord(
        loss=found_loss,
        gradient_norm=found_norm,
        curvature_along=curvature,
        eigenvalues_below_lower=lower,
        eigenvalues_below_upper=upper,
        largest_inner_eigenvalue=inner,
        tolerances=tolerances,
        disagreements=tuple(line for line in disagreements if line),
    )


def tolerances_for(W: NDArray[np.float64], V: NDArray[np.float64]) -> Tolerances:
    """How far float64 may be from the reference at W (n, d) with teacher V (k, d).

    - Loss: F is a sum of terms of either sign, of total size at most S^2/4 with
      S = sum |w_i| + sum |v_j|, since f(w, v) <= |w||v|/2; each carries a few roundings, sixteen
      are allowed: 4 eps S^2.
    - Gradient: entries are promised to 1e-14 (n + k), so the norm to 1e-14 (n + k) sqrt(n d).
    - Eigenvalues: the same promise for the entries of the Hessian moves an eigenvalue by at most
      the Frobenius norm of the error, 1e-14 (n + k) n d (Weyl). The backward errors of an
      eigenvalue solver and of the factorisation are of order eps |H| and far below it.
    """
    n, d = W.shape
    k = V.shape[0]
    size = float(np.linalg.norm(W, axis=1).sum() + np.linalg.norm(V, axis=1).sum())
    entry = _ENTRY_ERROR * (n + k)
    return Tolerances(
        loss=4 * _EPS * size**2,
        gradient_norm=entry * float(np.sqrt(n * d)),
        eigenvalue=entry * n * d,
    )


def count_eigenvalues_below(matrix: NDArray[np.float64], bound: float) -> int:
    """Number of eigenvalues of a symmetric matrix (m, m) below `bound`, by inertia.

    A - mu I = L D L^T has as many negative eigenvalues as D (Sylvester), whose blocks are of size
    one and two (Bunch and Kaufman).
    """
    _, pivots, _ = ldl(matrix - bound * np.eye(len(matrix)))
    negative, row = 0, 0
    while row < len(pivots):
        size = 2 if row + 1 < len(pivots) and pivots[row + 1, row] != 0 else 1
        block = pivots[row : row + size, row : row + size]
        negative += int(np.count_nonzero(np.linalg.eigvalsh(block) < 0))
        row += size
    return negative


class HasDisagreements(Protocol):
    """What every record of an audit has: one line for each reported value that is wrong."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def disagreements(self) -> tuple[str, ...]:
        """The lines; empty if everything agrees."""


def agreed(records: Mapping[str, HasDisagreements]) -> dict[str, dict[str, Any]]:
    """The records as a document, by the name of the point.

    Raises AuditFailure listing every disagreement.
    """
    lines = [f"{name}: {line}" for name, record in records.items() for line in record.disagreements]
    if lines:
        raise AuditFailure(
            f"{len(lines)} reported value(s) disagree with the reference:\n  " + "\n  ".join(lines)
        )
    return {name: asdict(record) for name, record in records.items()}


def sample_rows(frame: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """`count` rows of `frame` (all, if it has fewer) drawn without replacement, in their order.

    Row labels are kept. The same frame, count and seed give the same rows. Raises ValueError for a
    count below 1.
    """
    if count < 1:
        raise ValueError(f"count must be 1 or more, not {count}")
    generator = np.random.default_rng(seed)
    rows = generator.choice(len(frame), size=min(count, len(frame)), replace=False)
    return frame.iloc[np.sort(rows)]


def within_reach(frame: pd.DataFrame, small: pd.Series) -> pd.DataFrame:
    """The rows of a table that are small enough to be recomputed, as `small` says of each.

    Raises AuditFailure if the table has rows but none is: nothing could disagree then.
    """
    reached = frame[small]
    if len(frame) and reached.empty:
        raise AuditFailure(
            f"none of {len(frame)} rows is small enough to be recomputed; raise audit.largest_k in "
            "the config, or run smaller sizes as well"
        )
    return reached


def extreme_rows(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The rows that come nearest to a counterexample, without repetition, in their order.

    columns: name of a column -> "smallest" or "largest", the end that would contradict a claim.
    """
    ends = {"smallest": "idxmin", "largest": "idxmax"}
    rows = (
        {getattr(frame[name], ends[end])() for name, end in columns.items()} if len(frame) else []
    )
    return frame.loc[sorted(rows)]


def _largest_inner_eigenvalue(hessian: NDArray[np.float64], n: int, d: int) -> float:
    blocks = [hessian[i * d : (i + 1) * d, i * d : (i + 1) * d] for i in range(n)]
    return max(float(np.linalg.eigvalsh(block - 0.5 * np.eye(d))[0]) for block in blocks)


def _compare(name: str, reported: float, found: float, tolerance: float) -> str:
    # Written so that a reported nan disagrees.
    if abs(reported - found) <= tolerance:
        return ""
    return (
        f"{name}: reported {float(reported)!r}, found {found!r} "
        f"(allowed difference {tolerance:.1e})"
    )
