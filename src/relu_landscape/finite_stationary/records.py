"""Stationary points on finite data as rows of tables, and their certificates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, get_args

import numpy as np
import pandas as pd

from relu_landscape.finite_stationary.exact_ends import exact_end
from relu_landscape.finite_stationary.finite_data import ExactNetwork, FiniteData, pattern_of
from relu_landscape.finite_stationary.finite_lines import point_line
from relu_landscape.finite_stationary.following import Followed, follow_descents
from relu_landscape.finite_stationary.neuron_groups import Reading, Weights
from relu_landscape.finite_stationary.pattern_points import NoSuchPointError, point_of_groups
from relu_landscape.finite_stationary.random_walks import RandomChanges, Way, perturb
from relu_landscape.finite_stationary.settings import DataSetDescents, StationaryPoints
from relu_landscape.finite_stationary.stationarity import DirectionalStationarity, decide
from relu_landscape.finite_stationary.stays import Stay, stays_of
from relu_landscape.finite_stationary.tables import (
    Decision,
    FiniteEnds,
    FiniteLosses,
    FiniteNeurons,
    FinitePerturbations,
    FinitePoints,
)
from relu_landscape.seeding import indexed_generator

GROWING: Final = 0.01
"""Of the largest |w_i||h_i| of a network: from this on a neuron counts among those that grow."""
STARTED: Final = 100.0
"""Of the largest |w_i||h_i| of the start: from this on a neuron is far from it."""

_LARGEST_DENOMINATOR = 10**6  # of a published decimal
_STARTS, _CHANGES = 0, 1  # what is drawn
_DECISIONS: Final[Mapping[bool | None, Decision]] = {True: "yes", False: "no", None: "undecided"}


@dataclass
class StationaryRows:
    """The tables of a study in the making, and its certificates."""

    losses: list[FiniteLosses] = field(default_factory=list)
    points: list[FinitePoints] = field(default_factory=list)
    neurons: list[FiniteNeurons] = field(default_factory=list)
    ends: list[FiniteEnds] = field(default_factory=list)
    perturbations: list[FinitePerturbations] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def prove(self, point: ExactNetwork, data: FiniteData, found: DirectionalStationarity) -> int:
        """The number of the new certificate of a point, from 1; 0 if there is none."""
        line = point_line(point, data, found)
        if line is None:
            return 0
        self.lines.append(line)
        return len(self.lines)


def published_data(data_sets: pd.DataFrame, name: str) -> FiniteData:
    """A published data set, whose decimals are taken as such.

    Args:
        data_sets: published/wu2025_data_sets.csv.
        name: of the data set.

    Raises:
        ValueError: there is none of this name.
    """
    rows = data_sets[data_sets["data_set"] == name].sort_values("sample")
    if rows.empty:
        raise ValueError(f"there is no data set {name!r} in wu2025_data_sets.csv")

    def exact(kind: str) -> tuple[tuple[Fraction, ...], ...]:
        columns = rows.filter(regex=f"^{kind}_").dropna(axis="columns")
        return tuple(
            tuple(Fraction(x).limit_denominator(_LARGEST_DENOMINATOR) for x in row)
            for row in columns.to_numpy(dtype="float64").tolist()
        )

    return FiniteData(exact("input"), exact("target"))


def add_data_set(
    rows: StationaryRows,
    wanted: StationaryPoints,
    descent: DataSetDescents,
    data: FiniteData,
    initial_exponent: float,
) -> None:
    """What descent on one data set passes and where it ends.

    Args:
        rows: is added to.
        wanted: the settings of the study.
        descent: those of the data set, one of them.
        data: its samples.
        initial_exponent: a; the weights of a start are normal, of standard deviation width^a.
    """
    number = wanted.descents.index(descent)
    deviation = float(wanted.width) ** initial_exponent
    d, outputs = len(data.inputs[0]), len(data.targets[0])
    starts = deviation * np.array(
        [
            indexed_generator(wanted.seed, _STARTS, number, run).normal(
                size=(wanted.width, d + outputs)
            )
            for run in range(wanted.runs)
        ]
    )
    followed = follow_descents(
        starts[..., :d], starts[..., d:], data, descent.step, descent.iterations, descent.checks
    )
    reading = Reading(wanted.kink, wanted.share)
    rows.losses += _loss_rows(descent, followed)
    stays = [
        (run, stay)
        for run in range(wanted.runs)
        for stay in stays_of(followed, run, data, reading, wanted.stay)
    ]
    _add_points(rows, descent.name, data, stays)
    for run in range(wanted.runs):
        _add_end(rows, wanted, number, data, followed, run)


def _loss_rows(descent: DataSetDescents, followed: Followed) -> Iterator[FiniteLosses]:
    norms = [np.linalg.norm(of, axis=(2, 3)) for of in (followed.weights, followed.outputs)]
    for check, iteration in enumerate(followed.iterations):
        for run, loss in enumerate(followed.losses[check]):
            yield FiniteLosses(
                data_set=descent.name,
                run=run,
                iteration=int(iteration),
                time=descent.step * int(iteration),
                loss=float(loss),
                weight_norm=float(norms[0][check, run]),
                output_norm=float(norms[1][check, run]),
            )


def _add_points(
    rows: StationaryRows, name: str, data: FiniteData, stays: Sequence[tuple[int, Stay]]
) -> None:
    """The stationary points next to stays, from the largest loss to the smallest."""
    networks: dict[Any, tuple[ExactNetwork, DirectionalStationarity] | None] = {}
    staying: dict[str, list[tuple[int, Stay]]] = {}
    points: dict[str, tuple[ExactNetwork, DirectionalStationarity]] = {}
    for run, stay in stays:
        if stay.patterns not in networks:
            networks[stay.patterns] = _stationary_point(stay, data)
        found = networks[stay.patterns]
        if found is not None:
            staying.setdefault(str(found[1].loss), []).append((run, stay))
            # Of the same loss the network with the fewest neurons, whichever run met it.
            points[str(found[1].loss)] = min(
                points.get(str(found[1].loss), found), found, key=lambda x: len(x[0].weights)
            )
    ordered = sorted(points.items(), key=lambda entry: -float(entry[1][1].loss))
    for place, (loss, (point, decision)) in enumerate(ordered):
        rows.points.append(
            FinitePoints(
                data_set=name,
                place=place,
                loss=float(decision.loss),
                exact_loss=loss,
                neurons=len(point.weights) - 1,
                escape_neurons=len(decision.escapes),
                local_minimum=_DECISIONS[decision.local_minimum],
                runs=len({run for run, _ in staying[loss]}),
                stay=max(stay.iterations for _, stay in staying[loss]),
                run_loss=min(staying[loss], key=lambda entry: entry[1].fall)[1].loss,
                line=rows.prove(point, data, decision),
            )
        )
        rows.neurons += _neuron_rows(name, place, point, data)


def _stationary_point(
    stay: Stay, data: FiniteData
) -> tuple[ExactNetwork, DirectionalStationarity] | None:
    """The point next to a stay, if it is stationary."""
    try:
        point = point_of_groups(stay.groups, data)
    except NoSuchPointError:
        return None
    found = decide(point, data)
    return (point, found) if found.stationary else None


def _neuron_rows(
    name: str, place: int, point: ExactNetwork, data: FiniteData
) -> Iterator[FiniteNeurons]:
    for neuron, (w, h) in enumerate(zip(point.weights, point.outputs, strict=True)):
        signs: Mapping[int, str] = {1: "+", 0: "0", -1: "-"}
        entries: dict[str, Any] = {"weight_3": None, "output_2": None}
        entries |= {f"weight_{j}": float(x) for j, x in enumerate(w, start=1)}
        entries |= {f"output_{j}": float(x) for j, x in enumerate(h, start=1)}
        pattern = "".join(signs[sign] for sign in pattern_of(w, data.inputs))
        yield FiniteNeurons(data_set=name, place=place, neuron=neuron, pattern=pattern, **entries)


def _add_end(
    rows: StationaryRows,
    wanted: StationaryPoints,
    number: int,
    data: FiniteData,
    followed: Followed,
    run: int,
) -> None:
    """The exact network next to the end of a run, and random changes of it.

    number: of the data set.
    """
    name = wanted.descents[number].name
    W, H = followed.weights[-1, run], followed.outputs[-1, run]
    point = exact_end(W, H, data, Reading(wanted.kink, wanted.share))
    found = decide(point, data)
    weights, outputs = (np.array(x, dtype=np.float64) for x in (point.weights, point.outputs))
    live = np.array([max(pattern_of(w, data.inputs)) > 0 for w in point.weights])
    ratios = _growing_ratios(followed.weights[:, run], followed.outputs[:, run])
    squares = np.sum(W * W, axis=1)
    rows.ends.append(
        FiniteEnds(
            data_set=name,
            run=run,
            run_loss=float(followed.losses[-1, run]),
            loss=float(found.loss),
            exact_loss=str(found.loss),
            largest_move=float(max(np.abs(weights - W).max(), np.abs(outputs - H).max())),
            stationary=found.stationary,
            escape_neurons=len(found.escapes),
            local_minimum=_DECISIONS[found.local_minimum],
            radius=None if found.radius is None else float(found.radius),
            live=int(live.sum()),
            dead=int((~live).sum()),
            imbalance=float(np.abs(squares - np.sum(H * H, axis=1)).max() / squares.max()),
            least_ratio=float(ratios.min()),
            largest_ratio=float(ratios.max()),
            line=rows.prove(point, data, found),
        )
    )
    smallest = min(np.abs(of[live]).min() for of in (weights, outputs))
    for way in get_args(Way):
        # The same changes for both ways.
        generator = indexed_generator(wanted.seed, _CHANGES, number, run)
        trial = RandomChanges(way, wanted.amplitude * float(smallest), wanted.draws)
        changed = perturb(weights[live], outputs[live], data, trial, generator)
        rows.perturbations.append(
            FinitePerturbations(
                data_set=name,
                run=run,
                way=way,
                draws=wanted.draws,
                amplitude=trial.amplitude,
                smallest_change=changed.smallest,
                largest_change=changed.largest,
                lower=changed.lower,
                farthest=changed.farthest,
            )
        )


def _growing_ratios(W: Weights, H: Weights) -> Weights:
    """|w_i|/|h_i| of the neurons that grow, at all checks where they are far from their start.

    W, H: (checks, n, d) and (checks, n, outputs).
    """
    norms = np.linalg.norm(W, axis=2), np.linalg.norm(H, axis=2)
    sizes = norms[0] * norms[1]
    started = sizes >= STARTED * sizes[0].max()
    growing = started & (sizes >= GROWING * sizes.max(axis=1, keepdims=True))
    ratios: Weights = norms[0][growing] / norms[1][growing]
    return ratios
