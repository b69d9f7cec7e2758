"""Full rank and zero loss counted again, in integers and fractions throughout: for the audit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from relu_landscape.activation_regions.exact_cones import Decision
from relu_landscape.activation_regions.exact_zero_loss import zero_loss_set
from relu_landscape.activation_regions.integer_data import (
    FIXED_POINT,
    Sizes,
    Trial,
    draw_trial,
    whole_numbers,
)
from relu_landscape.activation_regions.output_cones import whole_generators
from relu_landscape.activation_regions.supports import exact_rank
from relu_landscape.activation_regions.zero_loss_shares import DrawnRegion, draw_region

Vector = tuple[Fraction, ...]


def recount_full_rank(
    data: str, initialisation: str, sizes: Sizes, *, trials: int, seed: int
) -> int:
    """Return in how many trials of a cell the Jacobian has rank n, by ranks over the integers.

    Signs come from sums of Python integers and ranks from FLINT: nothing but the draws is shared
    with what is audited. The cost grows like n^2 d0 d1 and with the size of the integers.

    Args:
        data, initialisation: laws of points and weights.
        sizes: n, d0, d1.
        trials: number of draws.
        seed: seed of the experiment.
    """
    return sum(
        _has_full_rank(draw_trial(data, initialisation, sizes, trial=trial, seed=seed))
        for trial in range(trials)
    )


def _has_full_rank(draw: Trial) -> bool:
    n = len(draw.X)
    points, weights = whole_numbers(draw.X), whole_numbers(draw.W)
    if draw.b is not None:
        ones = np.full((n, 1), FIXED_POINT, dtype=object)
        points = np.hstack([points, ones])
        weights = np.hstack([weights, whole_numbers(draw.b)[:, None]])
    active = weights @ points.T > 0
    return exact_rank(active.astype(np.int64), points) == n


def recount_zero_loss(regions: str, targets: str, n: int, d1: int, *, draws: int, seed: int) -> int:
    """Return in how many draws of a cell there is zero loss, each draw proved or refuted.

    Proofs are confirmed with fractions from generators that are written down neuron by neuron:
    nothing but the draws and the proofs is shared with what is audited.

    Args:
        regions, targets, n, d1, draws, seed: as for `zero_loss_shares.measure_shares`.

    Raises:
        AssertionError: a proof proves nothing.
    """
    found = 0
    for draw in range(draws):
        one = draw_region(regions, targets, n, d1, draw, seed=seed)
        decision = zero_loss_set(one.x, one.signs, one.target).decision
        if not is_proved(decision, one):
            raise AssertionError(
                f"{regions} regions, {targets} targets, n={n}, d1={d1}: the decision of draw "
                f"{draw} is not proved by its own {'fit' if decision.inside else 'separator'}"
            )
        found += decision.inside
    return found


def is_proved(decision: Decision, one: DrawnRegion) -> bool:
    """Whether a decision about a region and target follows from what it holds.

    Args:
        decision: as `exact_zero_loss.zero_loss_set` makes it.
        one: the region and its target.
    """
    generators = _generators(one)
    if not decision.inside:
        separator = tuple(map(Fraction, decision.separator))
        return _product(separator, one.target) > 0 and all(
            _product(separator, generator) <= 0 for generator in generators
        )
    columns = whole_generators(one.x, one.signs).T.tolist()
    used = [(tuple(map(Fraction, columns[place])), share) for place, share in decision.coefficients]
    known = {_direction(generator) for generator in generators}
    fit = tuple(
        sum((share * vector[i] for vector, share in used), Fraction()) for i in range(len(one.x))
    )
    return all(share > 0 and _direction(vector) in known for vector, share in used) and _direction(
        fit
    ) == _direction(one.target)


def _generators(one: DrawnRegion) -> list[Vector]:
    """Outputs of each neuron with its kink at either end of where its region lets it be."""
    x = tuple(map(Fraction, one.x.tolist()))
    last = len(x) - 1
    rows: set[tuple[int, ...]] = {tuple(row) for row in one.signs.tolist()}
    vectors: list[Vector] = []
    for row in rows:
        active = [i for i, sign in enumerate(row) if sign]
        if not active:
            continue
        sign = row[active[0]]
        falls, rises = active[0] == 0, active[-1] == last
        if last == 0:
            vectors.append((Fraction(sign),))
            continue
        ends: list[tuple[Fraction, int]] = []  # where the kink is, and the slope of the active side
        if falls:
            ends += [(x[k], -1) for k in ((last,) if rises else (active[-1], active[-1] + 1))]
        if rises:
            ends += [(x[k], 1) for k in ((0,) if falls else (active[0] - 1, active[0]))]
        for kink, slope in ends:
            heights = [slope * (t - kink) for t in x]
            vectors.append(tuple(sign * max(height, Fraction()) for height in heights))
    return vectors


def _product(one: Vector, other: Vector) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction())


def _direction(vector: Vector) -> Vector:
    """The vector over the size of its first entry other than zero."""
    unit = next((abs(entry) for entry in vector if entry), Fraction(1))
    return tuple(entry / unit for entry in vector)
