from fractions import Fraction

import flint
import numpy as np
import pytest

from relu_landscape.activation_regions import (
    Reason,
    activation_pattern,
    enumerate_regions,
    has_full_rank,
    jacobian_rank,
    jacobian_rank_svd,
)
from relu_landscape.activation_regions.integer_data import (
    DATA_LAWS,
    FIXED_POINT,
    INITIALISATIONS,
    draw_trial,
)
from relu_landscape.activation_regions.modular import (
    PRIMES,
    SUMMANDS,
    largest_group,
    rank_modulo,
    residues,
)
from relu_landscape.activation_regions.patterns import with_bias
from relu_landscape.activation_regions.rank import as_integers, jacobian
from relu_landscape.activation_regions.supports import exact_rank

SIZES = [(10, 2, 12), (12, 1, 40), (30, 3, 11), (24, 12, 4), (20, 5, 4), (15, 30, 3)]


def matrix_of(draw):
    """The Jacobian of a draw in whole numbers, an exact flint matrix, and the float64 one."""
    points, weights = with_bias(draw.X, draw.W, draw.b)
    pattern = points @ weights.T > 0
    whole = np.rint(jacobian(points, pattern) * FIXED_POINT).astype(np.int64)
    return flint.fmpz_mat(whole.tolist()), jacobian(points, pattern)


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize("data", DATA_LAWS)
def test_ranks_agree_with_exact_integer_elimination(data, initialisation):
    for n, d0, d1 in SIZES:
        for trial in range(3):
            draw = draw_trial(data, initialisation, (n, d0, d1), trial=trial, seed=3)
            exact = matrix_of(draw)[0].rank()
            assert jacobian_rank(draw.X, draw.W, draw.b) == exact
            assert jacobian_rank_svd(draw.X, draw.W, draw.b) == exact
            assert bool(has_full_rank(draw.X, draw.W, draw.b)) == (exact == n)


def test_the_primes_are_the_two_largest_that_leave_room_for_the_summands():
    assert all(flint.fmpz(prime).is_prime() for prime in PRIMES)
    assert not any(
        flint.fmpz(number).is_prime()
        for number in range(PRIMES[1] + 1, 2**23)
        if number != PRIMES[0]
    )
    largest = (PRIMES[0] + 3) // 2
    assert SUMMANDS * largest**2 + largest <= 2**53


