"""Fixed-point spaces and the loss on them, against full weight matrices and a second program."""

import mpmath
import numpy as np
import pytest

from relu_landscape.families import search_fixed_space, symmetric_critical_point
from relu_landscape.objective import (
    population_gradient,
    population_hessian,
    population_loss,
)
from relu_landscape.symmetry import (
    FLOAT64,
    FixedPointSpace,
    ReducedLoss,
    digits_for,
    extended,
    recognise_isotropy,
    reference_reduced_loss,
    reference_slope_and_curvature,
)

SPACES = [
    FixedPointSpace((7,)),
    FixedPointSpace((6, 1)),
    FixedPointSpace((5, 2)),
    FixedPointSpace((2, 2, 3)),
    FixedPointSpace((2, 3, 1, 2)),
    FixedPointSpace((6,), extra=1),
    FixedPointSpace((5, 1, 1), extra=2),
]
WITHOUT_ROWS = [
    FixedPointSpace((3, 4), extra=1, absent=1),
    FixedPointSpace((4, 2, 1), absent=2),
    FixedPointSpace((5,), extra=2, absent=1),
]


def some_point(space, seed=0):
    return np.random.default_rng(seed).normal(size=space.dimension)


def indicators(space):
    """Columns: the weight matrix of each parameter."""
    return np.eye(space.dimension)[:, space.entry_places().ravel()].T


@pytest.mark.parametrize(
    ("blocks", "extra", "dimension"),
    [
        ((9,), 0, 2),
        ((8, 1), 0, 5),
        ((7, 2), 0, 6),
        ((4, 3, 1), 0, 11),
        ((4, 3, 2), 0, 12),
        ((9,), 1, 3),
        ((8, 1), 1, 7),
        ((7, 1, 1), 2, 2 + 2 + 4 * 3),
        ((3, 3, 3, 3), 0, 20),
    ],
)
def test_number_of_parameters(blocks, extra, dimension):
    space = FixedPointSpace(blocks, extra)
    assert space.dimension == dimension == len(set(space.parameter_names))
    assert sum(space.entry_counts) == (space.k + extra) * space.k


def test_parameters_stand_where_their_names_say():
    space = FixedPointSpace((2, 1), extra=1)
    assert space.parameter_names == (
        "r0.diag", "r0.c0", "r0.c1", "r1.diag", "r1.c0", "r2.c0", "r2.c1",
    )  # fmt: skip
    np.testing.assert_array_equal(
        space.embed([1, 2, 3, 4, 5, 6, 7]), [[1, 2, 3], [2, 1, 3], [5, 5, 4], [6, 6, 7]]
    )
    assert space.isotropy == "Delta(S_2 x S_1)"


@pytest.mark.parametrize("space", SPACES + WITHOUT_ROWS)
def test_projection_is_the_nearest_point(space):
    W = np.random.default_rng(1).normal(size=space.entry_places().shape)
    parameters = space.project(W)
    np.testing.assert_allclose(
        space.project(space.embed(parameters)), parameters, rtol=0, atol=1e-15
    )
    residual = W - space.embed(parameters)
    np.testing.assert_allclose(indicators(space).T @ residual.ravel(), 0, rtol=0, atol=1e-13)


