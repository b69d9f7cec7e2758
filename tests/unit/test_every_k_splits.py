"""Eigenvalues of the inner Hessians of II_1 for every k: what a split of each neuron adds."""

from dataclasses import replace
from decimal import Decimal, localcontext
from functools import cache
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import arb

from helpers_every_k import (
    BITS,
    DIGITS,
    EXTENDED,
    critical_point,
    family,
    network,
    random_unknowns,
    space_and_parameters,
)
from relu_landscape import certify_family_for_all_k
from relu_landscape.certificates import Failure
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import enclose_split_series, enclose_splits, enclosed_series
from relu_landscape.every_k.records import split_rows, split_series_rows
from relu_landscape.every_k.split_eigenvalues import split_eigenvalues
from relu_landscape.every_k.taylor import UndefinedError
from relu_landscape.symmetry.inner_hessian import split_neuron_class

MEMBER = family("II", 1)
CLASSES = ("w", "s")


@cache
def proof():
    return certify_family_for_all_k("II", 1)


@cache
def splits():
    return enclose_splits(proof())


def named(found):
    """(class, irrep) -> eigenvalues in the order of their places."""
    by_name = {}
    for x in found:
        values = by_name.setdefault((x.neuron_class, x.irrep), [])
        assert x.place == len(values)
        values.append(x)
    return by_name


def true_eigenvalues(spectra):
    """The same of `symmetry`, without the 0 along each neuron, ascending."""
    found = {}
    for neuron_class, spectrum in zip(CLASSES, spectra, strict=True):
        along = min(
            (x for x in spectrum if x.irrep == "t"), key=lambda eigenvalue: abs(eigenvalue.value)
        )
        assert abs(along.value) < 1e-14
        for x in spectrum:
            if x is not along:
                found.setdefault((neuron_class, x.irrep), []).append(x.value)
    return found


@pytest.mark.parametrize("k", [7, 12, 97, 10**6])
def test_eigenvalues_are_the_spectrum_of_the_inner_hessian_at_any_point(k):
    with precision(BITS), mpmath.workdps(DIGITS):
        unknowns = random_unknowns(MEMBER, seed=k)
        space, parameters = space_and_parameters(MEMBER, k, unknowns)
        found = named(split_eigenvalues(network(MEMBER, k, unknowns)))
        expected = true_eigenvalues(
            [split_neuron_class(space, parameters, row, EXTENDED).inner_spectrum for row in (0, 1)]
        )
        assert set(found) == set(expected)
        for name, values in expected.items():
            own = [float(x.coefficient * arb(k).rsqrt() ** x.power) for x in found[name]]
            np.testing.assert_allclose(own, values, rtol=1e-13)


@pytest.mark.parametrize("k", [6, 10, 44, 45, 100, 10_000, 10**8])
def test_pieces_hold_the_eigenvalues_of_the_points_of_the_family(k):
    point, _ = critical_point("II", 1, k)
    expected = true_eigenvalues([point.split(row).inner_spectrum for row in (0, 1)])
    at = proof().pieces.index(proof().piece_at(k))
    found = named(splits()[at])
    assert set(found) == set(expected)
    for name, values in expected.items():
        for x, value in zip(found[name], values, strict=True):
            ((low, high),) = x.coefficients
            assert float(low) <= value * k ** (x.power / 2) <= float(high)
            assert high - low < Decimal("0.02")


def test_limits_are_the_constants_derived_by_hand():
    with mpmath.workdps(50), localcontext() as context:
        context.prec = 50
        pi = +mpmath.pi
        side = 1 / pi - 2 / pi**2
        expected = {
            ("w", "t"): [-side, side],
            ("w", "s_{p-1}"): [-1 / pi],
            ("s", "t"): [-4 / pi**2],
            ("s", "s_p"): [-2 / pi**2],
        }
        found = named(enclose_split_series(terms=2))
        assert {name: len(x) for name, x in found.items()} == {
            name: len(x) for name, x in expected.items()
        }
        for name, values in expected.items():
            for x, value in zip(found[name], values, strict=True):
                low, high = x.coefficients[0]
                assert low <= Decimal(mpmath.nstr(value, 50)) <= high
                assert high - low < Decimal("1e-37")
                assert x.power == (2 if name == ("w", "s_{p-1}") else 1)


