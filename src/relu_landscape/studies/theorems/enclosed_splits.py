"""Eigenvalues of inner Hessians over pieces of a theorem, and which of them is the lowest where."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["EIGENVALUE", "eigenvalues_over_h", "lowest_in", "of_eigenvalue", "whole_k_from"]

EIGENVALUE = ("neuron_class", "irrep", "place")


def eigenvalues_over_h(splits: pd.DataFrame) -> pd.DataFrame:
    """The rows of theorem_splits with low and high, the ends of eigenvalue/h, h = k^(-1/2).

    Args:
        splits: rows of theorem_splits; the power of h of some is above 1.
    """
    right, left = splits["least_k"] ** -0.5, splits["largest_k"].fillna(np.inf) ** -0.5
    further = splits["power"] - 1
    ends = [splits[end] * h**further for end in ("lower", "upper") for h in (left, right)]
    return splits.assign(low=np.minimum.reduce(ends), high=np.maximum.reduce(ends))


def of_eigenvalue(splits: pd.DataFrame, name: Sequence[object]) -> pd.DataFrame:
    """The rows of one eigenvalue, piece by piece from k = infinity on.

    Args:
        splits: rows of theorem_splits.
        name: class, representation and place.
    """
    meant = np.logical_and.reduce(
        [splits[column] == value for column, value in zip(EIGENVALUE, name, strict=True)]
    )
    return splits[meant].sort_values("piece")


def lowest_in(splits: pd.DataFrame, name: Sequence[object]) -> pd.DataFrame:
    """The rows of one eigenvalue with `lowest`: whether it is below all others in the whole piece.

    Args:
        splits: rows of theorem_splits.
        name: class, representation and place.
    """
    enclosed = eigenvalues_over_h(splits)
    own = of_eigenvalue(enclosed, name)
    others = enclosed.drop(own.index).groupby("piece")["low"].min()
    return own.assign(lowest=own["high"].to_numpy() < others.loc[own["piece"]].to_numpy())


def whole_k_from(pieces: pd.DataFrame, holds: pd.Series) -> int | None:
    """The least whole k from which on something holds in all pieces; None if not for large k.

    Args:
        pieces: one row a piece, from k = infinity on.
        holds: whether it does.
    """
    unbroken = pieces[holds.astype(int).cummin().astype(bool)]
    return None if unbroken.empty else math.ceil(unbroken["least_k"].min())
