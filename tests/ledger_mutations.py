"""Changes of tables that the ledger must notice: `python -m tests.ledger_mutations results/quick`.

A statement about all cases that no table could speak against says nothing. For every such claim
that a finished run judges in its favour, the tables that its test and proofs see are changed, one
column at a time, to values that were not measured but that the table may hold, until the verdict
is "deviates" or "refuted". Nothing is known here of what a test does: columns, types, ranges and
words come from the classes of the tables. Of the columns that identify a row those of listed words
alone are changed, last of all.
"""

from __future__ import annotations

import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.claims import LedgerEntry, judge, read_claims
from relu_landscape.studies.proofs import join_proofs, tables_behind
from relu_landscape.tables.checks import find_problems
from relu_landscape.tables.files import read_published, read_table
from relu_landscape.tables.registry import load_schema
from relu_landscape.tables.schema import Column
from relu_landscape.tables.typed_arrays import typed_columns

ROOT = Path(__file__).parents[1]
FAVOURABLE = {Verdict.CONSISTENT, Verdict.PROVED, Verdict.REPRODUCED}
AGAINST = {Verdict.DEVIATES, Verdict.REFUTED}
SECONDS = 2  # a test that takes longer on changed numbers says nothing of them
FAR = 1e6  # in place of an end where a column has none

Tables = Mapping[str, pd.DataFrame]
Values = Any  # a column, or the rows of one that are changed


@dataclass(frozen=True)
class Change:
    """One change of one column: in which rows, and what is done to the values there."""

    table: str
    column: str
    rows: str
    what: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}, {self.rows}: {self.what}"


@dataclass(frozen=True)
class Outcome:
    """What became of one claim: the change that turned it, if one did, and what that verdict is."""

    claim: str
    before: Verdict
    change: Change | None
    values: str
    after: Verdict | None
    tried: int

    def __str__(self) -> str:
        if self.change is None:
            return f"{self.claim} | nothing of {self.tried} changes | {self.before} | -"
        return f"{self.claim} | {self.change}, {self.values} | {self.before} | {self.after}"


# All rows of the case, some of them, one.
ROWS: dict[str, Callable[[int], Values]] = {
    "all": lambda count: np.arange(count),
    "last": lambda count: np.arange(count)[-1:],
    "first": lambda count: np.arange(count)[:1],
    "second half": lambda count: np.arange(count)[count // 2 :],
    "every other": lambda count: np.arange(count)[::2],
}


def _all_equal(value: Any, values: Values) -> Values:
    """One value everywhere."""
    return np.full_like(values, value)


def replacements(column: Column, known: Sequence[str]) -> dict[str, Callable[[Values], Values]]:
    """What may be done to values of a column; for text, which words it may become."""
    if column.type == "bool":
        return {
            "flip": lambda x: ~x,
            "to true": lambda x: np.ones_like(x),
            "to false": lambda x: np.zeros_like(x),
        }
    if column.type == "string":
        words = [str(word) for word in column.allowed or known]
        return {f"to {word!r}": partial(_all_equal, word) for word in words} | {
            "reverse": lambda x: x[::-1]
        }
    if column.allowed is not None:
        return {f"to {value}": partial(_all_equal, value) for value in column.allowed}
    low = -FAR if column.minimum is None else column.minimum
    high = FAR if column.maximum is None else column.maximum
    numbers: dict[str, Callable[[Values], Values]] = {
        "negate": lambda x: -x,
        "add 1": lambda x: x + 1,
        "subtract 1": lambda x: x - 1,
        "double": lambda x: 2 * x,
        f"to {low:g}": lambda x: x * 0 + type(x[0])(low),
        "reverse": lambda x: x[::-1],
    }
    if column.type == "float64" or column.maximum is not None:
        numbers[f"to {high:g}"] = lambda x: x * 0 + type(x[0])(high)
    if column.type == "float64":
        numbers |= {
            "times 10": lambda x: 10.0 * x,
            "times .1": lambda x: 0.1 * x,
            "times 1e6": lambda x: 1e6 * x,
            "to 0": lambda x: 0.0 * x,
        }
    return numbers


class Trial:
    """The tables of a run, the whole ledger, and which changes have turned a claim so far."""

    def __init__(self, entries: Iterable[LedgerEntry], tables: Tables, published: Tables) -> None:
        self.entries, self.tables, self.published = tuple(entries), dict(tables), published
        self.turned: Counter[tuple[str, Change]] = Counter()

    def universal(self) -> list[LedgerEntry]:
        """The statements about all cases."""
        return [entry for entry in self.entries if entry.kind == "universal"]

    def verdict(self, entry: LedgerEntry, tables: Tables) -> Verdict:
        """The verdict of one claim, at the level that it has in the whole ledger.

        tables: those that it sees, as they are stored.
        """
        # The others count among those that share the level; without tables they are not run.
        others = [
            replace(other, test=replace(other.test, inputs=("nothing",)), proofs=())
            for other in self.entries
            if other.test.compares_samples and other is not entry
        ]
        return judge([entry, *others], join_proofs(tables), self.published)[0].verdict

    def seen_by(self, entry: LedgerEntry) -> dict[str, pd.DataFrame]:
        """The tables that a claim's test and proofs see, with those of their certificates."""
        named = [
            name for test in (entry.test, *(x.test for x in entry.proofs)) for name in test.inputs
        ]
        names = dict.fromkeys((*named, *tables_behind(named)))
        return {name: self.tables[name] for name in names if name in self.tables}

    def turn(self, entry: LedgerEntry) -> Outcome | None:
        """Search for a change that turns a claim; None if it is not judged in its favour."""
        seen = self.seen_by(entry)
        before = self.verdict(entry, seen)
        if before not in FAVOURABLE:
            return None
        tried = 0
        for change in self._in_order(entry, seen):
            changed, values = self._changed(seen[change.table], change, entry.case)
            if changed is None:
                continue
            tried += 1
            after = self._verdict_of_changed(entry, seen | {change.table: changed})
            if after in AGAINST and is_valid(changed, change.table):
                self.turned[entry.test.name, change] += 1
                return Outcome(entry.id, before, change, values, after, tried)
        return Outcome(entry.id, before, None, "", None, tried)

    def _in_order(self, entry: LedgerEntry, seen: Tables) -> list[Change]:
        """The changes of all tables: first those that turned claims of this test, then of any.

        Afterwards those of columns that identify no row, those of all rows, and those of the tables
        that the test names first.
        """
        own = Counter(
            {c: count for (test, c), count in self.turned.items() if test == entry.test.name}
        )
        any_test = Counter(change for _, change in self.turned.elements())
        changes = [change for name in seen for change in changes_of(name, seen[name])]
        return sorted(
            changes,
            key=lambda change: (
                -own[change],
                -any_test[change],
                change.column in load_schema(change.table).key,
                list(ROWS).index(change.rows),
            ),
        )

    def _changed(
        self, table: pd.DataFrame, change: Change, case: Mapping[str, Any]
    ) -> tuple[pd.DataFrame | None, str]:
        """The table after a change and the first value before and after; None if none changes."""
        here = np.ones(len(table), bool)
        for name, value in case.items():
            if name in table:
                here &= (table[name] == value).to_numpy()
        rows = np.flatnonzero(here)
        rows = rows[ROWS[change.rows](len(rows))]
        declared = {column.name: column for column in load_schema(change.table).columns}
        values = table[change.column].to_numpy(copy=True)
        old = values[rows]
        if not len(old):
            return None, ""
        with np.errstate(all="ignore"):
            column = declared[change.column]
            new = replacements(column, words_of(table, column))[change.what](old)
        different = np.flatnonzero(~((new == old) | ((new != new) & (old != old))))
        if not len(different):
            return None, ""
        values[rows] = new
        shown = f"{old[different[0]]} -> {new[different[0]]}"
        return table.assign(
            **{change.column: pd.Series(values, table.index, table[change.column].dtype)}
        ), shown

    def _verdict_of_changed(self, entry: LedgerEntry, tables: Tables) -> Verdict | None:
        """The verdict; None where there is none: the test cannot calculate with the numbers."""

        def stop(*_: object) -> None:
            raise TimeoutError

        previous = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            with warnings.catch_warnings(action="ignore"):
                return self.verdict(entry, tables)
        except Exception:
            return None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)


