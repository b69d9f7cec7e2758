"""Claims about how often descent ends in a bad point, or at a global minimum.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.search.verdicts.<function>.

    rates        shares of bad runs and of global minima against published ones
    trends       how they change with the number of students and of teachers
"""

from relu_landscape.search.verdicts.rates import (
    bad_run_rate,
    global_minimum_count,
    no_bad_runs,
    pooled_global_minimum_count,
)
from relu_landscape.search.verdicts.trends import (
    bad_runs_fall_with_students,
    bad_runs_rise_with_teachers,
)

__all__ = [
    "bad_run_rate",
    "bad_runs_fall_with_students",
    "bad_runs_rise_with_teachers",
    "global_minimum_count",
    "no_bad_runs",
    "pooled_global_minimum_count",
]
