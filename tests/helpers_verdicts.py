"""A tiny study in which every claim holds, to be corrupted one number at a time.

Four critical points at (7, 7), (8, 8), (8, 9) and (20, 20) are enough: losses, eigenvalues and
norms of the special ones are the published ones, the rest is made up.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers_rows import Rows, tables_of
from helpers_tables import published_tables

CONSTANT = 0.25 - 0.5 / np.pi
ALPHAS = (0.5, 0.1)
GLOBAL, SPURIOUS = "global_minimum", "spurious_minimum"

Tables = dict[str, pd.DataFrame]

# k, n, class_id, kind, loss, smallest eigenvalue, norm gap, p, number of different weights
_POINTS = [
    (7, 7, 0, GLOBAL, 1e-31, CONSTANT, 0.0, "7", 2),
    (7, 7, 1, SPURIOUS, 0.0232030, 0.0140590, 0.018271, "1+6", 5),
    (8, 8, 0, GLOBAL, 1e-31, CONSTANT, 0.0, "8", 2),
    (8, 8, 1, SPURIOUS, 0.0215080, 0.0213470, 0.014387, "1+7", 5),
    (8, 8, 2, "saddle", 0.0300000, -0.0100000, 0.020000, "1+7", 5),
    (8, 9, 0, SPURIOUS, 0.0205600, 0.0059400, 0.004030, "1+7", 9),
    (20, 20, 0, SPURIOUS, 0.0340000, 0.0383000, 0.003000, "2+18", 6),
    (20, 20, 1, SPURIOUS, 0.0309000, 0.0383000, 0.008000, "1+1+18", 11),
]


def sound_study() -> Tables:
    """The tables, and the published ones; each call makes new frames."""
    tables = tables_of(
        classes=_classes(),
        curvature=_curvature(),
        neurons=_neurons(),
        splits=_splits(),
        fates=_fates(),
        memberships=_memberships(),
        bad_run_rates=_rates(),
        global_minimum_counts=_global_counts(),
        confirmations=_confirmations(),
    )
    return tables | published_tables()


def change(frame: pd.DataFrame, where: Mapping[str, Any], **values: Any) -> None:
    """Set columns of the rows in which the columns of `where` have these values; some must."""
    rows = np.logical_and.reduce([frame[column] == value for column, value in where.items()])
    if not rows.any():
        raise AssertionError(f"no row has {where}")
    for column, value in values.items():
        frame.loc[rows, column] = value


def rate_row(search: str, k: int, n: int, bad: int, runs: int) -> dict[str, Any]:
    """A row of bad_run_rates; the interval is not used by any test."""
    return {
        "search": search,
        "k": k,
        "n": n,
        "runs": runs,
        "bad": bad,
        "percent_bad": 100.0 * bad / runs,
    }


def _classes() -> Rows:
    return (
        {
            "k": k,
            "n": n,
            "d": k,
            "class_id": class_id,
            "runs": 60,
            "loss": loss,
            "gradient_norm": 1e-15,
            "coordinate_orbits": orbits,
            "distinct_values": values,
            "distance_to_global_minima": 0.0 if kind == GLOBAL else 1.3,
            "is_global": kind == GLOBAL,
        }
        for k, n, class_id, kind, loss, _, _, orbits, values in _POINTS
    )


def _curvature() -> Rows:
    return (
        {
            "k": k,
            "n": n,
            "class_id": class_id,
            "runs": 60,
            "loss": loss,
            "kind": kind,
            "smallest_eigenvalue": smallest,
            "eigenvalue_error": 1e-14,
            "norm_sum": k - gap,
            "norm_gap": gap,
            "largest_inner_eigenvalue": 0.0 if kind == GLOBAL else -0.08,
            "largest_mean_curvature": 0.0 if kind == GLOBAL else -0.02,
            "proved": _proved(k, kind),
            "norm_sum_proved": _proved(k, kind) if n == k else "not_proved",
            "splits_proved": _proved(k, kind),
        }
        for k, n, class_id, kind, loss, smallest, gap, _, _ in _POINTS
    )


def _proved(k: int, kind: str) -> str:
    """Minima are proved, except those at (20, 20), which were not tried."""
    if kind == GLOBAL or k == 20:
        return "not_tried"
    return "proved" if kind == SPURIOUS else "not_proved"


def _neurons() -> Rows:
    return (
        {
            "k": k,
            "n": n,
            "class_id": class_id,
            "neuron": neuron,
            "inner_smallest_eigenvalue": 0.0 if kind == GLOBAL else -0.08,
            "proved": _proved(k, kind),
        }
        for k, n, class_id, kind, *_ in _POINTS
        for neuron in range(n)
    )


def _splits() -> Rows:
    return (
        {
            "k": k,
            "n": n,
            "class_id": class_id,
            "kind": kind,
            "neuron": neuron,
            "alpha": alpha,
            "gradient_norm": 1e-15,
            "smallest_eigenvalue": -0.04 * (1 / alpha + 1 / (1 - alpha)) * (1 + (alpha < 0.5)),
            "inner_smallest_eigenvalue": -0.08,
            "bound": -0.04 * (1 / alpha + 1 / (1 - alpha)),
            "verdict": "strict_saddle",
            "proved": _proved(k, kind),
        }
        for k, n, class_id, kind, *_ in _POINTS
        if kind != GLOBAL
        for neuron in range(n)
        for alpha in ALPHAS
    )


def _fates() -> Rows:
    keys = ("k", "n", "class_id", "neuron", "alpha")
    landing = {"loss_before": 0.03, "loss_after": 0.01, "landing": "new"}
    return (
        {key: split[key] for key in keys} | {"sign": sign} | landing
        for split in _splits()
        for sign in (1, -1)
    )


def _memberships() -> Rows:
    """(7, 7) and (8, 8) end 55 and 100 times at their minimum; (20, 20) as printed in Figure 1."""
    ends = [
        ("safran2018", 7, 7, 1, 55),
        ("safran2018", 8, 8, 1, 100),
        ("safran2018", 8, 9, 0, 1),
        ("safran2018", 20, 20, 0, 500),
        ("safran2018", 20, 20, 1, 440),
        ("safran2021", 20, 20, 0, 400),
    ]
    return (
        {"search": search, "k": k, "n": n, "restart": restart, "class_id": class_id}
        for search, k, n, class_id, runs in ends
        for restart in range(1000 * class_id, 1000 * class_id + runs)
    )


def _rates() -> Rows:
    published = published_tables()["safran2018_bad_run_rates"]
    rows = [
        rate_row("safran2018", int(k), int(n), round(10 * percent), 1000)
        for k, n, percent in zip(
            published["k"], published["n"], published["percent_bad_all"], strict=True
        )
    ]
    rows += [rate_row("safran2018", k, k + 2, 0, 1000) for k in range(6, 19)]
    rows.append(rate_row("safran2018_second_seed", 14, 14, 655, 1000))
    rows.append(rate_row("safran2021", 14, 14, 330, 500))
    return rows


def _global_counts() -> Rows:
    published = published_tables()["safran2021_global_minimum_counts"]
    return (
        {"search": "safran2021", "k": int(k), "n": int(k), "runs": 500, "at_global": int(runs)}
        for k, runs in zip(published["k"], published["runs_at_global_minimum"], strict=True)
    )


def _confirmations() -> Rows:
    return (
        {
            "search": "safran2018",
            "k": 8,
            "n": 9,
            "restart": restart,
            "distance": 0.009,
            "decay_exponent": -1.01 if restart < 19 else None,
            "confirmed": True,
        }
        for restart in range(20)
    )
