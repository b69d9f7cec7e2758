"""The parts of README.md that are made: the studies, what was found, and what runs cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from relu_landscape.evidence.durations import duration
from relu_landscape.figures.svg import read_finding
from relu_landscape.studies.declarations import Declaration, declared_figures, declared_studies

__all__ = [
    "readme_of",
    "render_findings",
    "render_profile_costs",
    "render_studies",
    "renew_readme",
]

_MEBIBYTES_A_GIBIBYTE = 1024
_PART = "<!-- {name}: generated -->\n{body}<!-- end of {name} -->\n"


def readme_of(root: Path) -> str:
    """README.md of the checkout with its parts made anew."""
    parts = {
        "findings": render_findings(declared_figures().values(), "figures/quick", root),
        "costs": render_profile_costs(root.glob("figures/*/costs.tsv")),
        "studies": render_studies(declared_studies()),
    }
    return renew_readme((root / "README.md").read_text(encoding="utf-8"), parts)


def render_studies(studies: Mapping[str, str]) -> str:
    """The studies and what each is about, as a table in Markdown.

    Args:
        studies: what each is about, by its name.
    """
    rows = [f"| `{name}` | {_cell(about)} |" for name, about in studies.items()]
    return _table("| study | what it is about |", "|---|---|", rows)


def render_findings(figures: Iterable[Declaration], published: str, root: Path) -> str:
    """What the leading figures of a published run found, as a table in Markdown.

    Args:
        figures: all that are declared; those that were not published are left out.
        published: folder of the run below the root, with slashes.
        root: of the checkout.
    """
    leading = sorted((one for one in figures if one.leads), key=lambda one: (one.study, one.name))
    there = [(one, f"{published}/{one.name}.svg") for one in leading]
    rows = [
        f"| [{one.name.replace('_', ' ')}]({path}) | {_cell(read_finding(root / path))} |"
        for one, path in there
        if (root / path).exists()
    ]
    return _table("| figure | what it found |", "|---|---|", rows or ["| none published yet | |"])


def render_profile_costs(costs: Iterable[Path]) -> str:
    """What published runs cost, the cheapest first, as a table in Markdown.

    Args:
        costs: the costs.tsv of each run, in a folder that is called as its profile.
    """
    runs = sorted(
        ((path.parent.name, pd.read_csv(path, sep="\t")) for path in costs),
        key=lambda run: float(run[1]["seconds"].sum()),
    )
    rows = [
        f"| `{name}` | {len(jobs)} | {duration(jobs['seconds'].sum())} "
        f"| {duration(jobs['seconds'].max())} "
        f"| {jobs['memory'].max() / _MEBIBYTES_A_GIBIBYTE:.1f} GiB "
        f"| [rule by rule](figures/{name}/costs.md) |"
        for name, jobs in runs
    ]
    head = "| profile | jobs | all jobs, one after the other | longest job | most memory of one | |"
    return _table(head, "|---|--:|--:|--:|--:|---|", rows)


def renew_readme(readme: str, parts: Mapping[str, str]) -> str:
    """The text with these parts in the place of what stands between their marks.

    Raises:
        ValueError: it lacks the marks of a part, or has them twice.
    """
    for name, body in parts.items():
        between = re.compile(_PART.format(name=name, body=".*?"), re.DOTALL)
        readme, found = between.subn(partial(_made, _PART.format(name=name, body=body)), readme)
        if found != 1:
            raise ValueError(
                f"README.md must have the marks of the part {name!r} once, has them {found} times; "
                "they are:\n" + _PART.format(name=name, body="")
            )
    return readme


def _made(text: str, _: re.Match[str]) -> str:
    """What to put in the place of a match; a text itself would have its backslashes read."""
    return text


def _table(head: str, rule: str, rows: Iterable[str]) -> str:
    return "\n".join(["", head, rule, *rows, "", ""])


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("<", "&lt;")
