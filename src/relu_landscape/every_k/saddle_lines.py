"""Saddles with one neuron more, for every k, as lines of JSON; see `theorem_lines`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates.lines import to_line
from relu_landscape.every_k.certificate import EveryKCertificate
from relu_landscape.every_k.further_certificate import SaddleForEveryK
from relu_landscape.every_k.further_row import A_WITH_FURTHER_ROW
from relu_landscape.every_k.split_rates import EnclosedSplit
from relu_landscape.every_k.theorem_lines import located_line

_EIGENVALUES: Final = {
    ("w", "t", 0): "w t 0",
    ("w", "t", 1): "w t 1",
    ("w", "s_{p-1}", 0): "w s",
    ("s", "t", 0): "s t",
    ("s", "s_p", 0): "s s",
}


@checked_arguments(certificate=instance_of(SaddleForEveryK))
def saddle_for_every_k_lines(certificate: SaddleForEveryK) -> list[str]:
    """Return the lines that state A with one neuron more to be a saddle: header, pieces.

    Args:
        certificate: the proof.
    """
    header = {
        "statement": "saddle_for_every_k",
        "family": "A",
        "further_rows": 1,
        "least_k": str(certificate.least_k),
        "bits": certificate.bits,
        "unknowns": list(A_WITH_FURTHER_ROW.unknowns),
    }
    lines = [header]
    for found in certificate.pieces:
        lower = {name: str(x) for name, x in found.eigenvalue_lower.items()}
        said = {"eigenvalue_lower": lower, "negative_upper": str(found.negative_upper)}
        lines.append(located_line(A_WITH_FURTHER_ROW, found) | said)
    return list(map(to_line, lines))


def splits_for_every_k_lines(
    certificate: EveryKCertificate, splits: Sequence[Sequence[EnclosedSplit]]
) -> list[str]:
    """Return the lines that state what splits of II_1 add to the Hessian: header, pieces.

    Args:
        certificate: II_1 for every k from a bound on.
        splits: of `enclose_splits`, piece by piece.
    """
    family = certificate.family
    header: dict[str, Any] = {
        "statement": "splits_for_every_k",
        "family": family.family.value,
        "special_rows": family.special_rows,
        "least_k": str(certificate.least_k),
        "bits": certificate.bits,
        "unknowns": list(family.unknowns),
    }
    lines = [header]
    for found, values in zip(certificate.pieces, splits, strict=True):
        enclosed = {
            _EIGENVALUES[x.neuron_class, x.irrep, x.place]: [str(y) for y in x.coefficients[0]]
            for x in values
        }
        lines.append(located_line(family, found) | {"splits": enclosed})
    return list(map(to_line, lines))
