"""Points of the families at a slope, proved spurious strict minima and checked again."""

from __future__ import annotations

from relu_landscape.certificates.lines import symmetric_minimum_line
from relu_landscape.certificates.minimum_columns import proved_columns, unproved_columns
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs
from relu_landscape.certificates.symmetric_minimum import certify_symmetric_minimum
from relu_landscape.leaky.leaky_points import leaky_critical_point
from relu_landscape.objective.pair_kernels import leaky_relu
from relu_landscape.symmetry.continuation import SolveError


def prove_at_slope(proofs: Proofs, family: str, m: int | None, k: int, slope: float) -> None:
    """Append the row of certified_slopes of a point, and its line if it is proved a minimum.

    Args:
        proofs: rows and lines so far.
        family: "A", "I" or "II".
        m: neurons in the second block; None for A.
        k: number of teachers.
        slope: s.
    """
    labels = {"family": family, "m": m or 0, "k": k, "slope": slope}
    no_splits = {"splits": 0, "splits_proved": 0}
    try:
        point = leaky_critical_point(family, k, slope, m=m)
    except SolveError:
        proofs.add(labels, unproved_columns("not_reached") | no_splits, None)
        return
    found = certify_symmetric_minimum(point.space, point.parameters, kernel=leaky_relu(slope))
    if isinstance(found, Failure):
        proofs.add(labels, unproved_columns(found.reason.value) | no_splits, None)
        return
    line = symmetric_minimum_line(found)
    splits = {"splits": len(found.outputs), "splits_proved": len(found.splits)}
    proofs.add(labels, proved_columns(found, line) | splits, line)
