"""The claims on the page of verdicts, each with all that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.judgements import Judgement
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.page_style import COLOURS
from relu_landscape.ledger.wording import COLUMNS, MARKS, MEANINGS, Cases, about, row_of

__all__ = ["badge", "claim_html", "claim_id", "link", "row_id", "table_html"]


def claim_html(cases: Cases, making: Making) -> str:
    """One claim with a row for each case."""
    lead = cases[0]
    data = {"ledger": lead.ledger.replace("_", " "), "paper": lead.paper, "study": lead.study}
    data["source"] = lead.source or "this project"
    attributes = "".join(f" data-{key}='{escape(value)}'" for key, value in data.items())
    rows = [row_of(case) for case in cases]
    shown = [name for name in COLUMNS if name == "case" or any(row[name] for row in rows)]
    body = "".join(
        _case_html(case, {name: row[name] for name in shown})
        for case, row in zip(cases, rows, strict=True)
    )
    return (
        f"<article id='{claim_id(lead.claim)}'{attributes}>"
        f"<h4>{link(claim_id(lead.claim), lead.claim)}</h4>"
        f"<p>{escape(lead.statement)} <span class='about'>({escape(about(lead))})</span></p>"
        f"{table_html(shown, body)}{_made_html(lead, making)}</article>"
    )


def table_html(columns: list[str], body: str, caption: str = "") -> str:
    """A table with a heading for each column."""
    heading = "".join(f"<th scope='col'>{escape(name)}</th>" for name in columns)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table>"


def badge(verdict: Verdict) -> str:
    """A verdict by word, mark and colour."""
    return (
        f"<span class='badge' style='background:{COLOURS[verdict]}' "
        f"title='{escape(MEANINGS[verdict])}'>{MARKS[verdict]} {verdict}</span>"
    )


def link(identifier: str, text: str) -> str:
    """A link to what has this id on the page."""
    return f"<a href='#{quote(identifier, safe='[]=,+.')}'>{escape(text)}</a>"


def claim_id(claim: str) -> str:
    """Where a claim stands on the page."""
    return f"claim-{escape(claim)}"


def row_id(case: Judgement) -> str:
    """Where a case of a claim stands on the page."""
    return "_".join(case.id.split())


def _case_html(case: Judgement, row: Mapping[str, str]) -> str:
    cells = "".join(_cell_html(case, name, text) for name, text in row.items() if name != "case")
    return (
        f"<tr id='{escape(row_id(case))}' data-verdict='{case.verdict}'>"
        f"<th scope='row'>{link(row_id(case), row['case'])}</th>{cells}</tr>"
    )


def _cell_html(case: Judgement, name: str, text: str) -> str:
    label = f" data-label='{name}'" if text else ""
    if name == "verdict":
        note = f"<details><summary>note</summary>{escape(case.note)}</details>" if case.note else ""
        return f"<td>{badge(case.verdict)}{note}</td>"
    if name == "evidence":
        pieces = "".join(f"<div>{_linked(piece)}</div>" for piece in text.split("; ") if piece)
        return f"<td class='evidence'{label}>{pieces}</td>"
    return f"<td class='number'{label}>{escape(text)}</td>"


def _linked(evidence: str) -> str:
    """A piece of evidence; files of text are linked, others are not for a browser."""
    file, _, rows = evidence.partition(": ")
    if not file.endswith(".jsonl"):
        return escape(evidence)
    return f"<a href='{escape(file)}'>{escape(file)}</a>: {escape(rows)}"


def _made_html(lead: Judgement, making: Making) -> str:
    """Who decides, the figures, and how to compute it again."""
    figures = ", ".join(
        f"<a href='figures/{name}.svg'>{name}</a>" for name in making.figures_of(lead)
    )
    drawn = f"<br>Drawn from the same tables: {figures}" if figures else ""
    return (
        f"<details class='made'><summary>Test, figures and command</summary>Decided by "
        f"<code>{escape(lead.test)}</code> of the study {escape(lead.study)}, from "
        f"{escape(', '.join(lead.reads))}.{drawn}<br>Again: "
        f"<code>{escape(making.command_for(lead))}</code></details>"
    )
