"""Families proved for every k at once: pieces, what is stated on them, enclosures."""

import json
import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, arb_mat

from helpers_every_k import MEMBERS, critical_point, family
from relu_landscape import certify_family_for_all_k, enclose
from relu_landscape.certificates import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import certificate, every_k_lines, least_real_k
from relu_landscape.every_k.branch import limit_guess, predict, solve_at
from relu_landscape.every_k.definite_pieces import is_positive_definite, lower_bound
from relu_landscape.every_k.first_minimum import first_minimum
from relu_landscape.every_k.location import are_chained, locate
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import scale_at
from relu_landscape.every_k.statements import prove_statements
from relu_landscape.every_k.taylor import Piece, UndefinedError, bound, expand, join
from relu_landscape.families import stability_threshold

FIRST_MINIMA = {
    ("A", 0): 6,
    ("I", 1): 7,
    ("II", 1): 6,
    ("I", 2): 8,
    ("II", 2): 8,
    ("I", 3): 9,
    ("II", 3): 10,
    ("I", 5): 11,
    ("II", 5): 13,
}
members = pytest.mark.parametrize(("name", "m"), MEMBERS)


@cache
def proof(name, m):
    return certify_family_for_all_k(name, m)


@pytest.fixture
def from_655():
    return certify_family_for_all_k("II", 1, least_k=655)


def spectrum_of(point, irrep):
    return min(x.value for x in point.spectrum if x.irrep == irrep)


def require_holds(found, name, m, k):
    """What `families` finds at a k is what the piece that holds it states."""
    point, unknowns = critical_point(name, m, k)
    piece, h = found.piece_at(k), float(arb(k).rsqrt())
    for key, x, radius in zip(unknowns, piece.at(h), piece.location.radius, strict=True):
        assert abs(float(unknowns[key]) - float(x)) <= radius
    stated = piece.statements
    for irrep, lower in stated.eigenvalue_lower.items():
        if irrep != "off_span":
            assert 0 < float(lower) <= spectrum_of(point, irrep)
    assert float(min(stated.eigenvalue_lower.values())) > 0.5 * point.smallest.value
    low, high = (float(x) for x in stated.loss)
    value = point.loss * (k / m if name == "II" else 1)
    assert 0 < low <= value <= high < low * 1.2
    for row, (neuron_class, irrep) in enumerate((("w", "s_{p-1}"), ("s", "s_p"))[: 1 + (m > 0)]):
        (true,) = [x.value for x in point.split(row).inner_spectrum if x.irrep == irrep]
        inner = stated.inner_upper[neuron_class]
        upper = float(inner.upper) * h**inner.power
        assert true <= upper < true / 2 < 0


@pytest.mark.parametrize(("name", "m"), [("A", 0), ("I", 1), ("II", 1)])
def test_pieces_hold_the_critical_points_of_the_families(name, m):
    found = proof(name, m)
    least = FIRST_MINIMA[name, m]
    assert found.least_k == least
    for k in (least, 16, 10_000):
        require_holds(found, name, m, k)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "m"), [("A", 0), ("I", 1), ("II", 1), ("II", 2), ("I", 5)])
def test_pieces_hold_the_critical_points_of_all_sizes(name, m):
    # Others, and every k: python -m tests.every_k_members II-5.
    least = FIRST_MINIMA[name, m]
    assert proof(name, m).least_k == least
    for k in (least, least + 1, least + 3, 60, 10_000):
        require_holds(proof(name, m), name, m, k)


def test_pieces_cover_every_k_and_are_one_curve(from_655):
    pieces = from_655.pieces
    assert len(pieces) > 1
    assert pieces[0].piece.left == 0
    assert Fraction(pieces[-1].piece.right) ** 2 * 655 >= 1
    for left, right in pairwise(pieces):
        assert left.piece.right == right.piece.left
        assert are_chained(left, right)
    for x in pieces:
        assert (x.location.radius < x.location.uniqueness).all()
    assert from_655.piece_at(math.inf) is pieces[0]
    assert from_655.piece_at(10**9) is pieces[0]
    assert from_655.piece_at(655) is pieces[-1]


