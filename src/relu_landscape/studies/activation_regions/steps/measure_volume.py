"""Activation regions weighed by their volume."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.activation_regions import volume as regions
from relu_landscape.studies.steps import Made


def measure_volume(volume: Mapping[str, Any]) -> Made:
    """Share of the volume of regions with full rank."""
    return {"volume_shares": regions.measure_volume(**volume)}
