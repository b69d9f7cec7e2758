"""Entries of the catalogue as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relu_landscape.catalogue.critical_points import CatalogueTheorem, CriticalPoint, WeightsByBlock

__all__ = ["describe_entries"]


def describe_entries(entries: Iterable[CriticalPoint | CatalogueTheorem]) -> str:
    """A paragraph an entry."""
    return "\n\n".join(
        "\n".join(_of_point(one) if isinstance(one, CriticalPoint) else _of_theorem(one))
        for one in entries
    )


def _of_point(point: CriticalPoint) -> Iterator[str]:
    slope = f", slope {point.slope:g}" if point.slope else ""
    yield f"{point.id}: {point.nature.replace('_', ' ')}, {point.isotropy}{slope}"
    family = f", family {point.family}" if point.family else ""
    yield f"  loss {point.loss:.12g}{family}"
    if point.smallest_eigenvalue is not None:
        yield (
            f"  smallest eigenvalue {point.smallest_eigenvalue:.10g}, "
            f"{point.negative_eigenvalues} negative, {len(point.spectrum)} distinct"
        )
    if point.runs:
        yield "  runs: " + ", ".join(f"{one.runs} of {one.search}" for one in point.runs)
    if point.certificate:
        place = f"{point.certificate.file}, line {point.certificate.line}"
        yield f"  proved: {point.certificate.says} ({place})"
    else:
        reason = f": {point.reason}" if point.reason else ""
        yield f"  {point.proved.replace('_', ' ')}{reason}"
    if point.weights_by_block:
        yield from _of_weights(point.weights_by_block)
    landings = {split.entry or split.landing for split in point.splits}
    if landings:
        yield f"  one more neuron leads to: {', '.join(sorted(landings))}"


def _of_weights(weights: WeightsByBlock) -> Iterator[str]:
    absent = f", none for the last {weights.absent} of them" if weights.absent else ""
    yield f"  blocks {', '.join(map(str, weights.blocks))}; {weights.extra} further neurons{absent}"
    for row, (own, rest) in enumerate(zip(weights.own, weights.rest, strict=True)):
        others = ", ".join("-" if value is None else f"{value:.12g}" for value in rest)
        first = "" if own is None else f"own {own:.12g}, "
        yield f"  rows of class {row}: {first}by block {others}"


def _of_theorem(theorem: CatalogueTheorem) -> Iterator[str]:
    line = "" if theorem.line is None else f", line {theorem.line}"
    place = f" ({theorem.file}{line})" if theorem.file else ""
    yield f"{theorem.id}: {theorem.proved.replace('_', ' ')}{place}"
    yield f"  {theorem.says}"
