"""Finite data: activation regions of a shallow network, rank of its Jacobian, zero-loss regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.activation_regions.full_rank import (
        full_rank_probability as full_rank_probability,
    )
    from relu_landscape.activation_regions.one_dimensional import (
        jacobian_probability as jacobian_probability,
        pattern_probability as pattern_probability,
        width_at as width_at,
    )
    from relu_landscape.activation_regions.output_cones import sign_matrix as sign_matrix
    from relu_landscape.activation_regions.patterns import activation_pattern as activation_pattern
    from relu_landscape.activation_regions.rank import (
        FullRank as FullRank,
        Reason as Reason,
        has_full_rank as has_full_rank,
        jacobian_rank as jacobian_rank,
        jacobian_rank_svd as jacobian_rank_svd,
    )
    from relu_landscape.activation_regions.regions import (
        count_regions as count_regions,
        draw_networks as draw_networks,
        enumerate_regions as enumerate_regions,
    )
    from relu_landscape.activation_regions.step_patterns import (
        jacobian_is_full as jacobian_is_full,
        pattern_is_full as pattern_is_full,
        read_steps as read_steps,
    )
    from relu_landscape.activation_regions.zero_loss import (
        fits_every_target as fits_every_target,
        zero_loss_region as zero_loss_region,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
