"""Which share of the regions on a line contains zero loss: sampled for targets, counted for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.activation_regions.exact_cones import Decision
from relu_landscape.activation_regions.exact_zero_loss import every_target, zero_loss_set
from relu_landscape.activation_regions.output_cones import Signs, sign_matrix
from relu_landscape.activation_regions.regions import Patterns
from relu_landscape.activation_regions.supports import count_surjections
from relu_landscape.activation_regions.tables.zero_loss import (
    ZeroLossBounds,
    ZeroLossCounts,
    ZeroLossShares,
)
from relu_landscape.activation_regions.zero_loss import (
    FREE,
    NON_NEGATIVE,
    ConeAnswer,
    fits_every_target,
    weights_exist,
    zero_loss_region,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.activation_regions.settings import DrawnRegions, RegionCounts

Points = NDArray[np.float64]
Target = tuple[Fraction, ...]
"""(n,) fractions over powers of two."""
DrawTarget = Callable[[Points, int, np.random.Generator], Target]
DrawPatterns = Callable[[Points, int, np.random.Generator], Patterns]

INITIAL_BOUND = 6.0**0.5
"""Weights and biases of an initialisation are uniform within this on either side of zero."""


PUBLISHED_TOLERANCE = 1e-8
"""Mean squared error up to which the authors' code calls a loss zero (numpy.isclose)."""


class DrawnRegion(NamedTuple):
    """One region and target: x (n,) increasing, patterns (d1, n), v (d1,), target (n,)."""

    x: Points
    patterns: Patterns
    v: NDArray[np.float64]
    target: Target

    @property
    def signs(self) -> Signs:
        """The sign of v_j where neuron j is active, else 0, (d1, n)."""
        return sign_matrix(self.patterns, self.v)

    @property
    def y(self) -> NDArray[np.float64]:
        """The target rounded to float64, (n,)."""
        return np.array([float(value) for value in self.target])


def alternating(d1: int) -> NDArray[np.float64]:
    """Last weights +1, -1, +1, ..., (d1,)."""
    return np.where(np.arange(d1) % 2 == 0, 1.0, -1.0)


def step_patterns(n: int) -> Patterns:
    """The 2n patterns on n ordered points: all first k, then all but the first k, k = 0, ..., n-1.

    (2n, n) zeros and ones.
    """
    after = (np.arange(n) >= np.arange(n)[:, None]).astype(np.uint8)
    return np.concatenate([1 - after, after])


def _initial_patterns(x: Points, d1: int, generator: np.random.Generator) -> Patterns:
    weights, biases = generator.uniform(-INITIAL_BOUND, INITIAL_BOUND, size=(2, d1, 1))
    patterns: Patterns = (weights * x + biases > 0.0).astype(np.uint8)
    return patterns


def _uniform_patterns(x: Points, d1: int, generator: np.random.Generator) -> Patterns:
    drawn: Patterns = step_patterns(len(x))[generator.integers(2 * len(x), size=d1)]
    return drawn


def _gaussian_target(x: Points, d1: int, generator: np.random.Generator) -> Target:
    del d1
    return tuple(map(Fraction, generator.normal(size=len(x)).tolist()))


def _polynomial_target(x: Points, d1: int, generator: np.random.Generator) -> Target:
    del d1
    constant, linear, quadratic = map(Fraction, generator.uniform(-1.0, 1.0, size=3).tolist())
    return tuple(constant + t * (linear + t * quadratic) for t in map(Fraction, x.tolist()))


def _teacher_target(x: Points, d1: int, generator: np.random.Generator) -> Target:
    weights, biases = generator.uniform(-INITIAL_BOUND, INITIAL_BOUND, size=(2, d1, 1))
    return network_outputs(x, weights[:, 0], biases[:, 0], alternating(d1))


def network_outputs(
    x: Points, w: NDArray[np.float64], b: NDArray[np.float64], v: NDArray[np.float64]
) -> Target:
    """The outputs sum_j v_j relu(w_j x_i + b_j) without rounding.

    Args:
        x: (n,) points.
        w, b, v: (d1,) weights, biases and last weights.
    """
    numbers = [*x.tolist(), *w.tolist(), *b.tolist(), *v.tolist()]
    unit = max(number.as_integer_ratio()[1] for number in numbers)
    whole_x, whole_w, whole_b, whole_v = (
        np.array([int(Fraction(number) * unit) for number in part.tolist()], dtype=object)
        for part in (x, w, b, v)
    )
    active = np.maximum(np.multiply.outer(whole_w, whole_x) + unit * whole_b[:, None], 0)
    return tuple(Fraction(int(output), unit**3) for output in whole_v @ active)


