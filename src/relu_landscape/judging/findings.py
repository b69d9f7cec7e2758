"""What a test of a claim is given and what it gives back; free for every room to import."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

__all__ = ["Claim", "Finding", "Quantity", "Verdict"]

Quantity: TypeAlias = float | int | str | bool | None
"""A single thing found or expected; a finding may also hold a small mapping of them by name."""


class Verdict(StrEnum):
    """What was decided about a claim; `ledger.wording` says what each means."""

    PROVED = "proved"
    REPRODUCED = "reproduced"
    CONSISTENT = "consistent"
    DEVIATES = "deviates"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Claim:
    """One statement of a paper in one case, as its test sees it.

    Attributes
    ----------
    id: name in the ledger, with the case in brackets where there is one ("...[k=8,n=9]").
    parameters: settings of the test, from the claims file.
    case: what singles out this case, for example {"k": 8, "n": 9}; empty if there is one only.
    expected: the value the paper states, if the claims file holds one.
    """

    id: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)
    expected: Any = None


@dataclass(frozen=True)
class Finding:
    """What a test found out about a claim.

    Attributes
    ----------
    verdict: the decision.
    found: the number (or word, or small mapping of numbers by name) that decided it.
    interval: lower and upper end of the confidence interval of `found`.
    sample_size: how many runs, minima or neurons it rests on.
    proved: for how many of these a certificate proves what the claim says; None if it is nothing
        that certificates are about.
    listed: the explicit list or interval of these, for readers ("k = 2..100"), fixed before
        anything ran; empty if what restarts happened to meet decided which there are.
    expected: what it was compared with.
    note: one or two sentences for the reader.
    would_decide: of an undecided claim, in one sentence, why nothing was decided and what would:
        so many more runs, a proof, data of the paper.
    evidence: table and row selector, for example
        "statistics/bad_run_rates.parquet: search=safran2018, k=13, n=13".

    Raises
    ------
    ValueError: a number that is not finite, an interval the wrong way round, a negative sample
        size, more proofs than it, a verdict other than "not run" without evidence, "undecided"
        without a word on what would decide it, or "proved" without an explicit list of cases that
        are all proved.
    """

    verdict: Verdict
    found: Quantity | Mapping[str, Quantity] = None
    interval: tuple[float, float] | None = None
    sample_size: int | None = None
    proved: int | None = None
    listed: str = ""
    expected: Quantity | Mapping[str, Quantity] = None
    note: str = ""
    evidence: str = ""
    would_decide: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "verdict", Verdict(self.verdict))
        for name in ("found", "expected", "sample_size", "proved"):
            object.__setattr__(self, name, _plain(getattr(self, name), name))
        if self.interval is not None:
            low, high = (float(end) for end in self.interval)
            if not low <= high:
                raise ValueError(f"interval must be (low, high) with low <= high, not {low, high}")
            object.__setattr__(self, "interval", (low, high))
        if self.sample_size is not None and self.sample_size < 0:
            raise ValueError(f"sample_size must be 0 or more, not {self.sample_size}")
        if self.proved is not None and not 0 <= self.proved <= (self.sample_size or 0):
            raise ValueError(
                f"proved must be from 0 to sample_size, {self.sample_size}, not {self.proved}"
            )
        complete = self.sample_size and self.proved == self.sample_size
        if self.verdict is Verdict.PROVED and not (self.listed and complete):
            raise ValueError(
                f"proved are {self.proved} of {self.sample_size} cases, listed as {self.listed!r}; "
                "the verdict 'proved' needs all cases of an explicit list"
            )
        if self.verdict is not Verdict.NOT_RUN and not self.evidence:
            raise ValueError(
                f"a finding with verdict '{self.verdict}' must name its evidence: "
                "the table and the rows it comes from"
            )
        if self.verdict is Verdict.UNDECIDED and not self.would_decide:
            raise ValueError(
                "an undecided finding must say why it is undecided and what would decide it: "
                "would_decide is empty"
            )


def _plain(value: Any, name: str) -> Any:
    """`value` with NumPy scalars turned into Python ones, so that it can be stored as JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry, f"{name}[{key!r}]") for key, entry in value.items()}
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name} must be finite or None, not {value}")
    if value is not None and not isinstance(value, bool | int | float | str):
        raise ValueError(f"{name} must be a number, a word or None, not {type(value).__name__}")
    return value