def test_series_are_what_the_points_of_the_family_come_near():
    """With c_1 and c_2 the rest at k = 1e6 is of size h^3."""
    k = 10**6
    point, _ = critical_point("II", 1, k)
    expected = true_eigenvalues([point.split(row).inner_spectrum for row in (0, 1)])
    for name, values in named(enclose_split_series(terms=3)).items():
        for x, value in zip(values, expected[name], strict=True):
            partial = sum(float(low) * k ** (-n / 2) for n, (low, _) in enumerate(x.coefficients))
            assert value * k ** (x.power / 2) == pytest.approx(partial, abs=2e-8)


def test_special_row_splits_fastest_from_fifteen_neurons_on():
    """And an ordinary row up to thirteen, both along t; all three divided by h."""
    special, ordinary = 0, 0
    for piece, found in zip(proof().pieces, splits(), strict=True):
        left, right = piece.piece.left, piece.piece.right
        ends = {(*name, x.place): x.coefficients[0] for name, y in named(found).items() for x in y}
        (low, high), row = ends.pop(("s", "t", 0)), ends["w", "t", 0]
        if right**-2 >= 15:
            special += 1
            # negative, and its eigenvalue has a factor h more
            ends["w", "s_{p-1}", 0] = (ends["w", "s_{p-1}", 0][0] * Decimal(right), None)
            assert all(high < other for other, _ in ends.values())
        elif left and left**-2 <= 13:
            ordinary += 1
            assert row[1] < low
    assert special > 10
    assert ordinary > 10


def test_upper_eigenvalue_of_an_ordinary_row_changes_its_sign():
    """It is above 0 for large k, as its limit is, and below 0 at k = 6."""
    signs = []
    for found in splits():
        ((low, high),) = named(found)["w", "t"][1].coefficients
        signs.append(1 if low > 0 else -1 if high < 0 else 0)
    assert signs[0] == 1
    assert signs[-1] == -1
    assert signs == sorted(signs, reverse=True)


def test_pieces_that_are_too_wide_prove_nothing():
    certificate = proof()
    wide = [
        replace(x, location=replace(x.location, radius=x.location.radius + 0.5))
        for x in certificate.pieces
    ]
    with pytest.raises(UndefinedError):
        enclose_splits(replace(certificate, pieces=tuple(wide)))


def test_other_families_are_refused():
    found = certify_family_for_all_k("A", 0, least_k=1000)
    with pytest.raises(
        ValueError, match=r"family A with special_rows = 0; .* stated for II with 1"
    ):
        enclose_splits(found)
    with pytest.raises(ValueError, match="terms = 0; it must be 1 or more"):
        enclose_split_series(terms=0)


def test_a_limit_that_is_not_located_is_no_series(monkeypatch):
    monkeypatch.setattr(enclosed_series, "_NEWTON_STEPS", 1)
    assert isinstance(enclose_split_series(), Failure)


def test_rows_of_tables():
    rows = list(split_rows(proof(), splits()))
    assert len(rows) == 5 * len(proof().pieces)
    assert {(x.neuron_class, x.irrep, x.place) for x in rows} == {
        (0, "t", 0),
        (0, "t", 1),
        (0, "s_{p-1}", 0),
        (1, "t", 0),
        (1, "s_p", 0),
    }
    assert all(x.lower < x.upper for x in rows)
    for x, piece in zip(rows[::5], proof().pieces, strict=True):
        assert x.least_k == pytest.approx(piece.piece.right**-2)
        assert (x.largest_k is None) == (piece.piece.left == 0)
    series = list(split_series_rows(MEMBER, enclose_split_series(terms=2)))
    by_class = {(x.neuron_class, x.irrep, x.place): [] for x in series}
    for x in series:
        by_class[x.neuron_class, x.irrep, x.place].append(x)
    assert all(y.power == x.power + 1 for x, y in by_class.values())
    lowest = by_class[1, "t", 0][0]
    assert lowest.digits.startswith("-0.40528473456935108577551785283891")
    assert lowest.lower < float(lowest.digits) < lowest.upper
    assert lowest.exact == "-4/pi^2"
    for x, y in pairwise(sorted(x.piece for x in rows if x.irrep == "s_p")):
        assert y == x + 1
