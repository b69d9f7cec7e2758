"""Symmetry of critical points: fixed-point spaces, reduced loss, isotypic blocks, recognition.

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
    from relu_landscape.symmetry.canonical import (
        CanonicalForm as CanonicalForm,
        canonical_form as canonical_form,
        orbit_label as orbit_label,
    )
    from relu_landscape.symmetry.continuation import (
        SolveError as SolveError,
        continue_in_k as continue_in_k,
        solve_critical_point as solve_critical_point,
    )
    from relu_landscape.symmetry.fixed_points import FixedPointSpace as FixedPointSpace
    from relu_landscape.symmetry.inner_hessian import (
        NeuronSplit as NeuronSplit,
        split_neuron_class as split_neuron_class,
    )
    from relu_landscape.symmetry.isotypic import (
        Eigenvalue as Eigenvalue,
        IsotypicBlock as IsotypicBlock,
        isotypic_blocks as isotypic_blocks,
        isotypic_spectrum as isotypic_spectrum,
        morse_index as morse_index,
    )
    from relu_landscape.symmetry.recognition import (
        RecognisedIsotropy as RecognisedIsotropy,
        recognise_isotropy as recognise_isotropy,
    )
    from relu_landscape.symmetry.reduced import ReducedLoss as ReducedLoss
    from relu_landscape.symmetry.reduced_reference import (
        reference_reduced_loss as reference_reduced_loss,
        reference_slope_and_curvature as reference_slope_and_curvature,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
