"""What certificates prove, as columns of the tables of what floats measure; free for every room.

Each function of `*_statements` turns a table of certificates into yes or no, by what singles out
the rows that the answer is about; `mark_proved` writes the answers beside such rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import pandas as pd

from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.rows import CLASS, POINT


class Proved(StrEnum):
    """Whether a statement about a row is proved."""

    PROVED = "proved"  # by a certificate
    NOT_PROVED = "not_proved"  # a certificate was tried for, and does not say it
    NOT_TRIED = "not_tried"


def mark_proved(
    records: Iterable[Mapping[str, Any]], statements: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return the records, each with a `Proved` for every column of statements.

    Args:
        records: rows of a table.
        statements: whether something is proved; the names of its index are columns of the records
            and single out those that it is about.
    """
    nothing = dict.fromkeys(statements.columns, Proved.NOT_TRIED.value)
    answers = {key: _words(answer) for key, answer in statements.to_dict("index").items()}
    names = [str(name) for name in statements.index.names]
    return [
        {**record, **answers.get(tuple(record[name] for name in names), nothing)}
        for record in records
    ]


def count_proved(rows: pd.DataFrame, column: str = "proved") -> int:
    """How many rows have a proof of what the column is about."""
    return int((rows[column] == Proved.PROVED).sum())


def class_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """What is proved of classes: a spurious minimum, its sum of norms, all of its splits.

    Args:
        certified: rows of certified_classes.
    """
    statements = certified.assign(
        norm_sum_proved=certified["norm_sum_below_k"] == "proved",
        splits_proved=_all_splits(certified),
    )
    columns = ["proved", "norm_sum_proved", "splits_proved"]
    return statements.set_index(list(CLASS))[columns]


def neuron_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """Whether every split of a neuron is proved a saddle: where all splits of its class are.

    Args:
        certified: rows of certified_classes.
    """
    return class_statements(certified)[["splits_proved"]].set_axis(["proved"], axis=1)


def family_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """Whether a point of a symmetric family is proved a spurious minimum.

    Args:
        certified: rows of certified_families.
    """
    return certified.set_index(list(POINT))[["proved"]]


def family_split_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """Whether a point of a symmetric family is proved one, and all of its splits saddles.

    Args:
        certified: rows of certified_families.
    """
    return family_statements(certified.assign(proved=_all_splits(certified)))


def eigenvalue_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """Whether the smallest eigenvalue at the global minimum of n = k is enclosed around its form.

    Args:
        certified: rows of certified_global_minima.

    Source: S21, Theorem 3, for 1/4 - 1/(2 pi).
    """
    above = certified["eigenvalue_lower"] <= STRONG_CONVEXITY
    below = certified["eigenvalue_upper"] >= STRONG_CONVEXITY
    return certified.assign(rank=0, proved=above & below).set_index(["k", "rank"])[["proved"]]


def proved_radius(certified: pd.DataFrame, k: int) -> float | None:
    """Return the radius in which strong convexity is proved around the global minimum of n = k.

    Args:
        certified: rows of certified_global_minima.
        k: number of teachers; None is returned where it was not tried.
    """
    radii = dict(zip(certified["k"], certified["radius"], strict=True))
    return radii.get(k)


def tilted_pair_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """Whether the curvature is proved negative at a tilted pair of neurons.

    Args:
        certified: rows of certified_inequalities.
    """
    return _pair_statements(certified, ["hessian_form"])


def spread_pair_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """Whether all quotients are proved to be below a bound at a spread pair of neurons.

    Args:
        certified: rows of certified_inequalities.
    """
    return _pair_statements(certified, ["one_point_gradient", "one_point_hessian", "pl_ratio"])


def witness_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """Whether Conjecture 12 is proved to fail at a witness.

    Args:
        certified: rows of certified_inequalities.
    """
    rows = certified[certified["quantity"] == "conjecture12_gap"].rename(
        columns={"epsilon": "scale"}
    )
    return rows.set_index(["witness", "scale"])[["proved"]]


def _pair_statements(certified: pd.DataFrame, quantities: list[str]) -> pd.DataFrame:
    rows = certified[certified["quantity"].isin(quantities)]
    return rows.groupby(["k", "n", "d", "share", "epsilon"])[["proved"]].all()


def _all_splits(certified: pd.DataFrame) -> pd.Series:
    """Whether each minimum and all of its splits are; neurons count once, or once a class."""
    complete = certified["splits_proved"] == certified["splits"]
    return certified["proved"] & (certified["splits"] > 0) & complete


def _words(answer: Mapping[Any, bool]) -> dict[Any, str]:
    return {
        name: (Proved.PROVED if proved else Proved.NOT_PROVED).value
        for name, proved in answer.items()
    }
