"""The set of global minima, how far a point is from it, and how curved the loss is around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.global_minima.members import (
        STRONG_CONVEXITY,
        global_minimum,
        sample_global_minimum,
    )
    from relu_landscape.global_minima.perturbations import conjecture12_gap
    from relu_landscape.global_minima.projection import (
        Projection,
        distance_to_global_minima,
        project_onto_global_minima,
    )
    from relu_landscape.global_minima.quotients import (
        one_point_quotient_gradient,
        one_point_quotient_hessian,
        pl_ratio,
    )
    from relu_landscape.global_minima.spectrum import Eigenvalue, global_minimum_spectrum

__all__ = [
    "STRONG_CONVEXITY",
    "Eigenvalue",
    "Projection",
    "conjecture12_gap",
    "distance_to_global_minima",
    "global_minimum",
    "global_minimum_spectrum",
    "one_point_quotient_gradient",
    "one_point_quotient_hessian",
    "pl_ratio",
    "project_onto_global_minima",
    "sample_global_minimum",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "Eigenvalue": "spectrum",
        "Projection": "projection",
        "STRONG_CONVEXITY": "members",
        "conjecture12_gap": "perturbations",
        "distance_to_global_minima": "projection",
        "global_minimum": "members",
        "global_minimum_spectrum": "spectrum",
        "one_point_quotient_gradient": "quotients",
        "one_point_quotient_hessian": "quotients",
        "pl_ratio": "quotients",
        "project_onto_global_minima": "projection",
        "sample_global_minimum": "members",
    },
)
