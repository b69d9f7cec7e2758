"""Protocols: from where gradient descent starts, how it steps and when it stops."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from relu_landscape.arguments import Check, one_of, real_number, text, whole_number
from relu_landscape.search.choices import GradientMeasure, InitialLaw, StepScaling


class StopReason(StrEnum):
    """Why a run of gradient descent ended; the list is closed."""

    CONVERGED = "converged"  # the gradient measure reached the tolerance
    KNOWN_MINIMUM = "known_minimum"  # in a ball from which descent provably goes to this minimum
    BELOW_THRESHOLD = "below_threshold"  # n > k and the loss fell, never rising, below the bad loss
    ITERATION_BUDGET = "iteration_budget"
    DIVERGED = "diverged"  # even after the last halving of the step
    NON_FINITE = "non_finite"


CRITICAL_ENDS = (StopReason.CONVERGED, StopReason.KNOWN_MINIMUM)
"""Why a run ended, of those that ended at a critical point: of what is no minimum but for these."""


@dataclass(frozen=True)
class Protocol:
    """A published way to search for minima, as data.

    `step` is multiplied by 1 or 1/k (`step_scaling`); `tolerance` bounds `gradient_measure`; a run
    whose measure exceeds `divergence` starts again from the same weights with half the step; a run
    that ends with loss `bad_loss` or more is bad.

    Raises:
        ValueError: a number is not positive, the budget is not whole, or a choice is unknown; names
            it.
    """

    name: str
    initial_law: InitialLaw
    step: float
    step_scaling: StepScaling
    gradient_measure: GradientMeasure
    tolerance: float
    divergence: float
    bad_loss: float
    iteration_budget: int

    def __post_init__(self) -> None:
        checks: dict[str, Check] = {
            "name": text,
            "initial_law": one_of(*InitialLaw),
            "step": real_number,
            "step_scaling": one_of(*StepScaling),
            "gradient_measure": one_of(*GradientMeasure),
            "tolerance": real_number,
            "divergence": real_number,
            "bad_loss": real_number,
            "iteration_budget": whole_number,
        }
        for field, check in checks.items():
            value = check(getattr(self, field), f"protocol {self.name!r}: {field}")
            if not isinstance(value, str) and not value > 0:
                raise ValueError(f"protocol {self.name!r}: {field} must be positive, not {value!r}")
            object.__setattr__(self, field, value)

    def step_for(self, n_teachers: int) -> float:
        """Step of gradient descent with k teachers."""
        return self.step / n_teachers if self.step_scaling is StepScaling.INVERSE_K else self.step


PROTOCOLS = MappingProxyType(
    {
        protocol.name: protocol
        for protocol in (
            # S18, code and readme of the result files
            Protocol(
                name="safran2018",
                initial_law=InitialLaw.GAUSSIAN,
                step=0.1,
                step_scaling=StepScaling.CONSTANT,
                gradient_measure=GradientMeasure.LARGEST_NEURON,
                tolerance=1e-9,
                divergence=1e4,
                bad_loss=1e-3,
                iteration_budget=1_000_000,
            ),
            # S21, Section 4.2
            Protocol(
                name="safran2021",
                initial_law=InitialLaw.GAUSSIAN,
                step=5.0,
                step_scaling=StepScaling.INVERSE_K,
                gradient_measure=GradientMeasure.FROBENIUS,
                tolerance=1e-12,
                divergence=1e4,
                bad_loss=1e-3,
                iteration_budget=1_000_000,
            ),
            # S21, Section 4.2: the norm-sum is the paper's, the law that gives it is our choice
            Protocol(
                name="safran2021_large_norm",
                initial_law=InitialLaw.LARGE_NORM,
                step=5.0,
                step_scaling=StepScaling.INVERSE_K,
                gradient_measure=GradientMeasure.FROBENIUS,
                tolerance=1e-12,
                divergence=1e6,
                bad_loss=1e-3,
                iteration_budget=1_000_000,
            ),
        )
    }
)
