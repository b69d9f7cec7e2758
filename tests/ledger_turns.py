"""Which changes turn the claims of smoke, kept: `python -m tests.ledger_turns results/smoke`.

A claim is tried with the kept changes of its test first, so that a test of all claims has little to
search for. They are only where the search begins: a claim that none of them turns, of a new test or
after its tables have changed, is searched for as before, and what is kept decides nothing.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from tests.ledger_mutations import Change, Step, read_trial

KEPT = Path(__file__).with_suffix(".csv")
KINDS = ["universal", "number"]


def read_turns() -> Counter[tuple[str, Change]]:
    """The kept changes, each by the test whose claims it turned."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        return Counter(
            (test, Change(table, rows, tuple(map(Step, steps[::2], steps[1::2]))))
            for test, table, rows, *steps in csv.reader(file)
        )


def main(results: Path) -> None:
    """Search for all changes anew, and keep them; refuses a folder in which no claim is judged."""
    trial = read_trial(results)
    trial.turn_all(KINDS)
    if not trial.turned:
        sys.exit(f"{results}: no claim is turned there; name the results of a finished run")
    turned = sorted(
        [test, change.table, change.rows, *(x for s in change.steps for x in (s.column, s.what))]
        for test, change in trial.turned
    )
    with KEPT.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(turned)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
