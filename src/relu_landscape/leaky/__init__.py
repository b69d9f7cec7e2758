"""Leaky networks: families of symmetric critical points in the slope s, folds, proofs in balls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.leaky.folds import (
        Fold as Fold,
        first_fold as first_fold,
    )
    from relu_landscape.leaky.leaky_points import (
        LeakyCriticalPoint as LeakyCriticalPoint,
        leaky_critical_point as leaky_critical_point,
    )
    from relu_landscape.leaky.leaky_proofs import (
        EnclosedPoint as EnclosedPoint,
        enclose_leaky_point as enclose_leaky_point,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
