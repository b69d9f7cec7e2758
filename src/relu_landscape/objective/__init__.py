"""The population loss of shallow ReLU networks, its derivatives, and an independent reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.objective.directional import (
        population_curvature_along as population_curvature_along,
    )
    from relu_landscape.objective.gated_unit import (
        best_linear_part as best_linear_part,
        fall_from_gated_unit as fall_from_gated_unit,
        gated_unit_loss as gated_unit_loss,
        pair_near_gated_unit as pair_near_gated_unit,
    )
    from relu_landscape.objective.output_weights import (
        population_joint_gradient as population_joint_gradient,
        population_joint_hessian as population_joint_hessian,
        population_output_gradient as population_output_gradient,
    )
    from relu_landscape.objective.pair import (
        angle as angle,
        pair_gradient as pair_gradient,
        pair_hessian_first as pair_hessian_first,
        pair_hessian_mixed as pair_hessian_mixed,
        pair_loss as pair_loss,
    )
    from relu_landscape.objective.pair_kernels import (
        PairKernel as PairKernel,
        leaky_relu as leaky_relu,
    )
    from relu_landscape.objective.population import (
        loss_rounding_error as loss_rounding_error,
        population_gradient as population_gradient,
        population_hessian as population_hessian,
        population_hessian_vector as population_hessian_vector,
        population_loss as population_loss,
        population_loss_relative as population_loss_relative,
    )
    from relu_landscape.objective.reference import (
        reference_curvature_along as reference_curvature_along,
        reference_gradient as reference_gradient,
        reference_hessian as reference_hessian,
        reference_loss as reference_loss,
        reference_to_float64 as reference_to_float64,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
