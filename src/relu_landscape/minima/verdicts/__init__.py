"""Claims about the critical points found, by the functions that decide them.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.minima.verdicts.<function>.

    points       what holds at every spurious minimum
    levels       losses, eigenvalues and norms against published ones
    splitting    what happens when a neuron is split in two
"""

from relu_landscape.minima.verdicts.levels import (
    mean_over_bad_runs,
    norm_sum_histogram,
    published_level,
)
from relu_landscape.minima.verdicts.points import (
    entry_values_counted,
    hessian_positive,
    inner_curvature_negative,
    mean_curvature_negative,
    norm_sum_below_teachers,
    norm_sum_bounded,
    spurious_minima_exist,
    symmetry_types,
)
from relu_landscape.minima.verdicts.splitting import (
    descent_leaves_split_points,
    every_negative_split_makes_saddle,
    one_split_makes_saddle,
    split_eigenvalue_bound,
)

__all__ = [
    "descent_leaves_split_points",
    "entry_values_counted",
    "every_negative_split_makes_saddle",
    "hessian_positive",
    "inner_curvature_negative",
    "mean_curvature_negative",
    "mean_over_bad_runs",
    "norm_sum_below_teachers",
    "norm_sum_bounded",
    "norm_sum_histogram",
    "one_split_makes_saddle",
    "published_level",
    "split_eigenvalue_bound",
    "spurious_minima_exist",
    "symmetry_types",
]
