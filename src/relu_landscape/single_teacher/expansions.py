"""The local law beside the loss in extended precision, and its directions of least loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.valley_law import (
    TeacherValley,
    least_valley_constant,
    simplex_displacements,
    simplex_valley_constant,
    valley_loss,
)
from relu_landscape.objective import reference_loss
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.single_teacher.settings import Valleys


def random_valleys(k: int, n: int, d: int, generator: np.random.Generator) -> list[TeacherValley]:
    """Return random shares and displacements of length 1 next to V = (e_1, ..., e_k).

    Student j belongs to teacher j mod k. Shares are uniform on [1/2, 3/2] before they are divided
    by their sum; displacements are normal, at right angles to their teacher, of sum zero.

    Args:
        k, n, d: teachers, students, inputs, d >= k and d >= 2.
        generator: of all that is drawn.
    """
    valleys = []
    for teacher, students in enumerate(np.bincount(np.arange(n) % k, minlength=k)):
        shares = generator.uniform(0.5, 1.5, size=students)
        u = generator.normal(size=(students, d))
        u[:, teacher] = 0.0
        valleys.append(TeacherValley(shares / shares.sum(), u - u.mean(axis=0)))
    length = np.sqrt(sum(float((valley.displacements**2).sum()) for valley in valleys))
    return [TeacherValley(valley.shares, valley.displacements / length) for valley in valleys]


def extended_loss(valleys: list[TeacherValley], distance: float, *, digits: int) -> mpmath.mpf:
    """Return F at a_i v + distance u_i with sums 1 and 0 to all digits.

    Args:
        valleys: the students of teacher e_1, those of e_2, ...
        distance: factor of the displacements.
        digits: decimal digits of the loss.
    """
    teachers = np.eye(len(valleys), valleys[0].displacements.shape[1])
    rows: list[NDArray[np.object_]] = []
    with mpmath.workdps(2 * digits):
        for v, (shares, displacements) in zip(teachers, valleys, strict=True):
            exact = [[mpmath.mpf(float(entry)) for entry in row] for row in displacements]
            u = np.array(exact, dtype=object) * mpmath.mpf(distance)
            a = np.array([mpmath.mpf(float(share)) for share in shares], dtype=object)
            # The double numbers add up to 1 and 0 to rounding alone.
            a[-1] = 1 - mpmath.fsum(a[:-1])
            u[-1] = -u[:-1].sum(axis=0) if len(u) > 1 else u[-1] * 0
            # An array of numbers of mpmath comes before a number: see objective/reference.py.
            rows += [
                np.array([a_i * mpmath.mpf(float(x)) for x in v]) + u_i
                for a_i, u_i in zip(a, u, strict=True)
            ]
        return reference_loss(np.array(rows), teachers, digits=digits)


def expansion_records(k: int, n: int, d: int, settings: Valleys) -> list[dict[str, Any]]:
    """Return one record a point, as in the table `valley_expansions`.

    Draw i depends on (seed, k, n, i) alone.

    Args:
        k, n, d: teachers, students, inputs.
        settings: draws, distances, digits and the seed.
    """
    records = []
    for draw in range(settings.draws):
        valleys = random_valleys(k, n, d, indexed_generator(settings.seed, k, n, draw))
        constant = sum(valley_loss(*valley) for valley in valleys)
        for distance in settings.distances:
            loss = extended_loss(valleys, distance, digits=settings.digits)
            leading = constant * distance**3
            records.append(
                {
                    "k": k,
                    "n": n,
                    "draw": draw,
                    "distance": distance,
                    "d": d,
                    "loss": float(loss),
                    "valley_loss": leading,
                    "error": abs(float(loss / leading - 1)),
                }
            )
    return records


def simplex_records(n: int) -> list[dict[str, Any]]:
    """Return one record a simplex of 2, ..., n students, as in the table `simplex_valleys`."""
    shares = np.full(n, 1 / n)
    records = []
    for corners in range(2, n + 1):
        constant = simplex_valley_constant(n, corners)
        records.append(
            {
                "n": n,
                "corners": corners,
                "constant": constant,
                "evaluated": valley_loss(shares, simplex_displacements(n, corners)),
                "scaled_loss": 1 / (27 * constant**2),
                "quotient": 3 * constant ** (1 / 3),
            }
        )
    return records


def least_record(n: int, dimension: int, settings: Valleys) -> dict[str, Any]:
    """Return the least constant found and that of the best simplex, as in `least_valleys`.

    Start s depends on (seed, n, dimension, s) alone.

    Args:
        n: students with equal shares.
        dimension: d - 1.
        settings: starts and the seed.
    """
    shares = np.full(n, 1 / n)
    found = [
        least_valley_constant(
            shares,
            indexed_generator(settings.seed, n, dimension, start).normal(size=(n, dimension)),
        )
        for start in range(settings.starts)
    ]
    corners = min(range(2, min(n, dimension + 1) + 1), key=lambda m: simplex_valley_constant(n, m))
    return {
        "n": n,
        "dimension": dimension,
        "corners": corners,
        "constant": simplex_valley_constant(n, corners),
        "found": min(found),
        "starts": settings.starts,
    }
