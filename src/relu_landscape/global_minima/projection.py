"""Distance of a point to the set of global minima, and the nearest member.

The set is that of `members`. Given the teacher of each neuron the nearest member is a projection
onto simplices; the best dealing of neurons to teachers is a linear assignment for n = k and a
combinatorial problem for n > k, which is bounded from both sides.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from relu_landscape.arguments import real_array
from relu_landscape.global_minima.members import require_enough_students

# S21, Section 4.2. Converged and polished points are within some 1e-14 of the set, or far from it.
GLOBAL_DISTANCE = 1e-6
_ORTHONORMALITY_TOLERANCE = 1e-12
_ROUNDING = 1e-13  # of squared distances between weights of order one
_DUAL_STEPS = 100
_DUAL_DECAY = 0.95


@dataclass(frozen=True)
class Projection:
    """A nearest global minimum and what is known of its distance.

    point: (n, d) member of the set of Theorem 2; distance: Frobenius distance to it, an upper bound
    of the distance to the set; lower_bound: of the distance to the set; teachers: (n,) teacher that
    each neuron is dealt to; exact: the two bounds meet to rounding.
    """

    point: NDArray[np.float64]
    distance: float
    lower_bound: float
    teachers: NDArray[np.int64]
    exact: bool


def project_onto_global_minima(W: ArrayLike, V: ArrayLike) -> Projection:
    """Return the nearest global minimum found, and the distance bounded from both sides.

    Given the teacher s(j) of each neuron, the nearest member is exact: per teacher the coefficients
    are the projection of <w_j, v_i> onto the unit simplex, a_j = (<w_j, v_i> + mu_i)_+. For n = k
    the best s is a linear assignment. For n > k it is a combinatorial problem: s comes from an
    assignment, from the prices mu and from moving and swapping neurons while that helps. Relaxing
    the constraints of the teachers with the prices mu gives, for every mu in R^k,

        dist^2 >= |W|^2 + 2 sum_i mu_i - sum_j max_i ((<w_j, v_i> + mu_i)_+)^2,

    which is the value of s itself once each neuron's own teacher attains the maximum; otherwise the
    bound is improved by subgradient steps on mu.

    Args:
        W: students, (n, d), n >= k; zero rows are allowed.
        V: teachers, (k, d), orthonormal rows.

    Returns:
        The nearest member found and both bounds.

    Raises:
        ValueError: shapes do not fit, n < k (the set is empty) or V is not orthonormal.

    Source: the set is S21, Theorem 2; the bounds are ours.
    """
    students, basis = _checked(W, V)
    require_enough_students(len(students), len(basis))
    inner = students @ basis.T
    k = basis.shape[0]
    start = _deal_by_assignment(inner)
    if students.shape[0] == k:
        teachers, gap = start, 0.0
    else:
        teachers = _improve_by_prices(inner, start)
        gap = _duality_gap(inner, teachers)
        if gap > 0.0:
            teachers = _improve_by_neighbours(inner, teachers)
            gap = _duality_gap(inner, teachers)
    coefficients, _ = _project_coefficients(inner, teachers)
    point = coefficients[:, None] * basis[teachers]
    distance = float(np.linalg.norm(students - point))
    # Below this share of the distance the gap is rounding: the distance itself is no better known.
    exact = bool(gap <= 8 * np.finfo(np.float64).eps * distance**2)
    lower = distance if exact else float(np.sqrt(max(0.0, distance**2 - gap)))
    return Projection(point, distance, lower, teachers, exact)


def distance_to_global_minima(W: ArrayLike, V: ArrayLike) -> float:
    """Return the Frobenius distance of W to the set of global minima.

    Exact for n = k; for n > k an upper bound, exact where `project_onto_global_minima` says so.

    Args:
        W: students, (n, d), n >= k.
        V: teachers, (k, d), orthonormal rows.

    Returns:
        The distance.

    Raises:
        ValueError: as `project_onto_global_minima`.

    Source: S21, Theorem 2.
    """
    return project_onto_global_minima(W, V).distance


def distance_or_infinity(W: ArrayLike, V: ArrayLike) -> float:
    """Return the distance of W to the set of global minima of loss zero, inf where it is empty.

    Args:
        W: students, (n, d); for n < k the set is empty.
        V: teachers, (k, d), orthonormal rows.

    Returns:
        `distance_to_global_minima`, or inf for n < k.

    Raises:
        ValueError: as `project_onto_global_minima`, but for n < k.

    Source: S21, Theorem 2.
    """
    students, basis = _checked(W, V)
    if len(students) < len(basis):
        return np.inf
    return distance_to_global_minima(students, basis)


def is_global_minimum(distance: float) -> bool:
    """Return whether a polished critical point at this distance from the set counts as global.

    Here and nowhere else it is decided, for classes and for their curvature alike.

    Source: S21, Section 4.2.
    """
    return distance <= GLOBAL_DISTANCE


def require_orthonormal(V: NDArray[np.float64]) -> None:
    """Raise ValueError unless the rows of V (k, d) are orthonormal to rounding."""
    defect = np.abs(V @ V.T - np.eye(len(V))).max()
    if not defect <= _ORTHONORMALITY_TOLERANCE:
        raise ValueError(
            f"V V^T differs from I by {defect:.1e} (allowed {_ORTHONORMALITY_TOLERANCE:.0e}); the "
            f"global minima are known for orthonormal teachers only, orthonormalise the rows of V"
        )


def _checked(W: ArrayLike, V: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    students, basis = real_array(W, "W"), real_array(V, "V")
    matrices = students.ndim == basis.ndim == 2 and students.shape[1] == basis.shape[1]
    if not matrices or students.size == 0 or basis.size == 0:
        raise ValueError(
            f"W has shape {students.shape} and V {basis.shape}; needs (n, d) and (k, d) with at "
            "least one student, one teacher and one input"
        )
    require_orthonormal(basis)
    return students, basis


def _simplex_threshold(values: NDArray[np.float64]) -> float:
    """The mu with sum_j (values_j + mu)_+ = 1."""
    descending = np.sort(values)[::-1]
    thresholds = (1.0 - np.cumsum(descending)) / np.arange(1, values.size + 1)
    # Largest support on which no coefficient is negative; the first entry always qualifies.
    support = int(np.flatnonzero(descending + thresholds >= 0)[-1])
    return float(thresholds[support])


def _project_coefficients(
    inner: NDArray[np.float64], teachers: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients a (n,) of the nearest member for a given dealing, and prices mu (k,)."""
    own = inner[np.arange(teachers.size), teachers]
    prices = np.array(
        [_simplex_threshold(own[teachers == i]) for i in range(inner.shape[1])], dtype=np.float64
    )
    return np.maximum(own + prices[teachers], 0.0), prices


