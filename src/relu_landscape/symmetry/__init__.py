"""Symmetric critical points at any k: fixed-point spaces, families, isotypic blocks, series.

Sources are named AF20 (Arjevani & Field, arXiv 2003.10576), AF21 (arXiv 2107.10370) and AF22 (arXiv
2210.06088); of these the abstracts were at hand. Numbers and formulas marked "derived" are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.symmetry.arithmetic import FLOAT64, Arithmetic, digits_for, extended
    from relu_landscape.symmetry.closed_forms import (
        ClosedForm,
        InnerLimit,
        closed_form_inner_limits,
        closed_form_series,
        global_minimum_spectrum,
    )
    from relu_landscape.symmetry.critical_point import (
        SymmetricCriticalPoint,
        symmetric_critical_point,
    )
    from relu_landscape.symmetry.families import Family
    from relu_landscape.symmetry.fixed_points import FixedPointSpace
    from relu_landscape.symmetry.fixed_space_search import (
        EndOutcome,
        FixedSpaceEnd,
        FixedSpaceSearch,
        FoundPoint,
        collect_ends,
        descend_in_fixed_space,
        search_fixed_space,
        single_column_space,
    )
    from relu_landscape.symmetry.identification import Identification, identify_family
    from relu_landscape.symmetry.isotypic import (
        Eigenvalue,
        IsotypicBlock,
        isotypic_blocks,
        isotypic_spectrum,
        morse_index,
    )
    from relu_landscape.symmetry.newton import SolveError, continue_in_k, solve_critical_point
    from relu_landscape.symmetry.perturbation import (
        Persistence,
        PerturbedPoint,
        follow_to_teacher,
        perturbed_teacher,
    )
    from relu_landscape.symmetry.recognition import RecognisedIsotropy, recognise_isotropy
    from relu_landscape.symmetry.reduced import ReducedLoss
    from relu_landscape.symmetry.reference import (
        reference_reduced_loss,
        reference_slope_and_curvature,
    )
    from relu_landscape.symmetry.series import PuiseuxSeries, Series, puiseux_series
    from relu_landscape.symmetry.splitting import NeuronSplit, split_neuron_class
    from relu_landscape.symmetry.thresholds import Threshold, stability_threshold

__all__ = [
    "FLOAT64",
    "Arithmetic",
    "ClosedForm",
    "Eigenvalue",
    "EndOutcome",
    "Family",
    "FixedPointSpace",
    "FixedSpaceEnd",
    "FixedSpaceSearch",
    "FoundPoint",
    "Identification",
    "InnerLimit",
    "IsotypicBlock",
    "NeuronSplit",
    "Persistence",
    "PerturbedPoint",
    "PuiseuxSeries",
    "RecognisedIsotropy",
    "ReducedLoss",
    "Series",
    "SolveError",
    "SymmetricCriticalPoint",
    "Threshold",
    "closed_form_inner_limits",
    "closed_form_series",
    "collect_ends",
    "continue_in_k",
    "descend_in_fixed_space",
    "digits_for",
    "extended",
    "follow_to_teacher",
    "global_minimum_spectrum",
    "identify_family",
    "isotypic_blocks",
    "isotypic_spectrum",
    "morse_index",
    "perturbed_teacher",
    "puiseux_series",
    "recognise_isotropy",
    "reference_reduced_loss",
    "reference_slope_and_curvature",
    "search_fixed_space",
    "single_column_space",
    "solve_critical_point",
    "split_neuron_class",
    "stability_threshold",
    "symmetric_critical_point",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "FLOAT64": "arithmetic",
        "Arithmetic": "arithmetic",
        "ClosedForm": "closed_forms",
        "Eigenvalue": "isotypic",
        "EndOutcome": "fixed_space_search",
        "Family": "families",
        "FixedPointSpace": "fixed_points",
        "FixedSpaceEnd": "fixed_space_search",
        "FixedSpaceSearch": "fixed_space_search",
        "FoundPoint": "fixed_space_search",
        "Identification": "identification",
        "InnerLimit": "closed_forms",
        "IsotypicBlock": "isotypic",
        "NeuronSplit": "splitting",
        "Persistence": "perturbation",
        "PerturbedPoint": "perturbation",
        "PuiseuxSeries": "series",
        "RecognisedIsotropy": "recognition",
        "ReducedLoss": "reduced",
        "Series": "series",
        "SolveError": "newton",
        "SymmetricCriticalPoint": "critical_point",
        "Threshold": "thresholds",
        "closed_form_inner_limits": "closed_forms",
        "closed_form_series": "closed_forms",
        "collect_ends": "fixed_space_search",
        "continue_in_k": "newton",
        "descend_in_fixed_space": "fixed_space_search",
        "digits_for": "arithmetic",
        "extended": "arithmetic",
        "follow_to_teacher": "perturbation",
        "global_minimum_spectrum": "closed_forms",
        "identify_family": "identification",
        "isotypic_blocks": "isotypic",
        "isotypic_spectrum": "isotypic",
        "morse_index": "isotypic",
        "perturbed_teacher": "perturbation",
        "puiseux_series": "series",
        "recognise_isotropy": "recognition",
        "reference_reduced_loss": "reference",
        "reference_slope_and_curvature": "reference",
        "search_fixed_space": "fixed_space_search",
        "single_column_space": "fixed_space_search",
        "solve_critical_point": "newton",
        "split_neuron_class": "splitting",
        "stability_threshold": "thresholds",
        "symmetric_critical_point": "critical_point",
    },
)
