"""Where descent leads from split neurons of the families."""

from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.families import split_fates
from relu_landscape.families.settings import Fates
from relu_landscape.search import Protocol
from relu_landscape.studies.steps import Made


def follow_splits(fates: Fates, protocol: Protocol, log: JobLog) -> Made:
    """The landings from both sides of every split, family by family and k by k."""
    families = [("A", None), *((family, m) for family in ("I", "II") for m in fates.blocks)]
    points = [(family, m, k) for k in fates.teachers for family, m in families if k >= (m or 0) + 4]
    progress = log.progress("splits of families", "points")
    records: list[dict[str, Any]] = []
    for done, (family, m, k) in enumerate(points, start=1):
        records += split_fates.follow_splits(family, m, k, protocol, fates)
        progress(done, len(points))
    return {"family_fates": records}
