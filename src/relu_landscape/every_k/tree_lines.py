"""Certificates for every m as lines of JSON, with exact numbers.

One line states the families and the bounds; the others are the nodes of the tree of rectangles,
each before its halves, the lower one first. Interval ends, polynomials and radii are hexadecimal
floats, bounds are decimal numbers, all in strings.
"""

from __future__ import annotations

from typing import Any

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates.lines import to_line
from relu_landscape.every_k.every_m_certificate import (
    CertifiedRectangle,
    EveryMCertificate,
    Halving,
    TreeNode,
)
from relu_landscape.every_k.rectangles import Rectangle
from relu_landscape.every_k.scaling import UNKNOWNS
from relu_landscape.families.family import Family


@checked_arguments(certificate=instance_of(EveryMCertificate))
def every_m_lines(certificate: EveryMCertificate) -> list[str]:
    """Return the lines that state families for every m: their header, then node by node.

    Args:
        certificate: the proof.
    """
    header = {
        "statement": "families_for_every_m",
        "family": certificate.family.value,
        "least_special_rows": certificate.least_special_rows,
        "least_ratio": str(certificate.least_ratio),
        "bits": certificate.bits,
        "unknowns": list(UNKNOWNS),
        "loss_power": int(certificate.family is Family.II),
    }
    return [to_line(header), *(to_line(_node(x)) for x in certificate.nodes)]


def _node(node: TreeNode) -> dict[str, Any]:
    if isinstance(node, CertifiedRectangle):
        return _certified(node)
    where = _ends(node.rectangle)
    if isinstance(node, Halving):
        return {"statement": "halving", **where, "along": node.along}
    return {"statement": "no_line", **where}


def _certified(found: CertifiedRectangle) -> dict[str, Any]:
    rectangle, location, statements = found.rectangle, found.location, found.statements
    rows = rectangle.special_rows
    lower, inner = statements.eigenvalue_lower, statements.inner_upper
    return {
        "statement": "rectangle",
        **_ends(rectangle),
        "special_rows": rows[0] if rows is not None and rectangle.is_line else None,
        "predictor": {
            name: [x.hex() for x in row]
            for name, row in zip(UNKNOWNS, found.surface.coefficients, strict=True)
        },
        "radius": _by_name(location.radius.tolist()),
        "uniqueness": _by_name(location.uniqueness.tolist()),
        "eigenvalue_lower": {name: str(x) for name, x in lower.items()},
        "inner_upper": {name: str(x) for name, x in inner.items()},
        "loss": [str(x) for x in statements.loss],
    }


def _ends(rectangle: Rectangle) -> dict[str, list[str]]:
    return {"r": [x.hex() for x in rectangle.r], "s": [x.hex() for x in rectangle.s]}


def _by_name(values: list[float]) -> dict[str, str]:
    return {name: x.hex() for name, x in zip(UNKNOWNS, values, strict=True)}
