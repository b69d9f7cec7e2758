"""II_1 with one neuron more, a minimum for every k, as lines of JSON; see `theorem_lines`."""

from __future__ import annotations

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates.lines import to_line
from relu_landscape.every_k.further_minimum import FurtherMinimumForEveryK
from relu_landscape.every_k.split_special_row import II_WITH_SPLIT_SPECIAL_ROW
from relu_landscape.every_k.theorem_lines import located_line


@checked_arguments(certificate=instance_of(FurtherMinimumForEveryK))
def further_minimum_for_every_k_lines(certificate: FurtherMinimumForEveryK) -> list[str]:
    """Return the lines that state II_1 with one neuron more to be a minimum: header, pieces.

    Args:
        certificate: the proof.
    """
    family = II_WITH_SPLIT_SPECIAL_ROW
    header = {
        "statement": "further_minimum_for_every_k",
        "family": "II",
        "special_rows": 1,
        "further_rows": 1,
        "least_k": str(certificate.least_k),
        "bits": certificate.bits,
        "unknowns": list(family.unknowns),
    }
    lines = [header]
    for found in certificate.pieces:
        lower = {name: str(x) for name, x in found.eigenvalue_lower.items()}
        lines.append(located_line(family, found) | {"eigenvalue_lower": lower})
    return list(map(to_line, lines))
