"""Claims about activation regions and Jacobian ranks, by the functions that decide them.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.activation_regions.verdicts.<function>.

    full_rank       how often Jacobians have full rank at initialisation, and what that takes
    training        whether full rank at the start of descent means zero loss at its end
"""

from relu_landscape.activation_regions.verdicts.full_rank import (
    columns_do_not_suffice,
    half_widths_as_stated,
    single_precision_misreads,
    singular_values_agree,
    slope_falls_with_inputs,
    widths_follow_rows_of_zeros,
)
from relu_landscape.activation_regions.verdicts.training import (
    full_rank_at_the_start_helps,
    full_rank_at_the_start_not_enough,
)

__all__ = [
    "columns_do_not_suffice",
    "full_rank_at_the_start_helps",
    "full_rank_at_the_start_not_enough",
    "half_widths_as_stated",
    "single_precision_misreads",
    "singular_values_agree",
    "slope_falls_with_inputs",
    "widths_follow_rows_of_zeros",
]
