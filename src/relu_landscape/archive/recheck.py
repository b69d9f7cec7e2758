"""An archive checked again: certificates proved, claims judged, figures drawn, all compared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from relu_landscape.archive.contents import FOLDERS
from relu_landscape.archive.unpacking import profile_of, unpack
from relu_landscape.certificates.check import Refused, certificates_in, check_line
from relu_landscape.evidence.compare import Comparison, agrees, compare_results, render_comparison
from relu_landscape.evidence.stored import read_stored
from relu_landscape.figures.style import save_plot
from relu_landscape.ledger.claims import read_claims
from relu_landscape.ledger.judging import LedgerSources, LedgerTargets, judge_run
from relu_landscape.studies.declarations import declared_figures, draw_figure
from relu_landscape.studies.proofs import join_proofs, tables_behind

__all__ = ["Recheck", "recheck", "render_recheck"]

_LINES_AT_A_TIME = 20


@dataclass(frozen=True)
class Recheck:
    """What a recheck found.

    Attributes:
        compared: the config, the data of each figure, the verdicts, as found and as published.
        certificates: how many there are.
        refused: what the checker says of those that were not: file, line, reason.
    """

    compared: list[Comparison]
    certificates: int
    refused: list[str]

    @property
    def agrees(self) -> bool:
        """Whether all is as published, and every certificate proved."""
        return not self.refused and all(map(agrees, self.compared))


def recheck(archive: Path, checkout: Path, cores: int, say: Callable[[str], object]) -> Recheck:
    """Make again, from an archive, what takes minutes, and compare it with what is published.

    Args:
        archive: the zip file.
        checkout: a repository in which results of the same profile are published.
        cores: how many processes work at a time.
        say: is told of each part that is done.

    Returns:
        What was found; the results lie in results/recheck-<profile>/ of the checkout.

    Raises:
        AnotherArchive: a file is not what was published.
    """
    profile = profile_of(archive, checkout / "figures")
    published, target = checkout / "figures" / profile, checkout / "results" / f"recheck-{profile}"
    shutil.rmtree(target, ignore_errors=True)
    names = unpack(archive, published, target)
    say(f"{len(names)} files are what was published")
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        lines = list(_certificates(target))
        answers = list(pool.map(_check, lines, chunksize=_LINES_AT_A_TIME))
        refused = [answer for answer in answers if answer is not None]
        say(f"{len(lines) - len(refused)} of {len(lines)} certificates are proved again")
        figures = sorted(path.stem for path in published.glob("*.csv"))
        (target / "figures").mkdir()
        list(pool.map(partial(_draw, target, checkout), figures))
        say(f"{len(figures)} figures are drawn again")
    _judge(target, checkout, profile, figures)
    say("all claims are judged again")
    return Recheck(compare_results(target, published), len(lines), refused)


def render_recheck(found: Recheck) -> str:
    """What a recheck found, for a terminal."""
    return "\n".join([render_comparison(found.compared), *found.refused])


def _certificates(results: Path) -> Iterator[tuple[str, str]]:
    """Each line of certificates, after its place."""
    for path in sorted((results / "certificates").glob("*.jsonl")):
        for number, line in enumerate(certificates_in(path), start=1):
            yield f"certificates/{path.name}:{number}", line


def _check(certificate: tuple[str, str]) -> str | None:
    """Why the checker refuses a certificate, None if it does not."""
    place, line = certificate
    try:
        check_line(line)
    except Refused as error:
        return f"{place}: REFUSED: {error}"
    return None


def _draw(results: Path, checkout: Path, name: str) -> None:
    """Draw a figure from the tables and arrays of the archive."""
    figure = declared_figures()[name]
    made = [
        *(path for folder in FOLDERS for path in (results / folder).iterdir()),
        *(checkout / "published").glob("*.csv"),
    ]
    files = figure.files(map(str, made))
    files |= {table: f"{results}/tables/{table}.parquet" for table in tables_behind(files)}
    data = join_proofs({of: read_stored(path) for of, path in files.items()})
    svg, pdf, csv = (results / f"figures/{name}.{ending}" for ending in ("svg", "pdf", "csv"))
    save_plot(draw_figure(name, data), svg, pdf, csv)


def _judge(results: Path, checkout: Path, profile: str, figures: Sequence[str]) -> None:
    """Judge the claims that were published of this profile."""
    ledger = (checkout / "figures" / profile / "claims.json").read_text(encoding="utf-8")
    published = {claim["claim"] for claim in json.loads(ledger)}
    files = sorted(str(path) for path in (checkout / "claims").glob("*.yaml"))
    sources = LedgerSources(
        claims=[path for path in files if published & {one.claim for one in read_claims([path])}],
        tables=sorted(
            str(path) for kind in ("tables", "statistics") for path in (results / kind).iterdir()
        ),
        published=sorted(map(str, (checkout / "published").glob("*.csv"))),
        references=str(checkout / "published/references.yaml"),
        audits=sorted(map(str, (results / "audits").iterdir())),
    )
    targets = [str(results / f"claims.{ending}") for ending in ("json", "md", "html")]
    judge_run(sources, LedgerTargets(*targets), profile, figures)