def test_pieces_of_other_branches_are_not_chained(from_655):
    left, right = from_655.pieces[:2]
    coefficients = right.predictor.coefficients.copy()
    coefficients[0, 0] += 0.1
    moved = replace(right, predictor=replace(right.predictor, coefficients=coefficients))
    assert not are_chained(left, moved)


def test_a_bound_below_the_threshold_is_not_proved():
    """At k = 5.58 an eigenvalue on s_p is negative."""
    found = certify_family_for_all_k("II", 1, least_k=5.58)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NOT_POSITIVE_DEFINITE
    assert found.detail == "in floats it is no minimum all the way from infinity to k = 5.58"


@pytest.mark.slow
def test_pieces_end_above_the_threshold(monkeypatch):
    monkeypatch.setattr(certificate, "is_minimum_from", lambda *_: True)
    found = certify_family_for_all_k("II", 1, least_k=5.58)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NOT_POSITIVE_DEFINITE
    assert found.detail.startswith("below k = 5.585")
    assert found.detail.endswith("on s_p")


@pytest.mark.slow
def test_real_bounds_between_integers_are_proved():
    found = certify_family_for_all_k("II", 1, least_k=Fraction(56, 10))
    assert found.least_k == Fraction(28, 5)


@members
def test_first_minima(name, m):
    assert first_minimum(family(name, m)) == FIRST_MINIMA[name, m]


class TestLocation:
    """II_1 over one piece."""

    member = family("II", 1)
    piece = Piece(0.125, 0.1328125)

    @pytest.fixture
    def predictor(self):
        point, _ = solve_at(self.member, 0.0, limit_guess(self.member))
        point, _ = solve_at(self.member, self.piece.center, point)
        return predict(self.member, self.piece.center, point)

    @pytest.fixture(autouse=True)
    def bits(self):
        with precision(128):
            yield

    def test_holds_the_branch_and_no_more_than_needed(self, predictor):
        found = locate(self.member, self.piece, predictor)
        for h in (self.piece.left, self.piece.right, 0.13):
            point, _ = solve_at(self.member, h, predictor.coefficients[:, 0])
            near = [float(x) for x in predictor.over(arb(h), [0.0] * 5)]
            assert (np.abs(np.subtract(point, near)) <= found.location.radius).all()
        assert found.location.radius.max() < 1e-3

    @pytest.mark.parametrize("offset", [1e-2, -1e-2])
    def test_a_predictor_off_the_branch_needs_a_larger_radius(self, predictor, offset):
        coefficients = predictor.coefficients.copy()
        coefficients[2, 0] += offset
        found = locate(self.member, self.piece, replace(predictor, coefficients=coefficients))
        assert found is None or found.location.radius[2] > abs(offset)

    def test_a_piece_that_is_too_wide_is_not_located(self, predictor):
        assert locate(self.member, Piece(0.0625, 0.1953125), predictor) is None

    def test_a_negative_eigenvalue_is_not_stated_away(self):
        """At k = 5.5 the Hessian is indefinite on s_p."""
        h = 5.5**-0.5
        piece = Piece(0.42578125, 0.4267578125)
        assert piece.left < h < piece.right
        point = limit_guess(self.member)
        for place in np.arange(0, piece.center, 1 / 64):
            point, _ = solve_at(self.member, float(place), point)
        predictor = predict(self.member, piece.center, point)
        found = prove_statements(self.member, locate(self.member, piece, predictor), 8)
        assert found == Failure(FailureReason.NOT_POSITIVE_DEFINITE, "on s_p")


