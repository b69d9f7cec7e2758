"""One input with bias: every pattern is a step, and which steps are used decides full rank.

Of n ordered points a neuron is active on the first ones, the last ones, all or none: 2n patterns.
Gap k = 1, ..., n - 1 lies between points k and k + 1. A neuron uses it as prefix if it is active on
the first k points and as suffix if it is active on the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, instance_of, real_array


@dataclass(frozen=True)
class Steps:
    """Which steps the neurons of a network use; leading axes are networks.

    Attributes:
        prefix: (..., n - 1), whether a neuron is active on exactly the first k points.
        suffix: (..., n - 1), whether a neuron is active on exactly all but the first k points.
        full: (...), whether a neuron is active on all points.
    """

    prefix: NDArray[np.bool_]
    suffix: NDArray[np.bool_]
    full: NDArray[np.bool_]


def read_steps(patterns: ArrayLike) -> Steps:
    """The steps in the patterns of a network, or of many.

    Args:
        patterns: (..., d1, n) zeros and ones, the points in increasing order, n >= 1.

    Raises:
        ValueError: patterns are no zeros and ones of this shape, or one changes more than once
            along the points: no neuron with one input has it.
    """
    active = checked_patterns(patterns)
    changes = active[..., 1:] != active[..., :-1]
    if (changes.sum(axis=-1) > 1).any():
        raise ValueError(
            "a pattern changes more than once along the points, which no neuron with one input "
            "does; order the points"
        )
    starts_active = active[..., :1]
    return Steps(
        prefix=(changes & starts_active).any(axis=-2),
        suffix=(changes & ~starts_active).any(axis=-2),
        full=np.asarray(active.all(axis=-1).any(axis=-1)),
    )


def checked_patterns(patterns: ArrayLike, name: str = "patterns") -> NDArray[np.bool_]:
    """Patterns (..., d1, n) of zeros and ones, n >= 1, as booleans.

    Raises:
        ValueError: another shape, or an entry that is neither 0 nor 1.
    """
    given = real_array(patterns, name)
    if given.ndim < 2 or given.shape[-1] == 0:
        raise ValueError(
            f"{name} have shape {given.shape}; give (..., neurons, points) with at least one "
            "point, also for a single neuron"
        )
    active: NDArray[np.bool_] = given == 1
    strange = np.argwhere(~(active | (given == 0)))
    if strange.size:
        where = tuple(strange[0].tolist())
        raise ValueError(
            f"entry {where} of the {name} is {given[where]:g}; give 1 where a neuron is active on "
            "a point and 0 where it is not"
        )
    return active


def draw_steps(n: int, d1: int, draws: int, generator: np.random.Generator) -> Steps:
    """Steps of networks drawn uniformly from the (2n)^{d1} regions, one network a draw.

    Args:
        n: number of points.
        d1: number of neurons.
        draws: number of networks.
        generator: source of randomness.

    Raises:
        ValueError: n < 1 or d1 < 0.
    """
    require_sizes(n, d1)
    used = np.zeros((draws, 2 * n), np.bool_)
    np.put_along_axis(used, generator.integers(2 * n, size=(draws, d1)), True, axis=1)
    return Steps(prefix=used[:, : n - 1], suffix=used[:, n - 1 : 2 * n - 2], full=used[:, -1])


@checked_arguments(steps=instance_of(Steps))
def pattern_is_full(steps: Steps) -> NDArray[np.bool_]:
    """Is rank A = n?  True where every gap is used, and the constant lies in the span of the rows.

    Differences of the steps then give every vector up to the constant, which a full neuron adds, or
    a prefix and a suffix of one gap together.

    Args:
        steps: of networks (...).

    Source: derived here; equal to the exact rank of every region for small n.
    """
    used = (steps.prefix | steps.suffix).all(axis=-1)
    full: NDArray[np.bool_] = used & _has_whole(steps)
    return full


@checked_arguments(steps=instance_of(Steps))
def jacobian_is_full(steps: Steps) -> NDArray[np.bool_]:
    """Is rank J = n, for distinct points and non-zero last weights?

    Used gaps cut the points into segments. With the moment M_j = sum_i l_i (x_i, 1) of a segment j
    and T their sum, l is orthogonal to the columns of J exactly if every prefix sum of the M_j at a
    gap is 0 where a prefix neuron uses it and T where a suffix neuron does. A full neuron, or a gap
    used both ways, forces T = 0 and so all M_j = 0, and then l = 0 if no segment has three points.
    Otherwise M_j = c_j T with c_j the difference of the two ends of segment j, each 1 for a prefix
    and 0 for a suffix (the left end of all points counts as prefix, the right one as suffix); a
    segment of one point with c_j != 0 fixes the direction of T, and two of them make it 0.

    Args:
        steps: of networks (...).

    Source: derived here; equal to the exact rank of every region for small n.
    """
    used = steps.prefix | steps.suffix
    short = ~(~used[..., 1:] & ~used[..., :-1]).any(axis=-1)
    ends = np.ones((*used.shape[:-1], 1), np.bool_)
    used = np.concatenate([ends, used, ends], axis=-1)
    prefix = np.concatenate([ends, steps.prefix, ~ends], axis=-1)
    single = used[..., 1:] & used[..., :-1] & (prefix[..., 1:] != prefix[..., :-1])
    full: NDArray[np.bool_] = short & (_has_whole(steps) | (single.sum(axis=-1) >= 2))
    return full


def require_sizes(n: int, d1: int) -> None:
    """Refuse numbers of points and neurons that no network has."""
    if n < 1 or d1 < 0:
        raise ValueError(f"n is {n} and d1 is {d1}; give n >= 1 points and d1 >= 0 neurons")


def _has_whole(steps: Steps) -> NDArray[np.bool_]:
    """Whether a neuron is active on all points, or two together are."""
    whole: NDArray[np.bool_] = steps.full | (steps.prefix & steps.suffix).any(axis=-1)
    return whole
