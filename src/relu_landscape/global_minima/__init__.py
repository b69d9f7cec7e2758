"""The set of global minima, how far a point is from it, and how curved the loss is around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.global_minima.members import (
        STRONG_CONVEXITY as STRONG_CONVEXITY,
        global_minimum as global_minimum,
        sample_global_minimum as sample_global_minimum,
    )
    from relu_landscape.global_minima.perturbations import conjecture12_gap as conjecture12_gap
    from relu_landscape.global_minima.projection import (
        Projection as Projection,
        distance_to_global_minima as distance_to_global_minima,
        project_onto_global_minima as project_onto_global_minima,
    )
    from relu_landscape.global_minima.quotients import (
        one_point_quotient_gradient as one_point_quotient_gradient,
        one_point_quotient_hessian as one_point_quotient_hessian,
        pl_ratio as pl_ratio,
    )
    from relu_landscape.global_minima.spectrum import (
        RepeatedEigenvalue as RepeatedEigenvalue,
        global_minimum_spectrum as global_minimum_spectrum,
    )
    from relu_landscape.global_minima.valley_law import (
        simplex_valley_constant as simplex_valley_constant,
        valley_gradient as valley_gradient,
        valley_loss as valley_loss,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
