"""Activation regions counted whole, by the rank of their Jacobian."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.activation_regions.region_shares import (
    compare_region_counts,
    count_shares,
    draw_binary_patterns,
)
from relu_landscape.studies.steps import Made


def count_region_shares(region_shares: Mapping[str, Any]) -> Made:
    """How many regions there are, and the share of them with full rank."""
    seed = region_shares["seed"]
    return {
        "region_counts": compare_region_counts(region_shares["sizes"], seed=seed),
        "binary_draws": draw_binary_patterns(region_shares["binary"], seed=seed),
        "region_shares": count_shares(region_shares["cells"], seed=seed),
    }
