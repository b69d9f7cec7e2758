"""Gradient descent on a single teacher, or into the valley of several, recorded at geometric times.

F falls like T^-3 and is below the rounding of its closed form from some 1e-14 on: it is computed
from the double weights by the reference. The gradient, of the order of F^(2/3), is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.checkpoints import log_spaced_checks
from relu_landscape.global_minima.members import global_minimum
from relu_landscape.global_minima.valley_law import (
    TeacherValley,
    valley_coordinates,
    valley_loss,
)
from relu_landscape.objective import population_gradient, reference_loss
from relu_landscape.objective.pair import angle
from relu_landscape.search.choices import GradientMeasure, InitialLaw, StepScaling
from relu_landscape.search.descent import descend
from relu_landscape.search.protocol import Protocol
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.single_teacher.settings import Descents

DIGITS: Final = 40


class Case(NamedTuple):
    """Runs that start alike: where, and the numbers of teachers and students."""

    start: str
    k: int
    n: int


def cases_of(settings: Descents) -> list[Case]:
    """A single teacher from random starts of both sizes, several from next to a global minimum."""
    return [
        *(Case(start, 1, n) for start in ("standard", "small") for n in settings.students),
        *(Case("near_minimum", size.k, size.n) for size in settings.several_teachers),
    ]


def starting_weights(case: Case, settings: Descents) -> NDArray[np.float64]:
    """Return the starts, (runs, n, d).

    Run r depends on (seed, k, n, r) alone: both starts on a single teacher are one draw on two
    scales.
    """
    shape = (case.n, settings.inputs)
    drawn = np.array(
        [
            indexed_generator(settings.seed, case.k, case.n, run).normal(size=shape)
            for run in range(settings.runs)
        ]
    )
    if case.start == "near_minimum":
        lengths = np.linalg.norm(drawn, axis=(1, 2), keepdims=True)
        minimum = global_minimum(case.n, case.k, d=settings.inputs)
        return np.asarray(minimum + settings.start_distance * drawn / lengths)
    if case.start == "small":
        return np.asarray(settings.small_standard_deviation * drawn)
    return np.asarray(drawn / np.sqrt(settings.inputs))


def follow_runs(
    case: Case,
    settings: Descents,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Return one record a check of each run, as in the table `single_teacher_descents`.

    Args:
        case: start, k and n.
        settings: runs, steps, checks, seed.
        progress: called with (checks done, checks).
    """
    teachers = np.eye(case.k, settings.inputs)
    protocol = _without_end(settings.step, settings.steps)
    weights = starting_weights(case, settings)
    checks = log_spaced_checks(settings.steps, settings.checks_per_decade)
    records = []
    done = 0
    for number, check in enumerate(checks, start=1):
        weights = descend(
            weights, protocol, teachers=teachers, iteration_budget=check - done
        ).weights
        done = check
        records += [
            {
                **case._asdict(),
                "run": run,
                "iteration": check,
                "d": settings.inputs,
                "time": settings.step * check,
                **measure_point(point, teachers),
            }
            for run, point in enumerate(weights)
        ]
        if progress is not None:
            progress(number, len(checks))
    return records


def measure_point(W: NDArray[np.float64], V: NDArray[np.float64]) -> dict[str, float | None]:
    """Return the loss and what tells how far a point is along its way into the valley.

    Args:
        W: students, (n, d).
        V: teachers, (k, d), orthonormal.
    """
    valleys = valley_coordinates(W, V)
    norms = np.linalg.norm(W, axis=1)
    positive = all((valley.shares > 0).all() for valley in valleys)
    leading = sum(valley_loss(*valley) for valley in valleys) if positive else None
    return {
        # Of a global minimum to rounding the reference gives a zero of either sign.
        "loss": max(float(reference_loss(W, V, digits=DIGITS)), 0.0),
        "gradient_norm": float(np.linalg.norm(population_gradient(W, V))),
        "valley_loss": None if leading is None else max(leading, 0.0),
        "radius": valley_radius(valleys),
        "projection": float(sum(valley.shares.sum() for valley in valleys) / len(V)),
        "largest_angle": float(angle(W[:, None], V).min(axis=1).max()),
        "direction_distance": sum(map(_distance_of_directions, valleys)),
        "least_norm": float(norms.min()),
        "largest_norm": float(norms.max()),
        "norm_spread": float(norms.std() / norms.mean()),
    }


def valley_radius(valleys: tuple[TeacherValley, ...]) -> float:
    """|u|, over the students of all teachers."""
    return float(np.sqrt(sum(float((valley.displacements**2).sum()) for valley in valleys)))


def _distance_of_directions(valley: TeacherValley) -> float:
    """Sum over pairs of |w_i/|w_i| - w_j/|w_j||, from shares and displacements."""
    lengths = np.sqrt(valley.shares**2 + (valley.displacements**2).sum(axis=1))
    along = valley.shares / lengths
    across = valley.displacements / lengths[:, None]
    squared = (along[:, None] - along) ** 2 + ((across[:, None] - across) ** 2).sum(axis=-1)
    return float(np.sqrt(squared).sum() / 2)


def _without_end(step: float, steps: int) -> Protocol:
    """Descent that ends by its budget alone, or where the gradient is zero to the last bit."""
    return Protocol(
        name="single_teacher",
        initial_law=InitialLaw.GAUSSIAN,
        step=step,
        step_scaling=StepScaling.CONSTANT,
        gradient_measure=GradientMeasure.FROBENIUS,
        tolerance=float(np.finfo(np.float64).tiny),
        divergence=1e4,
        bad_loss=1e-3,
        iteration_budget=steps,
    )