def words_of(table: pd.DataFrame, column: Column) -> list[str]:
    """The words that stand in a column of text, where its class lists none."""
    if column.type != "string" or column.allowed is not None:
        return []
    return [str(word) for word in table[column.name].dropna().unique()[:6]]


def changes_of(name: str, table: pd.DataFrame) -> Iterator[Change]:
    """All changes of a table, but of what numbers or names its rows."""
    schema = load_schema(name)
    for column in schema.columns:
        if column.name not in schema.key or column.allowed is not None:
            for what in replacements(column, words_of(table, column)):
                for rows in ROWS:
                    yield Change(name, column.name, rows, what)


def is_valid(table: pd.DataFrame, name: str) -> bool:
    """Whether a table keeps to its class."""
    schema = load_schema(name)
    return not find_problems(typed_columns(table, schema), schema)


def read_trial(results: Path) -> Trial:
    """The tables of a finished run, with the claims and published numbers of this checkout."""
    paths = sorted(
        path for part in ("tables", "statistics") for path in results.glob(f"{part}/*.parquet")
    )
    return Trial(
        read_claims([str(path) for path in sorted(ROOT.glob("claims/*.yaml"))]),
        {path.stem: read_table(path) for path in paths},
        {path.stem: read_published(path) for path in sorted(ROOT.glob("published/*.csv"))},
    )


def main(results: Path) -> int:
    """Print what turns each claim, then which nothing turns; returns 1 if there are such."""
    trial = read_trial(results)
    outcomes = {entry.id: trial.turn(entry) for entry in trial.universal()}
    print("claim | table.column, rows: change, first value | before | after")
    for outcome in filter(None, outcomes.values()):
        print(outcome, flush=True)
    open_claims = [name for name, outcome in outcomes.items() if outcome is None]
    never = [outcome for outcome in outcomes.values() if outcome and outcome.change is None]
    print(
        f"{len(outcomes)} claims, {len(open_claims)} not judged in their favour: "
        f"{', '.join(open_claims)}"
    )
    print(f"{len(never)} that nothing turns: {', '.join(outcome.claim for outcome in never)}")
    return 1 if never else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
