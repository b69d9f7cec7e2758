"""The critical points found: classes, curvature, and what one more neuron does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.minima.classes import (
        Classification as Classification,
        align as align,
        classify_minima as classify_minima,
    )
    from relu_landscape.minima.curvature import (
        CriticalPointKind as CriticalPointKind,
        MeasuredCurvature as MeasuredCurvature,
        SmallestEigenpair as SmallestEigenpair,
        inner_hessian as inner_hessian,
        mean_curvature as mean_curvature,
        measure_curvature as measure_curvature,
        smallest_eigenpair as smallest_eigenpair,
    )
    from relu_landscape.minima.signed_splitting import signed_split as signed_split
    from relu_landscape.minima.splitting import (
        Push as Push,
        Split as Split,
        SplitCurvature as SplitCurvature,
        descent_starts as descent_starts,
        split_curvature as split_curvature,
        split_every_neuron as split_every_neuron,
        split_neuron as split_neuron,
        split_outputs as split_outputs,
    )
    from relu_landscape.minima.student_classes import (
        StudentClasses as StudentClasses,
        classify_up_to_students as classify_up_to_students,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
