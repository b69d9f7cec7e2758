"""All isotypic components of the Hessian of a family."""

from __future__ import annotations

from relu_landscape.every_k.forms import (
    ComponentForm,
    exterior_and_symmetric,
    off_span,
    product,
    special_exterior_and_symmetric,
)
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.standard_components import first_standard, special_standard
from relu_landscape.every_k.trivial_component import trivial


def component_forms(x: ScaledNetwork) -> list[ComponentForm]:
    """Return the forms on all components of the span, and off it.

    Args:
        x: a family at a scale and at values of its unknowns.
    """
    found = [trivial(x), first_standard(x), *exterior_and_symmetric(x)]
    if x.family.special_rows > 1:
        found += [special_standard(x), product(x)]
    if x.family.special_rows > 2:
        found += special_exterior_and_symmetric(x)
    return [*found, *off_span(x)]
