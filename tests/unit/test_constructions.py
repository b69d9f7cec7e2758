"""The constructions of Theorems 4, 7 and 9: closed forms, printed numbers, two arithmetics."""

import mpmath
import numpy as np
import pytest

from helpers_objective import opposite_wedge, thin_wedge
from relu_landscape.global_minima import distance_to_global_minima
from relu_landscape.global_minima.constructions import (
    printed_tilted_form,
    separating_direction,
    spread_pair,
    tilted_form,
    tilted_pair,
    valley_constants,
)
from relu_landscape.global_minima.failures import (
    measure_extended,
    measure_in_double,
    tilted_pair_records,
    valley_records,
)
from relu_landscape.objective import (
    pair_hessian_first,
    population_hessian,
    reference_curvature_along,
    reference_gradient,
    reference_loss,
)
from relu_landscape.settings.sizes import PairSize

SIZES = [(3, 2, 2), (4, 3, 3), (5, 3, 4), (6, 5, 5), (7, 4, 5)]
SHARES = [0.5, 0.3, 0.9]

# k = d = 3, n = 4, computed before this code: the form and, for equal shares, the smallest
# eigenvalue.
FORMS = [
    (0.5, 1e-1, -0.12606332),
    (0.5, 1e-2, -0.01273112),
    (0.5, 1e-3, -0.00127324),
    (0.3, 1e-1, -0.15007538),
    (0.3, 1e-2, -0.01515610),
    (0.3, 1e-3, -0.00151576),
]
EIGENVALUES = [(1e-1, -0.063032), (1e-2, -0.006366), (1e-3, -0.000637)]
VALLEYS = {
    0.5: {"loss": 0.42441318, "squared_gradient_norm": 1.31718, "pl_ratio": 1.5518},
    0.3: {"loss": 0.50525379, "squared_gradient_norm": 1.86675, "pl_ratio": 1.8473},
}
QUOTIENTS_AT_EQUAL_SHARES = {"one_point_gradient": 0.63662, "one_point_hessian": 1.27324}


def small(n, k, d):
    return PairSize(n=n, k=k, d=d)


class TestTiltedPair:
    @pytest.mark.parametrize(("share", "epsilon"), [(0.5, 1e-2), (0.3, 0.1)])
    def test_is_the_wedge_of_theorem_4(self, share, epsilon):
        point = tilted_pair(4, 3, 3, share, epsilon)
        W, V = thin_wedge(share, epsilon)
        np.testing.assert_allclose(point.weights, W, rtol=0, atol=1e-16)
        np.testing.assert_array_equal(point.teachers, V)

    @pytest.mark.parametrize(("share", "epsilon", "form"), FORMS)
    def test_has_the_form_of_the_sheet(self, share, epsilon, form):
        point = tilted_pair(4, 3, 3, share, epsilon)
        for measure in (measure_in_double, measure_extended):
            found = measure(point.weights, point.teachers, separating_direction(point)).curvature
            assert found == pytest.approx(form, abs=5.1e-9)
        assert tilted_form(share, epsilon) == pytest.approx(form, abs=5.1e-9)

    @pytest.mark.parametrize(("epsilon", "eigenvalue"), EIGENVALUES)
    def test_has_the_smallest_eigenvalue_of_the_sheet(self, epsilon, eigenvalue):
        point = tilted_pair(4, 3, 3, 0.5, epsilon)
        for measure in (measure_in_double, measure_extended):
            found = measure(point.weights, point.teachers, separating_direction(point))
            assert found.smallest_eigenvalue == pytest.approx(eigenvalue, abs=5.1e-7)
            # Equality in the sheet's bound: (z, -z)/sqrt(2) is the eigenvector at equal shares.
            assert found.smallest_eigenvalue == pytest.approx(found.curvature / 2, rel=1e-11)

    @pytest.mark.parametrize(("n", "k", "d"), SIZES)
    @pytest.mark.parametrize("share", SHARES)
    @pytest.mark.parametrize("epsilon", [0.5, 1e-3, 1e-9])
    def test_closed_form_is_the_second_difference_of_the_loss(self, n, k, d, share, epsilon):
        point = tilted_pair(n, k, d, share, epsilon)
        U = separating_direction(point)
        exact = reference_curvature_along(point.weights, point.teachers, U, digits=60)
        # The weights are rounded: their angle and lengths are those of the formula to a few eps.
        assert tilted_form(share, epsilon) == pytest.approx(float(exact), rel=1e-14)

    def test_separating_direction_is_the_top_eigenvector_of_the_turning_block(self):
        point = tilted_pair(5, 3, 4, 0.3, 0.2)
        U = separating_direction(point)
        first, second = point.pair
        block = pair_hessian_first(point.weights[first], point.teachers[0])
        top = np.linalg.eigh(block)[1][:, -1]
        assert abs(top @ U[first]) == pytest.approx(1.0, abs=1e-14)
        np.testing.assert_array_equal(U[second], -U[first])
        assert U[first] @ point.weights[first] == pytest.approx(0, abs=1e-16)
        assert not np.delete(U, point.pair, axis=0).any()

    @pytest.mark.parametrize(
        ("epsilon", "printed"), [(1e-1, -0.13936), (1e-2, -0.012859), (1e-3, -0.0012745)]
    )
    def test_printed_form_holds_to_leading_order_only(self, epsilon, printed):
        assert printed_tilted_form(0.5, epsilon) == pytest.approx(printed, rel=5e-5)
        error = printed_tilted_form(0.5, epsilon) / tilted_form(0.5, epsilon) - 1
        # (1 + eps) sqrt(1 + eps^2) - 1
        assert error == pytest.approx(epsilon + epsilon**2 / 2, rel=epsilon**2 + 1e-12)


