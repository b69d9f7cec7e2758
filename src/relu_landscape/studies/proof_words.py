"""What certificates of minima say, as fields of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relu_landscape.catalogue.critical_points import PointCertificate
from relu_landscape.certificates.minimum_columns import BOUNDS
from relu_landscape.studies.proofs import Proved

_OF_CLASSES = (
    *BOUNDS,
    *("location_radius", "norm_sum_upper", "norm_sum_below_k", "splits", "splits_proved"),
)


def proof_of(
    attempt: Mapping[str, Any] | None, file: str, statement: str, says: str
) -> dict[str, Any]:
    """The fields of a critical point that say what is proved, of studies of other networks.

    Args:
        attempt: row of certified_copies or certified_slopes, None where no proof was tried.
        file, statement: as for `certificate_of`.
        says: what a certificate proves, in words.
    """
    if attempt is None:
        return {"proved": Proved.NOT_TRIED.value}
    if not attempt["proved"]:
        return {"proved": Proved.NOT_PROVED.value, "reason": attempt["reason"]}
    bounds = {name: attempt[name] for name in BOUNDS}
    certificate = PointCertificate(
        file=file, line=attempt["line"], statement=statement, says=says, **bounds
    )
    return {"proved": Proved.PROVED.value, "certificate": certificate}


def certificate_of(row: Mapping[str, Any], file: str, statement: str) -> PointCertificate | None:
    """The certificate that a row of certified points speaks of, None where nothing was proved.

    Args:
        row: of certified_classes or certified_families.
        file: that holds it, in the results.
        statement: its kind.
    """
    if not row["proved"]:
        return None
    bounds = {name: row[name] for name in _OF_CLASSES}
    says = "A spurious strict local minimum, for every number of inputs d >= k"
    if 0 < row["splits"] == row["splits_proved"]:
        says += "; every split of every neuron is a strict saddle, for every share"
    if row["norm_sum_below_k"] == "proved":
        says += "; the sum of norms is at most k"
    return PointCertificate(
        file=file, line=row["line"], statement=statement, says=f"{says}.", **bounds
    )
