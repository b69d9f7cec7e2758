"""Activation regions that contain weights of zero loss."""

from relu_landscape.activation_regions.settings import ZeroLoss
from relu_landscape.activation_regions.zero_loss_shares import (
    compare_bounds,
    count_regions_with_zero_loss,
    measure_shares,
)
from relu_landscape.studies.steps import Made


def measure_zero_loss(zero_loss: ZeroLoss) -> Made:
    """Shares of drawn regions, exact counts, and what a library's default bounds make of it."""
    seed, confidence = zero_loss.seed, zero_loss.confidence
    return {
        "zero_loss_shares": measure_shares(zero_loss.cells, confidence=confidence, seed=seed),
        "zero_loss_counts": count_regions_with_zero_loss(zero_loss.counts, seed=seed),
        "zero_loss_bounds": compare_bounds(zero_loss.bounds, seed=seed),
    }
