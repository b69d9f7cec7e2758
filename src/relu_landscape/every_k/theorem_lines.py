"""Certificates for every k as lines of JSON, with exact numbers.

One line states the family and its bound, one line each piece. Interval ends, predictors and radii
are hexadecimal floats, bounds are decimal numbers, all in strings.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates.lines import to_line
from relu_landscape.every_k.certificate import CertifiedPiece, EveryKCertificate
from relu_landscape.every_k.location import LocatedPiece
from relu_landscape.every_k.scaling import SymmetricFamily


@checked_arguments(certificate=instance_of(EveryKCertificate))
def every_k_lines(certificate: EveryKCertificate) -> list[str]:
    """Return the lines that state a family for every k: its header, then piece by piece.

    Args:
        certificate: the proof.
    """
    family = certificate.family
    header = {
        "statement": "family_for_every_k",
        "family": family.family.value,
        "special_rows": family.special_rows,
        "least_k": _fraction(certificate.least_k),
        "bits": certificate.bits,
        "unknowns": list(family.unknowns),
        "loss_power": int(family.sign == 1),
    }
    return [to_line(header), *(_piece_line(family, x) for x in certificate.pieces)]


def located_line(family: SymmetricFamily, found: LocatedPiece) -> dict[str, Any]:
    """Return where a branch runs over a piece, as the beginning of a line.

    Args:
        family: the family.
        found: the piece.
    """
    names = family.unknowns
    return {
        "statement": "piece",
        "h": [found.piece.left.hex(), found.piece.right.hex()],
        "predictor": {
            name: [x.hex() for x in row]
            for name, row in zip(names, found.predictor.coefficients.tolist(), strict=True)
        },
        "radius": _by_name(names, found.location.radius.tolist()),
        "uniqueness": _by_name(names, found.location.uniqueness.tolist()),
    }


def _piece_line(family: SymmetricFamily, found: CertifiedPiece) -> str:
    statements = found.statements
    line = located_line(family, found) | {
        "eigenvalue_lower": {name: str(x) for name, x in statements.eigenvalue_lower.items()},
        "inner_upper": {
            name: [x.power, str(x.upper)] for name, x in statements.inner_upper.items()
        },
        "loss": [str(x) for x in statements.loss],
    }
    if statements.norm_gap is not None:
        line["norm_gap"] = [str(x) for x in statements.norm_gap]
    classes = statements.inner_upper
    line["signed_splits"] = {name: found.signed_splits[name].value for name in classes}
    return to_line(line)


def _by_name(names: Iterable[str], values: list[float]) -> dict[str, str]:
    return {name: x.hex() for name, x in zip(names, values, strict=True)}


def _fraction(number: Fraction) -> str:
    return str(number)
