"""Claims that are proved, by the functions that decide them.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.certificates.verdicts.<function>. A failure to
prove is no counterexample: it leaves a statement undecided. And a finding rests on the checker as
well, which shares no code with the producer: unless it accepted every certificate of the files
concerned, parameter `file` of the claim ("{file}" for the one that a row names), the finding is
undecided.

    checked         that the checker accepts the certificates, and what a finding owes to it
    global_minima   what is proved around the global minima of n = k
    inequalities    failures of convexity proved at rational points
    minima          which minima are proved, and what of splitting their neurons
"""

from relu_landscape.certificates.verdicts.checked import (
    checker_accepts,
)
from relu_landscape.certificates.verdicts.global_minima import (
    curvature_at_global_minima_proved,
    radius_below_measured,
)
from relu_landscape.certificates.verdicts.inequalities import (
    conjecture_fails,
    negative_curvature_proved,
    quotients_proved_small,
)
from relu_landscape.certificates.verdicts.minima import (
    classes_proved,
    family_proved,
    minima_at_sizes_proved,
    norm_sums_below_k_proved,
    splits_proved,
)

__all__ = [
    "checker_accepts",
    "classes_proved",
    "conjecture_fails",
    "curvature_at_global_minima_proved",
    "family_proved",
    "minima_at_sizes_proved",
    "negative_curvature_proved",
    "norm_sums_below_k_proved",
    "quotients_proved_small",
    "radius_below_measured",
    "splits_proved",
]
