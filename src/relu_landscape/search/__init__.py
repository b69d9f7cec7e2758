"""Minimum finding by many restarts of fixed-step gradient descent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.search.basins import Basins as Basins
    from relu_landscape.search.choices import (
        GradientMeasure as GradientMeasure,
        InitialLaw as InitialLaw,
        StepScaling as StepScaling,
    )
    from relu_landscape.search.descent import (
        DescentRecord as DescentRecord,
        descend as descend,
    )
    from relu_landscape.search.find import find_minima as find_minima
    from relu_landscape.search.gradient_flow import (
        follow_gradient_flow as follow_gradient_flow,
        glorot_start as glorot_start,
    )
    from relu_landscape.search.initial import initial_weights as initial_weights
    from relu_landscape.search.polish import (
        newton_polish as newton_polish,
        same_minimum_ball as same_minimum_ball,
    )
    from relu_landscape.search.protocol import (
        PROTOCOLS as PROTOCOLS,
        Protocol as Protocol,
        StopReason as StopReason,
    )
    from relu_landscape.search.trained_outputs import (
        TrainedOutputs as TrainedOutputs,
        train_with_outputs as train_with_outputs,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
