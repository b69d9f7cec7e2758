"""The page of theorems, docs/theorems.md: each in a sentence, its range, its check, its proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

from relu_landscape.ledger.claims import LedgerEntry
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.ledger.wording import plain_line

__all__ = ["render_theorems"]

_HEAD = """\
# Theorems for every k

Proved by a finite computation in which k is an interval; each is written by one program, proved
again by another, and judged in the ledger. Seconds are of one core in the published run of quick;
what only the profile paper proves has none here.
"""
_CHECKER = "relu_landscape.certificates.check_every_k"


def render_theorems(entries: Iterable[LedgerEntry], seconds: Mapping[str, float]) -> str:
    """The page as Markdown.

    Args:
        entries: of the claims file of the theorems.
        seconds: that each job of the published run took, by its name.
    """
    results = [entry for entry in entries if entry.ledger is Ledger.OWN_RESULTS]
    lines = [_HEAD]
    for claim in dict.fromkeys(entry.claim for entry in results):
        cases = [entry for entry in results if entry.claim == claim]
        lines += [f"**`{claim}`.** {plain_line(cases[0].statement)}", ""]
        families = [entry for entry in cases if "family" in entry.case]
        if families:
            lines += ["| family | every real k from | to prove (s) | to check (s) | check |"]
            lines += ["|---|--:|--:|--:|---|", *(_row(entry, seconds) for entry in families), ""]
    proof = files(__package__).joinpath("theorems.md").read_text(encoding="utf-8")
    return "\n".join([*lines, proof])


def _row(entry: LedgerEntry, seconds: Mapping[str, float]) -> str:
    family, m = entry.case["family"], entry.case["m"]
    name = f"{family}-{m}"
    took = [
        f"{seconds[job]:.1f}" if job in seconds else ""
        for job in (f"prove_every_k/{name}", f"check_every_k/{name}")
    ]
    check = f"`python -m {_CHECKER} results/quick/theorems/{name}.jsonl`" if all(took) else ""
    shown = family if m == 0 else f"{family}_{m}"
    return f"| {shown} | {entry.expected['least_k']} | {' | '.join(took)} | {check} |"
