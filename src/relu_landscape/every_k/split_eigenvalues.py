"""All eigenvalues of the inner Hessians of II_1: what the split of a neuron adds to the Hessian.

They are those of `inner_forms` on the span. The limit on t of the special row is -2 F/(2 pi) =
-4/pi^2, over h; those of a row w, whose matrix there has nothing on the diagonal in the limit, are
+-(C - F)/(2 pi) = +-(1/pi - 2/pi^2).
"""

from __future__ import annotations

from dataclasses import dataclass

from relu_landscape.every_k.generic_numbers import Number, root
from relu_landscape.every_k.inner_forms import InnerForm, inner_forms
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.families.family import Family


@dataclass(frozen=True)
class SplitEigenvalue:
    """An eigenvalue of the inner Hessian of a neuron, divided by a power of h.

    neuron_class: w or s; irrep: as in `symmetry.inner_hessian`; place: among those of its irrep,
    from 0, the smallest; power: of h; coefficient: eigenvalue/h^power.
    """

    neuron_class: str
    irrep: str
    place: int
    power: int
    coefficient: Number


def require_splits_stated(family: SymmetricFamily) -> None:
    """Refuse a family for which nothing is stated of the eigenvalues that splits add.

    Raises:
        ValueError: it is not II_1.
    """
    if family != SymmetricFamily(Family.II, 1):
        raise ValueError(
            f"family {family.family} with special_rows = {family.special_rows}; what splits add "
            "is stated for II with 1"
        )


def split_eigenvalues(x: ScaledNetwork) -> list[SplitEigenvalue]:
    """Return all eigenvalues of the inner Hessians of II_1 but the 0 along the neuron itself.

    Args:
        x: II_1 at a scale and at values of its unknowns, critical or not.

    Raises:
        ValueError: another family.
    """
    require_splits_stated(x.family)
    forms = {(y.neuron_class, y.irrep): y for y in inner_forms(x)}
    found = []
    for neuron_class, irrep in (("w", "t"), ("s", "t"), ("w", "s_{p-1}"), ("s", "s_p")):
        form = forms[neuron_class, irrep]
        full = 2 * x.scale.pi * (x.N if neuron_class == "w" else x.M)
        values = _pair(form) if irrep == "t" and neuron_class == "w" else [_single(form)]
        found += [
            SplitEigenvalue(neuron_class, irrep, place, form.power, value / full)
            for place, value in enumerate(values)
        ]
    return found


def _single(x: InnerForm) -> Number:
    """The eigenvalue of a form of one coordinate."""
    return x.form.matrix[0][0] / x.gram.matrix[0][0]


def _pair(x: InnerForm) -> list[Number]:
    """The eigenvalues of a form K of two coordinates, the roots of det(K - y Gram) = 0.

    The discriminant is a square and a product more.
    """
    (top, side), (_, bottom) = x.form.matrix
    (first, mixed), (_, second) = x.gram.matrix
    trace = top * second + bottom * first - 2 * side * mixed
    gap = top * second - bottom * first
    beside = (side * first - top * mixed) * (side * second - bottom * mixed)
    apart = root(gap * gap + 4 * beside)
    full = 2 * (first * second - mixed * mixed)
    return [(trace - apart) / full, (trace + apart) / full]
