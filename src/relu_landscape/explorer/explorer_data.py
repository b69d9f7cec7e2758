"""What the explorer shows of a run, from its catalogue, its tables and its ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from relu_landscape.evidence.cells import case_name
from relu_landscape.explorer.compact import as_columns, rounded
from relu_landscape.explorer.evidence_rows import EvidenceRows
from relu_landscape.explorer.representative_order import representative_order
from relu_landscape.ledger.judgements import Judgement
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.wording import FAILS, MARKS, MEANINGS, SUBJECTS, TITLES
from relu_landscape.minima.settings import Splitting
from relu_landscape.minima.splitting import Push, random_move
from relu_landscape.search.protocol import Protocol
from relu_landscape.studies.steps import Arrays

__all__ = ["SplitRecipe", "explorer_data"]

FORMAT: Final = 1
"""Raised when pages of another format could no longer be read and compared."""

# Said once for all cases of a claim.
_OF_CLAIM = ("ledger", "paper", "where", "statement", "kind", "source", "test", "study", "reads")
_OF_CASE = (
    *("id", "claim", "case", "verdict", "rests_on", "found", "interval", "sample_size", "proved"),
    *("listed", "expected", "note", "would_decide"),
)
# Columns of the catalogue that hold a record, and those that hold lists of records.
_RECORDS = ("weights", "certificate")
_LISTS = ("spectrum", "runs", "splits", "pieces", "series")
# Computed with: to the last bit.
_EXACT = ("loss", "smallest_eigenvalue", "weights", "certificate", "bounds", "pieces", "series")


@dataclass(frozen=True)
class SplitRecipe:
    """How the run followed descents from split neurons.

    Attributes:
        splitting: the push, and when a descent ends.
        protocol: step and tolerance.
        class_tolerance: largest distance within a class.
    """

    splitting: Splitting
    protocol: Protocol
    class_tolerance: float


def explorer_data(
    making: Making,
    entries: Sequence[Mapping[str, Any]],
    representatives: Arrays,
    judgements: Sequence[Judgement],
    tables: Mapping[str, pd.DataFrame],
    recipe: SplitRecipe,
) -> dict[str, Any]:
    """All that the page holds, ready for JSON.

    Args:
        making: the run.
        entries: of its catalogue.
        representatives: by case, (classes, n, k).
        judgements: its ledger.
        tables: those that the evidence of the ledger names.
        recipe: how it followed descents.
    """
    # The page computes the loss of the ReLU.
    entries = [entry for entry in entries if entry["slope"] == 0]
    rows, says = EvidenceRows(tables), _sentences(entries)
    # Before the rows are asked for: they are those that the cases name.
    cases = as_columns([_case(one, rows) for one in judgements])
    return {
        "format": FORMAT,
        "profile": making.profile,
        "says": says,
        "entries": as_columns([_entry(entry, says) for entry in entries], (*_RECORDS, *_LISTS)),
        "lists": _LISTS,
        "orders": dict(_orders(entries, representatives)),
        "descent": _descent(recipe, entries),
        "claims": {one.claim: _claim(one, making) for one in judgements},
        "cases": cases,
        "tables": rows.tables,
        "words": {
            "marks": MARKS,
            "meanings": MEANINGS,
            "ledgers": TITLES,
            "subjects": SUBJECTS,
        },
    }


def tables_named(judgements: Iterable[Judgement]) -> set[str]:
    """Names of the tables that some evidence names."""
    pieces = [piece for one in judgements for piece in one.evidence.split("; ")]
    files = [piece.partition(": ")[0] for piece in pieces]
    return {Path(file).stem for file in files if file.endswith(".parquet")}


def read_judgements(path: Path | str) -> list[Judgement]:
    """The ledger of a run, from its JSON."""
    records = json.loads(Path(path).read_text(encoding="utf-8"))
    return [
        Judgement(**{name: value for name, value in record.items() if name != "rests_on"})
        for record in records
    ]


def _entry(entry: Mapping[str, Any], says: Sequence[str]) -> dict[str, Any]:
    short = {name: part if name in _EXACT else rounded(part) for name, part in entry.items()}
    certificate = entry["certificate"]
    if certificate is not None:
        short["certificate"] = {**certificate, "says": says.index(certificate["says"])}
    return short


def _sentences(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """What certificates prove, in words: a few sentences that thousands of them share."""
    found = (entry["certificate"] for entry in entries)
    return list(dict.fromkeys(one["says"] for one in found if one is not None))


def _orders(
    entries: Iterable[Mapping[str, Any]], representatives: Arrays
) -> Iterable[tuple[str, dict[str, list[int]]]]:
    """For each class whose splits were followed the order of its neurons and inputs in the run."""
    for entry in entries:
        if entry["kind"] == "class" and entry["splits"]:
            points = representatives[case_name(entry["k"], entry["n"])]
            yield entry["id"], representative_order(points[entry["class_id"]])


def _descent(recipe: SplitRecipe, entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """How descents are followed, and by size the move that their starts share."""
    splitting, protocol = recipe.splitting, recipe.protocol
    push = Push(splitting.displacement, splitting.asymmetry, splitting.seed)
    sizes = {(e["k"], e["n"] + 1) for e in entries if e["kind"] == "class" and e["splits"]}
    return {
        "displacement": push.displacement,
        "alphas": list(splitting.alphas),
        "step": {str(k): protocol.step_for(k) for k in sorted({k for k, _ in sizes})},
        "gradient_measure": protocol.gradient_measure,
        "tolerance": protocol.tolerance,
        "global_loss": splitting.global_loss,
        "global_distance": splitting.global_distance,
        "iteration_budget": splitting.iteration_budget,
        "class_tolerance": recipe.class_tolerance,
        "asides": {
            case_name(k, n): [round(float(x), 14) for x in random_move(push, k, (n, k)).ravel()]
            for k, n in sorted(sizes)
        },
    }


def _claim(judgement: Judgement, making: Making) -> dict[str, Any]:
    said = {name: getattr(judgement, name) for name in _OF_CLAIM}
    return {
        **said,
        "figures": making.figures_of(judgement),
        "command": making.command_for(judgement),
    }


def _case(judgement: Judgement, rows: EvidenceRows) -> dict[str, Any]:
    found = {name: getattr(judgement, name) for name in _OF_CASE}
    evidence, case = judgement.evidence, judgement.case
    # What speaks against a claim about all sizes is looked for at one of them.
    of_sizes = judgement.verdict in FAILS and not {"k", "n"} <= case.keys()
    return {
        **rounded(found),
        "evidence": rows.pieces(evidence),
        "sizes": rows.by_size(evidence, case) if of_sizes else {},
    }
