"""A picture of the pipeline: the rules of each study, and which waits for which, from a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import combinations
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape

from relu_landscape.evidence.plans import PlannedJob

__all__ = ["draw_pipeline", "rules_of_studies", "rules_that_wait"]

Graph: TypeAlias = Mapping[str, frozenset[str]]
"""For each rule those that it waits for, without those that one of them waits for."""

EVIDENCE = "evidence"
"""The rules file of what is made from the tables of all studies."""
COLLECT = "collect"
"""The rule that puts the parts of a table together; in the picture it is a part of the arrows."""

_RULE = re.compile(r"^rule (\w+):", re.MULTILINE)

# All in pixels.
_COLUMNS = 3
_COLUMN, _GUTTER, _MARGIN = 238, 42, 14
_BOX, _ROW, _HEAD = 20, 27, 34
_TRUNK = 8  # between neighbouring lines at the left of a column
_TEXT = 12
_LETTER = 0.55  # of the size of the text

_STYLE = f"""
text {{ font: {_TEXT}px "DejaVu Sans", Verdana, sans-serif; fill: #222; }}
.study {{ font-weight: bold; }}
.rule {{ fill: #eef4f9; stroke: #0173b2; }}
.made {{ fill: #fdf3e3; stroke: #de8f05; }}
.frame {{ fill: none; stroke: #bbb; }}
.line {{ fill: none; stroke: #777; stroke-width: 1.3; }}
.across {{ fill: none; stroke: #d55e00; stroke-width: 1.6; }}
"""


@dataclass(frozen=True)
class _Box:
    """A rule on the picture: its left upper corner and width."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        """Height of the middle line."""
        return self.y + _BOX / 2

    @property
    def centre(self) -> float:
        """Where the middle stands from left to right."""
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        """Where its right side stands."""
        return self.x + self.width


def rules_of_studies(folder: Path) -> dict[str, str]:
    """The study of each rule: the name of the rules file in which it stands."""
    return {
        rule: path.stem
        for path in sorted(folder.glob("*.smk"))
        for rule in _RULE.findall(path.read_text(encoding="utf-8"))
    }


def rules_that_wait(jobs: Sequence[PlannedJob]) -> Graph:
    """What the rules of a plan wait for, without what follows from the rest.

    Raises:
        ValueError: rules wait for each other in a circle.
    """
    direct: dict[str, set[str]] = {job.rule: set() for job in jobs if job.rule != COLLECT}
    for job in jobs:
        if job.rule != COLLECT:
            direct[job.rule] |= set(_rules_behind(jobs, job)) - {job.rule}
    behind: dict[str, set[str]] = {}
    for rule in TopologicalSorter(direct).static_order():
        behind[rule] = direct[rule].union(*(behind[other] for other in direct[rule]))
    return {
        rule: frozenset(
            one for one in needs if not any(one in behind[other] for other in needs - {one})
        )
        for rule, needs in direct.items()
    }


def _rules_behind(jobs: Sequence[PlannedJob], job: PlannedJob) -> Iterator[str]:
    for number in job.needs:
        if jobs[number].rule == COLLECT:
            yield from _rules_behind(jobs, jobs[number])
        else:
            yield jobs[number].rule


def draw_pipeline(graph: Graph, studies: Mapping[str, str]) -> str:
    """The picture as SVG: a block a study, its rules from above to below, then the evidence.

    Args:
        graph: of `rules_that_wait`.
        studies: the study of each rule, of `rules_of_studies`.
    """
    members = {
        study: _in_order(graph, [rule for rule in graph if studies[rule] == study])
        for study in sorted({studies[rule] for rule in graph})
    }
    made = members.pop(EVIDENCE, [])
    crossings = _crossings(graph, studies)
    linked = sum(crossings, ())
    order = _arrange(sorted(members, key=lambda study: -linked.count(study)), crossings)
    places, parts, bottom = _place_studies(members, order)
    across = [
        (one, rule)
        for rule in sorted(places)
        for one in sorted(graph[rule])
        if studies[one] != studies[rule]
    ]
    parts += [_across(places[one], places[rule]) for one, rule in across]
    for study in order:
        parts += _trunks(graph, members[study], places)
    parts += [_box(places[rule], rule, "rule") for study in order for rule in members[study]]
    width = 2 * _MARGIN + _COLUMNS * _COLUMN
    evidence, height = _draw_evidence(graph, made, bottom, width)
    said = "; ".join(
        f"{study.replace('_', ' ')}: {', '.join(map(_words, members[study]))}" for study in order
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n'
        f"<title>The pipeline: {len(graph)} rules of {len(order)} studies, and what is made of "
        "their tables</title>\n"
        f"<desc>{escape(said)}; from all of them: {', '.join(map(_words, made))}.</desc>\n"
        f"<style>{_STYLE}</style>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" '
        'markerHeight="6" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="#777"/>'
        "</marker></defs>\n"
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        + "\n".join([*parts, *evidence])
        + "\n</svg>\n"
    )


def _words(rule: str) -> str:
    return rule.replace("_", " ")


def _in_order(graph: Graph, rules: Iterable[str]) -> list[str]:
    """Rules of one study, each behind what it waits for and near it; long chains first."""
    own = set(rules)
    chains = {rule: _ancestors(graph, own, rule) for rule in own}
    needed = set().union(*chains.values())
    ordered: dict[str, None] = {}

    def put(rule: str) -> None:
        for one in sorted(graph[rule] & own, key=lambda x: (-len(chains[x]), x)):
            put(one)
        ordered.setdefault(rule)

    for rule in sorted(own - needed, key=lambda x: (-len(chains[x]), x)):
        put(rule)
    return [*ordered]


def _ancestors(graph: Graph, own: set[str], rule: str) -> set[str]:
    direct = graph[rule] & own
    return set(direct).union(*(_ancestors(graph, own, one) for one in direct))


def _crossings(graph: Graph, studies: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs of studies of which one waits for the other, as often as a rule does."""
    return [
        (studies[one], studies[rule])
        for rule, needs in sorted(graph.items())
        for one in sorted(needs)
        if EVIDENCE not in (studies[rule], studies[one]) and studies[one] != studies[rule]
    ]


def _arrange(names: Sequence[str], crossings: Sequence[tuple[str, str]]) -> list[str]:
    """An order of the studies in which arrows from one to another are short.

    Two change places as long as that shortens the arrows: to try all orders takes minutes from
    nine studies on.
    """

    def length(order: Iterable[str]) -> int:
        at = {name: divmod(place, _COLUMNS) for place, name in enumerate(order)}
        return sum(
            _COLUMNS * abs(at[a][0] - at[b][0]) + abs(at[a][1] - at[b][1]) for a, b in crossings
        )

    order = [*names]
    while True:
        nearer = min(
            (_exchanged(order, *two) for two in combinations(order, 2)), key=length, default=order
        )
        if length(nearer) >= length(order):
            return order
        order = nearer


def _exchanged(names: Iterable[str], one: str, other: str) -> list[str]:
    """The names, of which two have changed places."""
    places = {one: other, other: one}
    return [places.get(name, name) for name in names]


def _place_studies(
    members: Mapping[str, Sequence[str]], order: Sequence[str]
) -> tuple[dict[str, _Box], list[str], float]:
    """Boxes of the rules, frames and heads of the studies, and where they end below."""
    places: dict[str, _Box] = {}
    parts = []
    top: float = _MARGIN
    for first in range(0, len(order), _COLUMNS):
        row = order[first : first + _COLUMNS]
        height = _HEAD + max(len(members[study]) for study in row) * _ROW
        for column, study in enumerate(row):
            left = _MARGIN + column * _COLUMN
            parts.append(
                f'<rect class="frame" x="{left + 5}" y="{top}" width="{_COLUMN - 10}" '
                f'height="{height}" rx="6"/>'
                f'<text class="study" x="{left + 16}" y="{top + 21}">{_words(study)}</text>'
            )
            for line, rule in enumerate(members[study]):
                y = top + _HEAD + line * _ROW
                places[rule] = _Box(left + _GUTTER, y, _COLUMN - _GUTTER - 12)
        top += height + _MARGIN
    return places, parts, top


def _trunks(graph: Graph, rules: Sequence[str], places: Mapping[str, _Box]) -> list[str]:
    """The lines at the left of a study: from each rule to those that wait for it alone, and to each
    that waits for several from all of them.
    """
    own = {rule: graph[rule] & set(rules) for rule in rules}
    fans = [([one], [rule for rule in rules if own[rule] == {one}]) for one in rules]
    fans += [(sorted(needs), [rule]) for rule, needs in own.items() if len(needs) > 1]
    spans = sorted(
        (
            (sources, targets, [places[rule].middle for rule in (*sources, *targets)])
            for sources, targets in fans
            if targets
        ),
        key=lambda span: max(span[2]) - min(span[2]),
    )
    lanes: list[list[tuple[float, float]]] = []
    parts = []
    for sources, targets, heights in spans:
        low, high = min(heights), max(heights)
        lane = next(
            (n for n, taken in enumerate(lanes) if all(high < a or b < low for a, b in taken)),
            len(lanes),
        )
        lanes[lane:] = lanes[lane:] or [[]]
        lanes[lane].append((low, high))
        left = places[sources[0]].x
        x = left - 10 - lane * _TRUNK
        parts.append(f'<path class="line" d="M{x} {low}V{high}"/>')
        parts += [f'<path class="line" d="M{left} {places[s].middle}H{x}"/>' for s in sources]
        parts += [
            f'<path class="line" marker-end="url(#tip)" d="M{x} {places[t].middle}H{left}"/>'
            for t in targets
        ]
    return parts


def _across(source: _Box, target: _Box) -> str:
    """An arrow from a rule of one study to a rule of another."""
    forwards = target.x > source.x
    start = source.right if forwards else source.x
    end = target.x if forwards else target.right
    bend = 30 if forwards else -30
    return (
        f'<path class="across" marker-end="url(#tip)" d="M{start} {source.middle}'
        f'C{start + bend} {source.middle} {end - bend} {target.middle} {end} {target.middle}"/>'
    )


def _draw_evidence(
    graph: Graph, made: Sequence[str], top: float, width: float
) -> tuple[list[str], float]:
    """What is made of all tables, one layer below the other, and the height of the whole."""
    own = set(made)
    layers: list[list[str]] = []
    for rule in made:
        depth = _depth(graph, own, rule)
        layers += [[] for _ in range(depth + 1 - len(layers))]
        layers[depth].append(rule)
    top += 2 * _MARGIN
    height = _HEAD + len(layers) * (_ROW + 12)
    parts = [
        f'<path class="line" marker-end="url(#tip)" d="M{width / 2} {top - 2 * _MARGIN}V{top}"/>'
        f'<text x="{width / 2 + 10}" y="{top - 10}">tables and certificates</text>',
        f'<rect class="frame" x="{_MARGIN + 5}" y="{top}" width="{width - 2 * _MARGIN - 10}" '
        f'height="{height}" rx="6"/>'
        f'<text class="study" x="{_MARGIN + 16}" y="{top + 21}">evidence, from all studies</text>',
    ]
    places: dict[str, _Box] = {}
    for depth, layer in enumerate(layers):
        step = width / (len(layer) + 1)
        for column, rule in enumerate(layer):
            wide = len(rule) * _TEXT * _LETTER + 24
            y = top + _HEAD + depth * (_ROW + 12)
            places[rule] = _Box((column + 1) * step - wide / 2, y, wide)
    parts += [
        f'<path class="line" marker-end="url(#tip)" d="M{places[one].centre:.1f} '
        f'{places[one].y + _BOX}L{places[rule].centre:.1f} {places[rule].y}"/>'
        for rule in made
        for one in sorted(graph[rule] & own)
    ]
    parts += [_box(places[rule], rule, "made") for rule in made]
    return parts, top + height + _MARGIN


def _depth(graph: Graph, own: set[str], rule: str) -> int:
    """The number of rules of the longest chain that this one waits for."""
    return max((1 + _depth(graph, own, one) for one in graph[rule] & own), default=0)


def _box(box: _Box, rule: str, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{box.x:.1f}" y="{box.y}" width="{box.width:.1f}" '
        f'height="{_BOX}" rx="4"/><text x="{box.x + 8:.1f}" y="{box.y + 14}">{_words(rule)}</text>'
    )