def _group_value(values: NDArray[np.float64]) -> float:
    """Share of one teacher in dist^2 - |W|^2: min of sum_j a_j (a_j - 2 values_j), a in simplex."""
    a = np.maximum(values + _simplex_threshold(values), 0.0)
    return float(np.sum(a * (a - 2.0 * values)))


def _dealing_value(inner: NDArray[np.float64], teachers: NDArray[np.int64]) -> float:
    """dist^2 - |W|^2 for the best member of one dealing."""
    return sum(_group_value(inner[teachers == i, i]) for i in range(inner.shape[1]))


def _deal_by_assignment(inner: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give every teacher a neuron by linear assignment, every other neuron its best teacher."""
    teachers: NDArray[np.int64] = np.argmax(inner, axis=1)
    neurons, assigned = linear_sum_assignment(inner, maximize=True)
    teachers[neurons] = assigned
    return teachers


def _improve_by_prices(
    inner: NDArray[np.float64], teachers: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Deal again by the prices of the last dealing, as long as the distance falls."""
    k = inner.shape[1]
    value = _dealing_value(inner, teachers)
    while True:
        _, prices = _project_coefficients(inner, teachers)
        dealt = np.argmax(inner + prices, axis=1)
        if np.bincount(dealt, minlength=k).min() == 0:
            return teachers
        new_value = _dealing_value(inner, dealt)
        if not new_value < value:
            return teachers
        teachers, value = dealt, new_value


def _neighbours(teachers: NDArray[np.int64], k: int) -> Iterator[NDArray[np.int64]]:
    """Dealings that differ by one neuron moved or two swapped; every teacher keeps a neuron."""
    sizes = np.bincount(teachers, minlength=k)
    for neuron in np.flatnonzero(sizes[teachers] > 1):
        for target in range(k):
            if target != teachers[neuron]:
                moved = teachers.copy()
                moved[neuron] = target
                yield moved
    for first, second in itertools.combinations(range(teachers.size), 2):
        if teachers[first] != teachers[second]:
            swapped = teachers.copy()
            swapped[[first, second]] = swapped[[second, first]]
            yield swapped


def _change(inner: NDArray[np.float64], old: NDArray[np.int64], new: NDArray[np.int64]) -> float:
    """Squared distance of the dealing `new` minus that of `old`."""
    touched = np.unique(np.concatenate([old[old != new], new[old != new]]))
    return sum(_group_value(inner[new == i, i]) - _group_value(inner[old == i, i]) for i in touched)


def _improve_by_neighbours(
    inner: NDArray[np.float64], teachers: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Take the first neighbour with a smaller distance, until there is none."""
    better: NDArray[np.int64] | None = teachers
    while better is not None:
        teachers = better
        neighbours = _neighbours(teachers, inner.shape[1])
        better = next((x for x in neighbours if _change(inner, teachers, x) < -_ROUNDING), None)
    return teachers


def _duality_gap(inner: NDArray[np.float64], teachers: NDArray[np.int64]) -> float:
    """How far below the squared distance of a dealing the squared distance to the set can be.

    With the prices of the dealing itself the gap is a sum of terms that are exactly zero for the
    neurons that prefer their own teacher, so the common case suffers no cancellation.
    """
    neurons, k = np.arange(inner.shape[0]), inner.shape[1]
    _, own_prices = _project_coefficients(inner, teachers)
    own = np.maximum(inner[neurons, teachers] + own_prices[teachers], 0.0)
    prices, smallest = own_prices, np.inf
    for step in range(_DUAL_STEPS):
        wanted = np.argmax(inner + prices, axis=1)
        taken = np.maximum(inner[neurons, wanted] + prices[wanted], 0.0)
        gap = float(np.sum(taken**2 - own**2) + 2.0 * np.sum(own_prices - prices))
        smallest = min(smallest, gap)
        slope = 2.0 - 2.0 * np.bincount(wanted, weights=taken, minlength=k)
        if gap <= _ROUNDING or not slope.any():
            break
        # Polyak's step length would be the gap if the bound could reach the dealing; it decays
        # because the relaxation may stay below, and full steps would then zigzag for ever.
        prices = prices + _DUAL_DECAY**step * gap / np.sum(slope**2) * slope
    return max(0.0, smallest)
