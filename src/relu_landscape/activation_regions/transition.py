"""The width at which half of the Jacobians have full rank, and what it is compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from relu_landscape.activation_regions.tables.full_rank import Reading, TransitionWidths
from relu_landscape.judging.statistics import clopper_pearson

HALF = 0.5
_COLUMN = ["figure", "data", "initialisation", "d0", "n"]
_UNBIASED = "linear_layer_no_bias"
# How full rank was decided, and the columns of successes and trials.
_READINGS: tuple[tuple[Reading, str, str], ...] = (
    ("exact", "full", "trials"),
    ("float32", "float32_full", "compared_trials"),
)


@dataclass(frozen=True)
class Transition:
    """Where a share of successes that grows with the width passes one half.

    Attributes
    ----------
    width: the width at one half, on the line through the shares; None outside the widths tried.
    low, high: ends of its confidence interval; None where it reaches beyond the widths tried.
    begins_above: whether the share is above one half at the smallest width tried.
    """

    width: float | None
    low: float | None
    high: float | None
    begins_above: bool


def half_width(
    widths: ArrayLike, successes: ArrayLike, trials: ArrayLike, confidence: float = 0.99
) -> Transition:
    """Width at which the share of successes passes one half, by linear interpolation.

    The shares are first made to grow with the width, in the sense of least squares weighted by the
    trials; that is their maximum likelihood under growth, and leaves growing shares alone. What is
    estimated is thus the crossing of the polygon through the true probabilities at the widths
    tried, and the interval is one for this number: its ends are the crossings of the polygons
    through the upper and through the lower ends of the Clopper-Pearson intervals. The crossing
    hangs on the two widths around it, so each of these gets half of the error allowed.

    Args:
        widths: (m,), increasing.
        successes: (m,), successes at each width.
        trials: (m,), trials at each width, at least 1.
        confidence: of the interval.

    Raises:
        ValueError: widths that do not increase, no widths, unequal lengths, impossible counts.
    """
    at = np.asarray(widths, dtype=np.float64)
    good, all_ = np.asarray(successes), np.asarray(trials)
    if at.ndim != 1 or at.size == 0 or at.shape != good.shape or at.shape != all_.shape:
        raise ValueError(
            f"half_width: shapes {at.shape}, {good.shape} and {all_.shape}; "
            "give three lists of one length >= 1"
        )
    if np.any(np.diff(at) <= 0):
        raise ValueError("half_width: the widths must increase")
    each = 1.0 - (1.0 - confidence) / 2.0
    ends = np.array(
        [clopper_pearson(int(s), int(t), each) for s, t in zip(good, all_, strict=True)]
    )
    shares = isotonic_regression(good / all_, weights=all_).x
    lower, upper = isotonic_regression(ends[:, 0]).x, isotonic_regression(ends[:, 1]).x
    return Transition(
        _crossing(at, shares), _crossing(at, upper), _crossing(at, lower), bool(shares[0] > HALF)
    )


def necessary_width(n: int, weights: int) -> int:
    """Smallest d1 with at least as many columns as points, weights * d1 >= n."""
    return math.ceil(n / weights)


def row_width(n: int) -> float:
    """The d1 at which (1 - 2^-d1)^n = 1/2.

    With patterns drawn uniformly from all binary ones this is the probability that no row of
    zeros is drawn, an upper bound of that of full rank. Patterns of networks are not drawn so.
    """
    return -math.log2(-math.expm1(-math.log(2.0) / n))


def sufficient_width(n: int, weights: int) -> float:
    """The d1 at which the bound weights * 2^(ceil(n/weights) - d1) on a lack of rank is 1/2.

    It holds for patterns drawn uniformly from all binary ones and points in general position, and
    not for the patterns of networks, of which few inputs allow only few.
    """
    return math.ceil(n / weights) + 1.0 + math.log2(weights)


def find_transitions(cells: pd.DataFrame, *, confidence: float) -> list[TransitionWidths]:
    """Width at 50 % full rank of each column of the heat maps, exactly and as read in float32.

    Args:
        cells: table `full_rank_cells`.
        confidence: of the intervals.
    """
    rows = []
    for _, column in cells.sort_values("d1").groupby(_COLUMN):
        for reading, successes, trials in _READINGS:
            counted = column[column[trials] > 0]
            if not counted.empty:
                found = half_width(counted["d1"], counted[successes], counted[trials], confidence)
                rows.append(_row(reading, counted, found, trials))
    return rows


def _row(
    reading: Reading, column: pd.DataFrame, found: Transition, trials: str
) -> TransitionWidths:
    first, last = column.iloc[0], column.iloc[-1]
    n, d0, ratio = int(first["n"]), int(first["d0"]), float(first["ratio"])
    weights = d0 + int(first["initialisation"] != _UNBIASED)
    wide = column[weights * column["d1"] >= n]
    return TransitionWidths(
        figure=first["figure"],
        data=first["data"],
        initialisation=first["initialisation"],
        ratio=None if math.isnan(ratio) else ratio,
        d0=d0,
        n=n,
        reading=reading,
        width=found.width,
        width_low=found.low,
        width_high=found.high,
        begins_above=found.begins_above,
        first_width=int(first["d1"]),
        last_width=int(last["d1"]),
        trials=int(column[trials].min()),
        necessary_width=necessary_width(n, weights),
        row_width=row_width(n),
        sufficient_width=sufficient_width(n, weights),
        wide_zero_row=int(wide["zero_row"].sum()),
        wide_equal_rows=int(wide["equal_rows"].sum()),
        wide_dependent_rows=int(wide["dependent_rows"].sum()),
    )


def _crossing(at: NDArray[np.float64], shares: NDArray[np.float64]) -> float | None:
    """Where the polygon through nondecreasing shares reaches one half; None if it does not.

    Where it stays at one half, the middle of that stretch.
    """
    if shares[0] > HALF or shares[-1] < HALF:
        return None
    first = int(np.searchsorted(shares, HALF, side="left"))
    beyond = int(np.searchsorted(shares, HALF, side="right"))
    if beyond > first:
        return float(at[first] + at[beyond - 1]) / 2.0
    step = (HALF - shares[first - 1]) / (shares[first] - shares[first - 1])
    return float(at[first - 1] + step * (at[first] - at[first - 1]))
