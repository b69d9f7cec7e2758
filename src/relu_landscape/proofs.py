"""What certificates prove, as columns of the tables of what floats measure; free for every room.

Each function of `*_statements` turns a table of certificates into yes or no, by what singles out
the rows that the answer is about; `mark_proved` writes the answers beside such rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import pandas as pd

from relu_landscape.rows import CLASS


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


def _all_splits(certified: pd.DataFrame) -> pd.Series:
    """Whether each minimum and all of its splits are; neurons count once, or once a class."""
    complete = certified["splits_proved"] == certified["splits"]
    return certified["proved"] & (certified["splits"] > 0) & complete


def _words(answer: Mapping[Any, bool]) -> dict[Any, str]:
    return {
        name: (Proved.PROVED if proved else Proved.NOT_PROVED).value
        for name, proved in answer.items()
    }
