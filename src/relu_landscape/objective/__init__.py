"""The population loss of shallow ReLU networks, its derivatives, and an independent reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.objective.directional import population_curvature_along
    from relu_landscape.objective.pair import (
        angle,
        pair_gradient,
        pair_hessian_first,
        pair_hessian_mixed,
        pair_loss,
    )
    from relu_landscape.objective.population import (
        loss_rounding_error,
        population_gradient,
        population_hessian,
        population_hessian_vector,
        population_loss,
        population_loss_relative,
    )
    from relu_landscape.objective.reference import (
        reference_curvature_along,
        reference_gradient,
        reference_hessian,
        reference_loss,
        reference_to_float64,
    )

__all__ = [
    "angle",
    "loss_rounding_error",
    "pair_gradient",
    "pair_hessian_first",
    "pair_hessian_mixed",
    "pair_loss",
    "population_curvature_along",
    "population_gradient",
    "population_hessian",
    "population_hessian_vector",
    "population_loss",
    "population_loss_relative",
    "reference_curvature_along",
    "reference_gradient",
    "reference_hessian",
    "reference_loss",
    "reference_to_float64",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "angle": "pair",
        "loss_rounding_error": "population",
        "pair_gradient": "pair",
        "pair_hessian_first": "pair",
        "pair_hessian_mixed": "pair",
        "pair_loss": "pair",
        "population_curvature_along": "directional",
        "population_gradient": "population",
        "population_hessian": "population",
        "population_hessian_vector": "population",
        "population_loss": "population",
        "population_loss_relative": "population",
        "reference_curvature_along": "reference",
        "reference_gradient": "reference",
        "reference_hessian": "reference",
        "reference_loss": "reference",
        "reference_to_float64": "reference",
    },
)
