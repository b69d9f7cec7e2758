"""What each claim needs by itself, and what that costs: the page docs/claims.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from relu_landscape.evidence.plans import PlannedJob, jobs_behind
from relu_landscape.ledger.claims import LedgerEntry
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.ledger.wording import TITLES, plain_line
from relu_landscape.studies.proofs import tables_behind

__all__ = ["jobs_of_claims", "render_claim_costs"]


def jobs_of_claims(
    entries: Iterable[LedgerEntry], jobs: Sequence[PlannedJob]
) -> dict[str, list[PlannedJob]]:
    """The jobs that each claim needs before it is judged, by its id.

    Args:
        entries: of the claims files.
        jobs: of a whole run.
    """
    paths = {PurePath(path).stem: path for job in jobs for path in job.makes if _is_table(path)}
    reads = {entry.claim: {*entry.reads, *tables_behind(entry.reads)} for entry in entries}
    return {
        claim: jobs_behind(jobs, [paths[name] for name in names if name in paths])
        for claim, names in reads.items()
    }


def render_claim_costs(
    entries: Sequence[LedgerEntry], jobs: Sequence[PlannedJob], seconds: Mapping[str, float]
) -> str:
    """The page as Markdown.

    Args:
        entries: of the claims files.
        jobs: of a whole run.
        seconds: that each job took in the published run, by its name.
    """
    needed = jobs_of_claims(entries, jobs)
    lines = [
        "# Every claim by itself",
        "",
        "`make claim CLAIM=...`, with an id of this page, runs what the claim needs in the profile "
        "quick and prints what is found beside what is published. Core-minutes are those of the "
        "published run, of all jobs that the claim needs where nothing is there yet.",
        "",
        "Where another workflow imports this one there is no Makefile: there "
        "`snakemake --cores all -- results/quick/claims/CLAIM.md`, with the id in the place of "
        "CLAIM and the profile of its config in that of quick, writes into this file what make "
        "prints.",
    ]
    for ledger in Ledger:
        lines += ["", f"## {TITLES[ledger]}", "", "| claim | what it says | core-minutes |"]
        lines.append("|---|---|--:|")
        claims = {entry.claim: entry for entry in entries if entry.ledger is ledger}
        lines += [
            f"| `{claim}` | {plain_line(entry.statement).replace('|', chr(92) + '|')} "
            f"| {_minutes(needed[claim], seconds)} |"
            for claim, entry in claims.items()
        ]
    return "\n".join(lines) + "\n"


def _is_table(path: str) -> bool:
    return PurePath(path).parent.name in {"tables", "statistics"}


def _minutes(jobs: Iterable[PlannedJob], seconds: Mapping[str, float]) -> str:
    names = [job.name for job in jobs]
    if any(name not in seconds for name in names):
        return "not known"
    return f"{sum(seconds[name] for name in names) / 60:.1f}"
