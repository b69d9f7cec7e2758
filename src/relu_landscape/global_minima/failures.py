"""The constructions of Theorems 4, 7 and 9 of S21 measured, in double and in extended precision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from flint import acb_mat, arb, ctx
from numpy.typing import NDArray

from relu_landscape.global_minima.constructions import (
    Construction,
    printed_tilted_form,
    separating_direction,
    spread_pair,
    tilted_form,
    tilted_pair,
)
from relu_landscape.objective import (
    loss_rounding_error,
    population_curvature_along,
    population_gradient,
    population_hessian,
    population_loss,
    reference_curvature_along,
    reference_gradient,
    reference_hessian,
    reference_loss,
)

if TYPE_CHECKING:
    from relu_landscape.settings.sizes import PairSize

# Of the reference. At epsilon = 1e-16 the loss of the valley is 1e-48, and at parallel neurons
# half of the digits of a second difference are lost.
DIGITS = 70


@dataclass(frozen=True)
class Measurement:
    """The loss around a point, and along a displacement U from it.

    loss: F; squared_gradient_norm: |grad F|^2; slope: <grad F, U>; curvature: U^T H U;
    smallest_eigenvalue: of H; pl_ratio: |grad F|^2/(2 F), NaN where F is below its rounding error.
    """

    loss: float
    squared_gradient_norm: float
    slope: float
    curvature: float
    smallest_eigenvalue: float
    pl_ratio: float


def measure_in_double(
    W: NDArray[np.float64], V: NDArray[np.float64], U: NDArray[np.float64]
) -> Measurement:
    """Measure in double precision. W: (n, d); V: (k, d); U: (n, d), a displacement."""
    loss, gradient = population_loss(W, V), population_gradient(W, V)
    squared = float(np.sum(gradient**2))
    return Measurement(
        loss=loss,
        squared_gradient_norm=squared,
        slope=float(np.sum(gradient * U)),
        curvature=population_curvature_along(W, V, U),
        smallest_eigenvalue=float(np.linalg.eigvalsh(population_hessian(W, V))[0]),
        pl_ratio=squared / (2.0 * loss) if loss > loss_rounding_error(W, V) else np.nan,
    )


def measure_extended(
    W: NDArray[np.float64], V: NDArray[np.float64], U: NDArray[np.float64]
) -> Measurement:
    """Measure by the independent reference, the curvature as a second difference of the loss."""
    with mpmath.workdps(DIGITS):
        loss = reference_loss(W, V, digits=DIGITS)
        gradient = reference_gradient(W, V, digits=DIGITS)
        squared = mpmath.fsum(gradient.ravel() ** 2)
        slope = mpmath.fsum((gradient * U).ravel())
        smallest = _smallest_eigenvalue(reference_hessian(W, V, digits=DIGITS))
        curvature = reference_curvature_along(W, V, U, digits=DIGITS)
        ratio = squared / (2 * loss)
    return Measurement(*map(float, (loss, squared, slope, curvature, smallest, ratio)))


def _smallest_eigenvalue(hessian: NDArray[np.object_]) -> float:
    """Of a real symmetric matrix (m, m) of mpmath numbers; mpmath would take far longer."""
    with ctx.workdps(DIGITS):
        matrix = acb_mat([[arb(entry) for entry in row] for row in hessian.tolist()])
        return min(float(value.real) for value in matrix.eig(algorithm="approx"))


ARITHMETICS: Mapping[str, Callable[..., Measurement]] = MappingProxyType(
    {"double": measure_in_double, "extended": measure_extended}
)


def tilted_pair_records(
    sizes: Sequence[PairSize],
    shares: Sequence[float],
    epsilons: Mapping[str, Sequence[float]],
) -> list[dict[str, Any]]:
    """Return one record a point of Theorem 4: its quadratic form and smallest eigenvalue.

    Args:
        sizes: k, n, d.
        shares: a, the share of the first neuron.
        epsilons: arithmetic ("double", "extended") -> the epsilons to measure in it.

    Source: S21, Theorem 4.
    """
    return [
        {
            **labels,
            "form": found.curvature,
            "form_exact": tilted_form(labels["share"], labels["epsilon"]),
            "form_printed": printed_tilted_form(labels["share"], labels["epsilon"]),
            "smallest_eigenvalue": found.smallest_eigenvalue,
        }
        for labels, _, found in _measured(
            tilted_pair, separating_direction, sizes, shares, epsilons
        )
    ]


def valley_records(
    sizes: Sequence[PairSize],
    shares: Sequence[float],
    epsilons: Mapping[str, Sequence[float]],
) -> list[dict[str, Any]]:
    """Return one record a point of Theorems 7 and 9: loss, gradient, quotients and PL ratio.

    Args: as for `tilted_pair_records`.

    Source: S21, Definitions 5 and 8, proofs of Theorems 7 and 9.
    """
    records = []
    for labels, point, found in _measured(spread_pair, _displacement, sizes, shares, epsilons):
        squared_distance = float(np.sum(_displacement(point) ** 2))
        records.append(
            {
                **labels,
                "loss": found.loss,
                "squared_gradient_norm": found.squared_gradient_norm,
                "one_point_gradient": found.slope / squared_distance,
                "one_point_hessian": found.curvature / squared_distance,
                "pl_ratio": found.pl_ratio,
                "smallest_eigenvalue": found.smallest_eigenvalue,
            }
        )
    return records


def _displacement(point: Construction) -> NDArray[np.float64]:
    return point.weights - point.minimum


def _measured(
    construct: Callable[..., Construction],
    direction: Callable[[Construction], NDArray[np.float64]],
    sizes: Sequence[PairSize],
    shares: Sequence[float],
    epsilons: Mapping[str, Sequence[float]],
) -> Iterator[tuple[dict[str, Any], Construction, Measurement]]:
    """Every size, share, arithmetic and epsilon, with the point and what was measured there."""
    for size in sizes:
        for share in shares:
            for arithmetic, values in epsilons.items():
                for epsilon in values:
                    point = construct(**dict(size), share=share, epsilon=epsilon)
                    found = ARITHMETICS[arithmetic](point.weights, point.teachers, direction(point))
                    labels = {
                        **dict(size),
                        "share": share,
                        "epsilon": epsilon,
                        "arithmetic": arithmetic,
                    }
                    yield labels, point, found
