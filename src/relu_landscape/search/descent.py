"""Gradient descent of many restarts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import (
    checked_arguments,
    function,
    instance_of,
    optional,
    real_array,
    real_bound,
    whole_number,
)
from relu_landscape.objective.pair_kernels import PairKernel
from relu_landscape.search import column_kernel, lane_kernel, teacher_kernel
from relu_landscape.search.basins import Basins, checked_basins, no_basins
from relu_landscape.search.choices import GradientMeasure
from relu_landscape.search.lanes import require_compiler
from relu_landscape.search.leaky_terms import LeakyTerms, make_leaky_terms
from relu_landscape.search.protocol import CRITICAL_ENDS, Protocol
from relu_landscape.search.schedule import (
    STOP_REASONS,
    Rules,
    advance_alone,
    advance_lanes,
    advance_with_teachers,
    make_results,
    make_slots,
)
from relu_landscape.search.target import Target, checked_target
from relu_landscape.search.triangular_teachers import triangular_teachers, turn, turn_back

MAX_HALVINGS = 20  # the step is then a millionth of the protocol's: more would not help
STEPS_PER_CALL = 2000  # between two reports of progress
ALONE_FROM = 48  # n = d; about where whole batches become faster one run at a time: benchmarks/


class _Design(NamedTuple):
    """A kernel, the compiled loop around it, a workspace (its arrays, rows and columns), and terms.

    reflectors: of the inputs in which the kernel works, see `triangular_teachers`.
    """

    kernel: ModuleType
    advance: Callable[..., int]
    workspace: tuple[Any, int, int]
    leaky: LeakyTerms
    reflectors: NDArray[np.float64]


def _design(target: Target, n: int, d: int) -> _Design:
    """The faster design; which one depends on target and size alone, so that bits do as well."""
    if not target.is_standard:
        V, reflectors = triangular_teachers(target.teachers)
        workspace = teacher_kernel.make_workspace(V, target.outputs)
        leaky = make_leaky_terms(V, target.outputs, target.slope)
        return _Design(teacher_kernel, advance_with_teachers, workspace, leaky, reflectors)
    leaky, none = make_leaky_terms(*target), np.zeros((0, d))
    if n * d >= ALONE_FROM**2 and not target.slope:
        alone = column_kernel.make_workspace(n, d)
        return _Design(column_kernel, advance_alone, alone, leaky, none)
    return _Design(lane_kernel, advance_lanes, lane_kernel.make_workspace(n, d), leaky, none)


@dataclass(frozen=True)
class DescentRecord:
    """Where gradient descent ended, one row a run.

    weights (runs, n, d); losses F; gradient_norms |grad F|_F; largest_neuron_gradients
    max_i |dF/dw_i|; iterations; steps (final, after halvings); halvings; stop_reasons
    (StopReason values); loss_rose: whether F ever rose by more than its rounding error.
    """

    weights: NDArray[np.float64]
    losses: NDArray[np.float64]
    gradient_norms: NDArray[np.float64]
    largest_neuron_gradients: NDArray[np.float64]
    iterations: NDArray[np.int64]
    steps: NDArray[np.float64]
    halvings: NDArray[np.int64]
    stop_reasons: NDArray[np.str_]
    loss_rose: NDArray[np.bool_]

    @property
    def converged(self) -> NDArray[np.bool_]:
        """(runs,) whether a run ended at a critical point; others stopped on the way, or failed."""
        return np.isin(self.stop_reasons, CRITICAL_ENDS)


def loss_of_no_students(n_teachers: int) -> float:
    """F(0) = k/4 + k (k - 1)/(4 pi) for k orthonormal teachers."""
    return n_teachers / 4 + n_teachers * (n_teachers - 1) / (4 * np.pi)


def _rules(
    protocol: Protocol, target: Target, loss_threshold: float, iteration_budget: int
) -> Rules:
    n_teachers = len(target.teachers)
    by_neuron = protocol.gradient_measure is GradientMeasure.LARGEST_NEURON
    factor = 2 * np.pi if by_neuron else 1.0
    standard = target.is_standard
    teacher_loss = loss_of_no_students(n_teachers) if standard else target.loss_of_no_students
    return Rules(
        step=protocol.step_for(n_teachers),
        by_neuron=by_neuron,
        squared_tolerance=(protocol.tolerance / factor) ** 2,
        squared_divergence=(protocol.divergence / factor) ** 2,
        loss_threshold=loss_threshold,
        iteration_budget=iteration_budget,
        max_halvings=MAX_HALVINGS,
        teacher_loss=teacher_loss,
        # F is a difference of terms of this size, each with some dozens of roundings
        rise_allowance=256 * np.finfo(np.float64).eps * target.size_of_terms(teacher_loss),
    )


def _check_starts(starts: NDArray[np.float64]) -> NDArray[np.float64]:
    starts = np.ascontiguousarray(starts, dtype=np.float64)
    if starts.ndim != 3 or min(starts.shape[1:]) < 1:
        raise ValueError(
            f"starts must have shape (runs, n, d), n and d at least 1, not {starts.shape}"
        )
    silent = np.argwhere(~starts.any(axis=2))
    if len(silent):
        run, neuron = (int(index) for index in silent[0])
        raise ValueError(f"start {run}: neuron {neuron} is zero, where the loss has no gradient")
    return starts


@checked_arguments(
    starts=real_array,
    protocol=instance_of(Protocol),
    stop_below=optional(real_bound),
    basins=optional(instance_of(Basins)),
    iteration_budget=optional(whole_number),
    progress=optional(function),
    teachers=optional(real_array),
    outputs=optional(real_array),
)
def descend(
    starts: NDArray[np.float64],
    protocol: Protocol,
    *,
    teachers: NDArray[np.float64] | None = None,
    outputs: NDArray[np.float64] | None = None,
    kernel: str | PairKernel = "relu",
    stop_below: float | None = None,
    basins: Basins | None = None,
    iteration_budget: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DescentRecord:
    """Gradient descent W <- W - step grad F(W) from every start until the protocol stops it.

    The teacher is V = I_k, d = k, unless another is given; any orthonormal teacher is a rotation of
    it. At each point the
    rules are tried in this order: non-finite; gradient above `protocol.divergence` (again from the
    same start with half the step, at most MAX_HALVINGS times); converged; loss below `stop_below`
    in a run whose loss never rose by more than 256 rounding errors; iteration budget; and every
    CHECK_EVERY steps, whether it is in a basin that it cannot leave, see `basins`. Such a run ends
    at the minimum of the basin, in its own arrangement, with its steps up to there.

    Args:
        starts: (runs, n, d), no zero neuron.
        protocol: step, gradient measure, tolerance, divergence bound, budget.
        teachers: V, (k, d), no two rows parallel; None: I_d.
        outputs: c, (n,), the output weights of the students, 1 or -1 each; None: all are 1.
        kernel: the activation: "relu", "absolute_value" or `leaky_relu(s)`.
        stop_below: loss below which a run may stop; None: it may not.
        basins: known minima at which runs may end, of V = I, outputs 1 and the ReLU; None: they
            may not.
        iteration_budget: in steps a run, instead of the protocol's.
        progress: called with (runs ended, runs) every STEPS_PER_CALL steps.

    Returns:
        DescentRecord, rows in the order of `starts`. Memory beyond it: that of the
        runs under way, at most eight.

    Raises:
        ValueError: a start of wrong shape, not finite, or with a zero neuron; names it; basins of
            another size, or with another target; a budget that is no whole number, or negative;
            teachers or outputs that do not fit, parallel teachers, or another kernel.
        RuntimeError: NUMBA_DISABLE_JIT is set.
    """
    require_compiler()
    starts = _check_starts(starts)
    runs, n, d = starts.shape
    target = checked_target(teachers, outputs, kernel, n, d)
    known = no_basins(n, d) if basins is None else checked_basins(basins, n, d)
    if len(known.radii) and (target.slope or not target.is_standard):
        raise ValueError(
            "basins are minima of V = I with outputs 1 and the ReLU; with other teachers, outputs "
            "or slopes there must be none"
        )
    budget = protocol.iteration_budget if iteration_budget is None else iteration_budget
    if budget < 0:
        raise ValueError(f"iteration_budget must be 0 or more, not {budget}")
    rules = _rules(protocol, target, -np.inf if stop_below is None else stop_below, budget)
    design = _design(target, n, d)
    work, rows, columns = design.workspace
    if len(design.reflectors):
        starts = turn(starts, design.reflectors)
    results, slots = make_results(starts), make_slots(design.kernel.RUNS_AT_ONCE, n, d)
    ended = 0
    while ended < runs:
        ended += design.advance(
            work, design.leaky, slots, results, starts, known, rules, rows, columns, STEPS_PER_CALL
        )
        if progress is not None:
            progress(ended, runs)
    weights = results.weights
    if len(design.reflectors):
        weights = turn_back(weights, design.reflectors)
    return DescentRecord(
        weights=weights,
        losses=results.losses,
        gradient_norms=results.gradient_norms,
        largest_neuron_gradients=results.largest_neuron_gradients,
        iterations=results.iterations,
        steps=np.ldexp(rules.step, -results.halvings),
        halvings=results.halvings,
        stop_reasons=np.array([STOP_REASONS[reason].value for reason in results.reasons], np.str_),
        loss_rose=results.rose,
    )
