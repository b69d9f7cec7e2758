"""One-point quotients and the PL ratio: where they are known, and along drawn directions."""

import mpmath
import numpy as np
import pytest

from helpers_objective import opposite_wedge, rotation
from relu_landscape.global_minima import (
    STRONG_CONVEXITY,
    global_minimum,
    one_point_quotient_gradient,
    one_point_quotient_hessian,
    pl_ratio,
)
from relu_landscape.global_minima.directions import draw_point, sample_quotients
from relu_landscape.global_minima.settings import Directions
from relu_landscape.objective import (
    population_hessian,
    reference_curvature_along,
    reference_gradient,
    reference_loss,
)
from relu_landscape.seeding import indexed_generator

QUOTIENTS = [one_point_quotient_gradient, one_point_quotient_hessian]


@pytest.mark.parametrize("quotient", QUOTIENTS)
@pytest.mark.parametrize(("k", "d"), [(1, 1), (3, 3), (4, 6)])
@pytest.mark.parametrize("scale", [-0.5, 0.1, 2.0])
def test_along_the_ray_through_the_teacher(quotient, k, d, scale):
    """At (1 + e) V the outputs are scaled: F = e^2 F(0), F(0) = k/4 + k (k - 1)/(4 pi)."""
    V = np.eye(k, d)
    zero_loss = k / 4 + k * (k - 1) / (4 * np.pi)
    found = quotient((1 + scale) * V, V, V)
    assert found == pytest.approx(2 * zero_loss / k, rel=1e-14)


@pytest.mark.parametrize(("k", "d"), [(2, 2), (4, 6)])
@pytest.mark.parametrize("scale", [-0.5, 0.1, 2.0])
def test_pl_ratio_along_the_ray_through_the_teacher(k, d, scale):
    # dF/dw_i = e sum_j g(v_i, v_j) with g(v_i, v_j) = v_j/4 + v_i/(2 pi), and v_i/2 for j = i.
    along, across = 1 / 2 + (k - 1) / (2 * np.pi), 1 / 4
    squared = k * (along**2 + (k - 1) * across**2)
    V = np.eye(k, d)
    zero_loss = k / 4 + k * (k - 1) / (4 * np.pi)
    assert pl_ratio((1 + scale) * V, V) == pytest.approx(squared / (2 * zero_loss), rel=1e-12)


@pytest.mark.parametrize(("n", "k", "d"), [(3, 3, 3), (5, 3, 4)])
def test_are_those_of_the_reference(n, k, d):
    minimum, V = global_minimum(n, k, d=d), np.eye(k, d)
    U = 0.2 * np.random.default_rng(n).normal(size=(n, d))
    W = minimum + U
    with mpmath.workdps(30):
        gradient = reference_gradient(W, V, digits=30)
        slope = mpmath.fsum((gradient * (W - minimum)).ravel())
        squared = mpmath.fsum(gradient.ravel() ** 2)
        ratio = float(squared / (2 * reference_loss(W, V, digits=30)))
    distance = np.sum((W - minimum) ** 2)
    curvature = float(reference_curvature_along(W, V, W - minimum, digits=30))
    # Gradients and forms are right to 1e-14, divided by |U| and |U|^2, which are of order one.
    assert one_point_quotient_gradient(W, minimum, V) == pytest.approx(
        float(slope) / distance, abs=1e-13
    )
    assert one_point_quotient_hessian(W, minimum, V) == pytest.approx(
        curvature / distance, abs=1e-13
    )
    assert pl_ratio(W, V) == pytest.approx(ratio, rel=1e-12)


def test_tend_to_the_rayleigh_quotient_at_the_minimum():
    V = np.eye(4)
    values, vectors = np.linalg.eigh(population_hessian(V, V))
    for column in (0, 7, -1):
        U = vectors[:, column].reshape(4, 4)
        for quotient in QUOTIENTS:
            errors = [abs(quotient(V + r * U, V, V) - values[column]) for r in (1e-2, 1e-3)]
            # The Hessian is Lipschitz, and not differentiable at V: the error is of order r.
            assert errors[0] < 2e-2
            assert errors[1] < 2e-3
    assert values[0] == pytest.approx(STRONG_CONVEXITY, abs=1e-14)


