"""Rank of a Jacobian modulo a prime, by elimination on its left null space.

The Jacobian of n points and d1 neurons has the columns J[:, (j, c)] = A[:, j] * x[:, c], where A
holds the activation pattern. The columns are read one after another. Kept is a basis of the left
null space of those read so far: the rows

    N_i = e_i + sum_t C[t, i] e_{q_t},    i active,

where q_0, q_1, ... are the rows that have served as pivots. A column y adds one to the rank if and
only if y_i + sum_t C[t, i] y_{q_t} is nonzero for some active i; that row then leaves the basis. So
the work stops with the last active row, and a column that adds nothing costs only as many products
as there are rows left: a Jacobian that lacks a few of n dimensions is known to lack them after one
pass over its columns, instead of an elimination of all.

Residues are whole numbers in float64, of either sign and about half the prime at most. Products of
two are below 2^44, so that SUMMANDS of them can be added before a remainder is taken: all partial
sums are whole numbers below 2^53, hence exact, in whatever order they are added.

The rank modulo a prime is at most the true one, and smaller only if the prime divides every
nonvanishing minor of the largest size.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from relu_landscape.compiling import compiled_and_kept

PRIMES = (8388593, 8388587)
"""The two largest primes below 2^23."""

SUMMANDS = 500
# Adding and subtracting it rounds to a whole number; np.rint would not be vectorised.
_ROUNDER = 1.5 * 2.0**52


@njit(inline="always", error_model="numpy")
def _remainder(value, prime, inverse):
    """The residue of a whole number below 2^53 in size, at most (prime + 3)/2 in size."""
    return value - ((value * inverse + _ROUNDER) - _ROUNDER) * prime


@njit(error_model="numpy")
def _reciprocal(value, prime):
    """1/value modulo the prime, by the extended Euclidean algorithm."""
    before, now = np.int64(prime), np.int64(value) % np.int64(prime)
    factor_before, factor = np.int64(0), np.int64(1)
    while now > 1:
        quotient = before // now
        before, now = now, before - quotient * now
        factor_before, factor = factor, factor_before - quotient * factor
    return _remainder(np.float64(factor), prime, 1.0 / prime)


@compiled_and_kept(error_model="numpy")
def residues(integers, prime):
    """Residues of whole numbers below 2^53 in size, an array of float64 (n, d)."""
    inverse = 1.0 / prime
    reduced = np.empty_like(integers)
    for i in range(integers.shape[0]):
        for c in range(integers.shape[1]):
            reduced[i, c] = _remainder(integers[i, c], prime, inverse)
    return reduced


@njit(error_model="numpy")
def _loses_a_row(integers, reduced):
    """Whether a row that is not zero has residues of zero only; most are left at their first."""
    for i in range(integers.shape[0]):
        found, lost = False, False
        for c in range(integers.shape[1]):
            if reduced[i, c] != 0.0:
                found = True
                break
            lost = lost or integers[i, c] != 0.0
        if lost and not found:
            return True
    return False


@compiled_and_kept(error_model="numpy")
def loses_a_line(integers, reduced):
    """Whether a row or a column of whole numbers (n, d) that is not zero has residues of zero only.

    reduced: (n, d), their residues.
    """
    return _loses_a_row(integers, reduced) or _loses_a_row(integers.T, reduced.T)


@njit(error_model="numpy")
def _add_combinations(values, column, pivots, served, combination, prime):
    """values_i += sum over the pivots t served of C[t, i] column[q_t], a residue again."""
    inverse = 1.0 / prime
    for start in range(0, served.size, SUMMANDS):
        end = min(start + SUMMANDS, served.size)
        # Four rows at a time: the values are read and written once for all of them.
        fours = end - (end - start) % 4
        for s in range(start, fours, 4):
            p, q, r, t = served[s], served[s + 1], served[s + 2], served[s + 3]
            by_p, by_q = column[pivots[p]], column[pivots[q]]
            by_r, by_t = column[pivots[r]], column[pivots[t]]
            for i in range(values.size):
                values[i] += (
                    by_p * combination[p, i]
                    + by_q * combination[q, i]
                    + by_r * combination[r, i]
                    + by_t * combination[t, i]
                )
        for s in range(fours, end):
            factor = column[pivots[served[s]]]
            for i in range(values.size):
                values[i] += factor * combination[served[s], i]
        for i in range(values.size):
            values[i] = _remainder(values[i], prime, inverse)


@njit(error_model="numpy")
def _eliminate(values, position, pivots, active, combination, prime):
    """Make the active row at `position`, where `values` is nonzero, a pivot; one row less."""
    inverse = 1.0 / prime
    rank, left = pivots.size, active.size
    scale = _reciprocal(values[position], prime)
    last = left - 1
    values[position], values[last] = values[last], values[position]
    for i in range(last):
        values[i] = _remainder(-values[i] * scale, prime, inverse)
    for t in range(rank):
        row = combination[t]
        of_pivot = row[position]
        row[position] = row[last]
        if of_pivot != 0.0:
            for i in range(last):
                row[i] = _remainder(row[i] + of_pivot * values[i], prime, inverse)
    combination[rank, :last] = values[:last]
    return active[position]


@compiled_and_kept(error_model="numpy")
def rank_modulo(points, pattern, prime):
    """Rank modulo the prime of the matrix with the columns pattern[:, j] * points[:, c].

    points: (n, d), residues as `residues` gives them. pattern: (n, d1), bool.
    """
    n, d = points.shape
    combination = np.zeros((n, n))
    pivots = np.empty(n, np.int64)
    active = np.arange(n)
    values = np.empty(n)
    served = np.empty(n, np.int64)
    rank = 0
    for j in range(pattern.shape[1]):
        count = 0
        for t in range(rank):
            if pattern[pivots[t], j]:
                served[count] = t
                count += 1
        for c in range(d):
            left = n - rank
            for i in range(left):
                values[i] = points[active[i], c] if pattern[active[i], j] else 0.0
            _add_combinations(
                values[:left], points[:, c], pivots, served[:count], combination, prime
            )
            position = -1
            for i in range(left):
                if values[i] != 0.0:
                    position = i
                    break
            if position < 0:
                continue
            scratch = values[:left]
            pivots[rank] = _eliminate(
                scratch, position, pivots[:rank], active[:left], combination, prime
            )
            active[position] = active[left - 1]
            if pattern[pivots[rank], j]:
                served[count] = rank
                count += 1
            rank += 1
            if rank == n:
                return rank
    return rank


@compiled_and_kept(error_model="numpy")
def has_zero_row(pattern):
    """Whether a row of the pattern (n, d1) has no true entry."""
    for i in range(pattern.shape[0]):
        active = False
        for j in range(pattern.shape[1]):
            if pattern[i, j]:
                active = True
                break
        if not active:
            return True
    return False


@compiled_and_kept(error_model="numpy")
def largest_group(pattern):
    """Size of the largest group of equal rows of the pattern (n, d1).

    Rows are sorted by a 64-bit hash and compared with the first of equal hash, so that a collision
    can only make a group look smaller than it is.
    """
    n, d1 = pattern.shape
    hashes = np.empty(n, np.uint64)
    for i in range(n):
        value = np.uint64(1)
        for j in range(d1):
            value = (value ^ np.uint64(pattern[i, j])) * np.uint64(0x9E3779B97F4A7C15)
            value ^= value >> np.uint64(29)
        hashes[i] = value
    order = np.argsort(hashes)
    largest, size, first = 1, 1, order[0]
    for place in range(1, n):
        i = order[place]
        if hashes[i] != hashes[first]:
            first, size = i, 1
            continue
        if np.array_equal(pattern[i], pattern[first]):
            size += 1
            largest = max(largest, size)
    return largest
