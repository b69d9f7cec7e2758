"""What a protocol may choose from; apart from it, because a config names them too."""

from __future__ import annotations

from enum import StrEnum


class InitialLaw(StrEnum):
    """Laws of the starting weights; entries are independent normal with mean zero."""

    GAUSSIAN = "gaussian"  # variance 1/d
    LARGE_NORM = "large_norm"  # variance 4 d: the norms of n = d neurons sum to about 2 d^2


class StepScaling(StrEnum):
    """How the step depends on the number of teachers k."""

    CONSTANT = "constant"
    INVERSE_K = "inverse_k"  # the step is divided by k


class GradientMeasure(StrEnum):
    """The number that the tolerance of a protocol bounds."""

    FROBENIUS = "frobenius"  # |grad F|_F
    LARGEST_NEURON = "largest_neuron"  # max_i |2 pi dF/dw_i|
