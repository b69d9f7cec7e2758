"""One input with bias: the share of regions of full rank, and the width at which it is reached.

The patterns are steps (see `steps`), so that counts of steps give both in closed form.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, log

import numpy as np
from numpy.typing import NDArray

from relu_landscape.activation_regions.step_patterns import require_sizes
from relu_landscape.activation_regions.supports import count_surjections
from relu_landscape.activation_regions.tables.one_dimensional import Matrix
from relu_landscape.arguments import checked_arguments, one_of, real_number, whole_number

MATRICES: tuple[Matrix, Matrix] = ("pattern", "jacobian")
"""Of which matrix the rank is asked: A (d1 x n, zeros and ones) or J (n x 2 d1)."""


@checked_arguments(n=whole_number, d1=whole_number)
def pattern_probability(n: int, d1: int) -> Fraction:
    """P(rank A = n) over the (2n)^{d1} regions, as an exact fraction.

    sum_j (-1)^j C(n-1, j) (1 - j/n)^{d1} - 2^{n-1} sum_j (-1)^j C(n-1, j) ((n-j)/(2n))^{d1}: every
    gap is used, less the cases where each of them is used one way only and no neuron is full.

    Args:
        n: number of points, at least 1.
        d1: number of neurons, at least 0.

    Raises:
        ValueError: n < 1 or d1 < 0.
    """
    require_sizes(n, d1)
    signs = [(-1) ** j * comb(n - 1, j) for j in range(n)]
    used = sum(sign * (2 * (n - j)) ** d1 for j, sign in enumerate(signs))
    one_way = sum(sign * (n - j) ** d1 for j, sign in enumerate(signs))
    return Fraction(used - 2 ** (n - 1) * one_way, (2 * n) ** d1)


@checked_arguments(n=whole_number, d1=whole_number)
def jacobian_probability(n: int, d1: int) -> Fraction:
    """P(rank J = n) over the (2n)^{d1} regions, as an exact fraction.

    sum over u of N(u) times the number of ways in which d1 neurons use exactly u given steps, where
    N(u) counts the full-rank choices of u steps with a full neuron, or of u without one. Neurons
    that are never active may be any of the rest.

    Args:
        n: number of points, at least 1.
        d1: number of neurons, at least 0.

    Raises:
        ValueError: n < 1 or d1 < 0.
    """
    require_sizes(n, d1)
    without, with_full = _full_choices(n, "jacobian")
    count = 0
    for steps in range(min(2 * n - 2, d1) + 1):
        count += without[steps] * _maps_onto_and_maybe_one_more(d1, steps)
        count += with_full[steps] * _maps_onto_and_maybe_one_more(d1, steps + 1)
    return Fraction(count, (2 * n) ** d1)


def full_rank_curve(n: int, largest: int, matrix: Matrix) -> NDArray[np.float64]:
    """P(rank = n) in double precision for d1 = 0, ..., largest, without cancellation.

    The number of different steps used is a Markov chain in d1, with or without a full neuron; given
    u steps, all choices of them are equally likely, and a share N(u)/C(2n - 2, u) has full rank.
    Only positive numbers are added.

    Args:
        n: number of points, at least 1.
        largest: largest number of neurons, at least 0.
        matrix: "pattern" for A, "jacobian" for J.

    Returns:
        (largest + 1,).

    Raises:
        ValueError: n < 1, largest < 0 or another matrix.
    """
    require_sizes(n, largest)
    _require_matrix(matrix)
    n_steps = 2 * n - 2
    shares = np.array(
        [
            [count / comb(n_steps, steps) for steps, count in enumerate(counts)]
            for counts in _full_choices(n, matrix)
        ]
    )
    used = np.arange(n_steps + 1)
    # Rows: without and with a full neuron.
    law = np.zeros((2, n_steps + 1))
    law[0, 0] = 1.0
    curve = np.empty(largest + 1)
    for width in range(largest + 1):
        curve[width] = float((law * shares).sum())
        stay = law * np.array([used + 1.0, used + 2.0])
        stay[:, 1:] += law[:, :-1] * (n_steps - used[:-1])
        stay[1] += law[0]
        law = stay / (2 * n)
    return curve


@checked_arguments(n=whole_number, level=real_number, matrix=one_of(*MATRICES))
def width_at(n: int, level: float, matrix: Matrix) -> int:
    """Least d1 at which P(rank = n) reaches the level.

    Args:
        n: number of points, at least 1.
        level: probability, strictly between 0 and 1.
        matrix: "pattern" for A, "jacobian" for J.

    Raises:
        ValueError: n < 1, another matrix, or the level is not between 0 and 1 - 1e-9, beyond which
            rounding would decide.
    """
    require_sizes(n, 0)
    _require_matrix(matrix)
    if not 0.0 < level <= 1.0 - 1e-9:
        raise ValueError(f"level is {level}; give a probability above 0 and at most 1 - 1e-9")
    largest = 4 * n
    while (curve := full_rank_curve(n, largest, matrix))[-1] < level:
        largest *= 2
    return int(np.argmax(curve >= level))


def predicted_width(n: int, matrix: Matrix) -> float:
    """Where P(rank = n) is about one half: n ln((n-1)/ln 2) for A, (n/2) ln(n/ln 2) for J.

    The gaps left unused (A), or the pairs of neighbouring ones (J), are about Poisson.

    Args:
        n: number of points, at least 2.
        matrix: "pattern" for A, "jacobian" for J.

    Raises:
        ValueError: n < 2 or another matrix.

    Source: derived here.
    """
    _require_matrix(matrix)
    if n < 2:
        raise ValueError(f"n is {n}; a width is predicted for 2 points or more")
    if matrix == "pattern":
        return n * log((n - 1) / log(2.0))
    return n / 2 * log(n / log(2.0))


def recalled_width(n: int, epsilon: float) -> float:
    """2 n ln(n/epsilon), beyond which all but a share epsilon of the regions have no bad minimum.

    Args:
        n: number of points, at least 1.
        epsilon: share of regions, above 0 and at most 1.

    Raises:
        ValueError: n < 1 or epsilon outside (0, 1].

    Source: Karhadkar et al. 2024, Theorem 10; its constant is recalled, not read.
    """
    require_sizes(n, 0)
    if not 0.0 < epsilon <= 1.0:
        raise ValueError(f"epsilon is {epsilon}; give a share of regions above 0 and at most 1")
    return 2 * n * log(n / epsilon)


def _require_matrix(matrix: str) -> None:
    if matrix not in MATRICES:
        raise ValueError(f"there is no matrix {matrix!r}; give {' or '.join(map(repr, MATRICES))}")


def _maps_onto_and_maybe_one_more(d1: int, t: int) -> int:
    """Maps of d1 neurons onto t patterns that may also take one further pattern."""
    return count_surjections(d1, t) + count_surjections(d1, t + 1)


def _full_choices(n: int, matrix: Matrix) -> tuple[list[int], list[int]]:
    """Numbers of full-rank choices of u = 0, ..., 2n - 2 steps, without and with a full neuron."""
    count = _pattern_choices if matrix == "pattern" else _jacobian_choices
    return count(n)


def _pattern_choices(n: int) -> tuple[list[int], list[int]]:
    """With rank A = n: every gap is used, b of them both ways, and b > 0 or a neuron is full."""
    gaps = n - 1
    with_full = [0] * gaps + [comb(gaps, both) * 2 ** (gaps - both) for both in range(gaps + 1)]
    without = list(with_full)
    without[gaps] = 0
    return without, with_full


def _jacobian_choices(n: int) -> tuple[list[int], list[int]]:
    """With rank J = n, by a transfer matrix along the gaps; see `steps.jacobian_is_full`."""
    gaps = n - 1
    # Polynomials in the number of steps used; a gap may be unused only after a used one.
    after_used, after_unused = _one(2 * gaps), _zero(2 * gaps)
    for _ in range(gaps):
        either = after_used + after_unused
        after_used, after_unused = 2 * _shift(either, 1) + _shift(either, 2), after_used
    with_full = after_used + after_unused
    one_way = _one_way_choices(gaps)
    without = with_full - one_way["any"] + one_way["two changes"]
    return [int(count) for count in without], [int(count) for count in with_full]


def _one_way_choices(gaps: int) -> dict[str, NDArray[np.object_]]:
    """Choices that use gaps one way only and leave no two neighbours unused, all and some of them.

    "two changes" are those with at least two neighbouring used gaps of different kind, where a
    prefix stands before the first gap and a suffix after the last.
    """
    kinds, most = ("prefix", "suffix", "unused"), 2
    states = {(kind, changes): _zero(2 * gaps) for kind in kinds for changes in range(most + 1)}
    states["prefix", 0] = _one(2 * gaps)
    for _ in range(gaps):
        following = {state: _zero(2 * gaps) for state in states}
        for (kind, changes), count in states.items():
            for new in kinds:
                if kind == new == "unused":
                    continue
                differs = "unused" not in (kind, new) and kind != new
                state = (new, min(most, changes + differs))
                following[state] = following[state] + (
                    count if new == "unused" else _shift(count, 1)
                )
        states = following
    at_end = {(kind, changes): min(most, changes + (kind == "prefix")) for kind, changes in states}
    return {
        "any": sum(states.values(), _zero(2 * gaps)),
        "two changes": sum(
            (count for state, count in states.items() if at_end[state] == most), _zero(2 * gaps)
        ),
    }


def _zero(degree: int) -> NDArray[np.object_]:
    return np.array([0] * (degree + 1), dtype=object)


def _one(degree: int) -> NDArray[np.object_]:
    return np.array([1] + [0] * degree, dtype=object)


def _shift(polynomial: NDArray[np.object_], power: int) -> NDArray[np.object_]:
    """The polynomial times z^power; terms beyond its length vanish here."""
    return np.concatenate([_zero(power - 1), polynomial])[: len(polynomial)]
