"""Inner Hessians of the families at every k: where signed splits of the rows are minima."""

import math
from dataclasses import replace
from decimal import Decimal
from functools import cache

import mpmath
import numpy as np
import pytest
from flint import arb

from helpers_every_k import (
    BITS,
    DIGITS,
    EXTENDED,
    MEMBERS,
    critical_point,
    extended_number,
    family,
    generalised_eigenvalues,
    network,
    random_unknowns,
    scale,
    space_and_parameters,
)
from relu_landscape import certify_family_for_all_k
from relu_landscape.certificates import BallNetwork, Failure, FailureReason, box
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import enclose_signed_splits
from relu_landscape.every_k.branch import limit_guess, solve_at
from relu_landscape.every_k.inner_forms import inner_forms
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import entries, scale_at
from relu_landscape.every_k.taylor import UndefinedError
from relu_landscape.symmetry.inner_hessian import split_neuron_class


@cache
def proof(name, m, least_k=None):
    return certify_family_for_all_k(name, m, least_k=least_k)


@cache
def signed_splits(name, m, least_k=None):
    return enclose_signed_splits(proof(name, m, least_k))


def eigenvalues(x, k):
    """(class, irrep) -> eigenvalues, ascending."""
    found = {}
    for y in inner_forms(x):
        length = {"w": x.N, "s": x.M}[y.neuron_class]
        factor = extended_number(arb(k).rsqrt() ** y.power / (2 * arb.pi() * length))
        values = generalised_eigenvalues(y.form.matrix, y.gram.matrix)
        assert (y.neuron_class, y.irrep) not in found
        found[y.neuron_class, y.irrep] = [value * factor for value in values]
    return found


def spectra(space, parameters):
    """The same by `symmetry`, without the 0 along each neuron, and without those off the span."""
    found = {}
    for row, neuron_class in zip(range(len(space.blocks)), "ws", strict=False):
        spectrum = split_neuron_class(space, parameters, row, EXTENDED).inner_spectrum
        along = min(
            (x for x in spectrum if x.irrep == "t"), key=lambda eigenvalue: abs(eigenvalue.value)
        )
        assert abs(along.value) < 1e-14
        for x in spectrum:
            if x is not along:
                found.setdefault((neuron_class, x.irrep), []).append(x.value)
    return found


@pytest.mark.parametrize(("name", "m"), MEMBERS)
@pytest.mark.parametrize("k", [9, 10**6])
def test_forms_are_the_spectrum_of_the_inner_hessian_at_any_point(name, m, k):
    member = family(name, m)
    with precision(BITS), mpmath.workdps(DIGITS):
        unknowns = random_unknowns(member, seed=k + m)
        found = eigenvalues(network(member, k, unknowns), k)
        expected = spectra(*space_and_parameters(member, k, unknowns))
    on_span = {key: x for key, x in found.items() if key[1] != "off_span"}
    assert set(on_span) == set(expected)
    for key, values in expected.items():
        np.testing.assert_allclose(np.array(on_span[key], dtype=float), values, rtol=1e-13)


@pytest.mark.parametrize(("name", "m", "k"), [("A", 0, 4), ("I", 1, 5), ("II", 2, 6)])
def test_forms_off_the_span_are_those_of_one_input_more(name, m, k):
    member, p = family(name, m), k - m
    with precision(BITS), mpmath.workdps(DIGITS):
        unknowns = random_unknowns(member, seed=k)
        found = eigenvalues(network(member, k, unknowns), k)
        x = entries(member, scale(member, k), unknowns)
        own = [x["a"]] * p + [x.get("d")] * m
        blocks = [[x["b"]] * p + [x.get("c")] * m] * p + [[x.get("f")] * p + [x.get("g")] * m] * m
        W = [[own[i] if i == j else row[j] for j in range(k)] for i, row in enumerate(blocks)]
        M = BallNetwork(W, box(np.eye(k), bits=BITS), BITS).orthogonal_hessian()
        for neuron_class, i in [("w", 0), ("s", k - 1)][: 1 + bool(m)]:
            (value,) = found[neuron_class, "off_span"]
            assert abs(value + mpmath.mpf(0.5) - extended_number(M[i, i])) < 1e-70


def at_infinity(name, m):
    """The family at h = 0."""
    member = family(name, m)
    point, _ = solve_at(member, 0.0, limit_guess(member))
    named = dict(zip(member.unknowns, point, strict=True))
    return ScaledNetwork(member, scale_at(member, 0.0, math.pi), named)


def matrix_on_t(x, neuron_class):
    (found,) = (
        y.form.matrix for y in inner_forms(x) if (y.neuron_class, y.irrep) == (neuron_class, "t")
    )
    return np.array([[float(entry) for entry in row] for row in found])


