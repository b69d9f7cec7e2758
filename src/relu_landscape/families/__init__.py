"""Families of symmetric critical points: series, thresholds, spectra, identification, fates.

Sources are named as in `relu_landscape.symmetry`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.families.closed_forms import (
        ClosedForm as ClosedForm,
        InnerLimit as InnerLimit,
        closed_form_inner_limits as closed_form_inner_limits,
        closed_form_series as closed_form_series,
        global_minimum_isotypic_spectrum as global_minimum_isotypic_spectrum,
    )
    from relu_landscape.families.critical_point import (
        SymmetricCriticalPoint as SymmetricCriticalPoint,
        symmetric_critical_point as symmetric_critical_point,
    )
    from relu_landscape.families.family import Family as Family
    from relu_landscape.families.fixed_space_search import (
        EndOutcome as EndOutcome,
        FixedSpaceEnd as FixedSpaceEnd,
        FixedSpaceSearch as FixedSpaceSearch,
        FoundPoint as FoundPoint,
        collect_ends as collect_ends,
        descend_in_fixed_space as descend_in_fixed_space,
        search_fixed_space as search_fixed_space,
        single_column_space as single_column_space,
    )
    from relu_landscape.families.identification import (
        Identification as Identification,
        identify_family as identify_family,
    )
    from relu_landscape.families.perturbation import (
        Persistence as Persistence,
        PerturbedPoint as PerturbedPoint,
        follow_to_teacher as follow_to_teacher,
        perturbed_teacher as perturbed_teacher,
    )
    from relu_landscape.families.series import (
        PuiseuxSeries as PuiseuxSeries,
        Series as Series,
        puiseux_series as puiseux_series,
    )
    from relu_landscape.families.thresholds import (
        Threshold as Threshold,
        stability_threshold as stability_threshold,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
