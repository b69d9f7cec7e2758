"""The critical points found: classes, curvature, and what one more neuron does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.minima.canonical import CanonicalForm, canonical_form, orbit_label
    from relu_landscape.minima.classes import Classification, align, classify_minima
    from relu_landscape.minima.curvature import (
        CriticalPointKind,
        Curvature,
        SmallestEigenpair,
        inner_hessian,
        mean_curvature,
        measure_curvature,
        smallest_eigenpair,
    )
    from relu_landscape.minima.splitting import (
        Push,
        Split,
        SplitCurvature,
        descent_starts,
        split_curvature,
        split_every_neuron,
        split_neuron,
    )

__all__ = [
    "CanonicalForm",
    "Classification",
    "CriticalPointKind",
    "Curvature",
    "Push",
    "SmallestEigenpair",
    "Split",
    "SplitCurvature",
    "align",
    "canonical_form",
    "classify_minima",
    "descent_starts",
    "inner_hessian",
    "mean_curvature",
    "measure_curvature",
    "orbit_label",
    "smallest_eigenpair",
    "split_curvature",
    "split_every_neuron",
    "split_neuron",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "CanonicalForm": "canonical",
        "Classification": "classes",
        "CriticalPointKind": "curvature",
        "Curvature": "curvature",
        "Push": "splitting",
        "SmallestEigenpair": "curvature",
        "Split": "splitting",
        "SplitCurvature": "splitting",
        "align": "classes",
        "canonical_form": "canonical",
        "classify_minima": "classes",
        "descent_starts": "splitting",
        "inner_hessian": "curvature",
        "mean_curvature": "curvature",
        "measure_curvature": "curvature",
        "orbit_label": "canonical",
        "smallest_eigenpair": "curvature",
        "split_curvature": "splitting",
        "split_every_neuron": "splitting",
        "split_neuron": "splitting",
    },
)
