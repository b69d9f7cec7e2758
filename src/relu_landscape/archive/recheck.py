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
from typing import TypeAlias

from relu_landscape.archive.contents import FOLDERS, MANIFEST, TABLES
from relu_landscape.archive.unpacking import AnotherArchive, profile_of, unpack
from relu_landscape.certificates.check_every_k import last_said
from relu_landscape.certificates.checkers import CHECKERS, OF_FILES, checker_of
from relu_landscape.evidence.compare import Comparison, agrees, compare_results, render_comparison
from relu_landscape.evidence.documents import read_json
from relu_landscape.evidence.stored import read_stored
from relu_landscape.figures.style import save_drawing
from relu_landscape.ledger.claims import read_claims
from relu_landscape.ledger.run_ledger import LedgerSources, LedgerTargets, judge_run
from relu_landscape.studies.declarations import declared_figures, draw_figure
from relu_landscape.studies.proofs import join_proofs, tables_behind
from relu_landscape.tables.files import read_table
from relu_landscape.tables.frames import TableError

__all__ = ["Recheck", "recheck", "render_recheck"]

_AT_A_TIME = 8
_Proof: TypeAlias = Callable[[], str]


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
        AnotherArchive: a file is not what was published, or a table of it is of other code.
    """
    profile = profile_of(archive, checkout / "figures")
    published, target = checkout / "figures" / profile, checkout / "results" / f"recheck-{profile}"
    shutil.rmtree(target, ignore_errors=True)
    names = unpack(archive, published, target)
    say(f"{len(names)} files are what was published")
    require_tables_of_this_code(target)
    tasks = list(_certificates(target))
    figures = sorted(path.stem for path in published.glob("*.csv"))
    (target / "figures").mkdir()
    say(
        f"now {len(tasks)} certificates are proved again, all claims judged and {len(figures)} "
        f"figures drawn, on {cores} cores: minutes, with a line here after each of the three"
    )
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        # All at once, so that no core waits for the end of a part; the longest piece first.
        judged = pool.submit(_judge, target, checkout, profile, figures)
        answers = pool.map(_check, tasks, chunksize=_AT_A_TIME)
        drawn = pool.map(partial(_draw, target, checkout), figures)
        judged.result()
        say("all claims are judged again")
        refused = [answer for answer in answers if answer is not None]
        say(f"{len(tasks) - len(refused)} of {len(tasks)} certificates are proved again")
        say(f"{len(list(drawn))} figures are drawn again")
    return Recheck(compare_results(target, published), len(tasks), refused)


def require_tables_of_this_code(results: Path) -> None:
    """Raise AnotherArchive where this code reads a table of an unpacked archive no more."""
    for path in sorted(path for folder in TABLES for path in (results / folder).glob("*.parquet")):
        try:
            read_table(path)
        except TableError as error:
            revision = read_json(results / MANIFEST)["code"]["revision"] or "unknown"
            raise AnotherArchive(
                f"{path.relative_to(results)} is a table of other code than this checkout: check "
                f"out the revision that wrote the archive, {revision}, and recheck it there"
            ) from error


def render_recheck(found: Recheck) -> str:
    """What a recheck found, for a terminal."""
    return "\n".join([render_comparison(found.compared), *found.refused])


def _certificates(results: Path) -> Iterator[tuple[str, _Proof]]:
    """The place of each certificate, with what checks it; a theorem for every k or m is one."""
    for path in sorted(results.glob("*/*.jsonl")):
        place, checker = f"{path.parent.name}/{path.name}", checker_of(path.parent.name)
        if checker in OF_FILES:
            # A file without lines claims nothing: no certificate was found.
            if path.stat().st_size:
                yield place, partial(last_said, path, checker.module.checked)
        else:
            module = checker.module
            for number, line in enumerate(module.certificates_in(path), start=1):
                yield f"{place}:{number}", partial(module.check_line, line)


def _check(task: tuple[str, _Proof]) -> str | None:
    """Why a checker refuses a certificate, None if it does not."""
    place, proves_again = task
    # Each checker that stands alone has an error of its own.
    refusals = tuple({checker.module.Refused for checker in CHECKERS})
    try:
        proves_again()
    except refusals as error:
        return f"{place}: REFUSED: {error}"
    return None


def _draw(results: Path, checkout: Path, name: str) -> None:
    """Draw a figure from the tables and arrays of the archive; its PDF is compared by nobody."""
    figure = declared_figures()[name]
    made = [
        # A file of certificates may bear the name of a table.
        *(path for folder in FOLDERS for path in (results / folder).glob("*.parquet")),
        *(path for folder in FOLDERS for path in (results / folder).glob("*.npz")),
        *(checkout / "published").glob("*.csv"),
    ]
    files = figure.files(map(str, made))
    files |= {table: f"{results}/tables/{table}.parquet" for table in tables_behind(files)}
    data = join_proofs({of: read_stored(path) for of, path in files.items()})
    svg, csv = (results / f"figures/{name}.{ending}" for ending in ("svg", "csv"))
    config = read_json(results / "manifest.json")["config"]
    save_drawing(draw_figure(name, data), figure.caption(config), svg, csv)


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