class TestSpreadPair:
    @pytest.mark.parametrize(("share", "epsilon"), [(0.5, 1e-2), (0.3, 0.1)])
    def test_is_the_wedge_of_theorems_7_and_9(self, share, epsilon):
        point = spread_pair(4, 3, 3, share, epsilon)
        W, V = opposite_wedge(share, epsilon)
        np.testing.assert_array_equal(point.weights, W)
        np.testing.assert_array_equal(point.teachers, V)

    @pytest.mark.parametrize(("n", "k", "d"), SIZES)
    @pytest.mark.parametrize("share", SHARES)
    @pytest.mark.parametrize("epsilon", [0.3, 1e-2, 1e-6])
    def test_loss_and_gradient_have_the_closed_forms(self, n, k, d, share, epsilon):
        """Those in the docstring of `valley_constants`, at finite epsilon and in 60 digits."""
        point = spread_pair(n, k, d, share, epsilon)
        W, V = point.weights, point.teachers
        with mpmath.workdps(60):
            a, rest, eps = mpmath.mpf(W[0, 0]), mpmath.mpf(W[1, 0]), mpmath.mpf(W[0, 1])
            assert a + rest == 1
            assert -eps == W[1, 1]
            first, second = mpmath.atan(eps / a), mpmath.atan(eps / rest)
            both = first + second
            loss = first * a + second * rest - eps - both * (a * rest - eps**2)
            loss_error = reference_loss(W, V, digits=60) - loss / (2 * mpmath.pi)
            assert abs(loss_error) < mpmath.mpf(10) ** -55

            turning = (first * a - second * rest, both * eps)  # X in the plane of v_1 and v_2
            stretch = mpmath.hypot(a, eps) + mpmath.hypot(rest, eps) - 1
            expected = np.full((n, d), mpmath.mpf(0))
            expected[0, :2] = turning
            expected[1, :2] = [-x for x in turning]
            for j in range(2, n):
                teacher = 1 + (j - 2) % (k - 1)
                if teacher == 1:
                    expected[j, :2] = turning
                else:
                    expected[j, teacher] = stretch
            gradient = reference_gradient(W, V, digits=60) * (2 * mpmath.pi)
            assert max(abs(x) for x in (gradient - expected).ravel()) < mpmath.mpf(10) ** -55
            slope = mpmath.fsum((reference_gradient(W, V, digits=60) * (W - point.minimum)).ravel())
            assert abs(slope - eps**2 * both / mpmath.pi) < mpmath.mpf(10) ** -55

    @pytest.mark.parametrize(("n", "k", "d"), SIZES)
    @pytest.mark.parametrize("share", SHARES)
    def test_constants_are_the_limits(self, n, k, d, share):
        epsilon = 1e-8
        (record,) = valley_records([small(n, k, d)], [share], {"extended": [epsilon]})
        orders = {"loss": 3, "squared_gradient_norm": 4}
        for name, constant in vars(valley_constants(n, k, share)).items():
            found = record[name] / epsilon ** orders.get(name, 1)
            # Corrections are even in epsilon, of relative order (eps/a)^2 = 1e-14.
            assert found == pytest.approx(constant, rel=1e-12)

    @pytest.mark.parametrize("share", VALLEYS)
    def test_constants_are_those_of_the_sheet(self, share):
        constants = vars(valley_constants(4, 3, share))
        for name, value in VALLEYS[share].items():
            assert constants[name] == pytest.approx(value, rel=4e-5)
        assert constants["loss"] == pytest.approx(VALLEYS[share]["loss"], abs=5.1e-9)
        if share == 0.5:
            for name, value in QUOTIENTS_AT_EQUAL_SHARES.items():
                assert constants[name] == pytest.approx(value, abs=5.1e-6)

    def test_convergence_to_the_constants_is_quadratic(self):
        epsilons = [1e-1, 1e-2, 1e-3]
        records = valley_records([small(4, 3, 3)], [0.5], {"extended": epsilons})
        limit = valley_constants(4, 3, 0.5).loss
        errors = [row["loss"] / row["epsilon"] ** 3 / limit - 1 for row in records]
        assert errors[0] / errors[1] == pytest.approx(100, rel=0.02)
        assert errors[1] / errors[2] == pytest.approx(100, rel=2e-4)


