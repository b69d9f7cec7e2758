"""Families proved for every number of special rows at once: rectangles in sqrt(m/k), 1/sqrt(m)."""

import json
import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from flint import arb, arb_series

from helpers_every_k import critical_point, family, network, random_unknowns
from relu_landscape import certify_families_for_all_m
from relu_landscape.certificates import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import every_m_lines
from relu_landscape.every_k.critical_splits import critical_force, critical_splits
from relu_landscape.every_k.every_m_certificate import (
    CertifiedRectangle,
    Halving,
    NoLine,
    whole_rectangle,
)
from relu_landscape.every_k.inner_eigenvalues import inner_eigenvalues
from relu_landscape.every_k.rectangle_chains import first_unjoined
from relu_landscape.every_k.rectangle_location import locate_over
from relu_landscape.every_k.rectangle_statements import prove_over
from relu_landscape.every_k.rectangles import (
    Rectangle,
    Surface,
    bound_over,
    coefficients_of,
    expand_over,
    factors_of,
    member_of,
)
from relu_landscape.every_k.residual import residual
from relu_landscape.every_k.surface import fit_surface
from relu_landscape.every_k.taylor import UndefinedError
from relu_landscape.families import Family

UNKNOWNS = ("A", "B", "C", "D", "F", "G")
families = pytest.mark.parametrize("name", ["I", "II"])


@cache
def proof(name, ratio):
    return certify_families_for_all_m(name, ratio)


def rectangle_at(found, m, k):
    """The first proved rectangle that holds (m, k)."""

    def within(ends, square):
        return Fraction(ends[0]) ** 2 <= square <= Fraction(ends[1]) ** 2

    return next(
        x
        for x in found.rectangles
        if within(x.rectangle.r, Fraction(m) / Fraction(k))
        and within(x.rectangle.s, Fraction(1, m))
    )


def require_holds(found, name, m, k):
    """What `families` finds at (m, k) is what the rectangle that holds it states."""
    point, unknowns = critical_point(name, m, k)
    node = rectangle_at(found, m, k)
    with precision(200):
        r, s = (arb(m) / k).sqrt(), arb(m).rsqrt()
        surface = node.surface.over(r, s, [0.0] * 6)
        for key, x, radius in zip(UNKNOWNS, surface, node.location.radius, strict=True):
            assert abs(float(unknowns[key]) - float(x)) <= radius
    lower = node.statements.eigenvalue_lower
    for x in point.spectrum:
        stated = lower[x.irrep]
        assert 0 < float(stated) <= x.value
    assert {x.irrep for x in point.spectrum} | {"off_span"} == set(lower) - (
        {"x_m"} if m == 3 else set()
    )
    low, high = (float(x) for x in node.statements.loss)
    assert 0 < low <= point.loss * (k / m if name == "II" else 1) <= high
    for row, (neuron_class, irrep) in enumerate((("w", "s_{p-1}"), ("s", "s_p"))):
        (true,) = [x.value for x in point.split(row).inner_spectrum if x.irrep == irrep]
        upper = float(node.statements.inner_upper[neuron_class]) / math.sqrt(k)
        if name == "II" and neuron_class == "w":
            upper *= math.sqrt(m / k)
        assert true <= upper < 0


def require_tree(found):
    """The nodes are a tree of halves, and empty rectangles hold no line."""
    waiting = [whole_rectangle(found.least_special_rows, found.least_ratio)]
    for node in found.nodes:
        assert node.rectangle == waiting.pop()
        if isinstance(node, Halving):
            waiting += reversed(node.rectangle.halves(node.along))
        elif isinstance(node, NoLine):
            low, high = (Fraction(x) for x in node.rectangle.s)
            rows = range(math.floor(1 / high**2), math.ceil(1 / low**2) + 1)
            assert not [m for m in rows if m >= 3 and low**2 <= Fraction(1, m) <= high**2]
    assert not waiting


@families
def test_large_ratios_hold_the_critical_points_of_single_families(name):
    found = proof(name, 400)
    require_tree(found)
    assert len(found.rectangles) > 1
    for m in (3, 5, 20, 1000):
        require_holds(found, name, m, 400 * m)
    require_holds(found, name, 3, 10**7)


@pytest.mark.slow
@families
def test_rectangles_hold_the_critical_points_of_single_families(name):
    found = proof(name, 25)
    require_tree(found)
    for m in (3, 4, 20, 1000):
        for ratio in (25, 33, 1000):
            require_holds(found, name, m, ratio * m)


