"""The ledger as JSON and as Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.claims_files import Ledger, UnjudgedStatement
from relu_landscape.ledger.judgements import Judgement
from relu_landscape.ledger.wording import (
    COLUMNS,
    ERROR_RATE,
    MARKS,
    MEANINGS,
    NOT_JUDGED,
    SUBJECTS,
    TITLES,
    Cases,
    about,
    about_unjudged,
    by_ledger_and_paper,
    case_of,
    plain_line,
    row_of,
)

__all__ = ["render_claim", "render_json", "render_markdown"]


def render_json(judgements: Iterable[Judgement]) -> str:
    """The ledger as a JSON list of objects, one a claim and case."""
    records = [{**asdict(one), "rests_on": one.rests_on} for one in judgements]
    return json.dumps(records, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def render_markdown(
    judgements: Sequence[Judgement], unjudged: Sequence[UnjudgedStatement] = ()
) -> str:
    """The ledger as Markdown: counts of the verdicts, the claims by ledger and paper, the rest.

    Args:
        judgements: in the order of the claims files.
        unjudged: what no claim tests.
    """
    counts = Counter((one.ledger, one.verdict) for one in judgements)
    lines = ["# Claims and verdicts", "", _table_row(["verdict", *TITLES.values(), "meaning"])]
    lines.append("|---" * (len(TITLES) + 2) + "|")
    for verdict in Verdict:
        of_ledgers = [str(counts[ledger, verdict]) for ledger in Ledger]
        lines.append(_table_row([f"{MARKS[verdict]} {verdict}", *of_ledgers, MEANINGS[verdict]]))
    lines += ["", ERROR_RATE]
    for ledger, papers in by_ledger_and_paper(judgements).items():
        lines += ["", f"## {TITLES[ledger]}", "", SUBJECTS[ledger]] if papers else []
        for paper, claims in papers.items():
            lines += ["", f"### {paper}"]
            for cases in claims:
                lines += _claim_lines(cases)
    lines += ["", f"## {NOT_JUDGED}", ""] if unjudged else []
    lines += [f"- {about_unjudged(one)} {plain_line(one.reason)}" for one in unjudged]
    return "\n".join(lines) + "\n"


def render_claim(cases: Cases, published: Mapping[str, str]) -> str:
    """One claim as Markdown: what it says, and each case found, beside its published verdict.

    published: verdicts by the ids of claims and cases.
    """
    beside = [f"- {case_of(case)}: {published.get(case.id, 'not published')}" for case in cases]
    return "\n".join([*_claim_lines(cases)[1:], "", "Published verdicts:", "", *beside, ""])


def _claim_lines(cases: Cases) -> list[str]:
    lead = cases[0]
    rows = [_table_row(row_of(case).values()) for case in cases]
    notes = [f"- {case_of(case)}: {plain_line(case.note)}" for case in cases if case.note]
    return [
        "",
        f"#### {lead.claim}",
        "",
        f"{plain_line(lead.statement)} ({about(lead)})",
        "",
        _table_row(COLUMNS),
        "|---" * len(COLUMNS) + "|",
        *rows,
        *(["", *notes] if notes else []),
    ]


def _table_row(texts: Iterable[str]) -> str:
    cells = [plain_line(text).replace("|", "\\|").replace("<", "&lt;") for text in texts]
    return "| " + " | ".join(cells) + " |"
