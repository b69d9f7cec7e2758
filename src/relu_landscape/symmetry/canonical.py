"""One arrangement for all points that are equal up to permuting neurons and coordinates.

With the teacher V = I the loss does not change under W -> P W Q for permutation matrices P, Q, so
descent finds each minimum in up to n! d! arrangements, each with float noise. Here W becomes a
pattern of integers (equal entries, equal integers), the pattern becomes a coloured bipartite graph
of neurons and coordinates, and colour refinement orders it:

1. Refinement: neurons of one colour are told apart by the entries they have towards coordinates of
   each colour, and conversely, until nothing changes. Colours are ranks, so they depend on the
   pattern and not on the labels. The final classes of colour are the orbits of the symmetry
   group of W in all minima of this problem (in general they are unions of orbits).
2. Neurons of one orbit that may be permuted at will (S_p) stay in the order of their labels: no
   arrangement differs from another. This is checked, by a transposition and a cycle, which generate
   S_p. An orbit that fails the check (its neurons move together with those of another orbit) has
   its first neuron singled out and is refined again.
3. Given the neurons, coordinates are sorted by their columns of the pattern.

The result is the same for every arrangement if each set from which a neuron is singled out is an
orbit; so it is for the points of symmetry S_p x S_q and less that descent finds here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import (
    checked_arguments,
    real_array,
    real_number,
    several,
    whole_number,
)


@dataclass(frozen=True)
class CanonicalForm:
    """A point in its canonical arrangement, and its symmetry.

    weights: (n, d), W[neuron_order][:, coordinate_order]; neuron_order: (n,); coordinate_order:
    (d,); neuron_orbit_ids: (n,) and coordinate_orbit_ids: (d,) number the orbit of each row and
    column of `weights`, 0 being the orbit that comes first; distinct_values: number of different
    entries.

    Rows whose entry dominates a coordinate come first, larger orbits before smaller ones, and have
    that coordinate as their own, on the diagonal; neurons without a coordinate come last.
    """

    weights: NDArray[np.float64]
    neuron_order: NDArray[np.int64]
    coordinate_order: NDArray[np.int64]
    neuron_orbit_ids: NDArray[np.int64]
    coordinate_orbit_ids: NDArray[np.int64]
    distinct_values: int

    @property
    def neuron_orbits(self) -> tuple[int, ...]:
        """Sizes of the orbits of neurons, ascending."""
        return _sizes(self.neuron_orbit_ids)

    @property
    def coordinate_orbits(self) -> tuple[int, ...]:
        """Sizes of the orbits of coordinates, ascending; the vector p of S21, Section 4.2."""
        return _sizes(self.coordinate_orbit_ids)


@checked_arguments(sizes=several(whole_number))
def orbit_label(sizes: tuple[int, ...]) -> str:
    """Return the sizes of orbits as text, (1, 6) as "1+6"."""
    return "+".join(str(size) for size in sizes)


@checked_arguments(W=real_array, tolerance=real_number)
def canonical_form(W: ArrayLike, *, tolerance: float = 1e-5) -> CanonicalForm:
    """Return the canonical arrangement of W under permutations of rows and columns.

    Args:
        W: students, (n, d).
        tolerance: entries closer than this are equal, and so are the ends of a chain of such
            entries. It should lie between the noise of the point and the smallest difference
            between its distinct entries.

    Returns:
        The arrangement. Points that differ by a permutation and by noise below the tolerance have
        forms that differ by noise, unless their distinct entries are as close as the tolerance.

    Raises:
        ValueError: W is not a finite matrix, or the tolerance is not positive.

    Source: the equivalence is that of S21, Section 4.2; the method is colour refinement.
    """
    weights = np.asarray(W, dtype=np.float64)
    if weights.ndim != 2 or weights.size == 0 or not np.all(np.isfinite(weights)):
        raise ValueError(
            f"W must be a finite (n, d) matrix, n, d >= 1; its shape is {weights.shape}"
        )
    if not tolerance > 0:
        raise ValueError(f"tolerance must be positive, not {tolerance}")
    return arrange(weights, gap_clusters(weights, tolerance), tolerance)


def gap_clusters(values: NDArray[np.float64], tolerance: float) -> NDArray[np.int64]:
    """Number the clusters of values that gaps wider than `tolerance` separate, ascending."""
    flat = values.ravel()
    order = np.argsort(flat, kind="stable")
    clusters = np.empty(flat.size, dtype=np.int64)
    clusters[order] = np.concatenate([[0], np.cumsum(np.diff(flat[order]) > tolerance)])
    return clusters.reshape(values.shape)


def arrange(W: NDArray[np.float64], pattern: NDArray[np.int64], tolerance: float) -> CanonicalForm:
    """Return the canonical arrangement of W (n, d) given which of its entries are equal.

    Args:
        W: students, (n, d).
        pattern: (n, d), cluster of each entry, 0 to m - 1 in ascending order of the entries.
        tolerance: magnitudes of clusters closer than this are equal.
    """
    row_orbits, column_orbits = _refine(
        pattern, np.zeros(W.shape[0], dtype=np.int64), np.zeros(W.shape[1], dtype=np.int64)
    )
    rows = _order_rows(pattern, row_orbits, column_orbits)
    columns = np.argsort(_as_keys(pattern[rows].T), kind="stable")
    arranged = _dominance(W, pattern, tolerance)[np.ix_(rows, columns)]
    row_places, column_places = _dominance_on_diagonal(arranged, row_orbits[rows])
    rows, columns = rows[row_places], columns[column_places]
    return CanonicalForm(
        weights=W[np.ix_(rows, columns)],
        neuron_order=rows,
        coordinate_order=columns,
        neuron_orbit_ids=_number_by_appearance(row_orbits[rows]),
        coordinate_orbit_ids=_number_by_appearance(column_orbits[columns]),
        distinct_values=int(pattern.max()) + 1,
    )


def _sizes(ids: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in np.bincount(ids)))


def _as_keys(rows: NDArray[np.int64]) -> NDArray[np.void]:
    """Rows of small integers as opaque keys that sort as the rows do; far faster than tuples."""
    # Big-endian bytes compare like the numbers that they spell.
    spelled = np.ascontiguousarray(rows, dtype=">u4")
    return spelled.view(np.dtype((np.void, 4 * rows.shape[1]))).ravel()


def _rank_rows(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank of each row among the different rows, in lexicographic order."""
    ranks: NDArray[np.int64] = np.unique(_as_keys(rows), return_inverse=True)[1]
    return ranks