REGION_LAWS: Mapping[str, DrawPatterns] = {
    "uniform": _uniform_patterns,
    "initial": _initial_patterns,
}
"""Uniform over the non-empty regions, or the region of weights and biases as initialised."""

TARGET_LAWS: Mapping[str, DrawTarget] = {
    "random": _gaussian_target,
    "polynomial": _polynomial_target,
    "teacher": _teacher_target,
}
"""N(0, 1) labels; degree 2 with coefficients U(-1, 1); a network of the same width and v."""


def draw_region(
    regions: str, targets: str, n: int, d1: int, draw: int, *, seed: int
) -> DrawnRegion:
    """Draw number `draw` of a region and target; x ~ U(-1, 1) and v alternates.

    Points, region and target have streams of their own, which depend on (seed, n, d1, draw) alone:
    all targets meet the same regions.

    Args:
        regions: name in REGION_LAWS.
        targets: name in TARGET_LAWS.
        n: number of points.
        d1: number of neurons.
        draw: number of the draw.
        seed: seed of the experiment.

    Raises:
        ValueError: a law of another name.
    """
    for name, laws in ((regions, REGION_LAWS), (targets, TARGET_LAWS)):
        if name not in laws:
            raise ValueError(f"there is no law {name!r}; choose one of {', '.join(laws)}")
    streams = [indexed_generator(seed, n, d1, draw, part) for part in range(3)]
    x = np.sort(streams[0].uniform(-1.0, 1.0, size=n))
    return DrawnRegion(
        x=x,
        patterns=REGION_LAWS[regions](x, d1, streams[1]),
        v=alternating(d1),
        target=TARGET_LAWS[targets](x, d1, streams[2]),
    )


def measure_shares(
    cells: Sequence[DrawnRegions], *, confidence: float, seed: int
) -> list[ZeroLossShares]:
    """One row a cell: how many drawn regions hold zero loss, for a target and for all at once.

    Both are decided exactly; the float methods are counted where they say otherwise.

    Args:
        cells: laws and sizes, of which every combination is taken, and draws of each.
        confidence: of the interval of the share.
        seed: seed of the experiment.
    """
    rows = []
    for settings, drawn in _drawn(cells, seed):
        answers = [zero_loss_region(one.x, one.signs, one.y) for one in drawn]
        sets = [zero_loss_set(one.x, one.signs, one.target) for one in drawn]
        decisions = [one.decision for one in sets]
        for_all = [fits_every_target(one.x, one.signs) for one in drawn]
        all_decisions = [every_target(one.x, one.signs) for one in drawn]
        zero = sum(decision.inside for decision in decisions)
        interval = clopper_pearson(zero, len(drawn), confidence)
        rows.append(
            ZeroLossShares(
                **settings,
                draws=len(drawn),
                zero_loss=zero,
                share_low=interval.low,
                share_high=interval.high,
                least_squares_wrong=_wrong((one.by_least_squares for one in answers), decisions),
                linear_program_wrong=_wrong((one.by_linear_program for one in answers), decisions),
                within_published_tolerance=sum(
                    answer.mean_squared_error <= PUBLISHED_TOLERANCE for answer in answers
                ),
                largest_zero=max(_errors(answers, decisions, inside=True), default=None),
                smallest_positive=min(_errors(answers, decisions, inside=False), default=None),
                interior=sum(one.interior for one in sets),
                codimension_n=sum(one.interior and one.rank == settings["n"] for one in sets),
                every_target=sum(decision.inside for decision in all_decisions),
                every_target_least_squares_wrong=_wrong(
                    (one.by_least_squares for one in for_all), all_decisions
                ),
                every_target_linear_program_wrong=_wrong(
                    (one.by_linear_program for one in for_all), all_decisions
                ),
                most_generators=max(answer.generators for answer in answers),
            )
        )
    return rows


