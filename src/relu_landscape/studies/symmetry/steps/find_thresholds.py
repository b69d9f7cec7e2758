"""The k at which each family becomes a minimum."""

from collections.abc import Sequence

from relu_landscape.families.member_reach import LARGEST_SPLIT
from relu_landscape.studies.steps import Made
from relu_landscape.studies.symmetry.family_records import threshold_record


def find_thresholds(blocks: Sequence[int]) -> Made:
    """The real k of every family with an eigenvalue that passes zero."""
    families = [("A", None, 0), *((family, m, 0) for family in ("I", "II") for m in blocks)]
    # A with a neuron more is a saddle at every k.
    split = [m for m in blocks if m <= LARGEST_SPLIT]
    families += [(family, m, m) for family in ("I", "II") for m in split]
    return {"stability_thresholds": [threshold_record(*family) for family in families]}
