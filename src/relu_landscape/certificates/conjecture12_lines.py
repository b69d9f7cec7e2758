"""What is proved of Conjecture 12, as lines that `check_conjecture12` accepts.

Everything here is a guess in floats, or in extended precision: what a line states is what the
checker proves of it, and a guess that it refuses is made weaker or given up.

None of it belongs to the public face of the package: the lines are what a study writes, some take
minutes to guess, and what they say is said by the checker alone, which anyone can call.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import mpmath
import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.check_conjecture12 import SIZES, Refused, check_line
from relu_landscape.global_minima.conjecture12_leading import largest_leading_constant
from relu_landscape.global_minima.perturbations import equal_shares, form_and_bound

RAY_BITS: Final = 96
CONSTANT_BITS: Final = 192
SWEEP_BITS: Final = 53
CONSTANT_DIGITS: Final = 30
SLACK: Final = 0.9  # of a guess: what is left for the width of balls
WEAKENINGS: Final = 6

TURN: Final = ((0, -1), (1, 0))
"""k = 2: v_1 - s v_2, v_2 + s v_1; with it Conjecture 12 fails up to s^3 + 2 s = 1, s = .4534."""
CIRCLE: Final = ((0, 1, -1), (-1, 0, 1), (1, -1, 0))
"""k = 3: the direction in which the ratio of the two sides leaves 1 fastest."""
POINTS: Final = (4, 8, 12, 20)
"""k of `point_line`: at k = 4 the constant is above 4, and it grows with k."""
POINT_REACH: Final = Fraction(1, 10)
POINT_TRACE: Final = Fraction(3, 200)  # a of `point_line`, near the best at this reach for every k


def conjecture12_lines(
    directions: Sequence[tuple[int, int]],
    corrected: tuple[Fraction, Fraction],
    every_k: tuple[Fraction, Fraction],
    *,
    tries: int,
    seed: int,
) -> list[str]:
    """Return the lines of a file about Conjecture 12: where it fails, how fast, and what holds.

    Args:
        directions: (k, m) of the leading constants with several students a teacher.
        corrected: constant and reach of `corrected_line`; (2, 1/20) takes the checker 15 s.
        every_k: quadratic and reach of `every_k_line`; (60, 1/32) takes the checker 15 s.
        tries, seed: as for `direction_line`.

    Raises:
        Refused: the checker does not accept one of them.
    """
    return [
        ray_line(TURN, Fraction(9, 20), pieces=45),
        ray_line(CIRCLE, Fraction(3, 20), pieces=30),
        *(leading_constant_line(k, size) for k in (2, 3) for size in SIZES),
        *(direction_line(k, m, tries=tries, seed=seed) for k, m in directions),
        *(point_line(k) for k in POINTS),
        corrected_line(*corrected),
        every_k_line(*every_k),
    ]


def ray_line(X: Sequence[Sequence[int]], reach: Fraction, *, pieces: int) -> str:
    """Return the line that Conjecture 12 fails at s X for 0 < s <= reach, and every larger k.

    Args:
        X: direction, (k, k), antisymmetric but for a diagonal of trace 0.
        reach: the last s.
        pieces: of equal length, of which the checker shows each at a time.

    Raises:
        Refused: the checker does not accept it, however weak the bound.
    """
    direction, k = np.array(X, dtype=np.float64), len(X)
    ends = [reach * (piece + 1) / pieces for piece in range(pieces)]
    cubic = max(_gap(float(s) * direction, k) / float(s) ** 3 for s in ends)
    line = {
        "statement": "conjecture12_ray",
        "bits": RAY_BITS,
        "X": [[str(x) for x in row] for row in X],
        "ends": [str(s) for s in ends],
    }
    return _accepted(line | {"cubic_upper": repr(x)} for x in _weaker(cubic))


def leading_constant_line(k: int, size: str) -> str:
    """Return the line that encloses the largest leading constant, m = 1.

    Args:
        k: 2, or 3 for every k >= 3.
        size: "displacement" or "orthogonal", of which part of G eps is the largest row.

    Raises:
        Refused: no such constant.
    """
    with mpmath.workdps(2 * CONSTANT_DIGITS):
        constant = _leading_constant(k, size)
        half = mpmath.mpf(10) ** -CONSTANT_DIGITS
        lower, upper = (
            mpmath.nstr(constant + shift, CONSTANT_DIGITS + 3) for shift in (-half, half)
        )
    return _accepted(
        iter(
            [
                {
                    "statement": "conjecture12_leading_constant",
                    "bits": CONSTANT_BITS,
                    "k": k,
                    "size": size,
                    "lower": lower,
                    "upper": upper,
                }
            ]
        )
    )


def direction_line(k: int, m: int, *, tries: int, seed: int) -> str:
    """Return the line that bounds the leading constant with m students a teacher from below.

    Args:
        k, m, tries, seed: as for `largest_leading_constant`.

    Raises:
        Refused: the checker does not accept what was found, however weak the bound.
    """
    found = largest_leading_constant(k, m, tries=tries, seed=seed)
    line = {
        "statement": "conjecture12_direction",
        "bits": RAY_BITS,
        "m": m,
        "X": _exact_kernel_rows(found.direction, k, m),
    }
    # Nothing is lost but the digits that the rows are rounded to.
    guesses = (found.constant * (1 - 10.0**-power) for power in (8, 7, 6))
    return _accepted(line | {"lower": repr(x)} for x in guesses)


def point_line(k: int) -> str:
    """Return the line that LHS >= (1 - C eps) RHS, eps <= 1/10, fails from this k on, m = 1.

    With p and q vectors of k/4 entries 1 and k/4 entries -1, on one half of the coordinates each,
    the point is -a (p p^T + q q^T) + b (p q^T - q p^T), of which all rows are of one length.

    Args:
        k: a multiple of 4.

    Raises:
        Refused: the checker does not accept it, however weak the bound.
    """
    half = k // 2
    signs = [(-1) ** i for i in range(k)]
    b = Fraction(math.isqrt(int((2 * POINT_REACH**2 / k - POINT_TRACE**2) * 10**12)), 10**6)
    rows = [
        [
            signs[i]
            * signs[j]
            * (-POINT_TRACE if (i < half) == (j < half) else b if i < half else -b)
            for j in range(k)
        ]
        for i in range(k)
    ]
    X = np.array(rows, dtype=np.float64)
    eps = np.linalg.norm(X, axis=1).max()
    sides = form_and_bound(equal_shares(k, 1) + X, np.eye(k), 1)
    constant = float((1 - sides.form / sides.bound) / eps)
    line = {
        "statement": "conjecture12_point",
        "bits": RAY_BITS,
        "X": [[str(x) for x in row] for row in rows],
        "reach": str(POINT_REACH),
    }
    return _accepted(line | {"lower": repr(constant * (1 - 10.0**-x))} for x in (9, 6, 3))


def corrected_line(constant: Fraction, reach: Fraction) -> str:
    """Return the line of LHS >= (1 - constant eps) RHS for k = 2, m = 1, eps <= reach.

    Raises:
        Refused: the checker does not show it.
    """
    return _accepted(
        iter(
            [
                {
                    "statement": "conjecture12_corrected",
                    "bits": SWEEP_BITS,
                    "k": 2,
                    "constant": str(constant),
                    "reach": str(reach),
                }
            ]
        )
    )


def every_k_line(quadratic: Fraction, reach: Fraction) -> str:
    """Return the line of LHS >= (1 - 4/(pi - 2) eps - quadratic k eps^2) RHS, m = 1, every k >= 2.

    Raises:
        Refused: the checker does not show it.
    """
    line = {
        "statement": "conjecture12_every_k",
        "bits": SWEEP_BITS,
        "quadratic": str(quadratic),
        "reach": str(reach),
    }
    return _accepted(iter([line]))


def _accepted(lines: Iterator[dict[str, Any]]) -> str:
    """The first of the lines that the checker accepts."""
    refusal = Refused("nothing to check")
    for fields in lines:
        text = json.dumps(fields, separators=(",", ":"))
        try:
            check_line(text)
        except Refused as error:
            refusal = error
        else:
            return text
    raise refusal


def _weaker(bound: float) -> Iterator[float]:
    """Bounds of the same sign, ever nearer to zero."""
    for power in range(WEAKENINGS):
        yield bound * SLACK * 2.0**-power


def _gap(G: NDArray[np.float64], k: int) -> float:
    """LHS - RHS, m = 1."""
    sides = form_and_bound(equal_shares(k, 1) + G, np.eye(k), 1)
    return sides.form - sides.bound


def _leading_constant(k: int, size: str) -> mpmath.mpf:
    """The largest C, by maximising it over the directions of k = 2."""
    b = 1 - 2 / mpmath.pi
    if k != 2:
        return 4 / (mpmath.pi - 2)

    def inverse_constant(x: mpmath.mpf) -> mpmath.mpf:
        length = mpmath.sqrt(1 + x**2) if size == "displacement" else mpmath.mpf(1)
        return length * ((1 + x) ** 2 + b * (1 + x**2))

    x = mpmath.findroot(lambda y: mpmath.diff(inverse_constant, y), -0.65)
    return 4 / (mpmath.pi * inverse_constant(x))


def _exact_kernel_rows(X: NDArray[np.float64], k: int, m: int) -> list[list[str]]:
    """X in dyadic numbers, the sums of its rows antisymmetric plus a diagonal of trace 0."""
    shares = [[Fraction(round(float(x) * 2**40), 2**40) for x in row] for row in X]
    for i in range(k):
        for j in range(i + 1):
            # The last row of a teacher takes what was rounded.
            sums = [sum((shares[a * m + p][b] for p in range(m)), Fraction(0))
                    for a, b in ((i, j), (j, i))]  # fmt: skip
            if j < i:
                shares[i * m + m - 1][j] -= sums[0] + sums[1]
    trace = sum((shares[i * m + p][i] for i in range(k) for p in range(m)), Fraction(0))
    shares[-1][k - 1] -= trace
    return [[str(x) for x in row] for row in shares]
