"""Points of the families in scaled unknowns, and the same points in the project's own terms."""

from functools import cache

import mpmath
import numpy as np
from flint import arb

from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.structured import Structured, StructuredNetwork
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, entries, scale_at
from relu_landscape.families import Family, symmetric_critical_point
from relu_landscape.symmetry import FixedPointSpace
from relu_landscape.symmetry.arithmetic import extended
from relu_landscape.symmetry.isotypic import isotypic_blocks

BITS = 320
DIGITS = 80
EXTENDED = extended(DIGITS)
MEMBERS = [("A", 0), *((name, m) for m in (1, 2, 3, 5) for name in ("I", "II"))]


def family(name, m):
    return SymmetricFamily(Family(name), m)


def random_unknowns(member, seed):
    """Values that are no critical point, in balls."""
    rng = np.random.default_rng(seed)
    return {
        name: arb(float(x)) for name, x in zip(member.unknowns, rng.normal(size=6), strict=False)
    }


def scale(member, k):
    return scale_at(member, arb(k).rsqrt())


def network(member, k, unknowns):
    return ScaledNetwork(member, scale(member, k), unknowns)


def structured(member, k, unknowns):
    """The same students, for the structured network."""
    found, m = entries(member, scale(member, k), unknowns), member.special_rows
    if not m:
        return StructuredNetwork((k,), 0, Structured([found["a"]], [[found["b"]]]), BITS)
    rest = [[found["b"], found["c"]], [found["f"], found.get("g", arb(0))]]
    return StructuredNetwork((k - m, m), 0, Structured([found["a"], found["d"]], rest), BITS)


def space_and_parameters(member, k, unknowns):
    """The same students, for `symmetry`, in mpmath numbers."""
    found, m = entries(member, scale(member, k), unknowns), member.special_rows
    space = FixedPointSpace((k - m, m) if m else (k,))
    values = [0] * space.dimension
    own, rest = space.layout.own, space.layout.rest
    places = {"a": own[0], "b": rest[0][0]}
    if m:
        places |= {"c": rest[0][1], "d": own[1], "f": rest[1][0]}
    if m > 1:
        places["g"] = rest[1][1]
    for name, place in places.items():
        values[int(place)] = extended_number(found[name])
    return space, EXTENDED.array(values)


def extended_number(ball):
    """The middle of a ball, with DIGITS digits."""
    return mpmath.mpf(ball.mid().str(DIGITS + 5, radius=False)) if isinstance(ball, arb) else ball


def generalised_eigenvalues(form, gram):
    """Eigenvalues of K relative to Gram, ascending, in extended precision."""
    with mpmath.workdps(DIGITS):
        K, G = (
            mpmath.matrix([[extended_number(x) for x in row] for row in matrix])
            for matrix in (form, gram)
        )
        inverse = mpmath.inverse(mpmath.cholesky(G))
        return sorted(mpmath.eigsy(inverse * K * inverse.T, eigvals_only=True))


def assert_forms_on_the_span(forms, space_and_parameters, digits):
    """The forms but those off the span are the isotypic blocks: in names and eigenvalues."""
    expected = {
        block.irrep: sorted(EXTENDED.eigenvalues(block.matrix))
        for block in isotypic_blocks(*space_and_parameters, EXTENDED)
    }
    on_span = [form for form in forms if form.name != "off_span"]
    assert {form.name for form in on_span} == set(expected)
    for form in on_span:
        known = [mpmath.mpf(str(value)) for value in expected[form.name]]
        assert_eigenvalues(_eigenvalues(form), known, digits)


def assert_forms_off_the_span(forms, expected):
    """The forms off the span have these eigenvalues together."""
    found = [x for form in forms if form.name == "off_span" for x in _eigenvalues(form)]
    assert_eigenvalues(sorted(found), sorted(expected), 40)


def assert_eigenvalues(found, expected, digits):
    """Ascending, to so many digits."""
    for value, known in zip(found, expected, strict=True):
        assert abs(value - known) < mpmath.mpf(10) ** -digits * abs(known)


def _eigenvalues(form):
    """Of the Hessian: forms are 2 pi times as large."""
    return [
        value / (2 * mpmath.pi)
        for value in generalised_eigenvalues(form.form.matrix, form.gram.matrix)
    ]


@cache
def critical_point(name, m, k):
    """The critical point at k by `families`, and its scaled unknowns in balls."""
    with precision(BITS):
        return _critical_point(name, m, k)


def _critical_point(name, m, k):
    point = symmetric_critical_point(name, k, m=m or None)
    member = family(name, m)
    h = arb(k).rsqrt()
    where = scale_at(member, h)
    own, rest = point.space.layout.own, point.space.layout.rest

    def entry(place):
        return arb(str(point.extended_parameters[int(place)]))

    sign, tilt = member.sign, 0 if member.sign == 1 else 2
    e, t = where.e, where.t
    found = {
        "A": ((entry(own[0]) - sign) / e - tilt) / t,
        "B": (entry(rest[0][0]) / e - tilt) / t,
    }
    if m:
        found["C"] = entry(rest[0][1]) / e / (1 if sign == 1 else t)
        found["D"] = (entry(own[1]) + sign) / e
        found["F"] = entry(rest[1][0]) / e
    if m > 1:
        found["G"] = entry(rest[1][1]) / e
    return point, found
