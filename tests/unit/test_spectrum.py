"""The Hessian spectrum at the global minimum of n = k: closed form against eigenvalue solvers."""

import mpmath
import numpy as np
import pytest

from relu_landscape.global_minima import STRONG_CONVEXITY, global_minimum_spectrum
from relu_landscape.global_minima.spectrum import compare_spectrum
from relu_landscape.objective import population_hessian, reference_hessian

SHEET = {
    2: [(0.09084506, 1), (0.40915494, 1), (0.59084506, 1), (0.90915494, 1)],
    3: [(0.09084506, 3), (0.33109895, 2), (0.50727315, 1), (0.91890105, 2), (1.22019168, 1)],
    6: [
        (0.09084506, 15),
        (0.28708147, 5),
        (0.40915494, 9),
        (0.88966274, 1),
        (1.71291853, 5),
        (2.06526692, 1),
    ],
}


def repeated(spectrum):
    return np.repeat([value for value, _ in spectrum], [count for _, count in spectrum])


@pytest.mark.parametrize("extra_inputs", [0, 1, 3])
@pytest.mark.parametrize("k", range(2, 13))
def test_is_that_of_the_hessian(k, extra_inputs):
    d = k + extra_inputs
    V = np.eye(k, d)
    computed = np.linalg.eigvalsh(population_hessian(V, V))
    # A symmetric solver is right to a few roundings of the largest eigenvalue, at most 3.6 here.
    np.testing.assert_allclose(
        repeated(global_minimum_spectrum(k, d)), computed, rtol=0, atol=2e-14
    )


@pytest.mark.parametrize(("k", "d"), [(2, 2), (3, 3), (3, 4)])
def test_is_that_of_the_reference(k, d):
    V = np.eye(k, d)
    with mpmath.workdps(30):
        hessian = mpmath.matrix(reference_hessian(V, V, digits=30).tolist())
        exact = sorted(map(float, mpmath.eigsy(hessian, eigvals_only=True)))
    # The closed form is two or three operations on numbers of order one.
    np.testing.assert_allclose(repeated(global_minimum_spectrum(k, d)), exact, rtol=0, atol=1e-15)


@pytest.mark.parametrize("k", SHEET)
def test_values_and_multiplicities_of_the_sheet(k):
    values, counts = zip(*global_minimum_spectrum(k), strict=True)
    expected, multiplicities = zip(*SHEET[k], strict=True)
    np.testing.assert_allclose(values, expected, rtol=0, atol=5.1e-9)
    assert counts == multiplicities


@pytest.mark.parametrize("d", [None, 5, 9])
def test_multiplicities_are_positive_and_add_up(d):
    spectrum = global_minimum_spectrum(5, d)
    assert min(entry.multiplicity for entry in spectrum) > 0
    assert sum(entry.multiplicity for entry in spectrum) == 5 * (d or 5)
    assert spectrum == sorted(spectrum)
    assert spectrum[0] == (STRONG_CONVEXITY, 10)


@pytest.mark.parametrize(("k", "d"), [(1, None), (0, 2), (-1, None), (3, 2), (2, 1)])
def test_sizes_without_such_a_spectrum_are_refused(k, d):
    with pytest.raises(ValueError, match=rf"k = {k} teachers in d = {k if d is None else d} inp"):
        global_minimum_spectrum(k, d)


@pytest.mark.parametrize(("k", "d"), [(2, 3), (4, 4), (5, 8)])
def test_comparison_takes_the_eigenvalues_in_their_order(k, d):
    records = compare_spectrum(k, d)
    spectrum = global_minimum_spectrum(k, d)
    assert [(row["eigenvalue"], row["multiplicity"]) for row in records] == spectrum
    assert [row["rank"] for row in records] == list(range(len(spectrum)))
    assert {(row["k"], row["d"]) for row in records} == {(k, d)}
    assert max(row["largest_difference"] for row in records) < 1e-14


def test_comparison_sees_a_wrong_multiplicity(monkeypatch):
    module = "relu_landscape.global_minima.spectrum.global_minimum_spectrum"
    (low, first), (high, second), *rest = global_minimum_spectrum(3)
    doctored = [(low, first - 1), (high, second + 1), *rest]
    monkeypatch.setattr(module, lambda _k, _d: doctored)
    differences = [row["largest_difference"] for row in compare_spectrum(3, 3)]
    assert differences[1] == pytest.approx(high - low)
    assert max(np.delete(differences, 1)) < 1e-14