@pytest.mark.parametrize(("name", "k", "component"), [("II", 9, "s_p"), ("I", 8, "y_p")])
def test_a_negative_eigenvalue_is_not_stated_away(name, k, component):
    """II_3 is a minimum from k = 10 on, I_3 from k = 9 on."""
    for size, holds in ((k, False), (k + 1, True)):
        left = math.floor(math.sqrt(3 / size) * 2**16) / 2**16
        line = Rectangle((left, left + 2.0**-16), (0.5625, 0.578125))
        assert line.r[0] ** 2 < 3 / size < line.r[1] ** 2
        member = member_of(Family(name), line)
        with precision(96):
            surface, inverse = fit_surface(member.family, line, None)
            location = locate_over(member, line, surface, inverse)
            found = prove_over(member, line, surface, location)
        if holds:
            assert min(found.eigenvalue_lower.values()) > 0
        else:
            assert found == Failure(FailureReason.NOT_POSITIVE_DEFINITE, f"on {component}")


@families
def test_forces_are_those_at_critical_points_and_no_others(name):
    member = family(name, 3)
    with precision(320):
        for k in (16, 1000):
            _, unknowns = critical_point(name, 3, k)
            x = network(member, k, unknowns)
            assert abs(critical_force(x) - 3 * x.rho_w) < 1e-18
            splits, scale = critical_splits(x), x.scale
            for expected in inner_eigenvalues(x):
                size = scale.h * (scale.r if name == "II" and expected.neuron_class == "w" else 1)
                value = expected.coefficient * scale.h**expected.power
                assert abs(splits[expected.neuron_class] * size - value) < 1e-18
        off = network(member, 16, random_unknowns(member, seed=1))
        own, other, *_ = residual(off)
        # (E_1 - E_2)/t is what the force lacks: (a/N)(rho_w - w critical_force).
        lacking = off.a / off.N * (off.rho_w - critical_force(off) / 3)
        assert abs(own - other - lacking) < 1e-60
        assert abs(own - other) > 1e-3


def test_rectangles_of_other_branches_are_not_joined():
    found = proof("I", 16).rectangles
    assert first_unjoined(found) is None
    number = next(i for i, x in enumerate(found) if x.rectangle.r[0] > 0)
    surface = found[number].surface
    rows = [list(x) for x in surface.coefficients]
    rows[0][0] += 0.2
    found[number] = replace(found[number], surface=replace(surface, coefficients=rows))
    assert first_unjoined(found) is found[number]


class TestRectangles:
    wide = Rectangle((0.125, 0.25), (0.25, 0.5))
    line = Rectangle((0.125, 0.25), (0.5625, 0.578125))
    flat = Surface((arb(0.1875), arb(0.375)), [[0.0] * 6])

    def test_lines_that_meet_a_rectangle(self):
        assert self.wide.special_rows == range(4, 17)
        assert self.line.special_rows == range(3, 4)
        assert self.line.is_line
        assert (self.line.center[1] ** 2 * 3).contains(1)
        assert Rectangle((0, 1), (0.0, 0.25)).special_rows is None
        assert not Rectangle((0, 1), (0.51, 0.57)).special_rows
        # No m below 3, where components of the Hessian are missing.
        assert Rectangle((0, 1), (0.5625, 1.0)).special_rows == range(3, 4)

    def test_all_components_but_x_m_are_needed_at_three_rows(self):
        assert member_of(Family.I, self.line).special_rows == 3
        assert member_of(Family.I, self.wide).special_rows == 4

    @pytest.mark.parametrize("order", [2, 3])
    @pytest.mark.parametrize("rectangle", [Rectangle((0.1875, 0.203125), (0.375, 0.4375)), line])
    def test_expansions_enclose_a_function_tightly(self, rectangle, order):
        center = rectangle.center
        surface = Surface(center, [[1.0, 2.0, 3.0, 0.5, 0.25, 0.125]])

        def value(r, s, x):
            return [1 / (r + s * s) + x[0] * r, arb_series([7])]

        results = expand_over(value, rectangle, surface, [0.0], order)
        factors = factors_of(rectangle, order)
        found, constant = (
            bound_over(coefficients_of(rectangle, x, order), factors)
            for x in zip(*results, strict=True)
        )
        assert constant == 7
        values = []
        for a in (-1, -0.5, 0, 1):
            for b in (-1, 0, 0.3, 1):
                r, s = (
                    y + arb(z) * reach
                    for y, z, reach in zip(center, (a, b), rectangle.reach, strict=True)
                )
                x = surface.over(r, s, [0.0])
                values.append(float(1 / (r + s * s) + x[0] * r))
                assert found.contains((1 / (r + s * s) + x[0] * r).mid())
        if order == 3:
            assert found.rad() < (max(values) - min(values)) * 2

    def test_functions_that_are_not_defined_are_refused(self):
        with pytest.raises(UndefinedError, match="not defined on all of the rectangle"):
            expand_over(lambda r, *_: 1 / (r - 0.2), self.wide, self.flat, [0.0], 2)


