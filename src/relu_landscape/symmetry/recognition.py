"""The isotropy subgroup of a given weight matrix, up to permutations and noise.

Colour refinement (`minima.canonical`) tells which neurons and which coordinates are alike. A block
is an orbit of two coordinates or more together with an orbit of as many neurons, each of which has
one coordinate of the block as its own: the entries of the two orbits form a multiple of a
permutation matrix plus a constant. All other neurons and coordinates must stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from relu_landscape.minima import CanonicalForm, canonical_form, orbit_label
from relu_landscape.symmetry.fixed_points import FixedPointSpace


@dataclass(frozen=True)
class RecognisedIsotropy:
    """The fixed-point space that a weight matrix lies in.

    space: blocks of descending size, those of size 1 last; parameters: (dimension,) of the nearest
    point; neuron_order: (n,), coordinate_order: (k,): W[neuron_order][:, coordinate_order] has the
    order of the space; distance: Frobenius distance of W to the space.
    """

    space: FixedPointSpace
    parameters: NDArray[np.float64]
    neuron_order: NDArray[np.int64]
    coordinate_order: NDArray[np.int64]
    distance: float


class NoBlockStructure(ValueError):
    """The symmetry of a point is not that of a diagonal product of symmetric groups."""


def recognise_isotropy(W: ArrayLike, *, tolerance: float = 1e-5) -> RecognisedIsotropy:
    """Return the smallest fixed-point space of this room that holds W up to permutations.

    Args:
        W: students, (n, k), n >= k.
        tolerance: entries closer than this are equal, see `minima.canonical_form`.

    Returns:
        The space, the point in it and the permutations.

    Raises:
        NoBlockStructure: neurons are alike in a way that these spaces do not have, as parallel
            copies of neurons are.
        ValueError: W is not a finite matrix with n >= k.

    Source: AF21 (isotropy subgroups of S_k x S_d); the method is colour refinement.
    """
    weights = np.asarray(W, dtype=np.float64)
    form = canonical_form(weights, tolerance=tolerance)
    n, k = weights.shape
    if n < k:
        raise ValueError(f"W has {n} neurons and {k} coordinates; needs n >= k")
    blocks = _matched_blocks(form, tolerance)
    sizes = [len(rows) for rows, _ in blocks]
    taken_rows = np.concatenate([rows for rows, _ in blocks] or [np.empty(0, dtype=np.int64)])
    taken_columns = np.concatenate([own for _, own in blocks] or [np.empty(0, dtype=np.int64)])
    free_rows = np.setdiff1d(np.arange(n), taken_rows)
    free_columns = np.setdiff1d(np.arange(k), taken_columns)
    _require_singles(form, free_rows, free_columns)
    magnitudes = np.abs(form.weights[np.ix_(free_rows, free_columns)])
    owners, owned = linear_sum_assignment(magnitudes, maximize=True)
    partners = free_rows[owners[np.argsort(owned)]]
    rows = np.concatenate([taken_rows, partners, np.setdiff1d(free_rows, partners)])
    columns = np.concatenate([taken_columns, free_columns])
    space = FixedPointSpace((*sizes, *[1] * len(free_columns)), n - k)
    arranged = form.weights[np.ix_(rows.astype(np.int64), columns.astype(np.int64))]
    parameters = space.project(arranged)
    return RecognisedIsotropy(
        space=space,
        parameters=parameters,
        neuron_order=form.neuron_order[rows.astype(np.int64)],
        coordinate_order=form.coordinate_order[columns.astype(np.int64)],
        distance=float(np.linalg.norm(arranged - space.embed(parameters))),
    )


def _matched_blocks(
    form: CanonicalForm, tolerance: float
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows and their own columns, block by block, larger blocks first, then larger own entries."""
    blocks = []
    taken: set[int] = set()
    for columns in _orbits(form.coordinate_orbit_ids):
        if len(columns) < 2:
            continue
        for orbit, rows in enumerate(_orbits(form.neuron_orbit_ids)):
            own = _own_columns(form.weights[np.ix_(rows, columns)], tolerance)
            if orbit not in taken and own is not None:
                taken.add(orbit)
                blocks.append((rows, columns[own]))
                break
        else:
            raise NoBlockStructure(
                f"{len(columns)} coordinates are alike, but no {len(columns)} neurons have them as "
                f"their own: {_describe(form)}"
            )
    return sorted(
        blocks, key=lambda block: (-len(block[0]), -form.weights[block[0][0], block[1][0]])
    )


def _own_columns(block: NDArray[np.float64], tolerance: float) -> NDArray[np.int64] | None:
    """The column that stands out in each row, if each does in one row; None otherwise."""
    if block.shape[0] != block.shape[1]:
        return None
    # In a block of two either entry may be the own one: the larger one is.
    distance = np.abs(block) if len(block) == 2 else np.abs(block - np.median(block))
    own: NDArray[np.int64] = np.argmax(distance, axis=1)
    if np.unique(own).size != own.size:
        return None
    rest = np.delete(block[np.arange(len(own)), :].ravel(), np.arange(len(own)) * len(own) + own)
    stands_out = np.abs(block[0, own[0]] - rest[0]) > tolerance
    return own if stands_out and np.ptp(rest) <= len(block) * tolerance else None


def _require_singles(
    form: CanonicalForm, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> None:
    sizes = np.bincount(form.neuron_orbit_ids)[form.neuron_orbit_ids[rows]]
    if len(columns) > len(rows) or sizes.max(initial=1) > 1:
        raise NoBlockStructure(
            f"some neurons are alike without coordinates of their own: {_describe(form)}"
        )


def _describe(form: CanonicalForm) -> str:
    return (
        f"orbits of neurons {orbit_label(form.neuron_orbits)}, of coordinates "
        f"{orbit_label(form.coordinate_orbits)}"
    )


def _orbits(ids: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(ids == orbit) for orbit in range(int(ids.max()) + 1)]
