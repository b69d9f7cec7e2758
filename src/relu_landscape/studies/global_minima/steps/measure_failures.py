"""The constructions of Theorems 4, 7 and 9, in double and in extended precision."""

from relu_landscape.global_minima.failures import tilted_pair_records, valley_records
from relu_landscape.global_minima.settings import Failures
from relu_landscape.studies.steps import Made


def measure_failures(failures: Failures) -> Made:
    """Curvature at tilted pairs of neurons, quotients at spread ones."""
    sizes, shares = failures.sizes, failures.shares
    epsilons = {"double": failures.double, "extended": failures.extended}
    return {
        "negative_curvature": tilted_pair_records(sizes, shares, epsilons),
        "valley_points": valley_records(sizes, shares, epsilons),
    }
