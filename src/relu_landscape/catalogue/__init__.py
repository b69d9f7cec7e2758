"""The catalogue of critical points: classes that runs met, points of families, and theorems.

What the published run of quick holds comes with the package and is read offline:

    from relu_landscape import catalogue

    best, *others = catalogue.find(k=13, n=13)
    W = best.weights()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.catalogue.critical_points import (
        CatalogueTheorem as CatalogueTheorem,
        CriticalPoint as CriticalPoint,
        DistinctEigenvalue as DistinctEigenvalue,
        PointCertificate as PointCertificate,
        RunsOfSearch as RunsOfSearch,
        SplitLanding as SplitLanding,
        WeightsByBlock as WeightsByBlock,
    )
    from relu_landscape.catalogue.packaged import (
        find as find,
        find_by_id as find_by_id,
        theorems as theorems,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
