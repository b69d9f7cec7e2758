"""Certificates: minima, saddles and counterexamples proved in ball arithmetic, and their checker.

`certify_*` functions return a certificate or a `Failure` that says why there is none; `*_line`
functions write certificates as lines of JSON, `file_text` makes a file of them; `check` stands
alone and proves them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.certificates.check import Refused, check_certificate, check_line
    from relu_landscape.certificates.failures import (
        FailingPoint,
        InequalityCertificate,
        Quantity,
        certify_failures,
        certify_inequality,
        spread_pair,
        tilted_pair,
        witness,
    )
    from relu_landscape.certificates.global_minimum import (
        GlobalMinimumCertificate,
        certify_global_minimum,
    )
    from relu_landscape.certificates.lines import (
        file_text,
        global_minimum_line,
        inequality_line,
        minimum_line,
        saddle_line,
        symmetric_minimum_line,
    )
    from relu_landscape.certificates.minimum import MinimumCertificate, certify_minimum
    from relu_landscape.certificates.network import BallNetwork
    from relu_landscape.certificates.outcome import Failure, FailureReason
    from relu_landscape.certificates.precision import ZeroNeuronError, box
    from relu_landscape.certificates.saddle import SaddleCertificate, certify_saddle, certify_splits
    from relu_landscape.certificates.symmetric_minimum import (
        SymmetricMinimumCertificate,
        SymmetricSplit,
        certify_family,
        certify_symmetric_minimum,
    )

__all__ = [
    "BallNetwork",
    "FailingPoint",
    "Failure",
    "FailureReason",
    "GlobalMinimumCertificate",
    "InequalityCertificate",
    "MinimumCertificate",
    "Quantity",
    "Refused",
    "SaddleCertificate",
    "SymmetricMinimumCertificate",
    "SymmetricSplit",
    "ZeroNeuronError",
    "box",
    "certify_failures",
    "certify_family",
    "certify_global_minimum",
    "certify_inequality",
    "certify_minimum",
    "certify_saddle",
    "certify_splits",
    "certify_symmetric_minimum",
    "check_certificate",
    "check_line",
    "file_text",
    "global_minimum_line",
    "inequality_line",
    "minimum_line",
    "saddle_line",
    "spread_pair",
    "symmetric_minimum_line",
    "tilted_pair",
    "witness",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "BallNetwork": "network",
        "FailingPoint": "failures",
        "Failure": "outcome",
        "FailureReason": "outcome",
        "GlobalMinimumCertificate": "global_minimum",
        "InequalityCertificate": "failures",
        "MinimumCertificate": "minimum",
        "Quantity": "failures",
        "Refused": "check",
        "SaddleCertificate": "saddle",
        "SymmetricMinimumCertificate": "symmetric_minimum",
        "SymmetricSplit": "symmetric_minimum",
        "ZeroNeuronError": "precision",
        "box": "precision",
        "certify_failures": "failures",
        "certify_family": "symmetric_minimum",
        "certify_global_minimum": "global_minimum",
        "certify_inequality": "failures",
        "certify_minimum": "minimum",
        "certify_saddle": "saddle",
        "certify_splits": "saddle",
        "certify_symmetric_minimum": "symmetric_minimum",
        "check_certificate": "check",
        "check_line": "check",
        "file_text": "lines",
        "global_minimum_line": "lines",
        "inequality_line": "lines",
        "minimum_line": "lines",
        "saddle_line": "lines",
        "spread_pair": "failures",
        "symmetric_minimum_line": "lines",
        "tilted_pair": "failures",
        "witness": "failures",
    },
)
