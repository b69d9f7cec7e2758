"""The front page of a run: what was learnt, what fails, what is proved, and every figure.

Nothing on it is written by hand: sentences are the findings of figures, computed from their data,
and statements and verdicts are those of the ledger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any, TypeAlias

from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.ledger.page_claims import badge, claim_id, table_html
from relu_landscape.ledger.page_style import STYLE
from relu_landscape.ledger.wording import FAILS, MEANINGS, TITLES, quantity

__all__ = ["FoundFigure", "Surroundings", "render_front_page"]

Row: TypeAlias = Mapping[str, Any]
"""One claim and case, as claims.json has it."""

_LAYOUT = """
body { max-width: 62rem; }
nav { font-size: .95rem; } nav a { margin-right: 1.2rem; white-space: nowrap; }
nav p { margin: .4rem 0; }
figure { margin: 1rem 0 2.5rem; }
figure > a { display: block; overflow-x: auto; }
figure img { width: 100%; max-width: 54rem; height: auto; display: block; }
figcaption { max-width: 54rem; color: var(--soft); font-size: .9rem; margin-top: .4rem; }
section:target { background: none; } section:target > h2 { background: #fff7cc; }
.finding { display: none; font-weight: 600; margin: .4rem 0; }
ol > li, ul.opening > li { margin: .4rem 0; }
@media (max-width: 760px) {
  /* At the width of a telephone nobody reads the letters of a whole figure. */
  figure img { width: 40rem; max-width: none; }
  .finding { display: block; }
}
"""
_SUBJECT = (
    "<p>F(W) = ½ E (Σ<sub>i</sub> relu(w<sub>i</sub>·x) − Σ<sub>j</sub> relu(v<sub>j</sub>·x))², x "
    "normal, for n students w<sub>i</sub> and k teachers v<sub>j</sub>, orthonormal if nothing "
    "else is said: where descent ends, what is proved of it, and what of the papers holds. Every "
    "sentence and number on this page is computed from the tables of this run.</p>"
)
# A result of this project names the paper that it goes on from, and is none of its statements.
_OPENING = {Ledger.PAPERS: "", Ledger.OWN_RESULTS: "Beyond "}


@dataclass(frozen=True)
class FoundFigure:
    """A figure of a run.

    Attributes:
        name: of its files.
        study: that declares it.
        finding: what it found, in one sentence.
        caption: what a reader should see; **words** between two stars are strong.
        leads: whether its finding is among what was learnt.
    """

    name: str
    study: str
    finding: str
    caption: str
    leads: bool


@dataclass(frozen=True)
class Surroundings:
    """What the front page of a run leads to.

    Attributes:
        studies: what each study is about, by its name.
        pages: paths of the other pages, relative to this one, by what they are called.
        folders: paths of the folders of tables and certificates.
    """

    studies: Mapping[str, str]
    pages: Mapping[str, str]
    folders: Mapping[str, str]


def render_front_page(
    profile: str,
    figures: Sequence[FoundFigure],
    claims: Sequence[Row],
    around: Surroundings,
) -> str:
    """The page: it needs the figures beside it, asks for nothing else, and has no scripts.

    Args:
        profile: name of the config of the run.
        figures: study by study.
        claims: the rows of claims.json.
        around: what else there is.
    """
    parts = (
        _SUBJECT,
        _contents(figures, around.pages),
        _learnt(figures),
        _verdicts(claims),
        _listed("fails", "What fails of the papers", claims, Ledger.PAPERS, FAILS, _failing),
        _listed(
            "theorems",
            "What is proved here",
            claims,
            Ledger.OWN_RESULTS,
            (Verdict.PROVED,),
            _ranges,
        ),
        _gallery(figures, around.studies),
        _files(profile, around),
    )
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>What was found: {escape(profile)}</title><style>{STYLE}{_LAYOUT}</style></head>"
        "<body><h1>The loss landscape of shallow ReLU networks, "
        f"profile {escape(profile)}</h1>{''.join(parts)}</body></html>\n"
    )


def _contents(figures: Iterable[FoundFigure], pages: Mapping[str, str]) -> str:
    """Links to the sections, to the figures of each study, and to the other pages of the run."""
    sections = {
        "What was learnt": "#learnt",
        "What was checked": "#verdicts",
        "What fails": "#fails",
        "What is proved": "#theorems",
        "Tables, certificates, archive": "#files",
    }
    studies = {f"Figures: {_words(one.study)}": f"#figures-{one.study}" for one in figures}
    rows = (" ".join(_links(row)) for row in (sections, studies, pages) if row)
    return "<nav>{}</nav>".format("".join(f"<p>{row}</p>" for row in rows))


def _links(goals: Mapping[str, str]) -> list[str]:
    return [f"<a href='{escape(goal)}'>{escape(name)}</a>" for name, goal in goals.items()]


def _learnt(figures: Iterable[FoundFigure]) -> str:
    items = "".join(
        f"<li>{escape(one.finding)} <a href='#{one.name}'>figure</a></li>"
        for one in figures
        if one.leads
    )
    return _section("learnt", "What was learnt", f"<ol>{items}</ol>" if items else "")


def _verdicts(claims: Sequence[Row]) -> str:
    counts = Counter((row["verdict"], row["ledger"]) for row in claims)
    body = "".join(
        f"<tr><td>{badge(verdict)}</td>"
        + "".join(
            f"<td class='number' data-label='{title}'>{counts[verdict, ledger]}</td>"
            for ledger, title in TITLES.items()
        )
        + f"<td>{escape(MEANINGS[verdict])}</td></tr>"
        for verdict in Verdict
    )
    table = table_html(["verdict", *TITLES.values(), "meaning"], body)
    return _section(
        "verdicts",
        "What was checked",
        f"<p>{len(claims)} claims and cases, <a href='claims.html'>each with what it rests on</a>."
        f"</p>{table}",
    )


def _listed(
    name: str,
    title: str,
    claims: Sequence[Row],
    ledger: Ledger,
    verdicts: Sequence[Verdict],
    tell: Callable[[Sequence[Row]], str],
) -> str:
    """A section of the claims of one ledger that have one of some verdicts."""
    chosen = [row for row in claims if row["ledger"] == ledger and row["verdict"] in verdicts]
    items = "".join(
        f"<li>{_OPENING[ledger]}{escape(cases[0]['paper'])}: {escape(cases[0]['statement'])} "
        f"<a href='claims.html#{claim_id(claim)}'>{escape(claim)}</a> {tell(cases)}</li>"
        for claim, rows in groupby(chosen, key=lambda row: str(row["claim"]))
        if (cases := list(rows))
    )
    return _section(name, title, f"<ul class='opening'>{items}</ul>" if items else "")


def _failing(cases: Sequence[Row]) -> str:
    """The verdicts on a claim that fails."""
    verdicts = dict.fromkeys(Verdict(case["verdict"]) for case in cases)
    return " ".join(map(badge, verdicts))


def _ranges(cases: Sequence[Row]) -> str:
    """For which lists of cases a claim is proved."""
    told = dict.fromkeys(map(_range, cases))
    if len(told) == 1:
        return f"{escape(next(iter(told)))}."
    items = "".join(f"<li>{escape(one)}</li>" for one in told)
    return f"<details><summary>{len(told)} cases</summary><ul>{items}</ul></details>"


def _range(case: Row) -> str:
    """A list of cases, between what of the case and of what is claimed of it the list lacks."""
    words = set(re.findall(r"[\w.]+", case["listed"]))
    others = (f"{key} = {value}" for key, value in case["case"].items() if key not in words)
    claimed = case["expected"]
    if isinstance(claimed, Mapping):
        claimed = {key: value for key, value in claimed.items() if quantity(value) not in words}
    parts = (", ".join(others), case["listed"], quantity(claimed))
    return ": ".join(filter(None, parts))


def _gallery(figures: Iterable[FoundFigure], studies: Mapping[str, str]) -> str:
    shown = "".join(
        f"<h3 id='figures-{study}'>{escape(_words(study))}</h3><p>{escape(studies[study])}</p>"
        + "".join(map(_figure, of_study))
        for study, of_study in groupby(figures, key=lambda one: one.study)
    )
    return _section("figures", "All figures", shown)


def _figure(one: FoundFigure) -> str:
    caption = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(one.caption))
    base = f"figures/{one.name}"
    finding = escape(one.finding)
    return (
        f"<figure id='{one.name}'><p class='finding' aria-hidden='true'>{finding}</p>"
        f"<a href='{base}.svg'><img src='{base}.svg' alt='{finding}' loading='lazy'></a>"
        f"<figcaption>{caption} <a href='{base}.pdf'>PDF</a>, <a href='{base}.csv'>numbers</a>."
        "</figcaption></figure>"
    )


def _words(study: str) -> str:
    return study.replace("_", " ")


def _files(profile: str, around: Surroundings) -> str:
    links = _links({**around.pages, **around.folders})
    name = escape(profile)
    # Said, not led to: a fresh run has none, and a page that leads to one would change with it.
    archive = (
        "All of it in one file, which others can check: <code>"
        f"make archive PROFILE={name}"
        f"</code> writes archives/{name}.zip."
    )
    items = "".join(f"<li>{item}</li>" for item in (*links, archive))
    return _section("files", "What else there is", f"<ul>{items}</ul>")


def _section(name: str, title: str, content: str) -> str:
    return f"<section id='{name}'><h2>{title}</h2>{content or '<p>Nothing.</p>'}</section>"
