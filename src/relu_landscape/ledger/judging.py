"""The ledger of one run: every claim judged by its tables, and written in three forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from relu_landscape.evidence.documents import read_json
from relu_landscape.ledger.claims import Judgement, judge, levels, read_claims
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.page import render_html
from relu_landscape.ledger.references import read_references
from relu_landscape.ledger.report import render_json, render_markdown
from relu_landscape.storage import write_text
from relu_landscape.studies.proofs import join_proofs
from relu_landscape.tables.files import read_published, read_table

__all__ = ["LedgerSources", "LedgerTargets", "judge_run"]


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

    claims: Iterable[str]
    tables: Iterable[str]
    published: Iterable[str]
    references: str
    audits: Iterable[str]


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
    tables = _by_name(sources.tables)
    judgements = judge(
        entries,
        join_proofs({name: read_table(path) for name, path in tables.items()}),
        {name: read_published(path) for name, path in _by_name(sources.published).items()},
    )
    write_text(targets.json, render_json(judgements))
    write_text(targets.markdown, render_markdown(judgements))
    making = Making(profile, tables, targets.html, figures, levels(entries))
    write_text(targets.html, render_html(judgements, making, read_references(sources.references)))
    return judgements


def _by_name(paths: Iterable[str]) -> Mapping[str, str]:
    return {Path(path).stem: path for path in paths}
