"""Settings of protocols."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import Field

from relu_landscape.search.choices import GradientMeasure, InitialLaw, StepScaling
from relu_landscape.settings.kinds import Entries, Name, Positive, Steps, repeated_names
from relu_landscape.settings.model import Misfit, Settings
from relu_landscape.settings.names import NameIn

__all__ = ["Part", "Protocol", "ProtocolName"]

ProtocolName: TypeAlias = Annotated[str, Field(min_length=1), NameIn("protocols", "protocol")]


class Protocol(Settings):
    """One protocol."""

    name: Name = Field(description="Name by which searches refer to it.")
    initial_law: InitialLaw = Field(
        strict=False,
        description="Law of the starting weights: entries N(0, 1/k), or N(0, 4 k) whose norms sum "
        "to about 2 k^2.",
    )
    step: Positive = Field(description="Step of gradient descent.")
    step_scaling: StepScaling = Field(strict=False, description="Whether the step is divided by k.")
    gradient_measure: GradientMeasure = Field(
        strict=False,
        description="What the tolerance bounds: |grad F|_F, or the largest |2 pi dF/dw_i|.",
    )
    tolerance: Positive = Field(description="Bound at which a run has converged.")
    divergence: float = Field(
        gt=0, le=1e100, description="Bound above which a run starts again with half the step."
    )
    bad_loss: Positive = Field(description="Loss from which on a run is bad.")
    iteration_budget: Steps = Field(description="Largest number of steps of a run.")


class Part(Settings):
    """What a config says of protocols."""

    protocols: Entries[Protocol] = Field(description="Published ways to search for minima.")

    def misfits(self) -> Iterator[Misfit]:
        """Protocols of one name."""
        yield from repeated_names("protocols", [protocol.name for protocol in self.protocols])
