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
        zero_halves=_zero_halves(),
        few_student_splits=_few_student_splits(),
        spreads=_spreads(),
        identified_classes=_identified_classes(),
        family_parameters=_family_parameters(),
    )
    return tables | published_tables()


def change(frame: pd.DataFrame, where: Mapping[str, Any], **values: Any) -> None:
    """Set columns of the rows in which the columns of `where` have these values; some must."""
    rows = np.ones(len(frame), dtype=bool)
    for column, value in where.items():
        rows &= (frame[column] == value).to_numpy(dtype=bool)
    if not rows.any():
        raise AssertionError(f"no row has {where}")
    for column, value in values.items():
        frame.loc[rows, column] = value


def changed(
    tables: Mapping[str, pd.DataFrame],
    name: str,
    rows: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> dict[str, pd.DataFrame]:
    """The tables, with other values in the rows of one that have these; any value is taken."""
    table = tables[name].astype(dict.fromkeys(changes, object))
    change(table, rows, **changes)
    return {**tables, name: table.infer_objects()}


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
    """(7, 7), (8, 8) and (8, 9) end at their minima as often as published; (20, 20) as printed in
    Figure 1.
    """
    ends = [
        ("safran2018", 7, 7, 1, 55),
        ("safran2018", 8, 8, 1, 126),
        ("safran2018", 8, 9, 0, 1),
        ("safran2018", 20, 20, 0, 500),
        ("safran2018", 20, 20, 1, 440),
        ("safran2021", 20, 20, 0, 400),
        ("safran2021_large_norm", 7, 7, 1, 5),
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
    rows.append(rate_row("safran2021_large_norm", 14, 14, 335, 500))
    rows += [rate_row("safran2018", 5, n, 0, 1000) for n in range(5, 9)]
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


def _zero_halves() -> Rows:
    return (
        {
            "k": k,
            "n": n,
            "class_id": class_id,
            "kind": kind,
            "neuron": neuron,
            "inner_smallest_eigenvalue": -0.08,
            "slope": -4e-6,
            "slope_error": 1e-14,
        }
        for k, n, class_id, kind, *_ in _POINTS
        if kind != GLOBAL
        for neuron in (0, n - 1)
    )


def _few_student_splits() -> Rows:
    return (
        {
            "k": 4,
            "n": n,
            "class_id": 0,
            "runs": 50,
            "loss": 0.1,
            "kind": SPURIOUS,
            "norm_gap": 0.3,
            "neuron": neuron,
            "inner_smallest_eigenvalue": -0.2,
            "saddles": 2,
            "shares": 2,
            "largest_eigenvalue": -0.4,
            "slope": -1e-5,
            "slope_error": 1e-14,
        }
        for n in (1, 2)
        for neuron in range(n)
    )


def _spreads() -> Rows:
    for k, class_id, spread in ((7, 1, 1e-11), (20, 0, 4.9e-9)):
        yield {
            "search": "safran2021",
            "k": k,
            "n": k,
            "class_id": class_id,
            "runs": 9,
            "spread": spread,
        }


def _identified_classes() -> Rows:
    yield {
        "k": 6,
        "n": 6,
        "class_id": 1,
        "kind": SPURIOUS,
        "family": "II",
        "m": 1,
        "between": 0,
        "isotropy": "Delta(S_5 x S_1)",
    }


def _family_parameters() -> Rows:
    weights = {"r0.diag": 0.98670382, "r0.c0": -0.0504134, "r0.c1": 0.30801099}
    weights |= {"r1.diag": -0.60151192, "r1.c0": 0.22451581}
    point = {"family": "II", "m": 1, "extra": 0, "k": 6}
    return (point | {"parameter": name, "value": value} for name, value in weights.items())
