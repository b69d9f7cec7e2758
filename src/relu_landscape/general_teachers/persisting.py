"""How far a minimum for orthonormal teachers persists: proved, and as it is seen in float64."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.acceptance import accepts_persistence
from relu_landscape.certificates.records import Proofs
from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.random_teachers import gram_root, random_unit_teachers
from relu_landscape.general_teachers.persistence import persistence_certificate, persistence_line
from relu_landscape.general_teachers.settings import PersistentFamily, PersistingMinima
from relu_landscape.general_teachers.teacher_response import symmetrised, teacher_response
from relu_landscape.objective import population_gradient, population_hessian

Array = NDArray[np.float64]

FIRST_STEP: Final = 0.02
LEAST_SHARE: Final = 1e-3  # of the radius reached: the path is followed no finer
LARGEST_MOVE: Final = 0.1
LARGEST_RADIUS: Final = 1.0  # that of teachers which may be linearly dependent
_NEWTON_STEPS: Final = 8
_SETTLED: Final = 1e-9
# Of the draws of teachers whose directions are followed: nearly orthonormal.
_DRAWN_INPUTS: Final = 10_000


def persisting_radius(W: Array, direction: Array) -> float:
    """Return up to which r a minimum is followed for teachers with the Gram matrix I + r G.

    Args:
        W: (k, k), a strict minimum for V = I.
        direction: G, (k, k), symmetric, of Frobenius norm 1.

    Returns:
        The last r at which Newton's method found it, a strict minimum, on the path from W; at most
        LARGEST_RADIUS.
    """
    identity, point, reached, step = np.eye(len(W)), W, 0.0, FIRST_STEP
    while step > LEAST_SHARE * max(reached, FIRST_STEP):
        trial = min(reached + step, LARGEST_RADIUS)
        found = _minimum_next_to(point, identity + trial * direction)
        if found is None:
            step /= 2
            continue
        point, reached, step = found, trial, 1.5 * step
        if reached == LARGEST_RADIUS:
            break
    return reached


def _minimum_next_to(W: Array, gram: Array) -> Array | None:
    """The strict minimum at which Newton's method ends, if it is near; None if not."""
    if not np.linalg.eigvalsh(gram)[0] > 0:
        return None
    V, point = gram_root(np.linalg.cholesky(gram).astype(np.float64)), W
    for _ in range(_NEWTON_STEPS):
        hessian = population_hessian(point, V)
        if not np.linalg.eigvalsh(hessian)[0] > 0:
            return None
        step = np.linalg.solve(hessian, population_gradient(point, V).ravel()).reshape(W.shape)
        point = point - step
        if not np.linalg.norm(point - W) <= LARGEST_MOVE:
            return None
        if np.linalg.norm(step) < _SETTLED:
            return point
    return None


def random_directions(k: int, draws: int, seed: int) -> list[Array]:
    """Return (V V^T - I)/|V V^T - I| of draws of random unit teachers, (k, k) each."""
    grams = []
    for sample in range(draws):
        V = random_unit_teachers(k, _DRAWN_INPUTS, seed=seed, sample=sample)
        change = V @ V.T - np.eye(k)
        np.fill_diagonal(change, 0)
        grams.append(change / np.linalg.norm(change))
    return grams


def prove_persistence(
    proofs: Proofs, family: PersistentFamily, k: int, settings: PersistingMinima
) -> None:
    """Append the row of general_persistence of one minimum, and its line.

    Args:
        proofs: rows and lines so far.
        family: of the minimum.
        k: number of teachers.
        settings: of the directions in which it is followed.
    """
    block = family.block or None
    W = symmetric_critical_point(family.family, k, m=block).weights()
    center, blocks = symmetrised(W)
    response = teacher_response(center, blocks)
    directions = random_directions(k, settings.draws, settings.seed)
    steepest = [response.steepest(start) for start in directions]
    radii = [persisting_radius(center, direction) for direction in directions]
    labels = {"family": family.family, "second_block": family.block, "k": k}
    columns: dict[str, Any] = {
        "radius_steepest": min(persisting_radius(center, x) for x in steepest),
        "radius_random_least": min(radii),
        "radius_random_median": float(np.median(radii)),
    }
    found, line = persistence_certificate(center), None
    names = ("gram_radius", "hessian_lower", "loss_lower", "distance")
    d = ("d_half", "d_99", "d_999")
    columns |= dict.fromkeys(names) | dict.fromkeys(d, 0) | {"checked": False}
    if found is not None:
        line = persistence_line(found)
        columns |= {name: float(getattr(found, name)) for name in names}
        columns |= dict(zip(d, found.inputs, strict=True))
        columns["checked"] = accepts_persistence(line)
    proofs.add(labels, columns, line)
