"""One input with bias, where full rank has a probability in closed form."""

from relu_landscape.activation_regions.one_dimensional_records import find_widths, measure_curves
from relu_landscape.activation_regions.settings import OneDimensional
from relu_landscape.studies.steps import Made


def measure_one_dimensional(one_dimensional: OneDimensional) -> Made:
    """Widths at which most regions have full rank, and the probability at every width."""
    return {
        "one_dimensional_widths": find_widths(one_dimensional.widths),
        "one_dimensional_probabilities": measure_curves(one_dimensional.curves),
    }
