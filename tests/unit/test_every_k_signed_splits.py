"""Inner Hessians of the families at every k: where signed splits of the rows are minima."""

import math
import re
from dataclasses import replace
from fractions import Fraction
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
from relu_landscape.certificates import BallNetwork, box
from relu_landscape.certificates.check_every_k import checked
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import (
    decide_signed_splits,
    every_k_lines,
    signed_splits,
    signed_splits_of,
)
from relu_landscape.every_k.branch import limit_guess, solve_at
from relu_landscape.every_k.inner_forms import inner_forms
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import entries, scale_at
from relu_landscape.symmetry.inner_hessian import split_neuron_class


@cache
def proof(name, m, least_k=None):
    return certify_family_for_all_k(name, m, least_k=least_k)


@cache
def decided(name, m, least_k=None):
    return decide_signed_splits(proof(name, m, least_k))


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


def outcomes(certificate):
    return {name: x.outcome for name, x in signed_splits_of(certificate).items()}


@pytest.mark.parametrize(
    ("name", "m", "least_k"),
    # det K of rows s of I_3 is 0 at k = infinity.
    [("A", 0, None), ("I", 3, 1000), pytest.param("I", 1, 20, marks=pytest.mark.slow)],
)
def test_signed_splits_of_the_first_families_are_minima_for_all_k(name, m, least_k):
    found, rows = decided(name, m, least_k), "ws"[: 1 + bool(m)]
    assert found.least_k == proof(name, m, least_k).least_k
    assert outcomes(found) == dict.fromkeys(rows, "minima")
    assert not any(x.turn for x in signed_splits_of(found).values())
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
    certificate = decided(name, m, least_k)
    found = signed_splits_of(certificate)
    assert [x for x, y in found.items() if y.turn] == [neuron_class]
    assert found[neuron_class].outcome == "turn"
    lower, upper = found[neuron_class].turn
    assert 0 < upper - lower < 1e-9
    assert first - 1 < lower < upper < first
    row = "ws".index(neuron_class)
    for k, has_both_signs in ((first - 1, False), (first, True), (10**6, True)):
        values = [x.value for x in critical_point(name, m, k)[0].split(row).inner_spectrum]
        assert min(values) < -1e-7
        assert (max(values) > 1e-9) == has_both_signs
    for k, sign in ((lower - Fraction(1, 10**7), -1), (upper + Fraction(1, 10**7), 1)):
        assert sign * upper_eigenvalue(name, m, least_k, neuron_class, float(k) ** -0.5) > 1e-13


@pytest.mark.slow
def test_the_checker_finds_the_same_turn():
    certificate = decided("II", 1, 40)
    lower, upper = signed_splits_of(certificate)["w"].turn
    *_, last = checked(every_k_lines(certificate))
    found = re.search(
        r"signed splits of w are minima to k = (\S+), strict saddles from k = (\S+) on, "
        "signed splits of s are minima$",
        last,
    )
    assert lower - Fraction(1, 10**10) < Fraction(found[1]) <= lower
    assert upper <= Fraction(found[2]) < upper + Fraction(1, 10**10)


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


@pytest.mark.parametrize(
    ("name", "m", "expected"),
    [
        # Beyond their turn.
        ("II", 1, {"w": "saddles", "s": "minima"}),
        ("I", 4, {"w": "minima", "s": "saddles"}),
    ],
)
def test_for_large_k_alone_there_may_be_no_turn(name, m, expected):
    assert outcomes(decided(name, m, 1000)) == expected
    assert (
        f"signed splits of {'ws'[m > 1]} are strict saddles"
        in [*checked(every_k_lines(decided(name, m, 1000)))][-1]
    )


def test_what_was_not_asked_is_undecided():
    assert outcomes(proof("II", 1, 1000)) == {"w": "undecided", "s": "undecided"}


def widened(certificate, spread):
    pieces = [
        replace(x, location=replace(x.location, radius=x.location.radius + spread))
        for x in certificate.pieces
    ]
    return replace(certificate, pieces=tuple(pieces))


@pytest.mark.parametrize("spread", [0.3, 0.5])
def test_pieces_that_are_too_wide_are_halved_where_the_branch_is_located_anew(spread):
    wide = widened(proof("II", 1, 10**6), spread)
    assert outcomes(decide_signed_splits(wide)) == {"w": "saddles", "s": "minima"}


def test_pieces_that_do_not_join_decide_nothing(monkeypatch):
    monkeypatch.setattr(signed_splits, "are_chained", lambda *_: False)
    assert decide_signed_splits(proof("II", 1, 1000)) is proof("II", 1, 1000)


def test_parts_that_are_not_certified_leave_the_piece_undecided(monkeypatch):
    monkeypatch.setattr(signed_splits, "locate", lambda *_: None)
    wide = widened(proof("II", 1, 10**6), 0.5)
    found = decide_signed_splits(wide)
    assert outcomes(found) == {"w": "undecided", "s": "undecided"}
    assert len(found.pieces) == len(wide.pieces)