class TestDefiniteness:
    piece = Piece(0.25, 0.5)
    unit = arb_mat([[1, 0], [0, 1]])
    zero = arb_mat([[0, 0], [0, 0]])

    def test_bound_is_below_the_smallest_eigenvalue_and_near_it(self):
        form = arb_mat([[3, 1], [1, 3]])
        found = lower_bound(
            [form, self.zero, self.zero], [self.unit, self.zero, self.zero], self.piece
        )
        assert 2 * (1 - 2e-6) < found < 2

    def test_relative_to_gram(self):
        gram = arb_mat([[4, 0], [0, 1]])
        form = arb_mat([[4, 0], [0, 3]])
        found = lower_bound([form, self.zero, self.zero], [gram, self.zero, self.zero], self.piece)
        assert 1 - 2e-6 < found < 1

    def test_a_gram_matrix_may_be_singular(self):
        gram = arb_mat([[0, 0], [0, 1]])
        found = lower_bound(
            [self.unit, self.zero, self.zero], [gram, self.zero, self.zero], self.piece
        )
        assert 1 - 2e-6 < found < 1

    def test_indefinite_is_refused(self):
        form = arb_mat([[1, 2], [2, 1]])
        terms = [form, self.zero, self.zero]
        assert lower_bound(terms, [self.unit, self.zero, self.zero], self.piece) is None
        assert not is_positive_definite(terms, self.piece.reach)

    @pytest.mark.parametrize(("slope", "holds"), [(7, True), (9, False)])
    def test_the_slope_counts_over_the_whole_piece(self, slope, holds):
        """1 + slope (h - center) is positive up to 1/8 from the centre for slope < 8."""
        moved = self.unit * slope
        assert is_positive_definite([self.unit, moved, self.zero], self.piece.reach) is holds

    @pytest.mark.parametrize(("radius", "holds"), [(0.4, True), (0.6, False)])
    def test_radii_count(self, radius, holds):
        ball = arb(0, radius)
        wide = arb_mat([[1 + ball, ball], [ball, 1 + ball]])
        assert is_positive_definite([wide, self.zero, self.zero], self.piece.reach) is holds


def test_taylor_expansion_encloses_a_function_over_a_piece():
    piece = Piece(0.25, 0.5)
    member = family("A", 0)
    predictor = predict(member, piece.center, limit_guess(member))

    def cubic(h, x):
        return h * h * h + x[0] * 0

    center, whole = expand(cubic, piece, predictor, [0.0, 0.0], 2)
    found = bound(join(center, whole, 2), piece.reach)
    assert found.contains(arb(0.25) ** 3)
    assert found.contains(arb(0.5) ** 3)
    assert found.rad() < 0.1
    with pytest.raises(UndefinedError, match="not defined on all of the piece"):
        expand(lambda h, _: 1 / (h - 0.375), piece, predictor, [0.0, 0.0], 2)


@pytest.mark.parametrize(
    ("name", "m", "k"), [("II", 1, 6), ("II", 1, 50), ("A", 0, 9.5), ("I", 3, 12345)]
)
def test_enclosures_hold_the_critical_points_tightly(name, m, k):
    point, unknowns = critical_point(name, m, k)
    found = enclose(name, m, k)
    assert found.k == k
    assert float(found.loss_lower) <= point.loss * (1 + 1e-15)
    assert float(found.loss_upper) >= point.loss * (1 - 1e-15)
    assert float(found.loss_upper - found.loss_lower) < 1e-12
    true = point.smallest.value
    assert true * (1 - 1e-5) < float(found.smallest_eigenvalue_lower) <= true
    for key, (low, high) in found.unknowns.items():
        assert low <= Decimal(unknowns[key].str(40, radius=False)) <= high
        assert high - low < Decimal("1e-12")
    assert float(found.entries["a"][0]) == pytest.approx(point.parameters[0], rel=1e-14)
    assert set(found.entries) == set("abcdfg"[: {0: 2, 1: 5}.get(m, 6)])


def test_enclosures_in_the_limit():
    limit = 0.25 - 1 / (2 * math.pi)
    second = enclose("II", 1, math.inf)
    assert second.loss_lower == second.loss_upper == 0
    assert float(second.smallest_eigenvalue_lower) == pytest.approx(limit, rel=1e-5)
    assert second.entries["a"] == (1, 1)
    assert second.entries["d"] == (-1, -1)
    assert float(second.unknowns["A"][0]) == pytest.approx(8 / math.pi)
    for name, m in (("A", 0), ("I", 1)):
        found = enclose(name, m, math.inf)
        assert float(found.loss_lower) == pytest.approx(0.5 - 1 / math.pi, rel=1e-13)
        assert float(found.loss_upper) == pytest.approx(0.5 - 1 / math.pi, rel=1e-13)


