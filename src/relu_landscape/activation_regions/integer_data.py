"""Random points and weights that are integers over 2^22, as Figures 1 and 2 draw them.

Such numbers are exact in float64, so that the exact rank and the one by singular values are about
the same matrix, and whole numbers over one power of two, so that the exact one can be computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from relu_landscape.seeding import indexed_generator

FIXED_POINT = 2**22
"""Every number drawn is an integer over this."""

Law = Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.float64]]


@dataclass(frozen=True)
class Trial:
    """Points of a data set and the weights of one neuron layer, integers over FIXED_POINT.

    Attributes
    ----------
    X: points, (n, d0).
    W: weights, (d1, d0), rows are neurons.
    b: biases, (d1,), or None for a network without.
    v: weights of the last layer, (d1,), standard normal, as the public code draws them; not
        rounded, because no exact rank depends on them.
    """

    X: NDArray[np.float64]
    W: NDArray[np.float64]
    b: NDArray[np.float64] | None
    v: NDArray[np.float64]


def _uniform(generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Uniform on the multiples of 1/FIXED_POINT in [0, 1]."""
    return generator.integers(0, FIXED_POINT, shape, endpoint=True) / FIXED_POINT


def _normal(generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Standard normal, rounded to a multiple of 1/FIXED_POINT."""
    rounded: NDArray[np.float64] = np.rint(generator.standard_normal(shape) * FIXED_POINT)
    return rounded / FIXED_POINT


def _linear_layer(
    generator: np.random.Generator, inputs: int, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Uniform on the multiples of 1/FIXED_POINT in [-1/sqrt(inputs), 1/sqrt(inputs)]."""
    end = int(FIXED_POINT / np.sqrt(inputs))
    return generator.integers(-end, end, shape, endpoint=True) / FIXED_POINT


def draw_layer(
    generator: np.random.Generator, inputs: int, width: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (width, inputs) and biases (width,), all U(-1/sqrt(inputs), 1/sqrt(inputs))."""
    weights = _linear_layer(generator, inputs, (width, inputs))
    return weights, _linear_layer(generator, inputs, (width,))


DATA_LAWS: Mapping[str, Law] = MappingProxyType({"uniform": _uniform, "normal": _normal})
"""Law of each coordinate of a point: uniform on [0, 1] (the public code), or standard normal."""

INITIALISATIONS = ("linear_layer", "linear_layer_no_bias", "normal")
"""U(-1/sqrt(d0), 1/sqrt(d0)) with biases of that law (the public code) or none; N(0, 1) with."""


Sizes: TypeAlias = tuple[int, int, int]
"""Of a network and its data: n points, d0 inputs, d1 neurons."""


def draw_trial(data: str, initialisation: str, sizes: Sizes, *, trial: int, seed: int) -> Trial:
    """Points and weights of one trial of a cell.

    They depend on (seed, data, initialisation, n, d0, d1, trial) and on nothing else.

    Args:
        data: a name in DATA_LAWS.
        initialisation: a name in INITIALISATIONS.
        sizes: n, d0, d1.
        trial: number of the trial.
        seed: seed of the experiment.

    Raises:
        ValueError: an unknown law, or a size below 1.
    """
    require_laws(data, initialisation)
    n, d0, d1 = sizes
    if min(sizes) < 1:
        raise ValueError(f"n = {n}, d0 = {d0}, d1 = {d1}; give at least 1 of each")
    laws = list(DATA_LAWS).index(data), INITIALISATIONS.index(initialisation)
    generator = indexed_generator(seed, *laws, *sizes, trial)
    X = DATA_LAWS[data](generator, (n, d0))
    if initialisation == "normal":
        W, b = _normal(generator, (d1, d0)), _normal(generator, (d1,))
    else:
        W, b = draw_layer(generator, d0, d1)
    biased = initialisation != "linear_layer_no_bias"
    return Trial(X, W, b if biased else None, generator.standard_normal(d1))


def require_laws(data: str, initialisation: str) -> None:
    """Refuse laws that do not exist.

    Raises:
        ValueError: an unknown name.
    """
    if data not in DATA_LAWS:
        raise ValueError(f"the data law {data!r} is unknown; known are {', '.join(DATA_LAWS)}")
    if initialisation not in INITIALISATIONS:
        raise ValueError(
            f"the initialisation {initialisation!r} is unknown; "
            f"known are {', '.join(INITIALISATIONS)}"
        )


def whole_numbers(values: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return multiples of 1/FIXED_POINT times FIXED_POINT, as Python integers of the same shape."""
    scaled = np.rint(values * FIXED_POINT)
    return np.array([int(x) for x in scaled.flat], dtype=object).reshape(scaled.shape)
