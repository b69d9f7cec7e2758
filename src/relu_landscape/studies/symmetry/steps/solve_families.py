"""Each family at every k: point, parameters, spectrum, and what splitting a neuron does."""

from collections.abc import Sequence
from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made
from relu_landscape.studies.symmetry.family_records import solve_family_records

_TABLES = ("family_points", "family_parameters", "family_spectra", "family_splits")


def solve_families(families: Sequence[Sequence[Any]], log: JobLog) -> Made:
    """The tables of points, parameters, spectra and splits, family by family.

    Args:
        families: family, m, n - k and the values of k of each.
        log: told of progress.
    """
    progress = log.progress("families", "families")
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    for done, family in enumerate(families, start=1):
        for name, records in solve_family_records(*family).items():
            made[name] += records
        progress(done, len(families))
    return made