@pytest.mark.parametrize("space", SPACES + WITHOUT_ROWS)
def test_reduced_loss_and_derivatives_are_those_of_the_weights(space):
    point = some_point(space)
    W, V = space.embed(point), np.eye(int(space.k))
    reduced, columns = ReducedLoss(space), indicators(space)
    assert reduced.loss(point) == pytest.approx(population_loss(W, V), abs=1e-13)
    np.testing.assert_allclose(
        reduced.gradient(point), columns.T @ population_gradient(W, V).ravel(), rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(
        reduced.hessian(point), columns.T @ population_hessian(W, V) @ columns, rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("blocks", [(999998.5, 1), (1e8 - 2, 2), (4.6, 1), (5.25, 2, 3)])
def test_real_sizes_against_the_second_program(blocks):
    space = FixedPointSpace(blocks, extra=1)
    point = some_point(space, seed=2) / np.sqrt(space.k)
    direction = some_point(space, seed=3) / np.sqrt(space.k)
    reduced = ReducedLoss(space, extended(60))
    along = reduced.arithmetic.array(direction)
    with mpmath.workdps(40):
        slope, curvature = reference_slope_and_curvature(space, point, direction, digits=90)
        loss = reference_reduced_loss(space, point, digits=60)
        assert abs(reduced.loss(point) / loss - 1) < 1e-30
        assert abs(reduced.gradient(point) @ along / slope - 1) < 1e-20
        assert abs(along @ reduced.hessian(point) @ along / curvature - 1) < 1e-20


def test_float64_gradient_at_large_k():
    point = symmetric_critical_point("II", 1e8, m=1)
    scale = np.sqrt(point.space.entry_counts)
    gradient = ReducedLoss(point.space).gradient(point.parameters) / scale
    # Sums over 1e8 students and teachers of order 1e7 cancel in each of 1e8 rows: 1e-9 a row.
    assert np.abs(gradient).max() < 1e-4


@pytest.mark.parametrize("arithmetic", [FLOAT64, extended(30)])
def test_a_zero_neuron_is_refused(arithmetic):
    reduced = ReducedLoss(FixedPointSpace((4,), extra=1), arithmetic)
    with pytest.raises(ValueError, match="class 1 are zero"):
        reduced.hessian(np.array([1.0, 0.0, 0.0]))


@pytest.mark.parametrize("distance", [1e-3, 1e-8, 1e-14, 0.0])
def test_no_angle_is_special(distance):
    space = FixedPointSpace((6,), extra=2)
    point = np.array([0.9, 0.02, 0.3, 0.3 * (1 + distance)])
    point[0] = 1.0 - distance
    point[1] = 0.0
    exact = ReducedLoss(space, extended(50))
    assert ReducedLoss(space).loss(point) == pytest.approx(float(exact.loss(point)), abs=1e-14)
    np.testing.assert_allclose(
        ReducedLoss(space).hessian(point), exact.hessian(point).astype(float), rtol=0, atol=1e-13
    )


def test_digits_grow_with_k():
    assert digits_for(8) < digits_for(1e4) < digits_for(1e8)
    with pytest.raises(ValueError, match="digits = 10"):
        extended(10)


@pytest.mark.parametrize(
    ("blocks", "extra", "message"), [((), 0, "one size"), ((4, -1), 0, "above 0"), ((4,), -1, "-1")]
)
def test_spaces_that_do_not_exist(blocks, extra, message):
    with pytest.raises(ValueError, match=message):
        FixedPointSpace(blocks, extra)


def test_what_needs_integers_or_the_right_shape_says_so():
    for absent in (-1, 2):
        with pytest.raises(ValueError, match=f"absent = {absent} with 2 blocks"):
            FixedPointSpace((4, 1), absent=absent)
    with pytest.raises(ValueError, match="only integer blocks"):
        FixedPointSpace((4.5, 1)).embed(np.ones(5))
    with pytest.raises(ValueError, match=r"this space has \(2,\)"):
        FixedPointSpace((4,)).embed(np.ones(3))
    with pytest.raises(ValueError, match="this space has"):
        ReducedLoss(FixedPointSpace((4,)), FLOAT64).loss(np.ones(3))
    with pytest.raises(ValueError, match=r"has \(4, 4\)"):
        FixedPointSpace((4,)).project(np.ones((5, 4)))


@pytest.mark.parametrize("space", [*SPACES, FixedPointSpace((3, 3)), FixedPointSpace((2, 2, 2))])
def test_isotropy_is_recognised(space):
    rng = np.random.default_rng(4)
    W = space.embed(some_point(space, seed=5))
    noisy = W[rng.permutation(len(W))][:, rng.permutation(W.shape[1])]
    noisy = noisy + 1e-8 * rng.uniform(-1, 1, size=W.shape)
    found = recognise_isotropy(noisy)
    assert sorted(found.space.blocks) == sorted(space.blocks)
    assert found.space.extra == space.extra
    assert found.distance < 1e-7
    np.testing.assert_allclose(
        noisy[found.neuron_order][:, found.coordinate_order],
        found.space.embed(found.parameters),
        rtol=0,
        atol=2e-8,
    )


def test_no_symmetry_is_recognised_too():
    W = np.random.default_rng(6).normal(size=(6, 4))
    found = recognise_isotropy(W)
    assert found.space == FixedPointSpace((1, 1, 1, 1), extra=2)
    assert found.distance == 0


def test_symmetry_beyond_these_spaces_is_recognised_in_part():
    search = search_fixed_space(20, 2, 2, seed=0, starts=[1])
    found = recognise_isotropy(search.space.embed(search.points[0].point.parameters))
    assert found.coordinate_orbits == (2, 18)
    assert found.neuron_orbits == (2, 2, 18)
    assert found.space == FixedPointSpace((18, 1, 1), extra=2)
    assert found.distance < 1e-12


def test_isotropy_needs_enough_neurons():
    with pytest.raises(ValueError, match="needs n >= k"):
        recognise_isotropy(np.ones((2, 3)))
