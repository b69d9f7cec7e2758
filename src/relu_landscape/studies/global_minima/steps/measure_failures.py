"""The constructions of Theorems 4, 7 and 9, in double and in extended precision."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.global_minima.failures import tilted_pair_records, valley_records
from relu_landscape.studies.steps import Made


def measure_failures(failures: Mapping[str, Any]) -> Made:
    """Curvature at tilted pairs of neurons, quotients at spread ones."""
    sizes, shares = failures["sizes"], failures["shares"]
    epsilons = {name: failures[name] for name in ("double", "extended")}
    return {
        "negative_curvature": tilted_pair_records(sizes, shares, epsilons),
        "valley_points": valley_records(sizes, shares, epsilons),
    }