def test_enclosures_below_the_first_integer():
    """II_1 is a minimum down to k = 5.5855..: where it is not, the answer says so."""
    found = enclose("II", 1, 5.75)
    assert found.smallest_eigenvalue_lower > 0
    refused = enclose("II", 1, 5.5)
    assert isinstance(refused, Failure)
    assert refused.reason is FailureReason.NOT_POSITIVE_DEFINITE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("B", 1), "family = 'B'; it must be one of A, I, II"),
        (("A", 1), "special_rows = 1; family A has none"),
        (("I", 0), "special_rows = 0; families I and II need 1 or more"),
    ],
)
def test_families_that_do_not_exist_are_refused(arguments, message):
    for function, further in ((certify_family_for_all_k, ()), (enclose, (20,))):
        with pytest.raises(ValueError, match=message):
            function(*arguments, *further)


def test_sizes_without_a_first_block_are_refused():
    with pytest.raises(ValueError, match=r"least_k = 5 with special_rows = 3; it must be above 5"):
        certify_family_for_all_k("I", 3, least_k=5)
    with pytest.raises(ValueError, match=r"k = 2 with special_rows = 0; it must be above 2"):
        enclose("A", 0, 2)


def test_lines_state_the_header_and_each_piece_exactly(from_655):
    header, *lines = map(json.loads, every_k_lines(from_655))
    assert header == {
        "statement": "family_for_every_k",
        "family": "II",
        "special_rows": 1,
        "least_k": "655",
        "bits": 128,
        "unknowns": ["A", "B", "C", "D", "F"],
        "loss_power": 1,
    }
    assert len(lines) == len(from_655.pieces)
    for line, piece in zip(lines, from_655.pieces, strict=True):
        assert [float.fromhex(x) for x in line["h"]] == [piece.piece.left, piece.piece.right]
        stated = [[float.fromhex(x) for x in row] for row in line["predictor"].values()]
        np.testing.assert_array_equal(stated, piece.predictor.coefficients)
        for field in ("radius", "uniqueness"):
            values = [float.fromhex(x) for x in line[field].values()]
            np.testing.assert_array_equal(values, getattr(piece.location, field))
        lower = piece.statements.eigenvalue_lower
        assert {key: Decimal(x) for key, x in line["eigenvalue_lower"].items()} == lower
        assert line["inner_upper"]["w"][0] == 2
        assert Decimal(line["inner_upper"]["s"][1]) == piece.statements.inner_upper["s"].upper
        assert tuple(map(Decimal, line["loss"])) == piece.statements.loss
        assert tuple(map(Decimal, line["norm_gap"])) == piece.statements.norm_gap


def smallest_of_form(name, m, component, h):
    """The smallest eigenvalue of the matrix of a component at a critical point, in floats."""
    member = family(name, m)
    point = limit_guess(member)
    for n in range(1, 17):
        point, _ = solve_at(member, h * n / 16, point)
    unknowns = dict(zip(member.unknowns, point, strict=True))
    network = ScaledNetwork(member, scale_at(member, h, math.pi), unknowns)
    [form] = [x.form for x in component_forms(network) if x.name == component]
    return np.linalg.eigvalsh(np.array(form.matrix, dtype=float))[0]


@pytest.mark.parametrize(
    ("name", "m", "component"),
    [("II", 1, "s_p"), ("A", 0, "y_p"), pytest.param("I", 1, "y_p", marks=pytest.mark.slow)],
)
def test_real_thresholds_are_enclosed_to_ten_digits(name, m, component):
    found = least_real_k(name, m)
    assert 0 < found.upper - found.lower < Decimal("1e-11")
    assert found.component == component
    # At zero, the slope is that of the smallest eigenvalue of the form.
    step = 2.0**-12
    ends = [smallest_of_form(name, m, component, float(found.lower) ** -0.5 + x)
            for x in (-step, step)]  # fmt: skip
    slope = (ends[1] - ends[0]) / (2 * step)
    assert float(found.slope_upper) == pytest.approx(slope, rel=1e-4)
    known = stability_threshold(name, m=m or None).k
    assert float(found.lower) - 1e-8 < known < float(found.upper) + 1e-8
    if name == "II":
        # Derived for the design, by a determinant that is monotone.
        assert found.lower < Decimal("5.5855052474258") < Decimal("5.5855052474259") < found.upper


def test_a_piece_needs_an_exact_middle():
    with pytest.raises(ValueError, match="must be a float"):
        Piece(0.1, math.nextafter(0.1, 1))