def _refine(
    pattern: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Coarsest stable colouring that refines the colours (ranks) of rows and columns."""
    while True:
        finer_rows = _split_colours(rows, pattern, columns)
        finer_columns = _split_colours(columns, pattern.T, finer_rows)
        if finer_rows.max() == rows.max() and finer_columns.max() == columns.max():
            return rows, columns
        rows, columns = finer_rows, finer_columns


def _split_colours(
    colours: NDArray[np.int64], pattern: NDArray[np.int64], other_colours: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Tell rows of one colour apart by their entries towards each colour of the other side."""
    seen = np.sort(pattern * (other_colours.max() + 1) + other_colours, axis=1)
    return _rank_rows(np.column_stack([colours, seen]))


def _order_rows(
    pattern: NDArray[np.int64], row_colours: NDArray[np.int64], column_colours: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Order rows by colour, singling out rows until the order within a colour is immaterial."""
    rows, columns = row_colours, column_colours
    while (cell := _cell_in_need_of_order(pattern, rows)) is not None:
        singled_out = 2 * rows + 1
        singled_out[cell[0]] -= 1
        rows, columns = _refine(pattern, _rank_rows(singled_out[:, None]), columns)
    return np.argsort(rows, kind="stable")


def _cell_in_need_of_order(
    pattern: NDArray[np.int64], row_colours: NDArray[np.int64]
) -> NDArray[np.int64] | None:
    """Rows of the first colour whose permutations change the pattern by more than its columns."""
    columns = _sorted_columns(pattern)
    for colour in np.flatnonzero(np.bincount(row_colours) > 1):
        cell = np.flatnonzero(row_colours == colour)
        transposition, cycle = np.concatenate([cell[1::-1], cell[2:]]), np.roll(cell, 1)
        for permuted in (transposition, cycle):
            image = pattern.copy()
            image[cell] = pattern[permuted]
            if _sorted_columns(image) != columns:
                return cell
    return None


def _sorted_columns(pattern: NDArray[np.int64]) -> bytes:
    return np.sort(_as_keys(pattern.T)).tobytes()


def _dominance(
    W: NDArray[np.float64], pattern: NDArray[np.int64], tolerance: float
) -> NDArray[np.int64]:
    """Rank entries by the magnitude of their clusters."""
    clusters = pattern.ravel()
    means = np.bincount(clusters, weights=W.ravel()) / np.bincount(clusters)
    return gap_clusters(np.abs(means), tolerance)[pattern]


def _dominance_on_diagonal(
    ranks: NDArray[np.int64], row_orbits: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Order rows and columns so that the entries of highest rank come to lie on the diagonal.

    Only comparisons of ranks decide, so that one arrangement of ranks always gives one answer.
    """
    n, d = ranks.shape
    left = ranks.copy()
    partner, value = np.full(n, d), np.full(n, -1)
    for _ in range(min(n, d)):
        row, column = np.unravel_index(np.argmax(left), left.shape)
        partner[row], value[row] = column, left[row, column]
        left[row, :] = -1
        left[:, column] = -1
    sizes = np.bincount(row_orbits)[row_orbits]
    row_places = np.lexsort((row_orbits, -value, -sizes, partner == d))
    owned = partner[row_places]
    owned = owned[owned < d]
    return row_places, np.concatenate([owned, np.setdiff1d(np.arange(d), owned)])


def _number_by_appearance(orbits: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, ids = np.unique(orbits, return_index=True, return_inverse=True)
    numbers: NDArray[np.int64] = np.argsort(np.argsort(first))[ids]
    return numbers
