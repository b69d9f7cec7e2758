"""Which restart runs in which lane, and when it ends: the compiled loop of gradient descent.

A lane is the place of a run in a workspace: there are LANES of them in one of `lane_kernel` or of
`teacher_kernel`, one in one of `column_kernel`. A lane whose run ends takes the next waiting run.
Which runs share a vector therefore depends on the order in which they end; their iterates do not
(see lanes.py).
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.compiling import compiled_and_kept
from relu_landscape.search import (
    angles,
    basin_kernel,
    column_kernel,
    column_operations,
    lane_kernel,
    lanes,
    leaky_terms,
    teacher_kernel,
)
from relu_landscape.search.basin_kernel import CHECK_EVERY, find_basin, move_to_center
from relu_landscape.search.lanes import borrowing
from relu_landscape.search.leaky_terms import add_leaky_terms
from relu_landscape.search.protocol import StopReason
from relu_landscape.search.sources import source_digest

STOP_REASONS = tuple(StopReason)
_CONVERGED = STOP_REASONS.index(StopReason.CONVERGED)
_KNOWN_MINIMUM = STOP_REASONS.index(StopReason.KNOWN_MINIMUM)
_BELOW_THRESHOLD = STOP_REASONS.index(StopReason.BELOW_THRESHOLD)
_ITERATION_BUDGET = STOP_REASONS.index(StopReason.ITERATION_BUDGET)
_DIVERGED = STOP_REASONS.index(StopReason.DIVERGED)
_NON_FINITE = STOP_REASONS.index(StopReason.NON_FINITE)
RUNNING = -1
_RESTART = -2


class Rules(NamedTuple):
    """When a run stops. Bounds on gradients are squared, and are for dF/dW without factors."""

    step: float
    by_neuron: bool  # the bounds hold for the largest neuron, not for the Frobenius norm
    squared_tolerance: float
    squared_divergence: float
    loss_threshold: float
    iteration_budget: int
    max_halvings: int
    teacher_loss: float
    rise_allowance: float


class Slots(NamedTuple):
    """What each lane is doing; `run` is -1 in a lane without work.

    `restarting`, `finished` and `basin` (-1: none) hold for a step, `order` (lanes, n) and `owned`
    (lanes, d) with the basin: see `find_basin`.
    """

    run: NDArray[np.int64]
    iterations: NDArray[np.int64]
    halvings: NDArray[np.int64]
    previous_loss: NDArray[np.float64]
    rose: NDArray[np.bool_]
    settled: NDArray[np.bool_]  # the lane holds the known minimum that its run was going to
    next_run: NDArray[np.int64]  # one element
    restarting: NDArray[np.bool_]
    finished: NDArray[np.bool_]
    basin: NDArray[np.int64]
    order: NDArray[np.int64]
    owned: NDArray[np.int64]


def make_slots(lanes: int, n: int, d: int) -> Slots:
    """Return slots without work."""
    return Slots(
        run=np.full(lanes, -1, np.int64),
        iterations=np.zeros(lanes, np.int64),
        halvings=np.zeros(lanes, np.int64),
        previous_loss=np.full(lanes, np.inf),
        rose=np.zeros(lanes, np.bool_),
        settled=np.zeros(lanes, np.bool_),
        next_run=np.zeros(1, np.int64),
        restarting=np.zeros(lanes, np.bool_),
        finished=np.zeros(lanes, np.bool_),
        basin=np.full(lanes, -1, np.int64),
        order=np.zeros((lanes, n), np.int64),
        owned=np.zeros((lanes, d), np.int64),
    )


class RunEnds(NamedTuple):
    """One row a run, written when the run ends."""

    weights: NDArray[np.float64]
    losses: NDArray[np.float64]
    gradient_norms: NDArray[np.float64]
    largest_neuron_gradients: NDArray[np.float64]
    iterations: NDArray[np.int64]
    halvings: NDArray[np.int64]
    reasons: NDArray[np.int64]
    rose: NDArray[np.bool_]


def make_results(starts: NDArray[np.float64]) -> RunEnds:
    """Return results without an end, for runs from `starts` (runs, n, d)."""
    runs = len(starts)
    return RunEnds(
        weights=np.empty_like(starts),
        losses=np.empty(runs),
        gradient_norms=np.empty(runs),
        largest_neuron_gradients=np.empty(runs),
        iterations=np.zeros(runs, np.int64),
        halvings=np.zeros(runs, np.int64),
        reasons=np.full(runs, RUNNING, np.int64),
        rose=np.zeros(runs, np.bool_),
    )


@borrowing
def _read_lane(work, lane, width, columns, out):
    for i in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[i, column] = work.weights[(i * columns + column) * width + lane]


@borrowing
def _write_lane(work, lane, width, columns, weights):
    for i in range(weights.shape[0]):
        for column in range(weights.shape[1]):
            work.weights[(i * columns + column) * width + lane] = weights[i, column]


@borrowing
def _begin(work, slots, lane, width, run, halvings, starts, rules, columns):
    """Put a run at its start into a lane."""
    slots.run[lane] = run
    slots.iterations[lane] = 0
    slots.halvings[lane] = halvings
    slots.previous_loss[lane] = np.inf
    slots.rose[lane] = False
    slots.settled[lane] = False
    work.steps[lane] = rules.step * 0.5**halvings
    _write_lane(work, lane, width, columns, starts[run])


@borrowing
def _begin_next(work, slots, lane, width, starts, rules, columns):
    """Give the lane the next waiting run; with none left it stands still."""
    if slots.next_run[0] < starts.shape[0]:
        _begin(work, slots, lane, width, slots.next_run[0], 0, starts, rules, columns)
        slots.next_run[0] += 1
    else:
        slots.run[lane] = -1
        work.steps[lane] = 0.0


@borrowing
def _has_work(slots):
    at_work = 0
    for run in slots.run:
        at_work += run >= 0
    return at_work > 0


@borrowing
def _judge(work, slots, lane, rules):
    """What becomes of the lane at its present point: a stop reason, RUNNING or _RESTART."""
    loss = work.loss[lane]
    squared = work.squared_gradient[lane]
    measure = work.largest_squared[lane] if rules.by_neuron else squared
    if not (np.isfinite(loss) and np.isfinite(squared)):
        return _NON_FINITE
    if slots.settled[lane]:
        return _KNOWN_MINIMUM
    if measure > rules.squared_divergence:
        return _RESTART if slots.halvings[lane] < rules.max_halvings else _DIVERGED
    if loss > slots.previous_loss[lane] + rules.rise_allowance:
        slots.rose[lane] = True
    slots.previous_loss[lane] = loss
    if measure <= rules.squared_tolerance:
        return _CONVERGED
    if loss < rules.loss_threshold and not slots.rose[lane]:
        return _BELOW_THRESHOLD
    if slots.iterations[lane] >= rules.iteration_budget:
        return _ITERATION_BUDGET
    return RUNNING


@borrowing
def _record(work, slots, lane, width, reason, results, columns):
    run = slots.run[lane]
    _read_lane(work, lane, width, columns, results.weights[run])
    results.losses[run] = work.loss[lane]
    results.gradient_norms[run] = np.sqrt(work.squared_gradient[lane])
    results.largest_neuron_gradients[run] = np.sqrt(work.largest_squared[lane])
    results.iterations[run] = slots.iterations[lane]
    results.halvings[run] = slots.halvings[lane]
    results.reasons[run] = reason
    results.rose[run] = slots.rose[lane]


def _compile_advance(design: ModuleType, sources: str) -> Callable[..., int]:
    """The compiled loop around the kernel `design`, kept on disk between processes.

    numba judges its copy by the time stamp of this file and by the values that the function closes
    over. `sources`, a digest of the other files it is built from, makes a change of those count.
    """
    width = design.RUNS_AT_ONCE
    in_lanes = design is not column_kernel  # whose work has another order
    # What is false is not compiled either: looking for basins is a third of the whole.
    has_basins = design is not teacher_kernel  # of other teachers none are known

    @compiled_and_kept(error_model="numpy", _nrt=False)
    def advance(work, leaky, slots, results, starts, basins, rules, rows, columns, steps):
        """Advance every lane by at most `steps` steps; returns how many runs have ended."""
        sources  # noqa: B018
        _, n, d = starts.shape
        ended = 0
        for lane in range(width):
            if slots.run[lane] < 0:
                _begin_next(work, slots, lane, width, starts, rules, columns)
        for _ in range(steps):
            if not _has_work(slots):
                break
            design.evaluate(work, n, d, rows, columns, rules.teacher_loss)
            if in_lanes and leaky.slope[0] != 0.0:
                add_leaky_terms(work, leaky, n, d, columns)
            for lane in range(width):
                if slots.run[lane] < 0:
                    continue
                verdict = _judge(work, slots, lane, rules)
                slots.restarting[lane] = verdict == _RESTART
                slots.finished[lane] = verdict >= 0
                if slots.finished[lane]:
                    _record(work, slots, lane, width, verdict, results, columns)
                    ended += 1
                elif (
                    has_basins and verdict == RUNNING and slots.iterations[lane] % CHECK_EVERY == 0
                ):
                    slots.basin[lane] = find_basin(
                        work, lane, width, columns, basins, slots.order[lane], slots.owned[lane]
                    )
                # At a known minimum a run counts the steps that led into the ball.
                slots.iterations[lane] += slots.basin[lane] < 0
            design.take_step(work, n, d, columns)
            for lane in range(width):
                if slots.restarting[lane]:
                    run, halvings = slots.run[lane], slots.halvings[lane] + 1
                    _begin(work, slots, lane, width, run, halvings, starts, rules, columns)
                if slots.finished[lane]:
                    _begin_next(work, slots, lane, width, starts, rules, columns)
                if has_basins and slots.basin[lane] >= 0:
                    center = basins.centers[slots.basin[lane]]
                    move_to_center(
                        work, lane, width, columns, center, slots.order[lane], slots.owned[lane]
                    )
                    slots.settled[lane] = True
                slots.restarting[lane] = False
                slots.finished[lane] = False
                slots.basin[lane] = -1
        return ended

    compiled: Callable[..., int] = advance
    return compiled


advance_lanes = _compile_advance(
    lane_kernel, source_digest(angles, lanes, leaky_terms, lane_kernel, basin_kernel)
)
advance_with_teachers = _compile_advance(
    teacher_kernel,
    source_digest(angles, lanes, leaky_terms, lane_kernel, teacher_kernel),
)
advance_alone = _compile_advance(
    column_kernel,
    source_digest(angles, lanes, leaky_terms, column_operations, column_kernel, basin_kernel),
)
