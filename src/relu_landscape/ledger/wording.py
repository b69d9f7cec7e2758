"""The words of the ledger for readers, the same in Markdown and on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from relu_landscape.judging.findings import Verdict
from relu_landscape.judging.statistics import LEDGER_WISE_LEVEL
from relu_landscape.ledger.claims_files import Ledger, UnjudgedStatement
from relu_landscape.ledger.judgements import Judgement

__all__ = [
    "COLUMNS",
    "ERROR_RATE",
    "FAILS",
    "MARKS",
    "MEANINGS",
    "NOT_JUDGED",
    "SUBJECTS",
    "TITLES",
    "Cases",
    "about",
    "about_unjudged",
    "by_claim",
    "by_ledger_and_paper",
    "case_of",
    "plain_line",
    "quantity",
    "row_of",
]

Cases: TypeAlias = Sequence[Judgement]
"""The judgements of one claim, case by case."""

FAILS = (Verdict.REFUTED, Verdict.DEVIATES)
"""The verdicts against a claim."""

MEANINGS = {
    Verdict.PROVED: "Every case of an explicit list or range has a certificate that the checker, "
    "which shares no code with what wrote it, accepts.",
    Verdict.REPRODUCED: "A number agrees: to its printed digits, or in a test at the error rate of "
    "its ledger; or the thing said to exist was found.",
    Verdict.CONSISTENT: "A statement about all cases met no counterexample in the cases tried; or "
    "what exists from memory only was found.",
    Verdict.DEVIATES: "A number fails its comparison, or a statement about all cases fails where "
    "it rests on a fit or a sample.",
    Verdict.REFUTED: "A statement about all cases has a counterexample, which the evidence names.",
    Verdict.UNDECIDED: "The sample is too small (power below 80 %), covers only part of the sizes "
    "or met no such case, or a published number is known from memory only.",
    Verdict.NOT_RUN: "This profile did not compute what the test needs, or met nothing that it is "
    "about.",
}
"""What each verdict says, in one sentence for readers of the ledger."""

MARKS = {
    Verdict.PROVED: "∎",
    Verdict.REPRODUCED: "✓",
    Verdict.CONSISTENT: "≈",
    Verdict.DEVIATES: "≠",
    Verdict.REFUTED: "✗",
    Verdict.UNDECIDED: "?",
    Verdict.NOT_RUN: "–",
}

TITLES = {
    Ledger.PAPERS: "Papers",
    Ledger.OWN_CHECKS: "Own checks",
    Ledger.OWN_RESULTS: "Own results",
}

SUBJECTS = {
    Ledger.PAPERS: "What papers, their data and their code assert.",
    Ledger.OWN_CHECKS: "Whether two methods of this project agree.",
    Ledger.OWN_RESULTS: "Theorems, predictions and findings of this project, each with the word "
    "for what it rests on.",
}
"""What is in each ledger, in one sentence for readers."""

NOT_JUDGED = "What is not judged"

ERROR_RATE = (
    "All tests of samples in one ledger together call agreement a deviation with a probability of "
    f"at most {LEDGER_WISE_LEVEL:.0%}: its claims that compare samples share that in equal parts, "
    "and each spends its part on its cases by Holm's procedure."
)

COLUMNS = (
    "case",
    "verdict",
    "rests on",
    "found",
    "expected",
    "interval",
    "sample size",
    "proved",
    "evidence",
)


def by_claim(judgements: Iterable[Judgement]) -> list[Cases]:
    """The cases of each claim, in order."""
    return [list(cases) for _, cases in groupby(judgements, key=lambda one: one.claim)]


def by_ledger_and_paper(judgements: Iterable[Judgement]) -> dict[Ledger, dict[str, list[Cases]]]:
    """The claims of each paper in each ledger, papers in order of first appearance."""
    grouped: dict[Ledger, dict[str, list[Judgement]]] = {ledger: {} for ledger in Ledger}
    for judgement in judgements:
        grouped[judgement.ledger].setdefault(judgement.paper, []).append(judgement)
    return {
        ledger: {paper: by_claim(claims) for paper, claims in papers.items()}
        for ledger, papers in grouped.items()
    }


def row_of(case: Judgement) -> dict[str, str]:
    """The text of each of COLUMNS."""
    interval = "" if case.interval is None else "{:.4g} to {:.4g}".format(*case.interval)
    sample = "" if case.sample_size is None else str(case.sample_size)
    proved = "" if case.proved is None else f"{case.proved} of {case.sample_size}"
    texts = (
        case_of(case),
        f"{MARKS[case.verdict]} {case.verdict}",
        case.rests_on,
        quantity(case.found),
        quantity(case.expected),
        interval,
        sample,
        f"{proved} ({case.listed})" if proved and case.listed else proved,
        case.evidence,
    )
    return dict(zip(COLUMNS, texts, strict=True))


def case_of(judgement: Judgement) -> str:
    """What singles out the case."""
    return ", ".join(f"{key} = {value}" for key, value in judgement.case.items()) or "all"


def about(lead: Judgement) -> str:
    """Where a claim stands, its kind, and what was read of it."""
    words = f"{lead.where}; {lead.kind}"
    return words if lead.source is None else f"{words}, {lead.source}"


def about_unjudged(one: UnjudgedStatement) -> str:
    """A statement that no claim tests, and where it stands."""
    return f"{one.paper}, {one.where} ({one.source}): {plain_line(one.statement)}"


def plain_line(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


def quantity(value: Any) -> str:
    """A number, a word or what bears names, as a table of the ledger has it."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {quantity(entry)}" for key, entry in value.items())
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