class TestLocationOverRectangles:
    member = family("II", 4)
    rectangle = Rectangle((0.25, 0.265625), (0.0, 0.015625))

    @pytest.fixture(autouse=True)
    def bits(self):
        with precision(96):
            yield

    def test_holds_the_critical_point(self):
        surface, inverse = fit_surface(Family.II, self.rectangle, None)
        found = locate_over(self.member, self.rectangle, surface, inverse)
        assert (found.radius <= found.uniqueness).all()
        small = Rectangle((0.25, 0.2500001), (0.0, 0.0000001))
        corner, _ = fit_surface(Family.II, small, None)
        near = surface.over(*corner.center, [0.0] * 6)
        exact = [row[0] for row in corner.coefficients]
        assert (np.abs([float(x) for x in near] - np.array(exact)) <= found.radius).all()

    def test_a_surface_off_the_critical_point_needs_a_larger_radius(self):
        surface, inverse = fit_surface(Family.II, self.rectangle, None)
        rows = [list(x) for x in surface.coefficients]
        rows[2][0] += 1e-2
        moved = Surface(surface.center, rows)
        found = locate_over(self.member, self.rectangle, moved, inverse)
        assert found is None or found.radius[2] > 1e-2

    def test_a_large_rectangle_is_not_located(self):
        large = Rectangle((0.25, 0.375), (0.0, 0.125))
        assert locate_over(self.member, large, *fit_surface(Family.II, large, None)) is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("A", 4), "family = 'A'; it must be one of I, II"),
        (("I", 1), "least_ratio = 1; it must be above 1"),
    ],
)
def test_bounds_that_do_not_exist_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        certify_families_for_all_m(*arguments)


def test_too_few_special_rows_are_refused():
    with pytest.raises(ValueError, match="least_special_rows = 2; it must be 3 or more"):
        certify_families_for_all_m("I", 4, least_special_rows=2)


def test_lines_state_the_header_and_each_node_exactly():
    found = proof("II", 400)
    header, *lines = map(json.loads, every_m_lines(found))
    assert header == {
        "statement": "families_for_every_m",
        "family": "II",
        "least_special_rows": 3,
        "least_ratio": "400",
        "bits": 96,
        "unknowns": list(UNKNOWNS),
        "loss_power": 1,
    }
    assert len(lines) == len(found.nodes)
    for line, node in zip(lines, found.nodes, strict=True):
        assert tuple(map(float.fromhex, line["r"])) == node.rectangle.r
        assert tuple(map(float.fromhex, line["s"])) == node.rectangle.s
        if isinstance(node, CertifiedRectangle):
            assert line["statement"] == "rectangle"
            stated = [[float.fromhex(x) for x in row] for row in line["predictor"].values()]
            np.testing.assert_array_equal(stated, node.surface.coefficients)
            for field in ("radius", "uniqueness"):
                values = [float.fromhex(x) for x in line[field].values()]
                np.testing.assert_array_equal(values, getattr(node.location, field))
            lower = {key: Decimal(x) for key, x in line["eigenvalue_lower"].items()}
            assert lower == node.statements.eigenvalue_lower
            assert Decimal(line["inner_upper"]["s"]) == node.statements.inner_upper["s"]
            assert tuple(map(Decimal, line["loss"])) == node.statements.loss
        elif isinstance(node, Halving):
            assert (line["statement"], line["along"]) == ("halving", node.along)
        else:
            assert line["statement"] == "no_line"


def test_an_unproved_rectangle_is_named(monkeypatch):
    monkeypatch.setattr("relu_landscape.every_k.every_m_certificate._LEAST_LENGTH", 1.0)
    found = certify_families_for_all_m("II", 4)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.BOX_TOO_WIDE
    assert found.detail.startswith("k/m from 4, r in [0, 0.5], s in [0, 0.577351]: ")
