"""Copy-average configurations of any partition, which are critical, and which of them is best.

Deal the k teachers to n groups. A configuration has one student a group of m teachers,

    w = u sum_{j in group} v_j,  u^2 = 1/(m (2 m - 1)),  output m,

a copy of the teacher for m = 1. It is a critical point of F in weights and outputs, for any k, any
teachers with V V^T = I and any partition. Proof. Let p = |w|^2 = m u^2 = 1/(2 m - 1). A student of
another group, orthogonal to w, has the force (2/pi) c c' w'/sqrt((1 + p)(1 + p')) on w, and its
teachers -(2/pi) c v_j/sqrt(2 (1 + p)) each: these cancel if c' u'/sqrt(1 + p') = 1/sqrt 2, that is

    2 m^2 u^2 = 1 + p.                                                                        (1)

Within the group all is along w; with K_r = (2/pi)/sqrt S and 2 K_p = -r K_r/(1 + p), S = 1 + 2 p of
the student with itself and S' = 2 (1 + p) - u^2 with a teacher, the two forces are m u/sqrt S and
1/sqrt S', each times c (2/pi)/(1 + p):

    m^2 u^2 S' = S.                                                                           (2)

The slope in the output is m asin(p/(1 + p)) - m asin(u/sqrt(2 (1 + p))), times 2/pi:

    2 p^2 = u^2 (1 + p).                                                                      (3)

All three are identities in m: times (2 m - 1)^2 both sides are polynomials of degree 3 or less, and
they are equal at more values of m than that.

Which is best: a group adds L*(m)/2 to F, L*(m) = (2/pi)(m pi/6 - asin(y)/(4 y^2)), y = 1/(2 m).
asin(y)/(4 y^2) = m/2 + 1/(48 m) + 3/(1280 m^3) + ...: all coefficients are positive, and m and all
powers of 1/m are convex in m > 0, 1/m strictly; so L* is strictly concave, and L*(1) = 0. A sum of
a strictly concave function over m_1 + ... + m_n = k, m_i >= 1, is least where all but one are 1,
and only there. So the best has n - 1 copies and one average of k - n + 1, at every k and n.

Source: Simsek et al. 2023 states all of this; the proofs are ours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from flint import arb
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, several, whole_number
from relu_landscape.certificates.erf_slopes import BALLS, erf_slopes
from relu_landscape.certificates.precision import Ball, ball_bits, dot, precision, total

# 60 decimal digits stay after the sums.
DEFAULT_BITS: Final = 224


def partitions(k: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """Return all ways to write k as a sum of positive integers, largest first in each.

    Args:
        k: 0 or more.
        largest: of the summands; None: k.
    """
    if k == 0:
        yield ()
    for first in range(min(k, k if largest is None else largest), 0, -1):
        for further in partitions(k - first, first):
            yield (first, *further)


def average_loss(m: float) -> float:
    """Return what a group of m teachers with one student adds to F, L*(m)/2.

    Args:
        m: a real number, 1 or more.
    """
    return (m * math.asin(0.5) - m * m * math.asin(0.5 / m)) / math.pi


def average_loss_ball(m: int) -> Ball:
    """Return the same, in balls of the precision that is set."""
    size = arb(m)
    return (size / 6) - size * size * (1 / (2 * size)).asin() / arb.pi()


def identities_hold(m: int) -> bool:
    """Say whether (1), (2) and (3) hold for groups of m, in exact rational numbers.

    They contain m, u^2 and p alone, and both sides of each square root are positive.
    """
    u2 = Fraction(1, m * (2 * m - 1))
    p = m * u2
    forces_of_others = 2 * m * m * u2 == 1 + p
    own_force = m * m * u2 * (2 * (1 + p) - u2) == 1 + 2 * p
    output = 2 * p * p == u2 * (1 + p)
    return forces_of_others and own_force and output


@checked_arguments(groups=several(whole_number))
def copy_average_configuration(
    groups: Sequence[int],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the copy-average configuration of a partition, for V = I_k.

    Args:
        groups: sizes of the groups, (n,), each 1 or more; their sum is k.

    Returns:
        The weights (n, k) and the output weights (n,).

    Raises:
        ValueError: no group, or an empty one.
    """
    sizes = _checked_sizes(groups)
    membership = np.repeat(np.eye(len(sizes)), sizes, axis=1)
    return membership / np.sqrt(sizes * (2.0 * sizes - 1.0))[:, None], sizes.astype(np.float64)


@checked_arguments(groups=several(whole_number), bits=ball_bits)
def gradient_bound(groups: Sequence[int], *, bits: int = DEFAULT_BITS) -> float:
    """Return a bound on all entries of the gradient of F at a configuration, from balls.

    The gradient of the whole network is evaluated pair by pair, with nothing of the proof above.

    Args:
        groups: as for `copy_average_configuration`.
        bits: precision.

    Returns:
        The bound, about 2^-bits where the configuration is critical.

    Raises:
        ValueError: as for `copy_average_configuration`.
    """
    sizes = _checked_sizes(groups).tolist()
    with precision(bits):
        W, outputs = [], [arb(size) for size in sizes]
        for place, m in enumerate(outputs):
            before, after = sum(sizes[:place]), sum(sizes[place + 1 :])
            entry = 1 / (m * (2 * m - 1)).sqrt()
            W.append([arb(0)] * before + [entry] * sizes[place] + [arb(0)] * after)
        gradient = _gradient(W, outputs)
        return max(float(x.abs_upper()) for x in gradient) * (1 + 2.0**-50)


def extreme_partition_is_best(k: int, n: int, *, bits: int = 128) -> bool:
    """Say whether balls show that F is less at (k - n + 1, 1, ..., 1) than at all other partitions.

    Args:
        k: teachers.
        n: groups, 1 <= n <= k.
        bits: precision.
    """
    with precision(bits):
        losses = {
            groups: total(average_loss_ball(m) for m in groups)
            for groups in partitions(k)
            if len(groups) == n
        }
        best = losses.pop((k - n + 1, *(1,) * (n - 1)))
        return all(best < loss for loss in losses.values())


def _checked_sizes(groups: Sequence[int]) -> NDArray[np.int64]:
    sizes = np.asarray(groups)
    if sizes.ndim != 1 or sizes.size == 0 or (sizes < 1).any():
        raise ValueError(f"groups = {groups!r:.60}; needs one size or more, each 1 or more")
    return sizes


def _gradient(W: list[list[Ball]], outputs: list[Ball]) -> list[Ball]:
    """dF/dw and dF/dc, for V = I."""
    k = len(W[0])
    teachers = [[arb(int(a == j)) for a in range(k)] for j in range(k)]
    terms = [*zip(outputs, W, strict=True), *((arb(-1), v) for v in teachers)]
    squares = [dot(v, v) for _, v in terms]
    gradient: list[Any] = []
    for c, w, p in zip(outputs, W, squares, strict=False):
        along_w, force, slope = arb(0), [arb(0)] * k, arb(0)
        for (share, v), q in zip(terms, squares, strict=True):
            r = dot(w, v)
            K = erf_slopes(1 + p, 1 + q, r, (1 + p) * (1 + q) - r * r, BALLS)
            slope += share * K.value
            along_w += 2 * share * K.p
            force = [f + share * K.r * b for f, b in zip(force, v, strict=True)]
        gradient += [c * (f + along_w * a) for f, a in zip(force, w, strict=True)]
        gradient.append(slope)
    return gradient
