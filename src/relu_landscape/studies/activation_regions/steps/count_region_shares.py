"""Activation regions counted whole, by the rank of their Jacobian."""

from relu_landscape.activation_regions.region_shares import (
    compare_region_counts,
    count_shares,
    draw_binary_patterns,
)
from relu_landscape.activation_regions.settings import RegionShares
from relu_landscape.studies.steps import Made


def count_region_shares(region_shares: RegionShares) -> Made:
    """How many regions there are, and the share of them with full rank."""
    return {
        "region_counts": compare_region_counts(region_shares.sizes, seed=region_shares.seed),
        "binary_draws": draw_binary_patterns(region_shares.binary, seed=region_shares.seed),
        "region_shares": count_shares(region_shares.cells, seed=region_shares.seed),
    }
