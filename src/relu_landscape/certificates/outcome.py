"""What an attempt to prove something ends with, if not with a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FailureReason(StrEnum):
    """Why nothing was proved; `meaning` says it in one sentence. The list is closed."""

    ZERO_NEURON = "zero_neuron"
    LOSS_NOT_POSITIVE = "loss_not_positive"
    TOO_LITTLE_SYMMETRY = "too_little_symmetry"
    NEWTON_LEFT = "newton_left"
    NOT_POSITIVE_DEFINITE = "not_positive_definite"
    BOX_TOO_WIDE = "box_too_wide"
    GRADIENT_TOO_LARGE = "gradient_too_large"
    NOT_POSITIVE_DEFINITE_OFF_THE_SPAN = "not_positive_definite_off_the_span"
    NO_NEGATIVE_CURVATURE = "no_negative_curvature"
    NO_FIRST_ORDER_DESCENT = "no_first_order_descent"
    INNER_HESSIAN_NOT_DEFINITE = "inner_hessian_not_definite"
    INEQUALITY_NOT_SHOWN = "inequality_not_shown"

    @property
    def meaning(self) -> str:
        """One sentence for readers of a table."""
        return _MEANINGS[self]


_MEANINGS = {
    FailureReason.ZERO_NEURON: "The box holds a zero neuron, where the loss is not differentiable.",
    FailureReason.LOSS_NOT_POSITIVE: "The enclosure of the loss holds zero: as at global minima.",
    FailureReason.TOO_LITTLE_SYMMETRY: "The point has more diagonal blocks than a proof through "
    "its symmetry is made for.",
    FailureReason.NEWTON_LEFT: "Newton's method did not settle next to the point given.",
    FailureReason.NOT_POSITIVE_DEFINITE: "The Hessian has an eigenvalue that is negative, or too "
    "small to have a sign: as at a saddle.",
    FailureReason.BOX_TOO_WIDE: "The Hessian is positive definite at the centre, but its enclosure "
    "over the box is too wide to show it there.",
    FailureReason.GRADIENT_TOO_LARGE: "The gradient at the centre is too large, for this box, to "
    "have a critical point in it.",
    FailureReason.NOT_POSITIVE_DEFINITE_OFF_THE_SPAN: "With more inputs, displacements orthogonal "
    "to all neurons are not shown to be curved upwards.",
    FailureReason.NO_NEGATIVE_CURVATURE: "No direction was found in which the neuron's inner "
    "Hessian is negative over the box.",
    FailureReason.NO_FIRST_ORDER_DESCENT: "No direction was found in which a further neuron, "
    "starting from zero, lowers the loss.",
    FailureReason.INNER_HESSIAN_NOT_DEFINITE: "The neuron's inner Hessian is not shown to be "
    "definite on the complement of the neuron over the box.",
    FailureReason.INEQUALITY_NOT_SHOWN: "The enclosure does not decide the inequality.",
}


@dataclass(frozen=True)
class Failure:
    """Nothing was proved.

    reason: why; detail: the numbers that decided it.
    """

    reason: FailureReason
    detail: str
