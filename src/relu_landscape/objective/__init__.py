"""The population loss of shallow ReLU networks, its derivatives, and an independent reference."""

from .pair import angle, pair_gradient, pair_hessian_first, pair_hessian_mixed, pair_loss
from .population import (
    loss_rounding_error,
    population_gradient,
    population_hessian,
    population_hessian_vector,
    population_loss,
    population_loss_relative,
)
from .reference import (
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
