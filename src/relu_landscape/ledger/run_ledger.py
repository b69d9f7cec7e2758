"""The ledger of one run: every claim judged by its tables, and written in three forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from relu_landscape.evidence.documents import read_json
from relu_landscape.ledger.claims import entries_of, read_claims
from relu_landscape.ledger.judgements import Judgement, judge, levels
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.page import render_html
from relu_landscape.ledger.references import read_references
from relu_landscape.ledger.report import render_claim, render_json, render_markdown
from relu_landscape.ledger.unjudged import read_unjudged
from relu_landscape.storage import write_text
from relu_landscape.studies.proofs import join_proofs
from relu_landscape.tables.files import read_published, read_table

__all__ = ["LedgerSources", "LedgerTargets", "judge_claim", "judge_run"]


@dataclass(frozen=True)
class LedgerSources:
    """What a ledger is judged from: paths.

    Attributes:
        claims: the claims files.
        tables: the tables of the run.
        published: the published numbers.
        references: the file of references.
        audits: the audits of the run: no verdict stands beside one that is damaged.
    """

    claims: Sequence[str]
    tables: Sequence[str]
    published: Sequence[str]
    references: str
    audits: Sequence[str]


@dataclass(frozen=True)
class LedgerTargets:
    """Where a ledger is written: paths.

    Attributes:
        json: for programs.
        markdown: for readers of a repository.
        html: for readers of a run.
    """

    json: str
    markdown: str
    html: str


def judge_run(
    sources: LedgerSources, targets: LedgerTargets, profile: str, figures: Sequence[str]
) -> tuple[Judgement, ...]:
    """Judge every claim and write the ledger.

    Args:
        sources: what it is judged from.
        targets: where it is written.
        profile: name of the config of the run.
        figures: names of the figures that the run draws.

    Raises:
        DamagedFile: a table or an audit is not as it was written.
    """
    for path in sources.audits:
        read_json(path)
    entries = read_claims(sources.claims)
    judgements = judge(entries, _tables(sources), _published(sources))
    write_text(targets.json, render_json(judgements))
    unjudged = read_unjudged(sources.claims)
    write_text(targets.markdown, render_markdown(judgements, unjudged))
    making = Making(profile, _by_name(sources.tables), targets.html, figures, levels(entries))
    references = read_references(sources.references)
    write_text(targets.html, render_html(judgements, making, references, unjudged))
    return judgements


def judge_claim(claim: str, sources: LedgerSources, published: Mapping[str, str]) -> str:
    """Judge one claim in all of its cases; returns what a reader is told, as Markdown.

    Args:
        claim: its id.
        sources: what it is judged from, among them the claims files of the whole run: all claims
            share one error rate.
        published: the published verdicts, by the ids of claims and cases.

    Raises:
        ValueError: there is no such claim.
    """
    entries = read_claims(sources.claims)
    ids = {entry.id for entry in entries_of(entries, claim)}
    judgements = judge(entries, _tables(sources), _published(sources))
    return render_claim([one for one in judgements if one.id in ids], published)


def _tables(sources: LedgerSources) -> dict[str, pd.DataFrame]:
    return join_proofs({name: read_table(path) for name, path in _by_name(sources.tables).items()})


def _published(sources: LedgerSources) -> dict[str, pd.DataFrame]:
    return {name: read_published(path) for name, path in _by_name(sources.published).items()}


def _by_name(paths: Iterable[str]) -> Mapping[str, str]:
    return {Path(path).stem: path for path in paths}
