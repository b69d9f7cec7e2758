"""Activation regions that contain weights of zero loss."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.activation_regions.zero_loss_shares import (
    bounds_records,
    count_records,
    share_records,
)
from relu_landscape.studies.steps import Made


def measure_zero_loss(zero_loss: Mapping[str, Any]) -> Made:
    """Shares of drawn regions, exact counts, and what a library's default bounds make of it."""
    seed, confidence = zero_loss["seed"], zero_loss["confidence"]
    return {
        "zero_loss_shares": share_records(zero_loss["cells"], confidence=confidence, seed=seed),
        "zero_loss_counts": count_records(zero_loss["counts"], seed=seed),
        "zero_loss_bounds": bounds_records(zero_loss["bounds"], seed=seed),
    }
