"""I_1 with one neuron more at large k: derived leading terms against solved points."""

from functools import cache

import mpmath
import pytest

from relu_landscape.every_k.one_more_first_type import flattening_first_type
from relu_landscape.families import symmetric_critical_point


@cache
def measured(k):
    """The quantities of the leading terms at one k, over their powers of k."""
    point = symmetric_critical_point("I", k, m=1, extra=1)
    named = zip(point.space.parameter_names, point.extended_parameters, strict=True)
    values = {name: mpmath.mpf(str(x)) for name, x in named}
    f, further = values["r1.c0"], values["r2.c0"]
    apart = values["r1.diag"] - values["r2.c1"] - 1
    return {
        "eigenvalue": float(point.spectrum[0].value * k**0.75),
        "row": float((f + further) / 2 * k**0.75),
        "row_difference": float((further - f) * k),
        "length": float(apart * k**0.5),
        "column": float(values["r0.c1"] * k),
    }


@pytest.mark.parametrize("name", ["eigenvalue", "row", "row_difference", "length", "column"])
def test_leading_terms_are_approached_like_the_fourth_root(name):
    known = getattr(flattening_first_type(), name)
    gaps = [abs(measured(k)[name] / known - 1) for k in (10**8, 10**12)]
    # k^(-1/4) is 0.01 and 0.001
    assert gaps[0] < 0.025
    assert gaps[1] < 0.0025
    assert gaps[1] < gaps[0] / 5


def test_next_term_of_the_smallest_eigenvalue():
    """Extrapolated from two k, as far as a term of order k^(-1/2) goes."""
    known = flattening_first_type()
    near, far = ((measured(k)["eigenvalue"] - known.eigenvalue) * k**0.25 for k in (10**12, 10**8))
    assert (10 * near - far) / 9 == pytest.approx(known.next_eigenvalue, rel=1e-4)


def test_the_smallest_eigenvalue_is_trivial_and_simple():
    first, second, *_ = symmetric_critical_point("I", 10**8, m=1, extra=1).spectrum
    assert first.irrep == "t"
    assert second.value > 1000 * first.value