@pytest.mark.parametrize("prime", PRIMES)
def test_residues_are_exact_up_to_two_to_the_53(prime):
    whole = np.array([[0, 1, prime // 2, prime - 1, prime, 2**53, -(2**53), 2**53 - 1, 2**45 + 7]])
    found = residues(whole.astype(np.float64), float(prime))
    assert all((int(r) - int(w)) % prime == 0 for r, w in zip(found[0], whole[0], strict=True))
    assert np.abs(found).max() <= (prime + 3) / 2


def test_more_rows_than_summands_are_reduced_in_parts():
    # The extreme residues make every product as large as it can be.
    n = SUMMANDS + 60
    random = np.random.default_rng(0)
    largest = PRIMES[0] // 2
    points = largest - random.integers(0, 3, (n, 40)).astype(np.float64)
    pattern = random.random((n, 15)) < 0.5
    found = rank_modulo(points, pattern, float(PRIMES[0]))
    matrix = jacobian(points, pattern).astype(np.int64)
    assert (
        found
        == flint.nmod_mat(
            matrix.shape[0],
            matrix.shape[1],
            [int(entry) % PRIMES[0] for entry in matrix.ravel()],
            PRIMES[0],
        ).rank()
    )


@pytest.mark.parametrize("which", [0, 1])
def test_a_rank_below_modulo_one_prime_is_repeated_with_the_other(which):
    prime = float(PRIMES[which])
    X = np.diag([1.0, prime])
    pattern = activation_pattern(X, np.eye(2))
    assert rank_modulo(residues(X, prime), pattern, prime) == 1
    assert jacobian_rank(X, np.eye(2)) == 2
    assert has_full_rank(X, np.eye(2)).reason is Reason.INDEPENDENT_COLUMNS


REASONS = [
    ([[1, 0], [0, 1]], [[1, 1]], None, Reason.INDEPENDENT_COLUMNS),
    ([[1], [2]], [[1]], None, Reason.TOO_FEW_COLUMNS),
    ([[1, 0], [0, -1]], [[1, 1], [2, 1]], None, Reason.ZERO_ROW),
    ([[1], [2], [-1]], [[1], [2], [-1]], None, Reason.EQUAL_ROWS),
]


@pytest.mark.parametrize(("X", "W", "b", "reason"), REASONS)
def test_the_first_reason_that_decides_is_named(X, W, b, reason):
    found = has_full_rank(X, W, b)
    assert found.reason is reason
    assert found.full == (reason is Reason.INDEPENDENT_COLUMNS) == bool(found)
    assert jacobian_rank(X, W, b) == flint.fmpq_mat(rational_jacobian(X, W, b)).rank()
    assert reason.meaning.endswith((": proved.", "data."))


def rational_jacobian(X, W, b):
    points, weights = with_bias(X, W, b)
    return flint.fmpq_mat(
        [
            [flint.fmpq(*Fraction(entry).as_integer_ratio()) for entry in row]
            for row in jacobian(points, points @ weights.T > 0)
        ]
    )


def test_dependent_rows_that_no_cheap_reason_shows():
    # Two groups of two points each would be independent, were the points of one not parallel.
    X = [[1, 1], [2, 2], [1, -3], [2, -3]]
    W = [[1, 0], [1, 1]]
    found = has_full_rank(X, W)
    assert (found.full, found.reason) == (False, Reason.DEPENDENT_ROWS)
    assert jacobian_rank(X, W) == jacobian_rank_svd(X, W) == 3


def test_groups_of_equal_rows():
    pattern = np.array([[1, 0, 1], [0, 1, 1], [1, 0, 1], [1, 0, 1], [0, 1, 1]], dtype=bool)
    assert largest_group(pattern) == 3
    assert largest_group(pattern[:1]) == 1


def test_signs_that_rounding_leaves_open_are_exact():
    # 2^53 + 1 - 2^53 - 1 = 0 and with 2 instead of 1 it is 1; float64 gives 0 for both.
    X = np.array([[2.0**53, 1.0, -(2.0**53), -1.0], [2.0**53, 1.0, -(2.0**53), 0.0]])
    W = np.ones((1, 4))
    assert activation_pattern(X, W).tolist() == [[False], [True]]
    assert activation_pattern([[1.0]], [[-1.0]], [1.0]).tolist() == [[False]]


@pytest.mark.parametrize("size", [1e300, 1e-300, 5e-324])
def test_signs_beyond_the_range_of_float64_are_exact(size):
    assert activation_pattern([[size, size]], [[size, -size], [size, size]]).tolist() == [
        [False, True]
    ]


# --- float32 ----------------------------------------------------------------------------------

TOO_LOW = [("uniform", 50, 1, 600), ("normal", 50, 1, 600), ("uniform", 100, 2, 300)]
TOO_HIGH = [("uniform", 60, 2, 25), ("uniform", 120, 2, 50)]


def single_precision_jacobian(draw):
    points, weights = with_bias(draw.X, draw.W, draw.b)
    pattern = activation_pattern(draw.X, draw.W, draw.b)
    single = jacobian(points.astype(np.float32), pattern)
    return single * np.repeat(draw.v.astype(np.float32), weights.shape[1])


@pytest.mark.slow
@pytest.mark.parametrize(("data", "n", "d0", "d1"), TOO_LOW)
def test_float32_gives_a_rank_that_is_too_low(data, n, d0, d1):
    draw = draw_trial(data, "linear_layer", (n, d0, d1), trial=0, seed=0)
    exact = jacobian_rank(draw.X, draw.W, draw.b)
    assert matrix_of(draw)[0].rank() == exact == jacobian_rank_svd(draw.X, draw.W, draw.b)
    assert np.linalg.matrix_rank(single_precision_jacobian(draw)) < exact


P, Q = PRIMES


@pytest.mark.parametrize(
    ("X", "rank"),
    [
        ([[P * Q]], 1),
        ([[P, 0], [0, Q]], 2),
        ([[P * Q, 2 * P * Q], [3, 4]], 2),
        ([[P * Q, 1], [2 * P * Q, 3]], 2),
        ([[P * Q, P], [Q, 2]], 2),
        ([[P * Q, 2 * P * Q], [3, 6]], 1),
        ([[0, 0], [P * Q, 5 * P * Q]], 1),
    ],
)
def test_factors_shared_by_a_point_or_an_input_hide_no_rank(X, rank):
    ones = np.ones((1, len(X[0])))
    assert jacobian_rank(X, ones) == exact_rank((np.array(X) @ ones.T > 0).T, X) == rank
    whole = np.array(X, dtype=np.float64)
    assert jacobian_rank(whole * 2.0**-30, ones) == jacobian_rank(whole * 2.0**60, ones) == rank


@pytest.mark.parametrize("unit", [2.0**60, 2.0**-1074, 2.0**970])
def test_any_common_unit_will_do(unit):
    points = np.array([[3.0, 0.0], [2.0, 5.0]])
    assert (as_integers(points * unit) == points).all()
    assert jacobian_rank(points * unit, [[1.0, 1.0]]) == 2
    far = unit * 2.0**54 * 3 if unit < 1 else 1.0
    assert jacobian_rank([[unit, far], [2 * unit, far], [4 * unit, 3 * far]], np.ones((2, 2))) == 2
    assert jacobian_rank([[unit, far], [2 * unit, 2 * far]], np.ones((2, 2))) == 1


@pytest.mark.parametrize(("data", "n", "d0", "d1"), TOO_HIGH)
def test_float32_cast_up_gives_a_rank_that_is_too_high(data, n, d0, d1):
    draw = draw_trial(data, "linear_layer", (n, d0, d1), trial=0, seed=0)
    exact = jacobian_rank(draw.X, draw.W, draw.b)
    assert matrix_of(draw)[0].rank() == exact == jacobian_rank_svd(draw.X, draw.W, draw.b)
    assert np.linalg.matrix_rank(single_precision_jacobian(draw).astype(np.float64)) > exact


# --- input ------------------------------------------------------------------------------------


def test_integers_and_floats_over_a_power_of_two_are_the_same_points():
    draw = draw_trial("normal", "linear_layer", (20, 3, 9), trial=1, seed=0)
    whole = np.rint(draw.X * FIXED_POINT).astype(np.int64)
    scaled = draw.b * FIXED_POINT
    assert jacobian_rank(whole, draw.W) == jacobian_rank(draw.X, draw.W)
    # With a bias the last coordinate keeps the scale of the others.
    assert (
        activation_pattern(whole, draw.W, scaled) == activation_pattern(draw.X, draw.W, draw.b)
    ).all()


def test_the_finest_bit_is_found():
    points = np.array([[3 * 2.0**-40, 0.0], [2.0**-52, 5.0 * 2.0**-30]])
    found = as_integers(points)
    assert (found == points * 2.0**52).all()


def test_points_without_a_common_unit_up_to_2_to_the_53_have_their_exact_rank():
    random = np.random.default_rng(0)
    X = random.normal(size=(5, 3)) * np.array([1e6, 1e-6, 1.0])
    X[4] = 2 * X[3]
    W = random.normal(size=(2, 3)) * np.array([1e-6, 1e6, 1.0])
    assert as_integers(X).dtype == object
    found = jacobian_rank(X, W)
    whole = [[int(Fraction(entry) * 2**120) for entry in row] for row in X.tolist()]
    assert found == exact_rank(activation_pattern(X, W).T, whole)
    assert jacobian_rank(np.ldexp(X, -40), W) == found


def test_integers_beyond_the_doubles_are_taken_exactly():
    big = 2**53
    assert jacobian_rank([[big, 1], [big + 1, 1]], [[1, 1]]) == 2
    assert jacobian_rank([[1, 1]], [[big + 1, -big]]) == 1
    assert jacobian_rank([[1, 1]], [[big + 1, -big - 0.5]]) == 1
    assert jacobian_rank([[big + 1, 0.5]], [[1, -2.0 * big]], [-1]) == 0
    for dtype in (np.int64, np.uint64):
        assert jacobian_rank(np.array([[big, 1], [big + 1, 1]], dtype), np.ones((1, 2), dtype)) == 2
    assert jacobian_rank(np.array([[2**63, 1], [2**63 + 1, 1]], np.uint64), [[1, 1]]) == 2
    assert jacobian_rank(np.array([[10**40, 1], [10**40 + 1, 1]], object), [[1, 1]]) == 2
    assert has_full_rank([[Fraction(1, 3), 1], [1, 3]], [[1, 1]]).reason is Reason.DEPENDENT_ROWS
    assert len(enumerate_regions([[big + 1, big], [big, big - 1]])) == 4


def test_numbers_of_other_precisions_are_taken_for_what_they_are():
    third = np.float32(1) / np.float32(3)
    X = np.array([[third, 1], [third, 1 + 2**-23]], np.float32)
    assert jacobian_rank(X, [[1, 1]]) == jacobian_rank(X.astype(np.float64), [[1, 1]]) == 2
    finer = np.longdouble(1) + np.finfo(np.longdouble).eps
    assert jacobian_rank(np.array([[finer, 1], [1, 1]]), [[1, 1]]) == 2
    assert jacobian_rank([[1, 1]], np.array([[finer, -1]])) == 1


@pytest.mark.parametrize(
    ("X", "W", "b", "message"),
    [
        ([[1.0, np.nan]], [[1, 1]], None, "row 0 of X has an entry that is not finite"),
        ([[1.0, 2.0]], [[1, 1, 1]], None, r"X has shape \(1, 2\) and W \(1, 3\)"),
        ([[1.0, 2.0]], [[1, 1]], [1, 2], r"b has shape \(2,\)"),
        (np.empty((0, 2)), [[1, 1]], None, "at least one point"),
        ([["a", "b"]], [[1, 1]], None, "X has dtype <U1; it must hold real numbers"),
    ],
)
def test_impossible_input_is_named(X, W, b, message):
    for function in (jacobian_rank, jacobian_rank_svd, has_full_rank, activation_pattern):
        with pytest.raises(ValueError, match=message):
            function(X, W, b)


def test_draws_do_not_depend_on_each_other_and_lie_in_their_laws():
    one = draw_trial("uniform", "linear_layer", (40, 4, 25), trial=2, seed=9)
    again = draw_trial("uniform", "linear_layer", (40, 4, 25), trial=2, seed=9)
    other = draw_trial("uniform", "linear_layer", (40, 4, 25), trial=3, seed=9)
    assert (one.X == again.X).all()
    assert (one.W == again.W).all()
    assert (one.X != other.X).any()
    for values in (one.X, one.W, one.b):
        assert (values * FIXED_POINT == np.rint(values * FIXED_POINT)).all()
    assert 0.0 <= one.X.min() < 0.1 < 0.9 < one.X.max() <= 1.0
    assert 0.4 < np.abs(one.W).max() <= 0.5
    assert draw_trial("normal", "linear_layer_no_bias", (3, 2, 2), trial=0, seed=0).b is None
    spread = draw_trial("normal", "normal", (50, 4, 50), trial=0, seed=0)
    assert np.abs([spread.X.std() - 1, spread.W.std() - 1]).max() < 0.2


@pytest.mark.parametrize(
    ("data", "initialisation", "n", "message"),
    [
        ("cauchy", "normal", 3, "known are uniform, normal"),
        ("normal", "zeros", 3, "known are linear_layer"),
        ("normal", "normal", 0, "at least 1"),
    ],
)
def test_impossible_draws_are_named(data, initialisation, n, message):
    with pytest.raises(ValueError, match=message):
        draw_trial(data, initialisation, (n, 2, 2), trial=0, seed=0)
