"""Theorems for every k at once: the families of symmetric minima with k as an interval.

In scaled unknowns the families are analytic in h = k^(-1/2), also at h = 0: one finite computation
over [0, h_1] proves what holds for all k >= 1/h_1^2.

    generic_numbers, quadratic      numbers and forms that the formulas are evaluated in
    scaling, scaled_network         the families and their geometry
    residual                        the equations of a critical point
    forms, standard_components,     the Hessian on its isotypic components
      trivial_component,
      scaled_components
    inner_eigenvalues, scaled_loss  splits of neurons; the loss, and the lengths of the rows
    branch, first_minimum           guesses in floats
    taylor, location                functions over a piece; existence and uniqueness there
    definite_pieces, statements     positive definiteness; all that holds over a piece
    sweep                           from k = infinity on, piece by piece
    certificate, theorem_lines      the theorem, and its lines of JSON
    enclosure, real_thresholds      the theorem at one k; from which real k on it holds
    inner_forms, signed_splits      all that splits of any row add; where signed ones are minima
    enclosed_series                 coefficients in powers of h
    exact_numbers, exact_series     the same as rational functions of pi

and for every number of special rows m at once, over rectangles in r = sqrt(m/k) and 1/sqrt(m):

    rectangles, surface             functions over a rectangle; guesses in floats
    rectangle_location,             existence and uniqueness there; positive definiteness, and all
      rectangle_statements,         that holds there; one curve for every m
      critical_splits,
      rectangle_chains
    every_m_certificate,            the theorem, and its lines of JSON
      tree_lines

and beyond the minima, for II_1 and with one neuron more:

    further_row, further_forms,     A with one neuron more, a saddle
      further_certificate
    split_special_row,              II_1 with one neuron more, a strict minimum
      split_special_forms,          and its lines of JSON
      split_special_loss,
      further_minimum,
      further_minimum_lines
    one_more_first_type             I_1 with one neuron more: how it flattens, to leading order
    split_eigenvalues, split_rates  all that a split of a neuron adds to the Hessian, for II_1
    saddle_lines                    lines of JSON of the last two
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
    from relu_landscape.every_k.enclosed_series import (
        EnclosedSeries as EnclosedSeries,
        enclose_series as enclose_series,
    )
    from relu_landscape.every_k.enclosure import Enclosure as Enclosure, enclose as enclose
    from relu_landscape.every_k.every_m_certificate import (
        CertifiedRectangle as CertifiedRectangle,
        EveryMCertificate as EveryMCertificate,
        certify_families_for_all_m as certify_families_for_all_m,
    )
    from relu_landscape.every_k.exact_series import (
        exact_loss_series as exact_loss_series,
        exact_split_series as exact_split_series,
    )
    from relu_landscape.every_k.further_certificate import (
        SaddleForEveryK as SaddleForEveryK,
        SaddlePiece as SaddlePiece,
        certify_saddle_for_all_k as certify_saddle_for_all_k,
    )
    from relu_landscape.every_k.further_minimum import (
        FurtherMinimumForEveryK as FurtherMinimumForEveryK,
        FurtherMinimumPiece as FurtherMinimumPiece,
        certify_further_minimum_for_all_k as certify_further_minimum_for_all_k,
    )
    from relu_landscape.every_k.further_minimum_lines import (
        further_minimum_for_every_k_lines as further_minimum_for_every_k_lines,
    )
    from relu_landscape.every_k.real_thresholds import (
        LeastRealK as LeastRealK,
        least_real_k as least_real_k,
        least_real_k_of_saddle as least_real_k_of_saddle,
    )
    from relu_landscape.every_k.saddle_lines import (
        saddle_for_every_k_lines as saddle_for_every_k_lines,
    )
    from relu_landscape.every_k.signed_splits import (
        SignedSplitsForEveryK as SignedSplitsForEveryK,
        decide_signed_splits as decide_signed_splits,
        signed_splits_of as signed_splits_of,
    )
    from relu_landscape.every_k.split_rates import (
        EnclosedSplit as EnclosedSplit,
        enclose_split_series as enclose_split_series,
        enclose_splits as enclose_splits,
    )
    from relu_landscape.every_k.theorem_lines import every_k_lines as every_k_lines
    from relu_landscape.every_k.tree_lines import every_m_lines as every_m_lines


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
