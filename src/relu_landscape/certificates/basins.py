"""Balls around the known minima with n = k in which gradient descent stays: proofs before a search.

Known are the global minimum V = I and, with q neurons near -e_i, II_q, I_{k-q} (A for q = k) and
the point between II_q and I_{k-q-1}, where they are minima. Let W* be one of them, mu0 and Lambda0
bounds of the Hessian's spectrum there, C the float64 matrix next to it, |C - W*|_F <= d, and L a
Lipschitz constant of the Hessian on the ball of radius R around C (`local_lipschitz`). Then, with
L (R + d) < mu0,

    0 < mu0 - L (R + d) <= H <= Lambda0 + L (R + d)    on |W - C|_F <= R.

This ball holds the one of radius r + d around W*, r = R - 2 d, and that holds all W with
|W - C|_F <= r: from there descent with a step below 2/Lambda, Lambda = Lambda0 + L (R + d), leads
to W* without leaving it (see `search.basins`), and |grad F(W)|_F <= Lambda (r + d).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from flint import arb
from numpy.typing import NDArray

from relu_landscape.certificates.global_minimum import certify_global_minimum
from relu_landscape.certificates.local_lipschitz import local_lipschitz, radius_of_change, survey
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.precision import Ball, exact, precision, root, total
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.certificates.structured import Structured
from relu_landscape.certificates.symmetric_minimum import (
    SYMMETRIC_BITS,
    SymmetricOutcome,
    bound_largest_eigenvalue,
    certify_family,
    certify_symmetric_minimum,
)
from relu_landscape.symmetry import SolveError
from relu_landscape.symmetry.intermediate import intermediate_point, intermediate_space

# Of mu0, what the change of the Hessian may use up: the rest stays as strong convexity.
_SHARE: Final = 1 - 2.0**-6
# The search compares distances that it has calculated in float64, with k^2 roundings.
_ROOM: Final = 1 - 2.0**-30
# Bounds are searched for in floats, which differ in their last bits from one processor to another;
# with four digits what a search is given is the same everywhere, and so are the bits of its runs.
_DIGITS: Final = 4


@dataclass(frozen=True)
class Basin:
    """A ball around a known minimum W* from all of which gradient descent leads to it.

    name: of the minimum, "global", "II_q", "I_m", "A" or "II_q to I_m"; center: C, (k, k), the
    coordinate of each neuron on the diagonal, neurons by descending size of their own entry;
    radius: r; curvature_lower, curvature_upper: bounds of the Hessian's spectrum in
    the ball of radius r + d around W*; lipschitz: L; step_bound: steps below it stay;
    gradient_bound: bound of |grad F|_F where |W - C|_F <= r.
    """

    name: str
    center: NDArray[np.float64]
    radius: float
    curvature_lower: float
    curvature_upper: float
    lipschitz: float
    step_bound: float
    gradient_bound: float


@dataclass(frozen=True)
class _KnownMinimum:
    """W* within `location` of W; lower, upper: bounds of the Hessian's spectrum at W*, at W."""

    name: str
    blocks: tuple[int, ...]
    W: Structured
    location: Ball
    lower: Ball
    upper: Ball


def prove_basins(k: int, largest_q: int) -> list[Basin]:
    """Prove the basins of the known minima with n = k.

    Args:
        k: number of teachers, 2 or more.
        largest_q: largest number of neurons near -e_i. Points are left out that are no minima at
            this k, or that cannot be followed to it.

    Returns:
        The basin of the global minimum, then those of the others by q; none around a minimum that
        is located too coarsely for one.

    Source: families of Arjevani and Field; the minima between them and basins are ours.
    """
    with precision(SYMMETRIC_BITS):
        basins = [_basin(minimum) for minimum in _known_minima(k, largest_q)]
    return [basin for basin in basins if basin is not None]


def basin_arrays(basins: Sequence[Basin]) -> dict[str, NDArray[np.float64]]:
    """Return what a search needs of basins, the fields of `search.basins.Basins`, by name.

    Args:
        basins: one or more, of one size.
    """
    return {
        "centers": np.array([basin.center for basin in basins]),
        "radii": np.array([basin.radius for basin in basins]),
        "step_bounds": np.array([basin.step_bound for basin in basins]),
        "gradient_bounds": np.array([basin.gradient_bound for basin in basins]),
    }


def _known_minima(k: int, largest_q: int) -> Iterator[_KnownMinimum]:
    yield _global_minimum(k)
    for q in range(1, min(largest_q, k) + 1):
        for name, certify in _candidates(k, q):
            try:
                proved = certify()
            except SolveError:
                continue
            if isinstance(proved, Failure):
                continue
            yield _KnownMinimum(
                name=name,
                blocks=proved.blocks,
                W=proved.W,
                location=arb(str(proved.location_radius)),
                lower=arb(str(proved.hessian_lower)),
                upper=bound_largest_eigenvalue(proved.blocks, proved.W, SYMMETRIC_BITS),
            )


