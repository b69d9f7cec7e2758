"""The loss landscape of shallow ReLU teacher-student networks.

    F(W) = 1/2 E_{x ~ N(0, I)} (sum_i relu(w_i.x) - sum_j relu(v_j.x))^2

with n students W (n, d), k teachers V (k, d) and rows as neurons. The loss and its derivatives are
there for outputs of either sign and for other activations, too. Names are loaded when they are
first used, so that a job pays only for what it imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.activation_regions import (
        count_regions as count_regions,
        enumerate_regions as enumerate_regions,
        full_rank_probability as full_rank_probability,
        has_full_rank as has_full_rank,
        jacobian_rank as jacobian_rank,
        jacobian_rank_svd as jacobian_rank_svd,
        zero_loss_region as zero_loss_region,
    )
    from relu_landscape.certificates import (
        certify_family as certify_family,
        certify_global_minimum as certify_global_minimum,
        certify_minimum as certify_minimum,
        certify_plateau as certify_plateau,
        certify_saddle as certify_saddle,
        check_certificate as check_certificate,
    )
    from relu_landscape.every_k import (
        certify_families_for_all_m as certify_families_for_all_m,
        certify_family_for_all_k as certify_family_for_all_k,
        enclose as enclose,
    )
    from relu_landscape.families import symmetric_critical_point as symmetric_critical_point
    from relu_landscape.fewer_students import (
        copy_average_point as copy_average_point,
        perturbed_copy_point as perturbed_copy_point,
    )
    from relu_landscape.global_minima import (
        conjecture12_gap as conjecture12_gap,
        distance_to_global_minima as distance_to_global_minima,
        global_minimum as global_minimum,
        one_point_quotient_gradient as one_point_quotient_gradient,
        one_point_quotient_hessian as one_point_quotient_hessian,
        pl_ratio as pl_ratio,
    )
    from relu_landscape.minima import (
        classify_minima as classify_minima,
        inner_hessian as inner_hessian,
        signed_split as signed_split,
        split_neuron as split_neuron,
    )
    from relu_landscape.objective import (
        PairKernel as PairKernel,
        leaky_relu as leaky_relu,
        population_gradient as population_gradient,
        population_hessian as population_hessian,
        population_hessian_vector as population_hessian_vector,
        population_loss as population_loss,
    )
    from relu_landscape.search import descend as descend, find_minima as find_minima

__version__ = "1.0.0"


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