@pytest.mark.parametrize("eps", [1e-1, 1e-2])
def test_valley_of_theorems_7_and_9(eps):
    W, V = opposite_wedge(0.5, eps)
    minimum = W.copy()
    minimum[:2, 1] = 0
    # .63662 eps, 1.27324 eps and 1.5518 eps, up to relative corrections of eps^2.
    assert one_point_quotient_gradient(W, minimum, V) == pytest.approx(
        0.63662 * eps, rel=3 * eps**2
    )
    assert one_point_quotient_hessian(W, minimum, V) == pytest.approx(1.27324 * eps, rel=3 * eps**2)
    assert pl_ratio(W, V) == pytest.approx(1.5518 * eps, rel=3 * eps**2)


@pytest.mark.parametrize("quotient", QUOTIENTS)
def test_do_not_depend_on_the_basis_or_the_order(quotient):
    minimum, V = global_minimum(5, 3), np.eye(3)
    W = minimum + 0.3 * np.random.default_rng(1).normal(size=minimum.shape)
    turn, order = rotation(3, seed=4), [3, 0, 4, 2, 1]
    expected = quotient(W, minimum, V)
    assert quotient(W @ turn, minimum @ turn, V @ turn) == pytest.approx(expected, rel=1e-13)
    assert quotient(W[order], minimum[order], V) == pytest.approx(expected, rel=1e-13)


def test_pl_ratio_needs_a_global_minimum_of_loss_zero():
    with pytest.raises(ValueError, match="n = 1 students for k = 2"):
        pl_ratio([[1.0, 0.3]], np.eye(2))


def test_pl_ratio_needs_a_loss_above_its_rounding_error():
    W, V = opposite_wedge(0.5, 1e-7)
    with pytest.raises(ValueError, match="below its rounding error"):
        pl_ratio(W, V)


@pytest.mark.parametrize("quotient", QUOTIENTS)
@pytest.mark.parametrize(
    ("W", "minimum", "message"),
    [
        (np.eye(2), np.eye(2), "other than W_star"),
        (np.eye(2), np.eye(3), r"W has shape \(2, 2\) and W_star \(3, 3\)"),
        ([[1.0, 0.0], [0.0, 0.0]], np.eye(2), "row 1 of W is zero"),
    ],
)
def test_points_without_a_quotient_are_refused(quotient, W, minimum, message):
    with pytest.raises(ValueError, match=message):
        quotient(W, minimum, np.eye(2))


def asked(**changes):
    """Settings of the drawn directions; sizes are given to each call."""
    size = {"teachers": [3], "extra_students": [2]}
    numbers = {"directions": 6, "radius": 1e-3, "seed": 7}
    return Directions.model_validate(size | numbers | changes)


class TestDrawnDirections:
    def test_records_hold_the_quotients_at_the_drawn_points(self):
        records = sample_quotients(3, 5, asked())
        minimum = global_minimum(5, 3)
        assert [row["direction"] for row in records] == list(range(6))
        for row in records:
            point = draw_point(3, 5, row["direction"], asked())
            assert np.linalg.norm(point - minimum) == pytest.approx(1e-3, rel=1e-12)
            for name, quotient in zip(
                ("one_point_gradient", "one_point_hessian"), QUOTIENTS, strict=True
            ):
                assert row[name] == quotient(point, minimum, np.eye(3))
            assert (row["k"], row["n"], row["radius"]) == (3, 5, 1e-3)

    def test_a_direction_depends_on_its_number_alone(self):
        few = sample_quotients(3, 5, asked(directions=2))
        assert sample_quotients(3, 5, asked())[:2] == few
        minimum = global_minimum(5, 3)
        near, far = (draw_point(3, 5, 2, asked(radius=r)) - minimum for r in (2.0**-4, 2.0**-3))
        np.testing.assert_allclose(far, 2 * near, rtol=0, atol=1e-15)
        drawn = indexed_generator(7, 3, 5, 2).normal(size=(5, 3))
        np.testing.assert_allclose(
            near, 2.0**-4 * drawn / np.linalg.norm(drawn), rtol=0, atol=1e-15
        )
        wide, other_seed = asked(radius=0.1), asked(radius=0.1, seed=8)
        for other in [draw_point(3, 5, 3, wide), draw_point(3, 5, 2, other_seed)]:
            assert not np.allclose(other, draw_point(3, 5, 2, wide), atol=1e-3)

    def test_theorem_3_bounds_the_quotients_of_equal_numbers(self):
        rows = sample_quotients(4, 4, asked(directions=200, seed=1))
        assert min(row["one_point_hessian"] for row in rows) > STRONG_CONVEXITY
        assert min(row["one_point_gradient"] for row in rows) > STRONG_CONVEXITY
