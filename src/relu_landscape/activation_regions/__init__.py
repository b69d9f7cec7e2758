"""Finite data: activation regions of a shallow network, rank of its Jacobian, zero-loss regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.activation_regions.full_rank import full_rank_probability
    from relu_landscape.activation_regions.one_dimensional import (
        jacobian_probability,
        pattern_probability,
        width_at,
    )
    from relu_landscape.activation_regions.output_cones import sign_matrix
    from relu_landscape.activation_regions.patterns import activation_pattern
    from relu_landscape.activation_regions.rank import (
        FullRank,
        Reason,
        has_full_rank,
        jacobian_rank,
        jacobian_rank_svd,
    )
    from relu_landscape.activation_regions.regions import (
        count_regions,
        draw_networks,
        enumerate_regions,
    )
    from relu_landscape.activation_regions.steps import (
        jacobian_is_full,
        pattern_is_full,
        read_steps,
    )
    from relu_landscape.activation_regions.zero_loss import (
        fits_every_target,
        zero_loss_region,
    )

__all__ = [
    "FullRank",
    "Reason",
    "activation_pattern",
    "count_regions",
    "draw_networks",
    "enumerate_regions",
    "fits_every_target",
    "full_rank_probability",
    "has_full_rank",
    "jacobian_is_full",
    "jacobian_probability",
    "jacobian_rank",
    "jacobian_rank_svd",
    "pattern_is_full",
    "pattern_probability",
    "read_steps",
    "sign_matrix",
    "width_at",
    "zero_loss_region",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "FullRank": "rank",
        "Reason": "rank",
        "activation_pattern": "patterns",
        "count_regions": "regions",
        "draw_networks": "regions",
        "enumerate_regions": "regions",
        "fits_every_target": "zero_loss",
        "full_rank_probability": "full_rank",
        "has_full_rank": "rank",
        "jacobian_is_full": "steps",
        "jacobian_probability": "one_dimensional",
        "jacobian_rank": "rank",
        "jacobian_rank_svd": "rank",
        "pattern_is_full": "steps",
        "pattern_probability": "one_dimensional",
        "read_steps": "steps",
        "sign_matrix": "output_cones",
        "width_at": "one_dimensional",
        "zero_loss_region": "zero_loss",
    },
)
