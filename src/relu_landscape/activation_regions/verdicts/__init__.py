"""Claims about finite data, by the functions that decide them.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.activation_regions.verdicts.<function>.

    full_rank           how often Jacobians have full rank at initialisation, and what that takes
    one_dimensional     widths at which most regions of one input with bias have full rank
    regions             how many regions there are, and how many, or how much, have full rank
    training            whether full rank at the start of descent means zero loss at its end
    zero_loss           which regions of one input with bias contain zero loss
"""

from relu_landscape.activation_regions.verdicts.full_rank import (
    columns_do_not_suffice,
    half_widths_as_stated,
    narrow_deep_networks_suffice,
    single_precision_misreads,
    singular_values_agree,
    slope_falls_with_inputs,
    widths_follow_rows_of_zeros,
)
from relu_landscape.activation_regions.verdicts.one_dimensional import (
    half_width,
    half_width_estimate,
    recalled_width_suffices,
    samples_agree,
)
from relu_landscape.activation_regions.verdicts.regions import (
    binary_bounds_hold,
    count_depends_on_signs,
    full_rank_count,
    most_volume_is_full,
    region_count_formula,
    signature_decides_count,
)
from relu_landscape.activation_regions.verdicts.training import (
    full_rank_at_the_start_helps,
    full_rank_at_the_start_not_enough,
)
from relu_landscape.activation_regions.verdicts.zero_loss import (
    default_bounds_hide_zero_loss,
    every_target_count,
    methods_agree,
    most_regions_fit_every_target,
    zero_loss_share,
)

__all__ = [
    "binary_bounds_hold",
    "columns_do_not_suffice",
    "count_depends_on_signs",
    "default_bounds_hide_zero_loss",
    "every_target_count",
    "full_rank_at_the_start_helps",
    "full_rank_at_the_start_not_enough",
    "full_rank_count",
    "half_width",
    "half_width_estimate",
    "half_widths_as_stated",
    "methods_agree",
    "most_regions_fit_every_target",
    "most_volume_is_full",
    "narrow_deep_networks_suffice",
    "recalled_width_suffices",
    "region_count_formula",
    "samples_agree",
    "signature_decides_count",
    "single_precision_misreads",
    "singular_values_agree",
    "slope_falls_with_inputs",
    "widths_follow_rows_of_zeros",
    "zero_loss_share",
]
