"""Certificates and what was not proved, as rows of tables and lines of files.

Every function returns the rows of its table and the lines that belong to them; a row names its
line, counted from 1, and has line 0 where nothing was proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.certificates.global_minimum import certify_global_minimum
from relu_landscape.certificates.inequalities import (
    INEQUALITY_BITS,
    FailingPoint,
    Quantity,
    certify_inequality,
    spread_pair,
    tilted_pair,
    witness,
)
from relu_landscape.certificates.lines import (
    global_minimum_line,
    inequality_line,
    minimum_line,
    symmetric_minimum_line,
)
from relu_landscape.certificates.minimum import (
    DEFAULT_RADIUS,
    MinimumCertificate,
    MinimumOutcome,
    certify_minimum,
)
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import DEFAULT_BITS
from relu_landscape.certificates.recognised import certify_recognised_minimum
from relu_landscape.certificates.saddle import SaddleCertificate, certify_splits
from relu_landscape.certificates.symmetric_minimum import (
    SYMMETRIC_BITS,
    SymmetricMinimumCertificate,
    SymmetricOutcome,
    certify_family,
)
from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.member_reach import least_teachers
from relu_landscape.global_minima.witnesses import WITNESSES
from relu_landscape.symmetry import SolveError
from relu_landscape.tables.columns import CLASS

if TYPE_CHECKING:
    from relu_landscape.settings.sizes import PairSize

NO_LINE = 0
# At a minimum of curvature 4e-5 the rounding of the centre alone moves the critical point by 1e-10:
# the smallest box has no room for that, and a wider one still shows the curvature.
RADII = (DEFAULT_RADIUS, 8 * DEFAULT_RADIUS)
SPREAD_QUANTITIES = (
    Quantity.ONE_POINT_GRADIENT,
    Quantity.ONE_POINT_HESSIAN,
    Quantity.PL_RATIO,
)
# II_1 and its continuation with one neuron more: the points of the 2018 theorem's rarest pairs.
PAIR_FAMILY, PAIR_BLOCK = "II", 1

Progress = Callable[[int, int], None]


class ClassMethod(StrEnum):
    """What a proof about a class works on: all its weights, or the few that its symmetry leaves."""

    ALL_WEIGHTS = "all_weights"
    SYMMETRY = "symmetry"


def class_method(k: int, *, largest_full_k: int) -> ClassMethod:
    """Return how classes with k teachers are proved: from all their weights up to some size."""
    return ClassMethod.ALL_WEIGHTS if k <= largest_full_k else ClassMethod.SYMMETRY


@dataclass
class Proofs:
    """Rows of one table and the lines that they refer to."""

    records: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, labels: Mapping[str, Any], columns: Mapping[str, Any], line: str | None) -> None:
        """Append a row, and its line if there is one."""
        if line is not None:
            self.lines.append(line)
        number = NO_LINE if line is None else len(self.lines)
        self.records.append({**labels, **columns, "line": number})

    def append(self, others: Proofs) -> None:
        """Append the rows and lines of others, whose lines come after those that are here."""
        before = len(self.lines)
        self.lines += others.lines
        for record in others.records:
            line = record["line"]
            self.records.append({**record, "line": line if line == NO_LINE else before + line})


def prove_classes(
    classes: pd.DataFrame,
    points: NDArray[np.float64],
    method: ClassMethod,
    *,
    file: str,
    progress: Progress | None = None,
) -> Proofs:
    """Prove the classes of one size of the main study that are not global minima.

    Args:
        classes: rows of the classes; columns k, n, class_id, is_global.
        points: (classes, n, k), their representatives.
        method: how, see `class_method`.
        file: name of the file for the lines.
        progress: called with (classes done, classes).

    Returns:
        Rows of certified_classes; a line holds a minimum and the splits of all its neurons.
    """
    proofs = Proofs()
    rows = classes[~classes["is_global"]].to_dict("records")
    for done, row in enumerate(rows, start=1):
        labels = {name: row[name] for name in CLASS} | {"method": method.value, "file": file}
        _PROVE[method](proofs, labels, points[row["class_id"]])
        if progress is not None:
            progress(done, len(rows))
    return proofs


def prove_pairs(pairs: Iterable[tuple[int, int]]) -> Proofs:
    """Prove a spurious minimum at each (k, n), n = k or k + 1, from the family II_1.

    Descent from random starts meets it in 0.1 to 0.3 % of the runs at the rarest pairs; at n = k +
    1 it is where descent lands after the special neuron of II_1 is split.

    Returns:
        Rows of certified_pairs.

    Source: S18, Theorem 1 (the list of pairs is known from memory).
    """
    proofs = Proofs()
    for k, n in pairs:
        point = symmetric_critical_point(PAIR_FAMILY, k, m=PAIR_BLOCK, extra=n - k)
        name = f"II_1{f' + {n - k}' if n > k else ''}, solved in its fixed-point space"
        _prove_point(proofs, {"k": k, "n": n, "start": name}, point.weights())
    return proofs


def prove_families(
    families: Mapping[tuple[str, int | None, int], Sequence[int]],
    *,
    progress: Progress | None = None,
) -> Proofs:
    """Prove members of symmetric families through the reduced problem, at a cost free of k.

    Args:
        families: (family, m, extra) as for `certify_family` -> values of k; those below
            `least_teachers` are left out.
        progress: called with (points done, points).

    Returns:
        Rows of certified_families.
    """
    proofs = Proofs()
    wanted = [
        (*family, k)
        for family, teachers in families.items()
        for k in teachers
        if k >= least_teachers(family[1] or 0, family[2])
    ]
    for done, (family, m, extra, k) in enumerate(wanted, start=1):
        labels = {"family": family, "m": m or 0, "extra": extra, "k": k}
        try:
            _add_symmetric(proofs, labels, certify_family(family, k, m=m, extra=extra))
        except SolveError as error:
            proofs.add(labels, _unproved(str(error), SYMMETRIC_BITS, 0), None)
        if progress is not None:
            progress(done, len(wanted))
    return proofs


def prove_global_minima(teachers: Iterable[int]) -> Proofs:
    """Prove the curvature at and around the global minimum of n = k, for each k.

    Returns:
        Rows of certified_global_minima.

    Source: S21, Theorem 3.
    """
    proofs = Proofs()
    for k in teachers:
        found = certify_global_minimum(k)
        columns = {
            "eigenvalue_lower": float(found.eigenvalue_lower),
            "eigenvalue_upper": float(found.eigenvalue_upper),
            "radius": float(found.radius),
            "hessian_lower": float(found.hessian_lower),
            "bits": found.bits,
        }
        proofs.add({"k": k}, columns, global_minimum_line(found))
    return proofs


def prove_inequalities(
    sizes: Iterable[PairSize],
    shares: Sequence[Fraction],
    epsilons: Sequence[Fraction],
    scales: Sequence[Fraction],
) -> Proofs:
    """Prove that convexity fails at explicit rational points next to global minima.

    Args:
        sizes: k, n, d, for Theorems 4, 7 and 9.
        shares: a, share of the first neuron of the pair.
        epsilons: sizes of the displacement.
        scales: s of the witnesses against Conjecture 12.

    Returns:
        Rows of certified_inequalities.

    Source: S21, Theorems 4, 7, 9 and Conjecture 12.
    """
    proofs = Proofs()
    for size in sizes:
        for share in shares:
            for epsilon in epsilons:
                at = f"k={size.k}, n={size.n}, d={size.d}, a={share}, eps={epsilon}"
                tilted = tilted_pair(**dict(size), share=share, epsilon=epsilon)
                names = _pair_names(f"tilted pair: {at}", share)
                _prove_inequality(proofs, names, Quantity.HESSIAN_FORM, tilted, epsilon)
                spread = spread_pair(**dict(size), share=share, epsilon=epsilon)
                names = _pair_names(f"spread pair: {at}", share)
                for quantity in SPREAD_QUANTITIES:
                    _prove_inequality(proofs, names, quantity, spread, epsilon)
    for name in WITNESSES:
        for scale in scales:
            names = {"point": f"witness {name}: s={scale}", "share": None, "witness": name}
            quantity = Quantity.CONJECTURE12_GAP
            _prove_inequality(proofs, names, quantity, witness(name, scale), scale)
    return proofs


def certify_stored_minimum(weights: NDArray[np.float64]) -> MinimumOutcome:
    """Return `certify_minimum` of a point in floats, in the first box with room for their rounding.

    Args:
        weights: students, (n, k), all outputs 1, teachers V = I.
    """
    for radius in RADII:
        found = certify_minimum(weights, np.eye(weights.shape[1]), radius=radius)
        if not isinstance(found, Failure) or found.reason is not FailureReason.GRADIENT_TOO_LARGE:
            break
    return found


def _prove_point(proofs: Proofs, labels: Mapping[str, Any], weights: NDArray[np.float64]) -> None:
    """Prove one minimum and the splits of its neurons from its full weights."""
    n, k = weights.shape
    found = certify_stored_minimum(weights)
    if isinstance(found, Failure):
        proofs.add(labels, _unproved(found.reason.value, DEFAULT_BITS, n), None)
        return
    splits = [split for split in certify_splits(found) if isinstance(split, SaddleCertificate)]
    proofs.add(labels, _proved(found, k, n, len(splits)), minimum_line(found, splits))


def _prove_recognised(
    proofs: Proofs, labels: Mapping[str, Any], weights: NDArray[np.float64]
) -> None:
    """Prove one minimum and the splits of its classes of neurons through its symmetry."""
    _add_symmetric(proofs, labels, certify_recognised_minimum(weights))


_PROVE = {ClassMethod.ALL_WEIGHTS: _prove_point, ClassMethod.SYMMETRY: _prove_recognised}


def _add_symmetric(proofs: Proofs, labels: Mapping[str, Any], found: SymmetricOutcome) -> None:
    if isinstance(found, Failure):
        proofs.add(labels, _unproved(found.reason.value, SYMMETRIC_BITS, 0), None)
        return
    classes = len(found.blocks) + found.extra
    columns = _proved(found, sum(found.blocks), classes, len(found.splits))
    proofs.add(labels, columns, symmetric_minimum_line(found))


def _pair_names(point: str, share: Fraction) -> dict[str, Any]:
    return {"point": point, "share": float(share), "witness": None}


def _prove_inequality(
    proofs: Proofs,
    names: Mapping[str, Any],
    quantity: Quantity,
    point: FailingPoint,
    epsilon: Fraction,
) -> None:
    found = certify_inequality(quantity, point)
    n, d = point.weights.shape
    sizes = {"n": n, "k": point.k, "d": d, "epsilon": float(epsilon)}
    labels = {**names, **sizes, "quantity": quantity.value}
    if isinstance(found, Failure):
        columns: dict[str, Any] = {
            "proved": False,
            "upper": None,
            "distance_upper": None,
            "bits": INEQUALITY_BITS,
        }
        proofs.add(labels, columns, None)
    else:
        columns = {
            "proved": True,
            "upper": float(found.upper),
            "distance_upper": float(found.distance_upper),
            "bits": found.bits,
        }
        proofs.add(labels, columns, inequality_line(found))


def _proved(
    found: MinimumCertificate | SymmetricMinimumCertificate, k: int, splits: int, proved: int
) -> dict[str, Any]:
    return {
        "proved": True,
        "reason": None,
        "loss_lower": float(found.loss_lower),
        "loss_upper": float(found.loss_upper),
        "hessian_lower": float(found.hessian_lower),
        "orthogonal_hessian_lower": float(found.orthogonal_hessian_lower),
        "box_radius": found.radius,
        "location_radius": float(found.location_radius),
        "norm_sum_upper": float(found.norm_sum_upper),
        "norm_sum_below_k": _compare(found.norm_sum_lower, found.norm_sum_upper, k),
        "splits": splits,
        "splits_proved": proved,
        "bits": found.bits,
    }


def _unproved(reason: str, bits: int, splits: int) -> dict[str, Any]:
    bounds = (
        "loss_lower",
        "loss_upper",
        "hessian_lower",
        "orthogonal_hessian_lower",
        "box_radius",
        "location_radius",
        "norm_sum_upper",
        "norm_sum_below_k",
    )
    return {
        "proved": False,
        "reason": reason,
        **dict.fromkeys(bounds),
        "splits": splits,
        "splits_proved": 0,
        "bits": bits,
    }


def _compare(lower: Decimal, upper: Decimal, k: int) -> str:
    """Whether a number between the bounds is at most k."""
    if upper <= k:
        return "proved"
    return "disproved" if lower > k else "undecided"
