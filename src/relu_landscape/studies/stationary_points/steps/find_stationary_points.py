"""The stationary points that descent on the published data sets passes, and where it ends."""

import pandas as pd

from relu_landscape.certificates.lines import file_text
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.finite_stationary.records import StationaryRows, add_data_set, published_data
from relu_landscape.finite_stationary.settings import StationaryPoints
from relu_landscape.studies.steps import Made


def find_stationary_points(
    wanted: StationaryPoints,
    wu2025_data_sets: pd.DataFrame,
    wu2025_descents: pd.DataFrame,
    log: JobLog,
) -> Made:
    """The tables, and the certificates.

    Args:
        wanted: the settings.
        wu2025_data_sets, wu2025_descents: samples and protocols as published.
        log: of the job.
    """
    exponents = wu2025_descents.set_index("data_set")["initial_exponent"]
    progress = log.progress("descent on published data", "data sets")
    rows = StationaryRows()
    for done, descent in enumerate(wanted.descents, start=1):
        data = published_data(wu2025_data_sets, descent.name)
        add_data_set(rows, wanted, descent, data, float(exponents[descent.name]))
        progress(done, len(wanted.descents))
    return {
        "finite_losses": rows.losses,
        "finite_points": rows.points,
        "finite_neurons": rows.neurons,
        "finite_ends": rows.ends,
        "finite_perturbations": rows.perturbations,
        "certificate": file_text(rows.lines),
    }
