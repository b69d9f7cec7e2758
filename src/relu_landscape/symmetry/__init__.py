"""Symmetric critical points at any k: fixed-point spaces, families, isotypic blocks, series.

Sources are named AF20 (Arjevani & Field, arXiv 2003.10576), AF21 (arXiv 2107.10370) and AF22 (arXiv
2210.06088); of these the abstracts were at hand. Numbers and formulas marked "derived" are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.symmetry.arithmetic import (
        FLOAT64 as FLOAT64,
        Arithmetic as Arithmetic,
        digits_for as digits_for,
        extended as extended,
    )
    from relu_landscape.symmetry.closed_forms import (
        ClosedForm as ClosedForm,
        InnerLimit as InnerLimit,
        closed_form_inner_limits as closed_form_inner_limits,
        closed_form_series as closed_form_series,
        global_minimum_spectrum as global_minimum_spectrum,
    )
    from relu_landscape.symmetry.critical_point import (
        SymmetricCriticalPoint as SymmetricCriticalPoint,
        symmetric_critical_point as symmetric_critical_point,
    )
    from relu_landscape.symmetry.families import Family as Family
    from relu_landscape.symmetry.fixed_points import FixedPointSpace as FixedPointSpace
    from relu_landscape.symmetry.fixed_space_search import (
        EndOutcome as EndOutcome,
        FixedSpaceEnd as FixedSpaceEnd,
        FixedSpaceSearch as FixedSpaceSearch,
        FoundPoint as FoundPoint,
        collect_ends as collect_ends,
        descend_in_fixed_space as descend_in_fixed_space,
        search_fixed_space as search_fixed_space,
        single_column_space as single_column_space,
    )
    from relu_landscape.symmetry.identification import (
        Identification as Identification,
        identify_family as identify_family,
    )
    from relu_landscape.symmetry.isotypic import (
        Eigenvalue as Eigenvalue,
        IsotypicBlock as IsotypicBlock,
        isotypic_blocks as isotypic_blocks,
        isotypic_spectrum as isotypic_spectrum,
        morse_index as morse_index,
    )
    from relu_landscape.symmetry.newton import (
        SolveError as SolveError,
        continue_in_k as continue_in_k,
        solve_critical_point as solve_critical_point,
    )
    from relu_landscape.symmetry.perturbation import (
        Persistence as Persistence,
        PerturbedPoint as PerturbedPoint,
        follow_to_teacher as follow_to_teacher,
        perturbed_teacher as perturbed_teacher,
    )
    from relu_landscape.symmetry.recognition import (
        RecognisedIsotropy as RecognisedIsotropy,
        recognise_isotropy as recognise_isotropy,
    )
    from relu_landscape.symmetry.reduced import ReducedLoss as ReducedLoss
    from relu_landscape.symmetry.reference import (
        reference_reduced_loss as reference_reduced_loss,
        reference_slope_and_curvature as reference_slope_and_curvature,
    )
    from relu_landscape.symmetry.series import (
        PuiseuxSeries as PuiseuxSeries,
        Series as Series,
        puiseux_series as puiseux_series,
    )
    from relu_landscape.symmetry.splitting import (
        NeuronSplit as NeuronSplit,
        split_neuron_class as split_neuron_class,
    )
    from relu_landscape.symmetry.thresholds import (
        Threshold as Threshold,
        stability_threshold as stability_threshold,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
