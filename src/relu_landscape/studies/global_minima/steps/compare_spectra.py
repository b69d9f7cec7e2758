"""The closed-form Hessian spectrum at n = k against the computed one."""

from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.settings import Spectrum
from relu_landscape.global_minima.spectrum import compare_spectrum
from relu_landscape.studies.steps import Made


def compare_spectra(spectrum: Spectrum, log: JobLog) -> Made:
    """Eigenvalues with multiplicities for k = 2, 3, ... and more inputs than teachers."""
    progress = log.progress("spectra", "values of k")
    records: list[dict[str, Any]] = []
    for k in range(2, spectrum.largest_k + 1):
        for extra in spectrum.extra_inputs:
            records += compare_spectrum(k, k + extra)
        progress(k - 1, spectrum.largest_k - 1)
    return {"global_minimum_spectra": records}
