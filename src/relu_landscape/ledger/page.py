"""The ledger as one HTML page: it needs no other file, and asks for none by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from relu_landscape.judging.findings import Verdict
from relu_landscape.judging.statistics import LEDGER_WISE_LEVEL
from relu_landscape.ledger.claims_files import Ledger, UnjudgedStatement
from relu_landscape.ledger.judgements import Judgement
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.page_claims import (
    badge,
    claim_html,
    link,
    row_id,
    table_html,
)
from relu_landscape.ledger.page_style import SCRIPT, STYLE
from relu_landscape.ledger.references import Reference, Work
from relu_landscape.ledger.wording import (
    ERROR_RATE,
    FAILS,
    MEANINGS,
    NOT_JUDGED,
    SUBJECTS,
    TITLES,
    Cases,
    about_unjudged,
    by_claim,
    by_ledger_and_paper,
    case_of,
)

__all__ = ["render_html"]

_UNFOLDED = 3  # cases that the opening tells of a claim without folding them


def render_html(
    judgements: Sequence[Judgement],
    making: Making,
    references: Mapping[str, Reference],
    unjudged: Sequence[UnjudgedStatement] = (),
) -> str:
    """The ledger as a page that reads without scripts and requests nothing.

    Args:
        judgements: in the order of the claims files.
        making: the run that they are of.
        references: papers by the names that claims give them.
        unjudged: what no claim tests.
    """
    parts = (
        _checked(judgements, making),
        _listed("fails", "What fails", judgements, FAILS, _statement),
        _listed("proved", "What is proved", judgements, (Verdict.PROVED,), _range),
        _listed("open", "What is open", judgements, (Verdict.UNDECIDED,), _reason),
        _not_judged(unjudged),
        _contents(judgements),
        "<div id='claims'>",
        *_ledgers(judgements, making, references),
        "</div>",
        _references(references),
    )
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Claims and verdicts</title><style>{STYLE}</style></head><body>"
        f"<h1>Claims and verdicts</h1>{''.join(parts)}<script>{SCRIPT}</script></body></html>\n"
    )


def _checked(judgements: Sequence[Judgement], making: Making) -> str:
    counts = Counter((one.ledger, one.verdict) for one in judgements)
    papers = [one for one in judgements if one.ledger is Ledger.PAPERS]
    verdicts = Counter(one.verdict for one in papers)
    head = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict if verdicts[verdict])
    body = "".join(
        f"<tr><td>{badge(verdict)}</td>"
        + "".join(
            f"<td class='number' data-label='{title}'>{counts[ledger, verdict]}</td>"
            for ledger, title in TITLES.items()
        )
        + f"<td>{escape(MEANINGS[verdict])}</td></tr>"
        for verdict in Verdict
    )
    table = table_html(
        ["verdict", *TITLES.values(), "meaning"], body, f"{len(judgements)} claims and cases"
    )
    return (
        f"<section id='checked'><h2>What was checked</h2><p>Of what the papers assert, "
        f"{len(papers)} claims and cases in the profile {escape(making.profile)}: "
        f"{head or 'none'}. That two methods of this project agree, and what it found itself, is "
        f"counted apart.</p>{table}{_error_rates(making)}<p>All of it again: "
        f"<code>{escape(making.command)}</code></p></section>"
    )


def _error_rates(making: Making) -> str:
    shares = "; ".join(
        f"{TITLES[ledger].lower()} {round(LEDGER_WISE_LEVEL / level)} claims at {level:.2g} each"
        for ledger, level in making.levels.items()
    )
    return f"<p id='error-rate'>Error rate: {escape(ERROR_RATE)} Here: {shares or 'none'}.</p>"


def _listed(
    name: str,
    title: str,
    judgements: Sequence[Judgement],
    verdicts: Sequence[Verdict],
    tell: Callable[[Cases], str],
) -> str:
    """A section of the opening: the claims with one of some verdicts, ledger by ledger."""
    chosen = [one for one in judgements if one.verdict in verdicts]
    ledgers = "".join(
        f"<h3>{TITLES[ledger]}</h3><ul class='opening'>{''.join(map(tell, by_claim(cases)))}</ul>"
        for ledger in Ledger
        if (cases := [one for one in chosen if one.ledger is ledger])
    )
    return f"<section id='{name}'><h2>{title}</h2>{ledgers or '<p>Nothing.</p>'}</section>"


def _not_judged(unjudged: Sequence[UnjudgedStatement]) -> str:
    """A section of the opening: statements that no claim tests, each with the reason."""
    items = "".join(
        f"<li>{escape(about_unjudged(one))}<ul><li>{escape(one.reason)}</li></ul></li>"
        for one in unjudged
    )
    listed = f"<ul class='opening'>{items}</ul>" if items else "<p>Nothing that is known of.</p>"
    return f"<section id='not-judged'><h2>{NOT_JUDGED}</h2>{listed}</section>"


def _statement(cases: Cases) -> str:
    """A claim that fails, and in which cases."""
    badges = " ".join(badge(verdict) for verdict in dict.fromkeys(one.verdict for one in cases))
    return f"<li>{badges} {_sentence(cases[0])} ({'; '.join(map(_case_link, cases))})</li>"


def _range(cases: Cases) -> str:
    """A claim that is proved, and over which lists of cases."""
    return _told(cases, [f"{_case_link(one)}: {escape(one.listed)}" for one in cases])


def _reason(cases: Cases) -> str:
    """A claim that is open, and what would decide it."""
    return _told(cases, [f"{_case_link(one)}: {escape(one.would_decide)}" for one in cases])


def _told(cases: Cases, lines: Sequence[str]) -> str:
    """A claim with a line for each case, folded where they are many."""
    listed = "".join(f"<li>{line}</li>" for line in lines)
    told = f"<ul>{listed}</ul>"
    if len(cases) > _UNFOLDED:
        told = f"<details><summary>{len(cases)} cases, one by one</summary>{told}</details>"
    return f"<li>{_sentence(cases[0])}{told}</li>"


def _sentence(lead: Judgement) -> str:
    return f"{escape(lead.paper)}: {escape(lead.statement)}"


def _case_link(case: Judgement) -> str:
    """A link to a row, named by its case or, of a single one, by the place of the claim."""
    return link(row_id(case), case_of(case) if case.case else case.where)


def _contents(judgements: Sequence[Judgement]) -> str:
    ledgers = "".join(
        f"<li>{link(ledger, TITLES[ledger])}<ul>"
        + "".join(
            f"<li>{link(_paper_id(ledger, paper), paper)}, {len(claims)} claims</li>"
            for paper, claims in papers.items()
        )
        + "</ul></li>"
        for ledger, papers in by_ledger_and_paper(judgements).items()
        if papers
    )
    return (
        f"<nav id='contents'><h2>Contents</h2><ul>{ledgers}"
        f"<li>{link('references', 'References')}</li></ul></nav>"
    )


def _ledgers(
    judgements: Sequence[Judgement], making: Making, references: Mapping[str, Reference]
) -> Iterable[str]:
    for ledger, papers in by_ledger_and_paper(judgements).items():
        if papers:
            yield (
                f"<section class='ledger' id='{ledger}'><h2>{TITLES[ledger]}</h2>"
                f"<p>{SUBJECTS[ledger]}</p>"
            )
            for paper, claims in papers.items():
                yield (
                    f"<section class='paper' id='{_paper_id(ledger, paper)}'>"
                    f"<h3>{escape(paper)}</h3>{_read(references.get(paper))}"
                )
                yield from (claim_html(cases, making) for cases in claims)
                yield "</section>"
            yield "</section>"


def _read(reference: Reference | None) -> str:
    if reference is None:
        return ""
    return (
        f"<p class='about'>Read of it: {', '.join(reference.read)}. {escape(reference.extent)} "
        f"{link(_reference_id(reference.name), 'Reference')}</p>"
    )


def _references(references: Mapping[str, Reference]) -> str:
    entries = "".join(
        f"<li id='{_reference_id(name)}'>{escape(name)}. Read: {', '.join(one.read)}."
        f"<ul>{''.join(map(_work_html, one.works))}</ul></li>"
        for name, one in references.items()
    )
    return f"<section id='references'><h2>References</h2><ul>{entries}</ul></section>"


def _work_html(work: Work) -> str:
    venue = f" {escape(work.venue)}," if work.venue else ""
    arxiv = (
        f" <a href='https://arxiv.org/abs/{work.arxiv}'>arXiv {work.arxiv}</a>."
        if work.arxiv
        else ""
    )
    dois = "".join(
        f" DOI <a href='https://doi.org/{escape(doi)}'>{escape(doi)}</a>." for doi in work.dois
    )
    return (
        f"<li>{escape(', '.join(work.authors))}: <cite>{escape(work.title)}</cite>.{venue} "
        f"{work.year}.{arxiv}{dois}</li>"
    )


def _paper_id(ledger: Ledger, paper: str) -> str:
    return f"{ledger}-{_slug(paper)}"


def _reference_id(paper: str) -> str:
    return f"reference-{_slug(paper)}"


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text).split())
