"""Changes of tables that the ledger must notice: `python -m tests.ledger_mutations results/quick`.

A statement that no table could speak against says nothing. For every claim about all cases that a
finished run judges in its favour, or of the kinds that are named after the folder, the tables that
its test and proofs see are changed to values that were not measured but that the table may hold,
until the verdict is "deviates" or "refuted": first one column at a time, then a column of words
together with another one. Nothing is known here of what a test does: columns, types, ranges and
words come from the classes of the tables. Of the columns that identify a row those of listed words
alone are changed, last of all. A claim that MOST_CHANGES leave in favour counts as one that nothing
turns. That something exists is decided by finding it: such a claim need not be refutable.
"""

from __future__ import annotations

import itertools
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.claims import LedgerEntry, read_claims
from relu_landscape.ledger.judgements import judge_one, levels
from relu_landscape.studies.proofs import join_proofs, tables_behind
from relu_landscape.tables.checks import find_problems
from relu_landscape.tables.files import read_published, read_table
from relu_landscape.tables.registry import load_schema
from relu_landscape.tables.schema import Column
from relu_landscape.tables.typed_arrays import typed_columns

ROOT = Path(__file__).parents[1]
FAVOURABLE = {Verdict.CONSISTENT, Verdict.PROVED, Verdict.REPRODUCED}
AGAINST = {Verdict.DEVIATES, Verdict.REFUTED}
FAR = 1e6  # in place of an end where a column has none
MOST_CHANGES = 1000  # a claim; those that are turned take some hundred at most

Tables = Mapping[str, pd.DataFrame]
Values = Any  # a column, or the rows of one that are changed


@dataclass(frozen=True)
class Step:
    """What is done to the values of one column."""

    column: str
    what: str