def compare_bounds(cells: Sequence[DrawnRegions], *, seed: int) -> list[ZeroLossBounds]:
    """One row a cell: what bounds of the linear program in the weights do to the share.

    Args:
        cells: as for `measure_shares`.
        seed: seed of the experiment.
    """
    rows = []
    for settings, drawn in _drawn(cells, seed):
        free, bounded = (
            [weights_exist(one.x, one.patterns, one.v, one.y, bounds=bounds) for one in drawn]
            for bounds in (FREE, NON_NEGATIVE)
        )
        decisions = [zero_loss_set(one.x, one.signs, one.target).decision for one in drawn]
        rows.append(
            ZeroLossBounds(
                **settings,
                draws=len(drawn),
                free_bounds=sum(free),
                default_bounds=sum(bounded),
                cone=sum(decision.inside for decision in decisions),
                free_wrong=_wrong(free, decisions),
            )
        )
    return rows


def _drawn(
    cells: Sequence[DrawnRegions], seed: int
) -> Iterator[tuple[dict[str, Any], list[DrawnRegion]]]:
    """Laws and sizes of every combination, and what is drawn of it."""
    for cell in cells:
        for regions, targets, n, d1 in product(cell.regions, cell.targets, cell.n, cell.d1):
            settings: dict[str, Any] = {"regions": regions, "targets": targets, "n": n, "d1": d1}
            yield (
                settings,
                [draw_region(**settings, draw=draw, seed=seed) for draw in range(cell.draws)],
            )


def count_every_target(x: Points, d1: int, *, data_set: int) -> ZeroLossCounts:
    """Number of the (2n)^{d1} regions that fit every target, d1/2 last weights of either sign.

    The cone depends on which patterns occur with either sign. Each pair of supports is decided
    once; of two pairs that differ by the sign of all outputs the first stands for both.

    Args:
        x: (n,) increasing points.
        d1: number of neurons, even.
        data_set: number of the points.

    Raises:
        ValueError: d1 is odd.
    """
    if d1 % 2:
        raise ValueError(f"{d1} neurons have no two equal halves; give an even number")
    n, half = len(x), d1 // 2
    patterns = step_patterns(n)
    supports = [
        chosen
        for size in range(1, min(half, 2 * n) + 1)
        for chosen in combinations(range(2 * n), size)
    ]
    found, answers, decisions = 0, [], []
    for first, positive in enumerate(supports):
        for negative in supports[first:]:
            signs = np.concatenate(
                [
                    patterns[list(positive)].astype(np.int8),
                    -patterns[list(negative)].astype(np.int8),
                ]
            )
            answers.append(fits_every_target(x, signs))
            decisions.append(every_target(x, signs))
            networks = count_surjections(half, len(positive)) * count_surjections(
                half, len(negative)
            )
            both = 1 if positive == negative else 2
            found += both * networks * decisions[-1].inside
    regions = (2 * n) ** d1
    return ZeroLossCounts(
        n=n,
        d1=d1,
        data_set=data_set,
        regions=str(regions),
        every_target=str(found),
        share=found / regions,
        cones=len(decisions),
        least_squares_wrong=_wrong((one.by_least_squares for one in answers), decisions),
        linear_program_wrong=_wrong((one.by_linear_program for one in answers), decisions),
    )


def count_regions_with_zero_loss(
    cells: Sequence[RegionCounts], *, seed: int
) -> list[ZeroLossCounts]:
    """One row a cell and data set of `count_every_target`, at points drawn from U(-1, 1).

    Args:
        cells: sizes of which every combination is taken, and data sets of each.
        seed: seed of the experiment.
    """
    rows = []
    for cell in cells:
        for n, d1, data_set in product(cell.n, cell.d1, range(cell.data_sets)):
            x = np.sort(indexed_generator(seed, n, data_set).uniform(-1.0, 1.0, size=n))
            rows.append(count_every_target(x, d1, data_set=data_set))
    return rows


def _wrong(answers: Iterable[bool], decisions: Sequence[Decision]) -> int:
    """How often answers are other than what is proved."""
    return sum(
        answer != decision.inside for answer, decision in zip(answers, decisions, strict=True)
    )


def _errors(
    answers: Sequence[ConeAnswer], decisions: Sequence[Decision], *, inside: bool
) -> list[float]:
    return [
        answer.least_squares
        for answer, decision in zip(answers, decisions, strict=True)
        if decision.inside == inside
    ]
