"""The page of theorems, docs/theorems.md: each in a sentence, its range, its check, its proof."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from relu_landscape.ledger.claims import LedgerEntry
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.ledger.wording import plain_line

__all__ = ["read_pieces", "read_words", "render_theorems"]

_HEAD = """\
# Theorems for every k

Proved by a finite computation in which k is an interval; each is written by one program, proved
again by another, and judged in the ledger. Not all is proved: behind each statement are the words
of the published ledger of quick for its cases. Measured is a number that agrees with one enclosed
or computed, conjectured what met no counterexample; what is not run or undecided is for the profile
paper. Seconds are of one core in the run of quick.
"""
_CHECKERS = "relu_landscape.certificates"
# Of theorems on no family of minima: what proves them, and the file that the checker of saddles
# reads.
_SADDLES = {
    "every_k_further_saddle": ("prove_saddle_every_k", "further_row"),
    "every_k_fastest_split": ("enclose_every_split", "splits"),
    "every_k_split_sign": ("enclose_every_split", "splits"),
    "every_k_split_constant": ("enclose_every_split", "splits"),
}


def read_pieces(path: Path) -> dict[str, int]:
    """How many pieces or rectangles prove a claim in the published run, by its id.

    path: its claims.json.
    """
    judged = json.loads(path.read_text(encoding="utf-8"))
    return {x["id"]: x["proved"] for x in judged if x["proved"]}


def read_words(path: Path) -> dict[str, str]:
    """On what the cases of each claim rest in the published run, "3 proved, 38 not run".

    path: its claims.json.
    """
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in json.loads(path.read_text(encoding="utf-8")):
        words[one["claim"]][one["rests_on"] or one["verdict"]] += 1
    return {
        claim: ", ".join(f"{cases} {word}" for word, cases in counts.items())
        for claim, counts in words.items()
    }


def render_theorems(
    entries: Iterable[LedgerEntry],
    seconds: Mapping[str, float],
    pieces: Mapping[str, int],
    words: Mapping[str, str],
) -> str:
    """The page as Markdown.

    Args:
        entries: of the claims file of the theorems.
        seconds: that each job of the published run took, by its name.
        pieces: of each theorem in that run, by the id of its claim.
        words: what the ledger of that run says of each claim.
    """
    results = [entry for entry in entries if entry.ledger is Ledger.OWN_RESULTS]
    lines = [_HEAD]
    for claim in dict.fromkeys(entry.claim for entry in results):
        cases = [entry for entry in results if entry.claim == claim]
        told = f" *{words[claim]}.*" if claim in words else ""
        lines += [f"**`{claim}`.** {plain_line(cases[0].statement)}{told}", ""]
        families = [entry for entry in cases if "family" in entry.case]
        if families:
            lines += [
                "| family | every real k from | pieces | to prove (s) | to check (s) | check |"
            ]
            rows = (_row(_Theorem.of(entry), seconds, pieces.get(entry.id)) for entry in families)
            lines += ["|---|--:|--:|--:|--:|---|", *rows, ""]
        elif claim == "every_k_further_minimum":
            lines += [*_further_lines(cases, seconds), ""]
        elif said := _case_lines(cases):
            lines += [*said, ""]
        if claim in _SADDLES:
            lines += [_saddle_check(claim, seconds), ""]
    proof = Template(files(__package__).joinpath("theorems.md").read_text(encoding="utf-8"))
    return "\n".join([*lines, proof.substitute(_stated(results))])


def _stated(results: Iterable[LedgerEntry]) -> dict[str, Any]:
    """The numbers of the claims that the proofs speak of."""
    by_claim = defaultdict(list)
    for entry in results:
        by_claim[entry.claim].append(entry)
    last = by_claim["every_m_minima"][-1].case
    constants = by_claim["conjecture_12_larger_constants"]
    return {
        "largest_m": max(entry.case["m"] for entry in by_claim["every_k_minima"]),
        "least_m": last["least_m"],
        "ratio": f"{last['least_ratio']:g}",
        "least_k_further": by_claim["every_k_further_minimum"][0].expected["least_k"],
        "least_k_against_4": min(x.case["k"] for x in constants if x.expected["constant"] >= 4),
    }


def _case_lines(cases: Iterable[LedgerEntry]) -> list[str]:
    """What is expected in each case, where something is."""
    lines = []
    for entry in cases:
        case, expected = (
            ", ".join(f"{key} {value}" for key, value in values.items())
            for values in (entry.case, entry.expected or {})
        )
        if expected:
            lines.append(f"- {case}: {expected}" if case else f"- {expected}")
    return lines


def _saddle_check(claim: str, seconds: Mapping[str, float]) -> str:
    """How the checker of saddles is called, and how long proof and check of all take."""
    job, name = _SADDLES[claim]
    took = [f"{seconds[x]:.1f}" for x in (job, "check_saddles") if x in seconds]
    check = f"`python -m {_CHECKERS}.check_saddles results/quick/saddles/{name}.jsonl`"
    timed = f" ({took[0]} s to prove, {took[1]} s to check all saddles)" if len(took) == 2 else ""
    return f"Check: {check}{timed}."


def _further_lines(cases: Iterable[LedgerEntry], seconds: Mapping[str, float]) -> list[str]:
    """From which k on, and how the minimum with one neuron more is checked; quick covers less."""
    (entry,) = cases
    check = f"`python -m {_CHECKERS}.check_one_more results/quick/further_minima/II-1.jsonl`"
    jobs = ("prove_further_minimum", "check_further_minimum")
    took = [f"{seconds[job]:.1f}" for job in jobs if job in seconds]
    timed = f" ({took[0]} s to prove, {took[1]} s to check)" if len(took) == len(jobs) else ""
    bound = f"- least_k {entry.expected['least_k']}: paper; quick proves it from a larger k on"
    return [bound, "", f"Check: {check}{timed}."]


@dataclass(frozen=True)
class _Theorem:
    """A theorem about a family: its name for readers, its bound, its jobs and its certificate."""

    shown: str
    bound: str
    kind: str
    name: str
    folder: str

    @classmethod
    def of(cls, entry: LedgerEntry) -> _Theorem:
        """The theorem of a claim."""
        family, case = entry.case["family"], entry.case
        if "least_ratio" in case:
            least_m, ratio = case["least_m"], f"{case['least_ratio']:g}"
            shown = f"{family}_m, every m >= {least_m}"
            return cls(shown, f"{ratio} m", "every_m", f"{family}-{least_m}-{ratio}", "every_m")
        m, expected = case["m"], entry.expected
        bound = str(expected["k"] if "k" in expected else expected["least_k"])
        shown = family if m == 0 else f"{family}_{m}"
        if "neuron_class" in case:
            shown += f", rows {'ws'[case['neuron_class']]}"
        return cls(shown, bound, "every_k", f"{family}-{m}", "theorems")


def _row(theorem: _Theorem, seconds: Mapping[str, float], pieces: int | None) -> str:
    kind, name = theorem.kind, theorem.name
    took = [
        f"{seconds[job]:.1f}" if job in seconds else ""
        for job in (f"prove_{kind}/{name}", f"check_{kind}/{name}")
    ]
    file = f"results/quick/{theorem.folder}/{name}.jsonl"
    check = f"`python -m {_CHECKERS}.check_{kind} {file}`" if all(took) else ""
    shown = [theorem.shown, theorem.bound, "" if pieces is None else str(pieces), *took, check]
    return f"| {' | '.join(shown)} |"