@dataclass(frozen=True)
class Change:
    """A change of one table: in which rows, and what is done to one column there, or to two."""

    table: str
    rows: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one claim: the change that turned it, if one did, and what that verdict is.

    values: the first value that the change replaced, and by what, step by step.
    """

    claim: str
    before: Verdict
    tried: int
    change: Change | None = None
    values: tuple[str, ...] = ()
    after: Verdict | None = None

    def row(self) -> str:
        """The row of a table in Markdown."""
        if self.change is None:
            return f"| {self.claim} | nothing of {self.tried} changes | {self.before} | - |"
        steps = " and ".join(
            f"{step.column} {step.what} ({values})"
            for step, values in zip(self.change.steps, self.values, strict=True)
        )
        what = f"{self.change.table}, {self.change.rows}: {steps}"
        return f"| {self.claim} | {what} | {self.before} | {self.after} |"


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


def words(column: Column, known: Sequence[str]) -> dict[str, Callable[[Values], Values]]:
    """To which word, or yes or no, all values of a column may be changed; empty for numbers."""
    if column.type == "bool":
        return {"to true": partial(_all_equal, True), "to false": partial(_all_equal, False)}
    if column.type != "string":
        return {}
    return {f"to {word!r}": partial(_all_equal, word) for word in column.allowed or known}


def replacements(column: Column, known: Sequence[str]) -> dict[str, Callable[[Values], Values]]:
    """What may be done to values of a column; for text, which words it may become."""
    if column.type == "bool":
        return {"flip": lambda x: ~x} | words(column, known)
    if column.type == "string":
        return words(column, known) | {"reverse": lambda x: x[::-1]}
    if column.allowed is not None:
        return {f"to {value}": partial(_all_equal, value) for value in column.allowed}
    low = -FAR if column.minimum is None else column.minimum
    high = FAR if column.maximum is None else column.maximum
    numbers: dict[str, Callable[[Values], Values]] = {
        "negate": lambda x: -x,
        "add 1": lambda x: x + 1,
        "add 10": lambda x: x + 10,
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
        self.levels = levels(self.entries)
        self.turned: Counter[tuple[str, Change]] = Counter()

    def turn_all(self, kinds: Sequence[str]) -> dict[str, Outcome | None]:
        """What became of each claim of these kinds, by its id; see `turn`."""
        return {entry.id: self.turn(entry) for entry in self.entries if entry.kind in kinds}

    def verdict(self, entry: LedgerEntry, joined: Tables) -> Verdict:
        """The verdict of one claim, at the level that it has in the whole ledger.

        joined: the tables that it sees, with what is proved of them.
        """
        return judge_one(entry, joined, self.published, self.levels[entry.ledger]).verdict

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
        joined = join_proofs(seen)
        before = self.verdict(entry, joined)
        if before not in FAVOURABLE:
            return None
        tried = 0
        for change in self._in_order(entry, seen):
            changed, values = _changed(seen[change.table], change, entry.case)
            if changed is None:
                continue
            if tried == MOST_CHANGES:
                break
            tried += 1
            tables = seen | {change.table: changed}
            after = self._verdict_of_changed(entry, joined, tables, change.table)
            if after in AGAINST and is_valid(changed, change.table):
                self.turned[entry.test.name, change] += 1
                return Outcome(entry.id, before, tried, change, values, after)
        return Outcome(entry.id, before, tried)

    def _in_order(self, entry: LedgerEntry, seen: Tables) -> Iterator[Change]:
        """The changes of all tables: first those that turned claims of this test, then of any.

        Afterwards those of columns that identify no row, those of all rows, those of one column,
        and those of the tables that the test names first. Last those of words with numbers.
        """
        own = Counter(
            {c: count for (test, c), count in self.turned.items() if test == entry.test.name}
        )
        any_test = Counter(change for _, change in self.turned.elements())
        changes = [change for name in seen for change in changes_of(name, seen[name])]
        changes += [change for name in seen for change in changes_of_two_words(name, seen[name])]
        changes += [change for change in own if change.table in seen and change not in changes]
        yield from sorted(
            changes,
            key=lambda change: (
                -own[change],
                -any_test[change],
                change.steps[0].column in load_schema(change.table).key,
                list(ROWS).index(change.rows),
            ),
        )
        for name in seen:
            yield from changes_of_word_and_number(name, seen[name])

    def _verdict_of_changed(
        self, entry: LedgerEntry, joined: Tables, tables: Tables, changed: str
    ) -> Verdict | None:
        """The verdict; None where there is none: the test cannot calculate with the numbers.

        joined: the tables before, with what is proved of them; tables: after; changed: which.
        """
        try:
            with warnings.catch_warnings(action="ignore"):
                return self.verdict(entry, {**joined, **_joined_anew(tables, changed)})
        except Exception:
            return None


def _joined_anew(tables: Tables, changed: str) -> Tables:
    """Of these tables the one that was changed and those it proves something of, with proofs."""
    anew = [name for name in tables if changed in (name, *tables_behind([name]))]
    needed = {*anew, *tables_behind(anew)} & tables.keys()
    joined = join_proofs({name: tables[name] for name in needed})
    return {name: joined[name] for name in anew}


def _changed(
    table: pd.DataFrame, change: Change, case: Mapping[str, Any]
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """The table after a change, and the first value of each column before and after.

    None if a step of it changes nothing, or is none of this table.
    """
    here = np.ones(len(table), bool)
    for name, value in case.items():
        if name in table:
            here &= (table[name] == value).to_numpy()
    rows = np.flatnonzero(here)
    rows = rows[ROWS[change.rows](len(rows))]
    declared = {column.name: column for column in load_schema(change.table).columns}
    shown, columns = [], {}
    for step in change.steps:
        column = declared.get(step.column)
        known = replacements(column, words_of(table, column)) if column else {}
        if step.what not in known or not len(rows):
            return None, ()
        values = table[step.column].to_numpy(copy=True)
        old = values[rows]
        with np.errstate(all="ignore"):
            new = known[step.what](old)
        different = np.flatnonzero(~((new == old) | ((new != new) & (old != old))))
        if not len(different):
            return None, ()
        values[rows] = new
        shown.append(f"{old[different[0]]} -> {new[different[0]]}")
        columns[step.column] = pd.Series(values, table.index, table[step.column].dtype)
    return table.assign(**columns), tuple(shown)


def words_of(table: pd.DataFrame, column: Column) -> list[str]:
    """The words that stand in a column of text, where its class lists none."""
    if column.type != "string" or column.allowed is not None:
        return []
    return [str(word) for word in table[column.name].dropna().unique()[:6]]


def changes_of(name: str, table: pd.DataFrame) -> Iterator[Change]:
    """All changes of one column of a table, but of what numbers or names its rows."""
    schema = load_schema(name)
    for column in schema.columns:
        if column.name not in schema.key or column.allowed is not None:
            for what in replacements(column, words_of(table, column)):
                for rows in ROWS:
                    yield Change(name, rows, (Step(column.name, what),))


def changes_of_two_words(name: str, table: pd.DataFrame) -> Iterator[Change]:
    """All changes of two columns of words to one word each, in all rows."""
    for one, other in itertools.combinations(_to_words(name, table), 2):
        if one.column != other.column:
            yield Change(name, "all", (one, other))


def changes_of_word_and_number(name: str, table: pd.DataFrame) -> Iterator[Change]:
    """All changes of a column of words to one word, together with a column of numbers."""
    numbers = [
        Step(column.name, what)
        for column in _no_key(name)
        if column.type not in ("bool", "string")
        for what in replacements(column, [])
    ]
    for steps in itertools.product(_to_words(name, table), numbers):
        yield Change(name, "all", steps)


def _to_words(name: str, table: pd.DataFrame) -> list[Step]:
    return [
        Step(column.name, what)
        for column in _no_key(name)
        for what in words(column, words_of(table, column))
    ]


def _no_key(name: str) -> list[Column]:
    schema = load_schema(name)
    return [column for column in schema.columns if column.name not in schema.key]


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


def unturned(outcomes: Mapping[str, Outcome | None]) -> list[str]:
    """The claims in favour that no change has turned."""
    return [name for name, outcome in outcomes.items() if outcome and outcome.change is None]


def main(results: Path, kinds: Sequence[str]) -> int:
    """Print what turns each claim, as Markdown, then which nothing turns; 1 if there are such."""
    outcomes = read_trial(results).turn_all(kinds)
    print("| claim | change | before | after |\n|---|---|---|---|")
    for outcome in filter(None, outcomes.values()):
        print(outcome.row())
    open_claims = [name for name, outcome in outcomes.items() if outcome is None]
    never = unturned(outcomes)
    print(f"\nOf {len(outcomes)} claims ({', '.join(kinds)}):\n")
    print(f"- not judged in their favour, {len(open_claims)}: {', '.join(open_claims) or 'none'};")
    print(f"- turned by nothing, {len(never)}: {', '.join(never) or 'none'}.")
    return 1 if never else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:] or ["universal"]))
