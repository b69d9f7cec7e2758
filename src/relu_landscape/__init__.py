"""The loss landscape of shallow ReLU teacher-student networks.

    F(W) = 1/2 E_{x ~ N(0, I)} (sum_i relu(w_i.x) - sum_j relu(v_j.x))^2

with n students W (n, d), k teachers V (k, d) and rows as neurons. Names are loaded when they are
first used, so that a job pays only for what it imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.activation_regions import (
        count_regions,
        enumerate_regions,
        full_rank_probability,
        has_full_rank,
        jacobian_rank,
        jacobian_rank_svd,
        zero_loss_region,
    )
    from relu_landscape.certificates import (
        certify_family,
        certify_global_minimum,
        certify_minimum,
        certify_saddle,
        check_certificate,
    )
    from relu_landscape.global_minima import (
        conjecture12_gap,
        distance_to_global_minima,
        global_minimum,
        one_point_quotient_gradient,
        one_point_quotient_hessian,
        pl_ratio,
    )
    from relu_landscape.minima import classify_minima, inner_hessian, split_neuron
    from relu_landscape.objective import (
        population_gradient,
        population_hessian,
        population_hessian_vector,
        population_loss,
    )
    from relu_landscape.search import find_minima
    from relu_landscape.symmetry import symmetric_critical_point

__version__ = "0.1.0"

__all__ = [
    "certify_family",
    "certify_global_minimum",
    "certify_minimum",
    "certify_saddle",
    "check_certificate",
    "classify_minima",
    "conjecture12_gap",
    "count_regions",
    "distance_to_global_minima",
    "enumerate_regions",
    "find_minima",
    "full_rank_probability",
    "global_minimum",
    "has_full_rank",
    "inner_hessian",
    "jacobian_rank",
    "jacobian_rank_svd",
    "one_point_quotient_gradient",
    "one_point_quotient_hessian",
    "pl_ratio",
    "population_gradient",
    "population_hessian",
    "population_hessian_vector",
    "population_loss",
    "split_neuron",
    "symmetric_critical_point",
    "zero_loss_region",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "certify_family": "certificates",
        "certify_global_minimum": "certificates",
        "certify_minimum": "certificates",
        "certify_saddle": "certificates",
        "check_certificate": "certificates",
        "classify_minima": "minima",
        "conjecture12_gap": "global_minima",
        "count_regions": "activation_regions",
        "distance_to_global_minima": "global_minima",
        "enumerate_regions": "activation_regions",
        "find_minima": "search",
        "full_rank_probability": "activation_regions",
        "global_minimum": "global_minima",
        "has_full_rank": "activation_regions",
        "inner_hessian": "minima",
        "jacobian_rank": "activation_regions",
        "jacobian_rank_svd": "activation_regions",
        "one_point_quotient_gradient": "global_minima",
        "one_point_quotient_hessian": "global_minima",
        "pl_ratio": "global_minima",
        "population_gradient": "objective",
        "population_hessian": "objective",
        "population_hessian_vector": "objective",
        "population_loss": "objective",
        "split_neuron": "minima",
        "symmetric_critical_point": "symmetry",
        "zero_loss_region": "activation_regions",
    },
)
