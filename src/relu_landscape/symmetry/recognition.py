"""The isotropy subgroup of a given weight matrix, up to permutations and noise.

Colour refinement (`canonical`) tells which neurons and which coordinates are alike. A block
is an orbit of two coordinates or more together with an orbit of as many neurons, in which each
neuron has one coordinate of the block as its own. Where further neurons are alike in other ways
(as two neurons that share a teacher are), the spaces of this room hold the point only with some of
its coordinates taken as single ones; then the smallest blocks are given up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from relu_landscape.arguments import checked_arguments, real_array, real_number
from relu_landscape.symmetry.canonical import CanonicalForm, canonical_form
from relu_landscape.symmetry.fixed_points import FixedPointSpace


@dataclass(frozen=True)
class RecognisedIsotropy:
    """The fixed-point space that a weight matrix lies in.

    space: blocks of descending size, those of size 1 last; parameters: (dimension,) of the nearest
    point; neuron_order: (n,), coordinate_order: (k,): W[neuron_order][:, coordinate_order] has the
    order of the space; distance: Frobenius distance of W to the space; neuron_orbits,
    coordinate_orbits: sizes of the orbits of the whole symmetry group, ascending, which can be
    larger than the group of the space if n > k.
    """

    space: FixedPointSpace
    parameters: NDArray[np.float64]
    neuron_order: NDArray[np.int64]
    coordinate_order: NDArray[np.int64]
    distance: float
    neuron_orbits: tuple[int, ...]
    coordinate_orbits: tuple[int, ...]


@dataclass(frozen=True)
class _Block:
    """Neurons and their own coordinates, in one order."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]


@checked_arguments(W=real_array, tolerance=real_number)
def recognise_isotropy(W: ArrayLike, *, tolerance: float = 1e-5) -> RecognisedIsotropy:
    """Return the smallest fixed-point space of this room that holds W up to permutations.

    Args:
        W: students, (n, k), n >= k.
        tolerance: entries closer than this are equal, see `canonical_form`.

    Returns:
        The space, the point in it and the permutations. Without any symmetry the space has k blocks
        of size 1.

    Raises:
        ValueError: W is not a finite matrix with n >= k.

    Source: AF21 for isotropy subgroups; the method is colour refinement.
    """
    weights = np.asarray(W, dtype=np.float64)
    form = canonical_form(weights, tolerance=tolerance)
    n, k = weights.shape
    if n < k:
        raise ValueError(f"W has {n} neurons and {k} coordinates; needs n >= k")
    blocks = _matched_blocks(form, tolerance)
    while True:
        found = _arranged(form, blocks)
        # Entries of one parameter differ by the length of a chain of equal ones, at worst.
        if not blocks or found.distance <= tolerance * np.sqrt(n * k):
            return found
        blocks = blocks[:-1]


def _arranged(form: CanonicalForm, blocks: list[_Block]) -> RecognisedIsotropy:
    """The nearest point with these blocks and everything else single."""
    n, k = form.weights.shape
    nothing = np.empty(0, dtype=np.int64)
    taken_rows = np.concatenate([nothing, *(block.rows for block in blocks)])
    taken_columns = np.concatenate([nothing, *(block.columns for block in blocks)])
    free_rows = np.setdiff1d(np.arange(n), taken_rows)
    free_columns = np.setdiff1d(np.arange(k), taken_columns)
    # Which free neuron is the own one of a single coordinate is a matter of names: the largest.
    magnitudes = np.abs(form.weights[np.ix_(free_rows, free_columns)])
    owners, owned = linear_sum_assignment(magnitudes, maximize=True)
    partners = free_rows[owners[np.argsort(owned)]]
    rows = np.concatenate([taken_rows, partners, np.setdiff1d(free_rows, partners)])
    columns = np.concatenate([taken_columns, free_columns])
    sizes = (*(len(block.rows) for block in blocks), *(1,) * len(free_columns))
    space = FixedPointSpace(sizes, n - k)
    arranged = form.weights[np.ix_(rows, columns)]
    parameters = space.project(arranged)
    return RecognisedIsotropy(
        space=space,
        parameters=parameters,
        neuron_order=form.neuron_order[rows],
        coordinate_order=form.coordinate_order[columns],
        distance=float(np.linalg.norm(arranged - space.embed(parameters))),
        neuron_orbits=form.neuron_orbits,
        coordinate_orbits=form.coordinate_orbits,
    )


def _matched_blocks(form: CanonicalForm, tolerance: float) -> list[_Block]:
    """Blocks by descending size, then by descending own entry."""
    blocks: list[_Block] = []
    row_orbits = _orbits(form.neuron_orbit_ids)
    for columns in _orbits(form.coordinate_orbit_ids):
        for position, rows in enumerate(row_orbits):
            own = _own_columns(form.weights[np.ix_(rows, columns)], tolerance)
            if len(columns) > 1 and own is not None:
                blocks.append(_Block(rows, columns[own]))
                del row_orbits[position]
                break
    return sorted(
        blocks,
        key=lambda block: (-len(block.rows), -form.weights[block.rows[0], block.columns[0]]),
    )


def _own_columns(block: NDArray[np.float64], tolerance: float) -> NDArray[np.int64] | None:
    """The column that stands out in each row, if that pairs rows and columns."""
    if block.shape[0] != block.shape[1] or np.ptp(block, axis=1).min() <= tolerance:
        return None
    # In a block of two either entry could be the own one: the larger one is.
    common = 0.0 if len(block) == 2 else np.median(block)
    own: NDArray[np.int64] = np.argmax(np.abs(block - common), axis=1)
    return own if np.unique(own).size == own.size else None


def _orbits(ids: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(ids == orbit) for orbit in range(int(ids.max()) + 1)]
