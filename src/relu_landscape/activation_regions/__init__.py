"""Finite data: activation regions of ReLU networks and the rank of their Jacobians."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.activation_regions.full_rank import full_rank_probability
    from relu_landscape.activation_regions.patterns import activation_pattern
    from relu_landscape.activation_regions.rank import (
        FullRank,
        Reason,
        has_full_rank,
        jacobian_rank,
        jacobian_rank_svd,
    )

__all__ = [
    "FullRank",
    "Reason",
    "activation_pattern",
    "full_rank_probability",
    "has_full_rank",
    "jacobian_rank",
    "jacobian_rank_svd",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "FullRank": "rank",
        "Reason": "rank",
        "activation_pattern": "patterns",
        "full_rank_probability": "full_rank",
        "has_full_rank": "rank",
        "jacobian_rank": "rank",
        "jacobian_rank_svd": "rank",
    },
)
