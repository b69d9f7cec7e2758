"""Claims about the global minima and what surrounds them, by the functions that decide them.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.global_minima.verdicts.<function>.

    members         which points are global minima, and which runs end at them
    convexity       how curved the loss is at and around those of n = k
    tilted          negative curvature next to those of n > k
    valley          one-point convexity and the PL condition next to those of n > k
    perturbations   curvature along random and searched perturbations
    conjecture      the lower bound without an error term, and its counterexamples
    descent         how fast descent approaches them, with noise and without
"""

from relu_landscape.global_minima.verdicts.conjecture import (
    bound_holds_at_witnesses,
    smaller_constant_survives,
    witness_order,
)
from relu_landscape.global_minima.verdicts.convexity import (
    convex_neighbourhood_exists,
    spectrum_in_closed_form,
    strong_convexity_attained,
    strong_convexity_bound,
)
from relu_landscape.global_minima.verdicts.descent import (
    descent_linear,
    descent_sublinear,
    perturbed_descent_reaches_minima,
)
from relu_landscape.global_minima.verdicts.members import (
    bad_runs_end_elsewhere,
    global_minima_recognised,
    good_runs_approach_global_minima,
    sampled_members_recognised,
)
from relu_landscape.global_minima.verdicts.perturbations import (
    forms_follow_leading_law,
    most_directions_convex,
    perturbation_bound_holds,
    sampled_gaps_positive,
    smallest_form_as_printed,
)
from relu_landscape.global_minima.verdicts.tilted import (
    negative_curvature_nearby,
    tilted_form_as_printed,
    tilted_form_exact,
    tilted_smallest_eigenvalue,
)
from relu_landscape.global_minima.verdicts.valley import (
    one_point_convexity_fails,
    pl_condition_fails,
    valley_constants_attained,
    valley_gradient_order,
    valley_loss_order,
)

__all__ = [
    "bad_runs_end_elsewhere",
    "bound_holds_at_witnesses",
    "convex_neighbourhood_exists",
    "descent_linear",
    "descent_sublinear",
    "forms_follow_leading_law",
    "global_minima_recognised",
    "good_runs_approach_global_minima",
    "most_directions_convex",
    "negative_curvature_nearby",
    "one_point_convexity_fails",
    "perturbation_bound_holds",
    "perturbed_descent_reaches_minima",
    "pl_condition_fails",
    "sampled_gaps_positive",
    "sampled_members_recognised",
    "smaller_constant_survives",
    "smallest_form_as_printed",
    "spectrum_in_closed_form",
    "strong_convexity_attained",
    "strong_convexity_bound",
    "tilted_form_as_printed",
    "tilted_form_exact",
    "tilted_smallest_eigenvalue",
    "valley_constants_attained",
    "valley_gradient_order",
    "valley_loss_order",
    "witness_order",
]
