"""Isotypic spectra against full Hessians, derived numbers, closed forms and a second program."""

import mpmath
import numpy as np
import pytest

from helpers_symmetry import SPECTRA, known_point
from relu_landscape.families import global_minimum_isotypic_spectrum
from relu_landscape.minima import smallest_eigenpair
from relu_landscape.objective import population_hessian
from relu_landscape.symmetry import (
    FixedPointSpace,
    extended,
    isotypic_blocks,
    isotypic_spectrum,
    morse_index,
    reference_slope_and_curvature,
)
from relu_landscape.symmetry.isotypic import _components
from relu_landscape.symmetry.refinement import refine_blocks


def repeated(spectrum):
    """All eigenvalues, ascending, each as often as its multiplicity says."""
    times = [round(row.multiplicity) for row in spectrum]
    assert times == [row.multiplicity for row in spectrum]
    return np.repeat([row.value for row in spectrum], times)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "m", "extra", "distinct"),
    [
        ("A", None, 0, 7),
        ("I", 1, 0, 12),
        ("II", 1, 0, 12),
        ("I", 2, 0, 19),
        ("II", 2, 0, 19),
        ("I", 3, 0, 21),
        ("II", 3, 0, 21),
        ("II", 4, 0, 22),
        ("A", None, 1, 9),
        ("I", 1, 1, 15),
        ("II", 1, 1, 15),
    ],
)
@pytest.mark.parametrize("k", [8, pytest.param(24, marks=pytest.mark.slow)])
def test_equal_to_the_full_spectrum(family, m, extra, distinct, k):
    point = known_point(family, k, m=m, extra=extra)
    full = np.linalg.eigvalsh(population_hessian(point.weights(), np.eye(k)))
    np.testing.assert_allclose(repeated(point.spectrum), full, rtol=0, atol=1e-12)
    assert len(point.spectrum) == distinct
    assert point.index == np.count_nonzero(full < 0)


@pytest.mark.parametrize(
    ("blocks", "extra", "absent"),
    [
        ((2,), 0, 0),
        ((3,), 0, 0),
        ((2, 2), 0, 0),
        ((3, 2), 1, 0),
        ((2, 3, 1), 0, 0),
        ((4, 1, 1), 2, 0),
        ((3, 2, 4), 0, 0),
        ((3, 5), 1, 1),
        ((4, 1), 0, 1),
        ((4,), 2, 1),
        ((2, 3, 4), 1, 2),
    ],
)
def test_equal_to_the_full_spectrum_at_points_that_are_not_critical(blocks, extra, absent):
    space = FixedPointSpace(blocks, extra, absent)
    parameters = np.random.default_rng(8).normal(size=space.dimension)
    full = population_hessian(space.embed(parameters), np.eye(int(space.k)))
    spectrum = isotypic_spectrum(space, parameters)
    np.testing.assert_allclose(repeated(spectrum), np.linalg.eigvalsh(full), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("family", "m", "k"), SPECTRA)
def test_complete_spectra(family, m, k):
    found = {}
    for row in known_point(family, k, m=m).spectrum:
        found.setdefault(row.irrep, []).append(row.value)
    expected = SPECTRA[family, m, k]
    assert found.keys() == expected.keys()
    for irrep, values in expected.items():
        # The derived numbers have twelve digits.
        np.testing.assert_allclose(found[irrep], values, rtol=2e-11)


@pytest.mark.parametrize("k", [4, 10, 57.5])
def test_closed_form_at_the_global_minimum(k):
    closed = global_minimum_isotypic_spectrum(k)
    blocks = isotypic_spectrum(FixedPointSpace((k,)), np.array([1.0, 0.0]))
    assert [row.value for row in closed] == pytest.approx([row.value for row in blocks], abs=1e-13)
    assert sum(row.multiplicity for row in closed) == pytest.approx(k**2)
    if k == 10:
        full = np.linalg.eigvalsh(population_hessian(np.eye(k), np.eye(k)))
        np.testing.assert_allclose(repeated(closed), full, rtol=0, atol=1e-13)


def test_closed_form_at_the_global_minimum_for_huge_k():
    arithmetic = extended(40)
    closed = global_minimum_isotypic_spectrum(1e8)
    blocks = isotypic_spectrum(FixedPointSpace((1e8,)), np.array([1.0, 0.0]), arithmetic)
    assert [row.value for row in closed] == pytest.approx([row.value for row in blocks], rel=1e-14)
    with pytest.raises(ValueError, match="k > 3"):
        global_minimum_isotypic_spectrum(3)


@pytest.mark.slow
@pytest.mark.parametrize(("family", "m", "extra"), [("II", 3, 0), ("I", 1, 1)])
def test_blocks_at_a_million_against_differences_of_the_loss(family, m, extra):
    point = known_point(family, 1e6, m=m, extra=extra)
    space, parameters = point.space, point.extended_parameters
    blocks = isotypic_blocks(space, parameters, extended(54))
    refined = refine_blocks(space)
    counts = np.array(refined.fine.entry_counts)
    for block, (irrep, _, vectors) in zip(blocks, _components(refined), strict=True):
        assert block.irrep == irrep
        for position, vector in enumerate(vectors):
            unit = vector.astype(float)
            unit /= np.sqrt(np.sum(counts * unit**2))
            with mpmath.workdps(40):
                _, curvature = reference_slope_and_curvature(
                    refined.fine, parameters[refined.lift], unit, digits=110
                )
                assert abs(block.matrix[position, position] / curvature - 1) < 1e-11


def test_spurious_spectra_approach_the_global_one():
    # Bulk eigenvalues: type I and A differ by k^{-1/2}/pi, type II by O(1/k).
    a = 0.25 - 0.5 / np.pi
    for family, m in (("A", None), ("I", 2)):
        point = known_point(family, 1e8, m=m)
        bulk = next(row for row in point.spectrum if row.irrep == "y_p")
        assert (a - bulk.value) * 1e4 == pytest.approx(1 / np.pi, rel=1e-3)
    point = known_point("II", 1e8, m=1)
    values = {row.irrep: row.value for row in reversed(point.spectrum)}
    assert abs(values["y_p"] - a) < 1e-8
    assert (a - values["s_p"]) * 1e4 == pytest.approx(1 / np.pi**2, rel=1e-2)


def test_index_agrees_with_the_full_hessian_at_a_saddle():
    point = known_point("A", 9, extra=1)
    W = point.weights()
    full = population_hessian(W, np.eye(9))
    assert point.index == 8 == np.count_nonzero(np.linalg.eigvalsh(full) < 0)
    softest = smallest_eigenpair(full, W, np.eye(9))
    assert abs(softest.value - point.smallest.value) < softest.error
    assert morse_index(point.spectrum) == point.index


def test_only_four_blocks_have_names():
    space = FixedPointSpace((2, 2, 2, 2, 2))
    with pytest.raises(ValueError, match="only the first 4 blocks"):
        isotypic_spectrum(space, np.random.default_rng(9).normal(size=space.dimension))
