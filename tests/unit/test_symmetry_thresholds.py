"""The real k at which saddles become minima, and Puiseux series."""

import mpmath
import pytest

from helpers_symmetry import THRESHOLDS, known_point
from relu_landscape.families import (
    closed_form_inner_limits,
    closed_form_series,
    puiseux_series,
    stability_threshold,
)
from relu_landscape.symmetry import SolveError

FAMILIES = [("A", None), ("I", 1), ("I", 2), ("I", 3), ("II", 1), ("II", 2)]

# (family, m): coefficients of powers of h in loss and entries that have no closed form;
# source: derived for the design sheet.
DERIVED_COEFFICIENTS = {
    ("A", None): [("loss", 4, -1.27128895586542783)],
    ("I", 1): [
        ("loss", 3, 0.650327789591644183),
        ("r0.c0", 5, 4.7567078641627504),
        ("r0.c1", 5, 6.20582656245105),
        ("r1.diag", 3, -4.79875122302609),
        ("r1.c0", 4, 2.85541608510388),
    ],
    ("I", 2): [("loss", 3, 0.880426821744666608)],
    ("II", 1): [
        ("loss", 3, -0.109503810716632909),
        ("loss", 4, -1.37714680074381035),
        ("r0.c1", 5, 2.35645454557740467),
        ("r1.diag", 3, -1.69943168127760722),
        ("r1.c0", 4, -6.06498950245234915),
    ],
    ("II", 2): [
        ("loss", 3, 2 * -0.109503810716632909),
        ("loss", 4, -3.12425431769387884),
        ("r1.c1", 2, 1.92275557038170344),
        ("r1.c1", 3, 0.770217600688135),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize(("family", "m"), THRESHOLDS)
def test_thresholds(family, m):
    k, irrep, first_minimum, index_below = THRESHOLDS[family, m]
    found = stability_threshold(family, m=m)
    assert found.k == pytest.approx(k, abs=2e-11)
    assert found.irrep == irrep
    assert found.smallest_integer_above == first_minimum
    assert found.index_above == 0 < found.index_below
    assert known_point(family, first_minimum, m=m).index == 0
    assert known_point(family, first_minimum - 1, m=m).index == index_below


def test_threshold_of_one_representation():
    found = stability_threshold("II", m=2, irrep="s_m")
    assert found.k == pytest.approx(6.0140890170443, abs=2e-11)
    assert found.index_below - found.index_above == pytest.approx(0.9, abs=1e-9)


@pytest.mark.parametrize(("family", "first_minimum"), [("I", 12), ("II", 7)])
def test_thresholds_with_one_more_neuron(family, first_minimum):
    found = stability_threshold(family, m=1, extra=1)
    assert found.smallest_integer_above == first_minimum
    assert found.irrep == "s_p"


@pytest.mark.parametrize(
    ("family", "m", "first", "last"), [("II", 2, 11, 100), ("II", 3, 11, None), ("I", 2, 17, None)]
)
def test_thresholds_with_as_many_neurons_more_as_are_split(family, m, first, last):
    found = stability_threshold(family, m=m, extra=m)
    assert found.smallest_integer_above == first
    assert found.irrep == "s_p"
    assert (found.lost_k is None) if last is None else last < found.lost_k < last + 1
    whole = [first - 1, first, *([] if last is None else [last, last + 1])]
    minima = [known_point(family, k, m=m, extra=m).index == 0 for k in whole]
    assert minima == [False, True, *([] if last is None else [True, False])]


def test_a_threshold_in_many_digits():
    found = stability_threshold("II", m=2, extra=2)
    for k, sign in ((found.k, 1), (found.lost_k, -1)):
        values = [known_point("II", k + s * 1e-9, m=2, extra=2).smallest.value for s in (-1, 1)]
        assert sign * values[0] < 0 < sign * values[1]
        assert max(map(abs, values)) < 1e-11


def test_there_may_be_no_threshold():
    with pytest.raises(SolveError, match="negative at k = 10"):
        stability_threshold("A", extra=1)
    with pytest.raises(SolveError, match="stays positive"):
        stability_threshold("A", irrep="x_p")
    with pytest.raises(ValueError, match="no representation 'z'"):
        stability_threshold("A", irrep="z")


@pytest.mark.slow
@pytest.mark.parametrize(("family", "m"), FAMILIES)
def test_series(family, m):
    found = puiseux_series(family, m=m, terms=7)
    quantities = {"loss": found.loss, **found.entries}
    forms = closed_form_series(family, m=m)
    assert len(forms) >= 10
    for form in forms:
        series = quantities[form.quantity]
        with mpmath.workdps(40):
            assert abs(series.coefficients[form.power] - form.value) < 1e-18
        assert series.errors[form.power] < 1e-18
    for quantity, power, value in DERIVED_COEFFICIENTS.get((family, m), []):
        assert float(quantities[quantity].coefficients[power]) == pytest.approx(value, rel=3e-14)


@pytest.mark.slow
def test_a_series_predicts_the_loss():
    series = puiseux_series("II", m=1, terms=8).loss
    h = 200.0**-0.5
    predicted = sum(float(c) * h**power for power, c in enumerate(series.coefficients))
    assert predicted == pytest.approx(known_point("II", 200, m=1).loss, rel=1e-4)


def test_a_series_has_terms():
    with pytest.raises(ValueError, match="terms = 0"):
        puiseux_series("A", terms=0)


@pytest.mark.parametrize(("family", "m"), FAMILIES)
def test_limits_of_inner_eigenvalues(family, m):
    point = known_point(family, 1e10, m=m)
    limits = closed_form_inner_limits(family, m=m)
    for limit in limits:
        spectrum = point.split(limit.neuron_class).inner_spectrum
        softest = next(row.value for row in spectrum if row.irrep == limit.irrep)
        assert softest * 1e5 == pytest.approx(limit.value, rel=1e-4)
    assert limits
