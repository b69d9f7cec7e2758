"""The ledgers for readers: JSON, Markdown and a self-contained HTML page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from itertools import groupby
from typing import Any

from relu_landscape.judging.findings import Verdict
from relu_landscape.judging.statistics import LEDGER_WISE_LEVEL
from relu_landscape.ledger.claims import Judgement
from relu_landscape.ledger.claims_files import Ledger

__all__ = ["HEADINGS", "MEANINGS", "render_html", "render_json", "render_markdown"]

MEANINGS = {
    Verdict.PROVED: "Every case of an explicit list or interval has a certificate that the checker "
    "accepted.",
    Verdict.REPRODUCED: "A number agrees: to its digits, or in a test of samples; or the thing "
    "said to exist was found.",
    Verdict.CONSISTENT: "A statement about all cases met no counterexample in the cases tried; or "
    "what exists from memory only was found.",
    Verdict.DEVIATES: "A number fails its comparison, or a statement about all cases "
    "fails where it rests on a fit or a sample.",
    Verdict.REFUTED: "A statement about all cases has a counterexample, which the evidence names.",
    Verdict.UNDECIDED: "The sample is too small (power below 80 %), covers only part of the sizes "
    "or met no such case, or a number is known from memory only.",
    Verdict.NOT_RUN: "This profile did not compute what the test needs, or met nothing that it is "
    "about.",
}
"""What each verdict says, in one sentence for readers of the ledger."""

HEADINGS = {
    Ledger.PAPERS: ("Papers", "What papers, their data and their code assert."),
    Ledger.OWN_CHECKS: ("Own checks", "Whether two methods of this project agree."),
    Ledger.OWN_RESULTS: ("Own results", "Theorems, predictions and findings of this project."),
}
"""Title of each ledger, and what is in it, in one sentence for readers."""

_LEVEL = (
    "The tests of samples in one ledger together call agreement a deviation with a probability of "
    f"at most {LEDGER_WISE_LEVEL:.0%}: its claims share that in equal parts, and each spends its "
    "part on its cases by Holm's procedure."
)

_COLUMNS = ("case", "verdict", "found", "expected", "interval", "sample size", "proved", "evidence")

# Okabe and Ito's colours, told apart without colour vision; the word and the mark stand beside.
_BADGES = {
    Verdict.PROVED: ("∎", "#cc79a7"),
    Verdict.REPRODUCED: ("✓", "#009e73"),
    Verdict.CONSISTENT: ("≈", "#56b4e9"),
    Verdict.DEVIATES: ("≠", "#e69f00"),
    Verdict.REFUTED: ("✗", "#d55e00"),
    Verdict.UNDECIDED: ("?", "#f0e442"),
    Verdict.NOT_RUN: ("–", "#dddddd"),
}


def render_json(judgements: Iterable[Judgement]) -> str:
    """The ledger as a JSON list of objects, one a claim and case."""
    records = [asdict(judgement) for judgement in judgements]
    return json.dumps(records, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def render_markdown(judgements: Sequence[Judgement]) -> str:
    """The ledgers as Markdown: counts of the verdicts, then the claims by ledger and paper."""
    counts = [_counts(part) for _, part in _by_ledger(judgements)]
    titles = [HEADINGS[ledger][0].lower() for ledger, _ in _by_ledger(judgements)]
    lines = ["# Claims and verdicts", "", f"| verdict | {' | '.join(titles)} | meaning |"]
    lines += ["|---" * (len(titles) + 2) + "|"]
    lines += [
        f"| {_mark(v)} | {' | '.join(str(count[v]) for count in counts)} | {MEANINGS[v]} |"
        for v in Verdict
    ]
    lines += ["", _LEVEL]
    for ledger, part in _by_ledger(judgements):
        title, meaning = HEADINGS[ledger]
        lines += ["", f"## {title}", "", meaning, *_markdown_of(part)]
    return "\n".join(lines) + "\n"


def _markdown_of(judgements: Sequence[Judgement]) -> list[str]:
    """The claims of one ledger by paper."""
    lines: list[str] = []
    for paper, claims in _by_paper(judgements):
        lines += ["", f"### {paper}"]
        for lead, cases in claims:
            lines += [
                "",
                f"#### {lead.claim}",
                "",
                f"{_plain_line(lead.statement)} ({_about(lead)})",
            ]
            lines += ["", "| " + " | ".join(_COLUMNS) + " |", "|---" * len(_COLUMNS) + "|"]
            lines += ["| " + " | ".join(map(_cell, _row(case))) + " |" for case in cases]
            notes = [f"- {_case(case)}: {_plain_line(case.note)}" for case in cases if case.note]
            lines += ["", *notes] if notes else []
    return lines


def render_html(judgements: Sequence[Judgement]) -> str:
    """The ledgers as one HTML page that needs nothing else: no scripts, fonts or pictures."""
    parts = _by_ledger(judgements)
    counts = [_counts(part) for _, part in parts]
    titles = "".join(f"<th scope='col'>{HEADINGS[ledger][0]}</th>" for ledger, _ in parts)
    summary = "".join(
        f"<tr><td>{_badge(v)}</td>"
        + "".join(f"<td class='number'>{count[v]}</td>" for count in counts)
        + f"<td>{escape(MEANINGS[v])}</td></tr>"
        for v in Verdict
    )
    ledgers = "".join(_ledger_html(ledger, part) for ledger, part in parts)
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Claims and verdicts</title><style>{_STYLE}</style></head><body>"
        f"<h1>Claims and verdicts</h1><table><caption>{len(judgements)} claims and cases by verdict"
        f"</caption><thead><tr><th scope='col'>verdict</th>{titles}"
        f"<th scope='col'>meaning</th></tr></thead><tbody>{summary}</tbody></table>"
        f"<p>{escape(_LEVEL)}</p>"
        f"{_short_html('What fails', judgements, {Verdict.REFUTED, Verdict.DEVIATES})}"
        f"{_short_html('What is proved', judgements, {Verdict.PROVED})}"
        f"{_short_html('What is open', judgements, {Verdict.UNDECIDED})}"
        f"{ledgers}</body></html>\n"
    )


def _short_html(title: str, judgements: Iterable[Judgement], verdicts: set[Verdict]) -> str:
    """The rows of some verdicts in a sentence each, linked to them; those of papers alone."""
    meant = [j for j in judgements if j.ledger is Ledger.PAPERS and j.verdict in verdicts]
    items = "".join(
        f"<li>{_badge(j.verdict)} <a href='#{_anchor(j)}'>{escape(f'{j.paper}, {_case(j)}')}</a>: "
        f"{escape(_plain_line(j.statement))}{escape(f' [{j.listed}]' if j.listed else '')}</li>"
        for j in meant
    )
    return (
        f"<details><summary>{title}: {len(meant)} of the papers' claims and cases</summary>"
        f"<ul>{items}</ul></details>"
    )


def _ledger_html(ledger: Ledger, judgements: Sequence[Judgement]) -> str:
    title, meaning = HEADINGS[ledger]
    papers = "".join(
        f"<section><h3>{escape(paper)}</h3>{''.join(_claim_html(*claim) for claim in claims)}"
        "</section>"
        for paper, claims in _by_paper(judgements)
    )
    return f"<section id='{ledger}'><h2>{title}</h2><p>{meaning}</p>{papers}</section>"


def _claim_html(lead: Judgement, cases: Sequence[Judgement]) -> str:
    heading = "".join(f"<th scope='col'>{escape(name)}</th>" for name in _COLUMNS)
    rows = "".join(_case_html(case) for case in cases)
    return (
        f"<article id='claim-{escape(lead.claim)}'><h4>{escape(lead.claim)}</h4>"
        f"<p>{escape(lead.statement)} <span class='about'>({escape(_about(lead))})</span></p>"
        f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table></article>"
    )


def _case_html(case: Judgement) -> str:
    name, _, *numbers, evidence = _row(case)
    note = (
        f"<tr class='note'><td></td><td colspan='{len(_COLUMNS) - 1}'>{escape(case.note)}</td></tr>"
        if case.note
        else ""
    )
    cells = "".join(f"<td class='number'>{escape(text)}</td>" for text in numbers)
    return (
        f"<tr id='{_anchor(case)}'><th scope='row'>{escape(name)}</th>"
        f"<td>{_badge(case.verdict)}</td>{cells}"
        f"<td class='evidence'>{escape(evidence)}</td></tr>{note}"
    )


def _anchor(case: Judgement) -> str:
    return escape(case.id.replace(" ", "_"))


def _badge(verdict: Verdict) -> str:
    mark, colour = _BADGES[verdict]
    return (
        f"<span class='badge' style='background:{colour}' "
        f"title='{escape(MEANINGS[verdict])}'>{mark} {verdict}</span>"
    )


def _by_ledger(judgements: Iterable[Judgement]) -> list[tuple[Ledger, list[Judgement]]]:
    """The judgements of each ledger, that of papers first."""
    listed = list(judgements)
    return [(ledger, [j for j in listed if j.ledger is ledger]) for ledger in Ledger]


def _by_paper(
    judgements: Iterable[Judgement],
) -> list[tuple[str, list[tuple[Judgement, list[Judgement]]]]]:
    """(paper, [(first case of a claim, all its cases)]), in order of first appearance."""
    papers: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        papers.setdefault(judgement.paper, []).append(judgement)
    grouped = []
    for paper, claims in papers.items():
        runs = [list(cases) for _, cases in groupby(claims, key=lambda claim: claim.claim)]
        grouped.append((paper, [(cases[0], cases) for cases in runs]))
    return grouped


def _counts(judgements: Iterable[Judgement]) -> Counter[Verdict]:
    return Counter(judgement.verdict for judgement in judgements)


def _row(case: Judgement) -> tuple[str, ...]:
    """The text of each of _COLUMNS."""
    interval = "" if case.interval is None else "{:.4g} to {:.4g}".format(*case.interval)
    sample = "" if case.sample_size is None else str(case.sample_size)
    proved = "" if case.proved is None else f"{case.proved} of {case.sample_size}"
    if case.verdict is Verdict.PROVED:
        proved += f": {case.listed}"
    return (
        _case(case),
        _mark(case.verdict),
        _quantity(case.found),
        _quantity(case.expected),
        interval,
        sample,
        proved,
        case.evidence,
    )


def _case(case: Judgement) -> str:
    return ", ".join(f"{key} = {value}" for key, value in case.case.items()) or "all"


def _about(lead: Judgement) -> str:
    return f"{lead.where}; {lead.kind}{f', {lead.source}' if lead.source else ''}"


def _mark(verdict: Verdict) -> str:
    return f"{_BADGES[verdict][0]} {verdict}"


def _quantity(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_quantity(entry)}" for key, entry in value.items())
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def _plain_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _plain_line(text).replace("|", "\\|").replace("<", "&lt;")


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  color: #111; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; font-size: .9rem; }
caption { text-align: left; color: #444; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-top: 1px solid #ccc; }
tbody th { font-weight: normal; white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; }
.badge { padding: .1rem .5rem; border-radius: .3rem; white-space: nowrap; font-weight: 600; }
.note td { border-top: none; color: #333; padding-top: 0; }
.about, .evidence { color: #444; }
.evidence { font-family: ui-monospace, monospace; font-size: .8rem; overflow-wrap: anywhere; }
"""