@pytest.mark.parametrize("construct", [tilted_pair, spread_pair])
@pytest.mark.parametrize(("n", "k", "d"), SIZES)
class TestBoth:
    def test_lie_next_to_a_global_minimum(self, construct, n, k, d):
        point = construct(n, k, d, 0.3, 1e-3)
        assert point.weights.shape == point.minimum.shape == (n, d)
        assert distance_to_global_minima(point.minimum, np.eye(k, d)) < 1e-15
        assert distance_to_global_minima(point.weights, np.eye(k, d)) <= 1.5e-3
        moved = np.flatnonzero((point.weights != point.minimum).any(axis=1))
        assert tuple(moved) == point.pair
        # An orthogonal neighbourhood: no neuron moves along itself (S21, Definition 6).
        along = np.sum((point.weights - point.minimum) * point.minimum, axis=1)
        assert not along.any()

    def test_shares_add_up_to_one_exactly(self, construct, n, k, d):
        for share in (0.1, 0.3, 1 / 3, 0.7):
            assert construct(n, k, d, share, 1e-3).weights[:2, 0].sum() == 1.0

    def test_double_agrees_with_extended_where_it_is_good(self, construct, n, k, d):
        for epsilon in (0.1, 1e-3):
            point = construct(n, k, d, 0.3, epsilon)
            W, V, U = point.weights, point.teachers, point.weights - point.minimum
            double, extended = measure_in_double(W, V, U), measure_extended(W, V, U)
            for name, value in vars(double).items():
                # What double loses: roundings of numbers of order one, in F, grad F and H.
                error = {
                    "loss": 1e-15,
                    "squared_gradient_norm": 1e-15 * epsilon**2,
                    "slope": 1e-15 * epsilon,
                    "curvature": 3e-15 * epsilon**2,
                    "smallest_eigenvalue": 3e-15,
                    "pl_ratio": 1e-15 / epsilon**2,
                }[name]
                if construct is tilted_pair:
                    error = max(error, 3e-15 * epsilon)  # its gradient is of order eps itself
                assert value == pytest.approx(getattr(extended, name), rel=0, abs=n * error), name


def test_pl_ratio_is_nan_where_double_knows_no_digit_of_the_loss():
    point = spread_pair(4, 3, 3, 0.5, 1e-7)
    U = point.weights - point.minimum
    assert np.isnan(measure_in_double(point.weights, point.teachers, U).pl_ratio)
    extended = measure_extended(point.weights, point.teachers, U)
    assert extended.pl_ratio == pytest.approx(valley_constants(4, 3, 0.5).pl_ratio * 1e-7, rel=1e-6)