@pytest.mark.parametrize("m", [2, 3, 4, 7, 8, 15, 16])
def test_limits_of_the_determinants(m):
    gap, first = 2 - 4 / math.pi, 4 / math.pi
    limits = {
        ("II", "w"): -m * gap**2,
        ("II", "s"): 2 * first**2 - (m - 1) * gap**2,
        ("I", "w"): 8 - m * gap**2,
        ("I", "s"): (3 - m) * gap**2,
    }
    most = {("II", "w"): 0, ("II", "s"): 7, ("I", "w"): 15, ("I", "s"): 3}
    for (name, neuron_class), limit in limits.items():
        matrix = matrix_on_t(at_infinity(name, m), neuron_class)
        assert np.linalg.det(matrix) == pytest.approx(limit, abs=1e-9)
        assert (limit >= 0) == (m <= most[name, neuron_class])
        assert np.trace(matrix) < 1e-12


@pytest.mark.parametrize(
    ("name", "m", "least_k"),
    [("A", 0, None), pytest.param("I", 1, 20, marks=pytest.mark.slow)],
)
def test_signed_splits_of_the_first_families_are_minima_for_all_k(name, m, least_k):
    found, rows = signed_splits(name, m, least_k), "ws"[: 1 + bool(m)]
    assert found.least_k == proof(name, m, least_k).least_k
    assert found.ends == dict.fromkeys(rows)
    point, _ = critical_point(name, m, 50)
    assert all(x.value < 1e-15 for row in range(len(rows)) for x in point.split(row).inner_spectrum)


# Bounds are near the change: a certificate from the first minimum on takes some seconds.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "m", "least_k", "neuron_class", "first"),
    [("II", 1, 40, "w", 45), ("II", 2, 40, "w", 44), ("I", 5, 60, "s", 65)],
)
def test_others_are_minima_up_to_a_real_k(name, m, least_k, neuron_class, first):
    """The first whole k is that of `families`, the sign at real k that of `symmetry`."""
    found = signed_splits(name, m, least_k)
    (end,) = (x for x in found.ends.values() if x is not None)
    assert found.ends[neuron_class] is end
    assert 0 < end.upper - end.lower < Decimal("1e-9")
    assert first - 1 < end.lower < end.upper < first
    row = "ws".index(neuron_class)
    for k, has_both_signs in ((first - 1, False), (first, True), (10**6, True)):
        values = [x.value for x in critical_point(name, m, k)[0].split(row).inner_spectrum]
        assert min(values) < -1e-7
        assert (max(values) > 1e-9) == has_both_signs
    for k, sign in ((end.lower - Decimal("1e-7"), -1), (end.upper + Decimal("1e-7"), 1)):
        assert sign * upper_eigenvalue(name, m, least_k, neuron_class, float(k) ** -0.5) > 1e-13


def unknowns_at(name, m, least_k, h):
    guess = [float(x) for x in proof(name, m, least_k).piece_at(h**-2.0).at(h)]
    member = family(name, m)
    return dict(zip(member.unknowns, map(arb, solve_at(member, h, guess)[0]), strict=True))


def upper_eigenvalue(name, m, least_k, neuron_class, h):
    """Of a row on t, calculated by `symmetry` at a real k."""
    unknowns = unknowns_at(name, m, least_k, h)
    with mpmath.workdps(DIGITS), precision(BITS):
        k = extended_number(1 / arb(h) ** 2)
        return max(spectra(*space_and_parameters(family(name, m), k, unknowns))[neuron_class, "t"])


def test_the_slope_is_that_of_the_determinant():
    end = signed_splits("II", 1, 40).ends["w"]
    h, step = float(end.upper) ** -0.5, 2.0**-12
    defects = []
    for at in (h - step, h + step):
        x = network(family("II", 1), at**-2.0, unknowns_at("II", 1, 40, at))
        defects.append(-np.linalg.det(matrix_on_t(x, "w")))
    slope = (defects[1] - defects[0]) / (2 * step)
    assert slope < end.slope_upper < 0
    assert slope == pytest.approx(float(end.slope_upper), rel=5e-2)


@pytest.mark.parametrize(
    ("name", "m", "what"),
    [
        ("II", 1, "a single change of t of w above k = 1000"),
        # Its determinant is 0 at h = 0, and no more is known.
        ("I", 3, "a single change of t of s above k = 1000"),
    ],
)
def test_where_no_change_is_shown_nothing_is_said(name, m, what):
    found = signed_splits(name, m, 1000)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.INNER_HESSIAN_NOT_DEFINITE
    assert found.detail == f"not shown: {what}"


def widened(certificate, spread):
    pieces = [
        replace(x, location=replace(x.location, radius=x.location.radius + spread))
        for x in certificate.pieces
    ]
    return replace(certificate, pieces=tuple(pieces))


def test_pieces_that_are_too_wide_prove_nothing():
    found = enclose_signed_splits(widened(proof("II", 1, 1000), 0.3))
    assert isinstance(found, Failure)
    assert found.detail.startswith("not shown: that the inner Hessian is negative on off_span of w")
    with pytest.raises(UndefinedError):
        enclose_signed_splits(widened(proof("II", 1, 1000), 0.5))
