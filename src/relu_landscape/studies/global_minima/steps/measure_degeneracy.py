"""Kernels of Hessians at global minima with n > k, and the least quotients next to them."""

from relu_landscape.global_minima.degeneracy import kernel_records, quotient_records
from relu_landscape.global_minima.settings import Degeneracy
from relu_landscape.studies.steps import Made


def measure_degeneracy(degeneracy: Degeneracy) -> Made:
    """Both for every size."""
    sizes = degeneracy.sizes
    return {
        "hessian_kernels": [row for size in sizes for row in kernel_records(size, degeneracy)],
        "lojasiewicz_quotients": [
            row for size in sizes for row in quotient_records(size, degeneracy)
        ],
    }
