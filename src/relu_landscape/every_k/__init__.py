"""Theorems for every k at once: the families of symmetric minima with k as an interval.

In scaled unknowns the families are analytic in h = k^(-1/2), also at h = 0: one finite computation
over [0, h_1] proves what holds for all k >= 1/h_1^2.

    arithmetic, quadratic             numbers and forms that the formulas are evaluated in
    scaling, network, residual        the families, their geometry, the equations of a critical point
    forms, standard, trivial          the Hessian on its isotypic components (`components`: all)
    inner, loss                       splits of neurons; the loss, and the lengths of the rows
    branch, taylor, location          guesses; functions over a piece; existence and uniqueness
    definite, statements              positive definiteness; all that holds over a piece
    certificate, lines, enclosure     the theorem; as JSON; at one k
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.every_k.certificate import (
        CertifiedPiece as CertifiedPiece,
        EveryKCertificate as EveryKCertificate,
        certify_family_for_all_k as certify_family_for_all_k,
    )
    from relu_landscape.every_k.enclosure import Enclosure as Enclosure, enclose as enclose
    from relu_landscape.every_k.lines import every_k_lines as every_k_lines


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
