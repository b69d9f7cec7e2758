"""Activation regions weighed by their volume."""

from relu_landscape.activation_regions import volume as regions
from relu_landscape.activation_regions.settings import Volume
from relu_landscape.studies.steps import Made


def measure_volume(volume: Volume) -> Made:
    """Share of the volume of regions with full rank."""
    return {"volume_shares": regions.measure_volume(volume)}
