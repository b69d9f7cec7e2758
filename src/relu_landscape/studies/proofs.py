"""What certificates prove, joined to the tables of what floats measure when these are read.

Nothing that is measured knows of certificates: a new one repeats no spectrum and no descent. Each
function of `*_statements` turns a table of certificates into yes or no, by what singles out the
rows that the answer is about; `join_proofs` writes the answers beside such rows.

The engine asks for the names of tables at each start; pandas is imported by the functions that get
some.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from relu_landscape.tables.columns import CLASS, POINT

if TYPE_CHECKING:
    import pandas as pd


class Proved(StrEnum):
    """Whether a statement about a row is proved."""

    PROVED = "proved"  # by a certificate
    NOT_PROVED = "not_proved"  # a certificate was tried for, and does not say it
    NOT_TRIED = "not_tried"


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
    from relu_landscape.global_minima.members import STRONG_CONVEXITY

    above = certified["eigenvalue_lower"] <= STRONG_CONVEXITY
    below = certified["eigenvalue_upper"] >= STRONG_CONVEXITY
    return certified.assign(rank=0, proved=above & below).set_index(["k", "rank"])[["proved"]]


def radius_statements(certified: pd.DataFrame) -> pd.DataFrame:
    """The radius in which strong convexity is proved around the global minimum of n = k.

    Args:
        certified: rows of certified_global_minima.
    """
    return certified.set_index("k")[["radius"]].set_axis(["proved_radius"], axis=1)


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


def _named_classes(certified: pd.DataFrame) -> pd.DataFrame:
    return class_statements(certified)[["proved"]]


@dataclass(frozen=True)
class _Join:
    """Where the proofs about a table stand: `statements` of the table `certified`.

    meanings: of the columns that are joined; nothing: stands there where nothing was tried.
    """

    certified: str
    statements: Callable[[pd.DataFrame], pd.DataFrame]
    meanings: Mapping[str, str]
    nothing: str | float = Proved.NOT_TRIED.value


_MINIMUM = (
    "Whether {} is proved a spurious strict local minimum, for every number of inputs d >= k."
)

_JOINS: Mapping[str, _Join] = {
    "curvature": _Join(
        "certified_classes",
        class_statements,
        {
            "proved": f"{_MINIMUM.format('the class')} A saddle is tried and not proved; not tried "
            "are global minima and classes of sizes without certificates.",
            "norm_sum_proved": "Whether, at a class so proved, the sum of norms is proved to be at "
            "most k.",
            "splits_proved": "Whether, at a class so proved, every split of every neuron is proved "
            "a strict saddle for every share alpha in (0, 1), by a negative eigenvalue of H'_ii.",
        },
    ),
    "neurons": _Join(
        "certified_classes",
        neuron_statements,
        {
            "proved": "Whether H'_ii is proved to have a negative eigenvalue, at this neuron and "
            "every other one of a class proved a minimum."
        },
    ),
    "splits": _Join(
        "certified_classes",
        neuron_statements,
        {
            "proved": "Whether the split is proved a strict saddle, as is every other one of a "
            "class proved a minimum."
        },
    ),
    "identified_classes": _Join(
        "certified_classes", _named_classes, {"proved": _MINIMUM.format("the class")}
    ),
    "family_points": _Join(
        "certified_families",
        family_statements,
        {"proved": f"{_MINIMUM.format('the point')} A saddle is tried and not proved."},
    ),
    "family_splits": _Join(
        "certified_families",
        family_split_statements,
        {
            "proved": "Whether every split of the neuron is proved a strict saddle for every share "
            "alpha in (0, 1), as is every other one of a point proved a minimum."
        },
    ),
    "global_minimum_spectra": _Join(
        "certified_global_minima",
        eigenvalue_statements,
        {
            "proved": "Whether a certificate encloses the eigenvalue, for every number of inputs "
            "d >= k; it is tried for the smallest one alone."
        },
    ),
    "convexity_radii": _Join(
        "certified_global_minima",
        radius_statements,
        {
            "proved_radius": "Frobenius radius of a ball around the minimum in which strong "
            "convexity is proved, for this k. Empty where it was not tried."
        },
        nothing=math.nan,
    ),
    "negative_curvature": _Join(
        "certified_inequalities",
        tilted_pair_statements,
        {
            "proved": "Whether the quadratic form is proved negative at this share and epsilon, "
            "taken as exact fractions."
        },
    ),
    "valley_points": _Join(
        "certified_inequalities",
        spread_pair_statements,
        {
            "proved": "Whether upper bounds of both one-point quotients and of the PL ratio are "
            "proved at this share and epsilon, taken as exact fractions."
        },
    ),
    "conjecture12_witnesses": _Join(
        "certified_inequalities",
        witness_statements,
        {"proved": "Whether the gap is proved negative, at this scale as an exact fraction."},
    ),
}


def tables_behind(names: Iterable[str]) -> list[str]:
    """The tables of certificates that say what is proved of these tables, each once."""
    return list(dict.fromkeys(_JOINS[name].certified for name in names if name in _JOINS))


def proof_columns(name: str) -> Mapping[str, str]:
    """The columns that a table gets by `join_proofs`, and what each means."""
    return _JOINS[name].meanings if name in _JOINS else {}


def join_proofs(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables, each that certificates are about with a column for every statement about it.

    Args:
        tables: by name. Without the table of the certificates nothing counts as tried.
    """
    joins = {name: _JOINS[name] for name in tables if name in _JOINS}
    return {**tables, **{name: _joined(name, join, tables) for name, join in joins.items()}}


def _joined(name: str, join: _Join, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    table = tables[name]
    if join.certified not in tables:
        return table.assign(**dict.fromkeys(join.meanings, join.nothing))
    statements = join.statements(tables[join.certified])
    if not statements.index.is_unique:
        raise ValueError(f"{join.certified}: two rows are about the same row of {name}")
    answers = statements.reindex(table.set_index(list(statements.index.names)).index)
    columns = {column: _column(answers[column], join.nothing) for column in join.meanings}
    return table.assign(**columns)


def _column(answers: pd.Series, nothing: str | float) -> list[str | float]:
    """Numbers as they are, yes and no as words."""
    import pandas as pd

    return [
        nothing if pd.isna(answer) else answer if isinstance(answer, float) else _word(answer)
        for answer in answers
    ]


def _word(answer: bool) -> str:
    return (Proved.PROVED if answer else Proved.NOT_PROVED).value