def test_a_measurement_is_what_it_says():
    point = tilted_pair(4, 3, 3, 0.3, 0.1)
    W, V, U = point.weights, point.teachers, separating_direction(point)
    found = measure_in_double(W, V, U)
    H = population_hessian(W, V)
    assert found.curvature == pytest.approx(U.ravel() @ H @ U.ravel(), abs=1e-15)
    assert found.smallest_eigenvalue == np.linalg.eigvalsh(H)[0]
    assert found.pl_ratio == found.squared_gradient_norm / (2 * found.loss)


def test_theorem_7_shows_no_negative_curvature_and_theorem_4_does():
    epsilons = {"extended": [1e-1, 1e-3, 1e-8]}
    for row in valley_records([small(4, 3, 3)], [0.5], epsilons):
        # about 1.7 eps^3, computed before this code
        assert row["smallest_eigenvalue"] == pytest.approx(1.7 * row["epsilon"] ** 3, rel=0.06)
    for row in tilted_pair_records([small(4, 3, 3)], [0.5], epsilons):
        assert row["smallest_eigenvalue"] < 0


def test_records_go_through_sizes_shares_arithmetics_and_epsilons():
    epsilons = {"double": [1e-2, 1e-3], "extended": [1e-2]}
    for make in (tilted_pair_records, valley_records):
        records = make([small(3, 2, 2), small(4, 3, 3)], [0.5, 0.3], epsilons)
        assert len(records) == 2 * 2 * 3
        labels = {
            tuple(row[name] for name in ("n", "share", "arithmetic", "epsilon")) for row in records
        }
        assert len(labels) == len(records)
        for row in records:
            assert row["k"] == row["d"] == row["n"] - 1
        by_label = {
            (row["n"], row["share"], row["arithmetic"], row["epsilon"]): row for row in records
        }
        double, extended = (by_label[4, 0.3, name, 1e-2] for name in ("double", "extended"))
        assert double["smallest_eigenvalue"] == pytest.approx(
            extended["smallest_eigenvalue"], abs=1e-14
        )


def test_records_of_theorem_4_carry_the_two_formulas():
    (row,) = tilted_pair_records([small(4, 3, 3)], [0.3], {"double": [0.1]})
    assert row["form_exact"] == tilted_form(0.3, 0.1)
    assert row["form_printed"] == printed_tilted_form(0.3, 0.1)
    assert row["form"] == pytest.approx(row["form_exact"], abs=1e-15)


def test_quotients_of_the_records_are_over_the_squared_displacement():
    (row,) = valley_records([small(4, 3, 3)], [0.3], {"double": [0.1]})
    point = spread_pair(4, 3, 3, 0.3, 0.1)
    U = point.weights - point.minimum
    found = measure_in_double(point.weights, point.teachers, U)
    assert row["one_point_gradient"] == pytest.approx(found.slope / 0.02)
    assert row["one_point_hessian"] == pytest.approx(found.curvature / 0.02)


@pytest.mark.parametrize("construct", [tilted_pair, spread_pair])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, 3, 3, 0.5, 0.1), "n = 3 and k = 3"),
        ((2, 1, 2, 0.5, 0.1), "n = 2 and k = 1"),
        ((4, 3, 2, 0.5, 0.1), "1 <= k <= d"),
        ((4, 3, 3, 0.0, 0.1), "share is 0.0"),
        ((4, 3, 3, 1.0, 0.1), "share is 1.0"),
        ((4, 3, 3, float("nan"), 0.1), "share is nan"),
        ((4, 3, 3, 0.5, 0.0), "epsilon is 0.0"),
        ((4, 3, 3, 0.5, -0.1), "epsilon is -0.1"),
    ],
)
def test_numbers_out_of_range_are_named(construct, arguments, message):
    with pytest.raises(ValueError, match=message):
        construct(*arguments)


@pytest.mark.parametrize("form", [tilted_form, printed_tilted_form])
@pytest.mark.parametrize(
    ("share", "epsilon", "message"),
    [
        (2.0, 0.1, "share is 2.0"),
        (np.nan, 0.1, "share is nan"),
        (0.5, -0.1, "epsilon is -0.1"),
        (0.5, np.inf, "epsilon is inf"),
    ],
)
def test_tilts_out_of_range_have_no_form(form, share, epsilon, message):
    with pytest.raises(ValueError, match=message):
        form(share, epsilon)


def test_constants_of_impossible_sizes_are_refused():
    with pytest.raises(ValueError, match="2 <= k < n"):
        valley_constants(3, 3, 0.5)
