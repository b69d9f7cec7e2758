"""Certificates: minima, saddles and counterexamples proved in ball arithmetic, and their checker.

`certify_*` functions return a certificate or a `Failure` that says why there is none; `*_line`
functions write certificates as lines of JSON, `file_text` makes a file of them; the programs that
`checkers` names prove them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.certificates.check import (
        Refused as Refused,
        check_certificate as check_certificate,
        check_line as check_line,
    )
    from relu_landscape.certificates.check_every_k import (
        check_family_for_every_k as check_family_for_every_k,
    )
    from relu_landscape.certificates.check_every_m import (
        check_families_for_every_m as check_families_for_every_m,
    )
    from relu_landscape.certificates.check_one_more import (
        check_further_minimum_for_every_k as check_further_minimum_for_every_k,
    )
    from relu_landscape.certificates.check_saddles import (
        check_saddles_for_every_k as check_saddles_for_every_k,
    )
    from relu_landscape.certificates.convexity_for_all_k import (
        convexity_constant_for_all_k as convexity_constant_for_all_k,
        convexity_radius_for_all_k as convexity_radius_for_all_k,
        convexity_radius_upper_bound as convexity_radius_upper_bound,
    )
    from relu_landscape.certificates.erf_minimum import (
        ErfMinimumCertificate as ErfMinimumCertificate,
        certify_erf_minimum as certify_erf_minimum,
    )
    from relu_landscape.certificates.global_minimum import (
        GlobalMinimumCertificate as GlobalMinimumCertificate,
        certify_global_minimum as certify_global_minimum,
    )
    from relu_landscape.certificates.inequalities import (
        FailingPoint as FailingPoint,
        InequalityCertificate as InequalityCertificate,
        Quantity as Quantity,
        certify_failures as certify_failures,
        certify_inequality as certify_inequality,
        spread_pair as spread_pair,
        tilted_pair as tilted_pair,
        witness as witness,
    )
    from relu_landscape.certificates.lines import (
        erf_minimum_line as erf_minimum_line,
        file_text as file_text,
        global_minimum_line as global_minimum_line,
        inequality_line as inequality_line,
        minimum_line as minimum_line,
        plateau_line as plateau_line,
        saddle_line as saddle_line,
        symmetric_minimum_line as symmetric_minimum_line,
    )
    from relu_landscape.certificates.minimum import (
        MinimumCertificate as MinimumCertificate,
        certify_minimum as certify_minimum,
    )
    from relu_landscape.certificates.network import BallNetwork as BallNetwork
    from relu_landscape.certificates.outcome import (
        Failure as Failure,
        FailureReason as FailureReason,
    )
    from relu_landscape.certificates.plateau import (
        PlateauCertificate as PlateauCertificate,
        certify_plateau as certify_plateau,
        certify_plateaus as certify_plateaus,
    )
    from relu_landscape.certificates.precision import (
        ZeroNeuronError as ZeroNeuronError,
        box as box,
    )
    from relu_landscape.certificates.saddle import (
        SaddleCertificate as SaddleCertificate,
        certify_saddle as certify_saddle,
        certify_splits as certify_splits,
    )
    from relu_landscape.certificates.symmetric_minimum import (
        SymmetricMinimumCertificate as SymmetricMinimumCertificate,
        certify_family as certify_family,
        certify_symmetric_minimum as certify_symmetric_minimum,
    )
    from relu_landscape.certificates.symmetric_plateau import (
        SymmetricPlateauCertificate as SymmetricPlateauCertificate,
        certify_symmetric_plateaus as certify_symmetric_plateaus,
    )
    from relu_landscape.certificates.symmetric_split import SymmetricSplit as SymmetricSplit


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