def _global_minimum(k: int) -> _KnownMinimum:
    certificate = certify_global_minimum(k)
    return _KnownMinimum(
        name="global",
        blocks=(k,),
        W=Structured([arb(1)], [[arb(0)]]),
        location=arb(0),
        lower=arb(str(certificate.eigenvalue_lower)),
        upper=_largest_eigenvalue_at_teacher(k),
    )


def _candidates(k: int, q: int) -> Iterator[tuple[str, Callable[[], SymmetricOutcome]]]:
    """What may be a minimum with q neurons near -e_i, 1 <= q <= k."""
    if q == k:
        yield "A", partial(certify_family, "A", k)
    if q <= k - 2:
        yield f"II_{q}", partial(certify_family, "II", k, m=q)
    if 2 <= q <= k - 1:
        yield f"I_{k - q}", partial(certify_family, "I", k, m=k - q)
    if q <= k - 3:
        yield f"II_{q} to I_{k - q - 1}", partial(_certify_intermediate, k, q)


def _certify_intermediate(k: int, q: int) -> SymmetricOutcome:
    return certify_symmetric_minimum(intermediate_space(k, q), intermediate_point(k, q))


def _largest_eigenvalue_at_teacher(k: int) -> Ball:
    """An upper bound of the largest Hessian eigenvalue at W = V = I.

    With H'_ii = 0 and h2(e_i, e_j) = (pi/2 I + e_i e_j^T + e_j e_i^T)/(2 pi), i != j,

        H[U, U] = |U|^2/4 + |sum_i u_i|^2/4
                  + ((tr U)^2 - sum_i U_ii^2 + sum_{i != j} U_ij U_ji)/(2 pi),

    and the second and third term are k/4 and k/(2 pi) times projections P, Q, whose ranges, of the
    U with equal rows and of the multiples of I, meet at an angle of cosine k^{-1/2}; the largest
    eigenvalue of x P + y Q is (x + y)/2 + ((x - y)^2/4 + x y/k)^{1/2}.
    """
    x, y = arb(k) / 4, arb(k) / (2 * arb.pi())
    both = (x + y) / 2 + ((x - y) ** 2 / 4 + x * y / k).sqrt()
    return arb(1) / 4 + 1 / (2 * arb.pi()) + both


def _basin(minimum: _KnownMinimum) -> Basin | None:
    """The ball around W, or None where r = R - 2 d and mu are not proved to be positive."""
    center = _floats(minimum)
    first_of_block = np.cumsum((0, *minimum.blocks[:-1])).tolist()
    around = survey(center, first_of_block)
    outer = arb(radius_of_change(around, minimum.lower * _SHARE))
    distance = (minimum.location + _rounding(minimum, center)).upper()
    lipschitz = local_lipschitz(around, outer)
    change = lipschitz * (outer + distance)
    # The upper bound is one at W, which is within d of W*.
    upper = _above(minimum.upper + lipschitz * (outer + 2 * distance))
    inner = (outer - 2 * distance) * _ROOM
    if not (inner > 0 and minimum.lower - change > 0):
        return None
    by_own_entry = np.argsort(-np.abs(np.diag(center)), kind="stable")
    return Basin(
        name=minimum.name,
        center=center[np.ix_(by_own_entry, by_own_entry)],
        radius=_below(inner),
        curvature_lower=_below(minimum.lower - change),
        curvature_upper=upper,
        lipschitz=_above(lipschitz),
        step_bound=_below(2 / exact(upper)),
        gradient_bound=_above(exact(upper) * outer),
    )


def _floats(minimum: _KnownMinimum) -> NDArray[np.float64]:
    """W as a matrix of floats."""
    sizes, W = minimum.blocks, minimum.W
    rest = np.array([[float(x) for x in row] for row in W.rest])
    center = np.repeat(np.repeat(rest, sizes, axis=0), sizes, axis=1)
    np.fill_diagonal(center, np.repeat([float(x) for x in W.own], sizes))
    return center


def _rounding(minimum: _KnownMinimum, center: NDArray[np.float64]) -> Ball:
    """|C - W|_F, from the entries of each kind."""
    sizes, starts = minimum.blocks, np.cumsum((0, *minimum.blocks[:-1])).tolist()
    squares = []
    for a, p in enumerate(sizes):
        row = center[starts[a]]
        squares.append(p * (exact(float(row[starts[a]])) - minimum.W.own[a]) ** 2)
        for b, q in enumerate(sizes):
            places = p * (q - (a == b))
            if places:
                entry = exact(float(row[starts[b] + q - 1]))
                squares.append(places * (entry - minimum.W.rest[a][b]) ** 2)
    return root(total(squares))


def _below(number: Ball) -> float:
    """A float of a few digits below all numbers in a ball."""
    return float(np.nextafter(float(decimal_below(number, _DIGITS)), -np.inf))


def _above(number: Ball) -> float:
    return float(np.nextafter(float(decimal_above(number, _DIGITS)), np.inf))
