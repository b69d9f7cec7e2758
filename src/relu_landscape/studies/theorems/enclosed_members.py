"""Points of the families that are solved at one k, beside the pieces of theorems for every k."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["members_in_pieces"]

FAMILY = ["family", "m", "extra"]


def members_in_pieces(points: pd.DataFrame, pieces: pd.DataFrame) -> pd.DataFrame:
    """The points, each with the piece that its k lies in.

    Args:
        points: rows of family_points.
        pieces: rows of theorem_pieces, at n = k, or of theorem_further_minimum_pieces.

    Returns:
        The points of families that have pieces, as far as these reach, with the columns of the
        piece and scaled_loss, which is F for A and I_m and k F/m for II_m.
    """
    bounds = pieces.rename(columns={"least_k": "from_k"})
    if "extra" not in bounds:
        bounds = bounds.assign(extra=0)
    joined = points.merge(bounds, on=FAMILY)
    within = (joined["k"] >= joined["from_k"]) & (joined["k"] <= joined["largest_k"].fillna(np.inf))
    # A k at the end of two pieces lies in both.
    members = joined[within].drop_duplicates([*FAMILY, "k"])
    scale = np.where(members["family"] == "II", members["k"] / members["m"].clip(lower=1), 1.0)
    return members.assign(scaled_loss=members["loss"] * scale)
