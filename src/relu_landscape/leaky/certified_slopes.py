"""Points of the families at a slope, proved spurious strict minima and checked again."""

from __future__ import annotations

from typing import Any

from relu_landscape.certificates.acceptance import accepts
from relu_landscape.certificates.lines import symmetric_minimum_line
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs
from relu_landscape.certificates.symmetric_minimum import certify_symmetric_minimum
from relu_landscape.leaky.leaky_points import leaky_critical_point
from relu_landscape.objective.pair_kernels import leaky_relu
from relu_landscape.symmetry.continuation import SolveError

_BOUNDS = ("loss_lower", "loss_upper", "hessian_lower", "orthogonal_hessian_lower")


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
    nothing: dict[str, Any] = {"proved": False, "checked": False, **dict.fromkeys(_BOUNDS)}
    nothing |= {"splits": 0, "splits_proved": 0}
    try:
        point = leaky_critical_point(family, k, slope, m=m)
    except SolveError:
        proofs.add(labels, nothing | {"reason": "not_reached"}, None)
        return
    found = certify_symmetric_minimum(point.space, point.parameters, kernel=leaky_relu(slope))
    if isinstance(found, Failure):
        proofs.add(labels, nothing | {"reason": found.reason.value}, None)
        return
    line = symmetric_minimum_line(found)
    columns: dict[str, Any] = {name: float(getattr(found, name)) for name in _BOUNDS}
    columns |= {"proved": True, "reason": None, "checked": accepts(line)}
    columns |= {"splits": len(found.outputs), "splits_proved": len(found.splits)}
    proofs.add(labels, columns, line)
