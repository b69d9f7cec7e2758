"""The checker of Conjecture 12 against the reference in extended precision, which shares no code.

As in `helpers_checker`, each comparison takes the checker's module, so that a copy with a mistake
in it can be tried, too. Points have no symmetry and are not small; nothing cancels by accident.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import cache

import mpmath
import numpy as np
from flint import arb

from helpers_checker import assert_encloses, assert_refused, exact
from relu_landscape.global_minima.conjecture12_expansion import beginning
from relu_landscape.objective import reference_curvature_along

DIGITS = 60
STEP = mpmath.mpf(10) ** -12
ROWS = {
    2: ((0.25, -0.75), (0.5, -0.375)),
    3: ((0.25, -0.75, 0.5), (0.625, 0.125, -0.25), (-0.5, 0.375, -0.625)),
}
# t; a, M, N, c; h_1 and h_2 off the span of the teachers. Lemma 10 holds for both, neither, either.
OFF_SPAN = (
    (0.21875, (0.4375, -0.4375, 0.0, -0.5), (0.75, -0.125), (-0.625, 0.5)),
    (0.1875, (-0.625, -0.5, -0.625, -0.1875), (0.125, 0.25), (0.25, 0.625)),
    (0.21875, (-0.5625, 0.3125, -0.1875, -0.4375), (-0.375, -0.125), (0.625, -0.5)),
    (0.1875, (-0.125, 0.3125, 0.4375, -0.4375), (0.25, 0.25), (-0.125, 0.125)),
    (0.171875, (-0.125, 0.3125, 0.4375, -0.4375), (0.25, 0.25), (-0.125, 0.125)),
)
# The larger one of a and M with its sign, and a, M, N, c with |x_2| <= |x_1|: R of either sign, Q
# large and small.
IN_PLANE = (
    (("M", -1), (-0.625, -1.0, 1.0 - 2.0**-7, 0.625 - 2.0**-7)),
    (("M", -1), (-0.625, -1.0, 1.0 - 2.0**-8, 0.625 - 2.0**-8)),
    (("M", 1), (0.5, 1.0, -0.75, -0.25)),
    (("a", 1), (1.0, 0.375, 0.25, 0.75)),
    (("a", -1), (-1.0, 0.5, -0.5 - 2.0**-8, -0.875)),
)
# a, M, N, c, p, s of a row of length one and a shorter one.
WEIGHED = (
    (0.25, 0.5625, -0.5625, 0.3125, 0.5625, 0.5),
    (-0.3125, 0.1875, 0.5, 0.25, 0.625, 0.5625),
    (-0.125, 0.5, 0.6875, 0.1875, 0.375, -0.4375),
    (0.0625, 0.8125, -0.0625, -0.5, 0.625, -0.3125),
)
KERNEL = ((-0.625, 1.0), (-1.0, 0.625))


def extended_rows(rows):
    return np.array([[mpmath.mpf(x) for x in row] for row in rows], dtype=object)


@cache
def reference_K(rows, t):
    """d^2/dt^2 F(W* + t X), t > 0, as a second difference of the loss."""
    X = extended_rows(rows)
    V = extended_rows(np.eye(*X.shape))
    return reference_curvature_along(V + X * mpmath.mpf(t), V, X, digits=DIGITS)


def reference_bound(rows):
    X = extended_rows(rows)
    return ((X.sum(axis=0) ** 2).sum() + (1 - 2 / mpmath.pi) * (X**2).sum()) / 4


@cache
def off_span_slopes(t, plane, n, p, s):
    """K - n_1/2 - n_2/2 and its slopes in n, p, s, as differences."""

    def value(n, p, s):
        a, M, N, c = plane
        h = mpmath.sqrt(n)
        rows = ((a, M, h, 0), (N, c, s / h, mpmath.sqrt(p - (s / h) ** 2)))
        return reference_K(rows, t) - (extended_rows(rows) ** 2).sum() / 2

    at = [mpmath.mpf(x) for x in (n, p, s)]
    slopes = []
    for place in range(3):
        ends = [value(*(x + shift * (place == i) for i, x in enumerate(at)))
                for shift in (STEP, -STEP)]  # fmt: skip
        slopes.append((ends[0] - ends[1]) / (2 * STEP))
    return value(*at), slopes


def products_of(first, second):
    return [float(np.dot(x, y)) for x, y in ((first, first), (second, second), (first, second))]


def ray(check, start, length):
    """t = start + time, 0 <= time <= length."""
    return check.Taylor(arb(start), arb(1), arb(0), arb(0), check.between(0, length))


def assert_remainder(taylor, time, value, width):
    """a + b t + c t^2 + d t^3 holds the value with the ball for d, which is not wide."""
    time = arb(time)
    held = taylor.a + time * (taylor.b + time * (taylor.c + time * taylor.d))
    assert_encloses(held, value, width * float(time) ** 3 + 1e-20)


def functions_of_one_variable(check):
    """Inverse, root, arcsine and arctangent, with remainders that are tight at small times."""
    kinds = {
        "inverse": lambda x: 1 / x,
        "square_root": mpmath.sqrt,
        "arcsine": mpmath.asin,
        "arctangent": mpmath.atan,
    }
    for name, truth in kinds.items():

        def along(t, truth=truth):
            return truth(mpmath.mpf(0.5) - 0.75 * t + 0.25 * t**2 + 0.5 * t**3)

        coefficients = mpmath.taylor(along, 0, 3)
        for T in (2.0**-20, 2.0**-4):
            z = check.Taylor(*map(arb, (0.5, -0.75, 0.25, 0.5)), check.between(0, T))
            found = getattr(check, name)(z)
            for ball, expected in zip((found.a, found.b, found.c), coefficients, strict=False):
                assert_encloses(ball, expected, 1e-30)
            assert_encloses(found.d, coefficients[3], 1e4 * T)
            for time in (T / 2, T):
                assert_remainder(found, time, along(mpmath.mpf(time)), 1e4 * T)
        slope = getattr(check, name)(check.Slopes(arb(0.5), [arb(2)])).slopes[0]
        assert_encloses(slope, 2 * mpmath.diff(truth, mpmath.mpf(0.5)), 1e-30)


def products(check):
    """Sums and products, and what remains of them at all times."""
    T = 0.5
    first, second = (2.0, -1.0, 3.0, 0.5), (1.0, 2.0, -1.5, -2.0)
    x, y = (check.Taylor(*map(arb, c), check.between(0, T)) for c in (first, second))
    product = np.polynomial.polynomial.polymul(first, second)
    for found, expected in (
        (x * y, product),
        (x + y, np.add(first, second)),
        (x - y, np.subtract(first, second)),
        (3 * x + 1, np.add(np.multiply(3, first), (1, 0, 0, 0))),
    ):
        for ball, value in zip((found.a, found.b, found.c), expected, strict=False):
            assert ball == float(value)
        for time in (0.0, 0.25, T):
            assert found.d.contains(arb(float(np.polyval(expected[:2:-1], time))))
            assert found.value().contains(arb(float(np.polyval(expected[::-1], time))))
    # From the third coefficient the ball reaches over T times the fourth, T^2 times the fifth.
    # A product of balls is up to twice as wide as one of intervals.
    assert float((x * y).d.rad()) <= sum(abs(product[3 + i]) * T**i for i in (1, 2, 3))
    slopes = check.Slopes(arb(3), [arb(1), arb(2)]) * check.Slopes(arb(5), [arb(-1), arb(4)])
    assert (slopes.x, *slopes.slopes) == (15, 2, 22)
    many = 2 * (slopes - check.Slopes(arb(1), [arb(1), arb(1)])) + 1
    assert (many.x, *many.slopes) == (29, 2, 42)


def remainders(check):
    """With one time instead of an interval nothing is left open: d is what the formulas say."""
    first, second, T = (2.0, -1.0, 3.0, 0.5), (1.0, 2.0, -1.5, -2.0), 0.375
    x, y = (check.Taylor(*map(arb, c), arb(T)) for c in (first, second))
    product = np.polynomial.polynomial.polymul(first, second)
    assert_encloses((x * y).d, np.polyval(product[:2:-1], T), 1e-30)
    assert_encloses(x.value(), np.polyval(first[::-1], T), 1e-30)
    a, b, c, d = first
    q = b + c * T + d * T**2
    found = x.of(lambda z: 7 * z, lambda z: 5 * z, lambda z: 3 * z, lambda z: 11 * z)
    assert (found.a, found.b) == (7 * a, 5 * a * b)
    assert_encloses(found.c, 5 * a * c + 3 * a / 2 * b**2, 1e-30)
    expected = mpmath.mpf(5 * a * d + 3 * a / 2 * (q**2 - b**2) / T)
    assert_encloses(found.d, expected + mpmath.mpf(11 * (a + T * q) * q**3) / 6, 1e-30)
    slopes = check.Slopes(arb(2), [arb(3), arb(-1)]).of(lambda z: 7 * z, lambda z: 5 * z)
    assert (slopes.x, *slopes.slopes) == (14, 30, -10)


def numbers(check):
    """Squares, cubes and roots of balls that may be zero."""
    assert check.squared(arb(0, 0.5)).contains(arb(0.25))
    assert not check.squared(arb(0, 0.5)) < -1e-6
    assert check.squared(arb(0, 0.5)) > -1e-6
    assert check.squared(arb(-3)) == 9
    assert check.cubed(arb(-3)) == -27
    assert check.cubed(arb(0, 0.5)).contains(arb(-0.125))
    assert check.root(arb(4)) == 2
    assert check.root(arb(0, 0.25)).contains(arb(0.5))
    assert check.root(arb(0, 0.25)).contains(arb(0))
    assert float(check.root(arb(0, 0.25)).upper()) < 0.51


def curvatures(check):
    """K along rays, general and in the plane, from W* and from the middle of a ray."""
    T = 2.0**-6
    for k, rows in ROWS.items():
        X = [exact(row) for row in rows]
        for start in (0.0, 0.25):
            found = [check.curvature(ray(check, start, T), X)]
            if k == 2:
                found.append(check.plane_curvature(ray(check, start, T), *exact(np.ravel(rows))))
            for K in found:
                if start:
                    assert_encloses(K.a, reference_K(rows, start))
                for time in (T / 2, T):
                    value = reference_K(rows, start + time)
                    assert_remainder(K, time, value, 300 * T)
                    assert K.value().contains(arb(float(value)))
                assert float(K.value().rad()) < 0.1


def beginnings(check):
    """At W* the value of K is RHS + Q, and its slope T3."""
    for k, rows in ROWS.items():
        X, parts = [exact(row) for row in rows], beginning(extended_rows(rows), 1)
        K = check.curvature(ray(check, 0.0, 2.0**-8), X)
        assert_encloses(check.right_hand_side(X), reference_bound(rows))
        assert_encloses(K.a, reference_bound(rows) + parts.quadratic)
        assert_encloses(K.b, parts.cubic)
        if k == 2:
            plane = check.plane_curvature(ray(check, 0.0, 2.0**-8), *exact(np.ravel(rows)))
            assert_encloses(
                [[plane.a, plane.b]], [reference_bound(rows) + parts.quadratic, parts.cubic]
            )
        for m in (1, 2, 3):
            many = np.random.default_rng(m).integers(-8, 8, size=(m * k, k)) / 8
            expected = beginning(extended_rows(many), m).cubic
            assert_encloses(check.cubic_part([exact(row) for row in many], m), expected)


def slopes_off_the_span(check):
    """K - n_1/2 - n_2/2 and its slopes in n, p, s, where two rows leave the span."""
    for t, plane, first, second in OFF_SPAN:
        squares = products_of(first, second)
        value, slopes = off_span_slopes(t, plane, *squares)
        found = check.pair_curvature(arb(t), exact(plane), *exact(squares))
        assert_encloses(found.x, value)
        # Differences have an error of the order of the squared step.
        assert_encloses([[x + arb(0, 1e-20) for x in found.slopes]], slopes, 2e-20)


def margins_off_the_span(check):
    """Lemma 10 at points: whether both slopes outweigh the mixed one, by the reference."""
    outcomes = set()
    for t, plane, first, second in OFF_SPAN:
        squares = products_of(first, second)
        e_n, e_p, e_s = off_span_slopes(t, plane, *squares)[1]
        least = 1 / (2 * mpmath.pi) - abs(e_s - 0.5) / 2
        expected = bool(e_n + least > 0), bool(e_p + least > 0)
        outcomes.add(expected)
        for reach, share in ((2 * t, 1), (4 * t, 0.5)):
            box = [*exact(plane), *exact(squares), arb(share)]
            assert check.grows_off_the_span(arb(reach), box) == all(expected)
    assert len(outcomes) == 4
    # Where there are no such rows nothing is to be shown, however large t.
    for box in (
        (-0.75, 0.5, 0.5, -0.25, 0.25, 0.25, 0),
        (-0.25, 0.5, 0.5, -0.75, 0.25, 0.25, 0),
        (-0.75, 0.25, 0.25, -0.75, 0.125, 0.125, 0.25),
    ):
        assert check.grows_off_the_span(arb(0.5), [*exact(box), arb(2)])


def plane_decisions(check):
    """Lemma 11 at points: the least constant that is taken is that of the reference at the end."""
    reach = 2.0**-9
    for face, (a, M, N, c) in IN_PLANE:
        e, rows = mpmath.hypot(a, M), ((a, M), (N, c))
        least = (1 - reference_K(rows, reach / e) / reference_bound(rows)) / reach
        box = exact([a if face[0] == "M" else M, M + N, a + c])
        for shift, expected in ((1e-3, True), (-1e-3, False)):
            C = arb(float(least)) + shift
            assert check.holds_in_the_plane(face, C, arb(reach), box) == expected
    # Where Q = 0 it holds for all t from the leading constant on, R being positive.
    leading = -beginning(extended_rows(KERNEL), 1).cubic
    leading /= mpmath.hypot(*KERNEL[0]) * reference_bound(KERNEL)
    for shift, expected in ((1e-9, True), (-1e-9, False)):
        C = arb(float(leading)) + shift
        box = exact([-0.625, 0.0, 0.0])
        assert check.holds_in_the_plane(("M", 1), C, arb(reach), box) == expected
    # A second row that is longer: nothing to show, whatever the constant.
    for c, expected in ((-0.75, True), (0.0, False)):
        box = exact([0.5, 0.0, 0.5 + c])
        assert check.holds_in_the_plane(("M", 1), arb(-9999), arb(reach), box) == expected
    # At a larger reach the bend of R counts, and is taken for its worst.
    for face, (a, M, N, c) in IN_PLANE[-2:]:
        rows = ((a, M), (N, c))
        K = reference_K(rows, 0.0625 / mpmath.hypot(a, M))
        least = (1 - K / reference_bound(rows)) / 0.0625
        found = _least_constant(check, 0.0625, exact([M, M + N, a + c]), face)
        assert least - 1e-9 <= found <= least + 1e-2
    # In a box of several lengths each point is to hold up to its own end.
    S, D, sides = 0.5, 0.0, (-0.75, -0.5)
    known = [_least_constant(check, reach, exact([a, S, D])) for a in np.linspace(*sides, 5)]
    box = [check.between(*sides), arb(S), arb(D)]
    assert _least_constant(check, reach, box) > max(known)


def _least_constant(check, reach, box, face=("M", 1)):
    """The least C that is taken, by halving."""
    low, high = -1000.0, 1000.0
    for _ in range(40):
        middle = (low + high) / 2
        if check.holds_in_the_plane(face, arb(middle), arb(reach), box):
            high = middle
        else:
            low = middle
    return high


def gains(check):
    """The least of Q/t + t R up to the end, for R of either sign, small and large; and the end."""
    face, reach, (a, S, D) = ("M", 1), 0.0625, (0.5, 0.1875, 0.125)
    e, Q = mpmath.hypot(a, 1), (mpmath.mpf(S) ** 2 + mpmath.mpf(D) ** 2) / (2 * mpmath.pi)
    T, rows = reach / e, ((a, 1.0), (S - 1, D - a))
    original, seen = check.plane_curvature, []

    def constant(R, first=a):
        def bent(t, *_):
            seen.append(t.T)
            return check.Taylor(arb(0), arb(0), arb(R), arb(0), t.T)

        check.plane_curvature = bent
        try:
            return _least_constant(check, reach, [first, *exact([S, D])], face)
        finally:
            check.plane_curvature = original

    start = constant(0.0, arb(a))
    for R in (-3.0, 1.0, 2.0, 2.5, 3.0, 10.0, 50.0):
        inside = R > 0 and mpmath.sqrt(Q / R) < T
        gain = 2 * mpmath.sqrt(Q * R) if inside else Q / T + T * R
        expected = (Q / T - gain) / (e * reference_bound(rows))
        assert abs(constant(R, arb(a)) - start - expected) < 1e-7
    seen.clear()
    constant(1.0, check.between(-0.75, -0.5))
    assert all(x.contains(arb(reach / np.hypot(0.5, 1) * (1 - 1e-12))) for x in seen)


def times(check):
    """Both sweeps follow t itself, from 0 to the end."""
    seen, original = [], check.square_length

    def note(t, a, n):
        seen.append(t)
        return original(t, a, n)

    check.square_length = note
    try:
        check.holds_in_the_plane(("M", 1), arb(2), arb(0.0625), exact([0.75, 0.0, 0.0]))
        check.outweighs(arb(5), arb(0.05), exact([0.5, 0.5, 0.0, 0.0, 0.0, 0.0]))
    finally:
        check.square_length = original
    for t, end in zip(seen, (0.05, 0.05, 0.05, 0.05), strict=True):
        assert (t.a, t.b, t.c, t.d) == (0, 1, 0, 0)
        assert t.T.contains(arb(0))
        assert t.T.contains(arb(end))
        assert not t.T.contains(arb(end + 1e-3))


def bends(check):
    """The fourth order of two rows is that of the Taylor."""
    for _, (a, M, N, c), first, second in OFF_SPAN:
        n, p, s = products_of(first, second)
        time = ray(check, 0.0, 2.0**-8)
        rows = []
        for own, length in ((a, a * a + M * M + n), (c, c * c + N * N + p)):
            r = check.square_length(time, arb(own), arb(length))
            rows.append((arb(own), arb(length), r))
        K = check.two_students(time, rows[0], rows[1], arb(M + N), arb(a * N + M * c + s))
        for (own, length, r), across in zip(rows, (M, N), strict=True):
            K = K - check.other_teacher(time, own, arb(across), length, r)
        found = check.pair_bend(*exact([a, M, N, c, n, p, s]))
        assert found.overlaps(K.c / (2 * arb.pi()))
        assert float(found.rad()) + float(K.c.rad()) < 1e-30


def outweighed(check):
    """The least r that is taken at two rows is that of Lemma 13, but for the order of the reach."""
    reach = 2.0**-20
    for _, (a, M, N, c), (f, _), (g, h) in OFF_SPAN:
        n = 1 - a * a - M * M
        p, s = g * g + h * h, f * f * float(np.sign(g))
        turned = 2 * (a - c) ** 2 * (N - M) ** 2 + 10 * (1 - a * a) * (N * N + p)
        bend = check.pair_bend(*exact([a, M, N, c, n, p, s]))
        least = (9 * turned / (8 * np.pi) - float(bend)) / (1 + N * N + c * c + p)
        for shift, expected in ((1e-4, True), (-1e-4, False)):
            box = exact([a, M, N, c, p, s])
            assert check.outweighs(arb(least + shift), arb(reach), box) == expected
    # What depends on the reach: R is taken for its worst from 0 to the end.
    end, signs = 2.0**-5, set()
    for point in WEIGHED:
        found, needed = (
            _least_weight(check, *point, end),
            [reference_weight(*point, t) for t in (0, end)],
        )
        signs.add(needed[1] > needed[0])
        assert abs(needed[1] - needed[0]) > 1e-2
        assert max(needed) - 1e-9 <= found <= max(needed) + 2.5e-3
    assert len(signs) == 2
    # No such rows: nothing to show.
    for box in ((0.75, 0.75, 0, 0, 0, 0), (0, 0, 0.75, 0.75, 0, 0), (0.5, 0.5, 0, 0, 0.25, 0.5)):
        assert check.outweighs(arb(-99), arb(reach), exact(box))
        assert not check.outweighs(arb(-99), arb(reach), exact([*(0.5 * x for x in box[:5]), 0.0]))


def reference_weight(a, M, N, c, p, s, t):
    """The r with which Lemma 13 holds with equality at t, R being that of the form at t > 0."""
    f = mpmath.sqrt(1 - a * a - M * M)
    rows = ((a, M, f, 0), (N, c, s / f, mpmath.sqrt(p - (s / f) ** 2)))
    X = extended_rows(rows)
    n, own = (X**2).sum(axis=1), np.array([mpmath.mpf(a), mpmath.mpf(c)], dtype=object)
    turning = (n - own**2) ** 1.5 / mpmath.pi

    def rest(t):
        parts, r = beginning(X, 1), 1 + 2 * own * t + n * t**2
        pairs = reference_K(rows, t) + t * (turning / r**2).sum()
        start = reference_bound(rows) + parts.quadratic
        return (pairs - start - t * (parts.cubic + turning.sum())) / t**2

    R = rest(mpmath.mpf(t)) if t else 2 * rest(mpmath.mpf(2) ** -40) - rest(mpmath.mpf(2) ** -39)
    turned = 2 * (a - c) ** 2 * (N - M) ** 2 + 10 * (1 - a * a) * (N * N + p)
    return float((9 * turned / (8 * mpmath.pi) - R) / n.sum())


def _least_weight(check, a, M, N, c, p, s, reach):
    """The least r that is taken, by halving."""
    low, high = -50.0, 50.0
    for _ in range(40):
        middle = (low + high) / 2
        if check.outweighs(arb(middle), arb(reach), exact([a, M, N, c, p, s])):
            high = middle
        else:
            low = middle
    return high


def boxes(check):
    """A sweep halves until it is shown, covers all of the box, and gives up in the end."""
    seen = []

    def narrow(box):
        seen.append([(float(x.lower()), float(x.upper())) for x in box])
        return all(float(x.rad()) <= 0.2501 for x in box)

    assert check.sweep(((-1.0, 1.0), (0.0, 1.0)), narrow, "x") == 15
    leaves = [box for box in seen if all(high - low < 0.51 for low, high in box)]
    assert len(leaves) == 8
    for x, y in np.random.default_rng(0).uniform((-1, 0), (1, 1), size=(50, 2)):
        assert any(a[0] <= x <= a[1] and b[0] <= y <= b[1] for a, b in leaves)
    widths = []

    def never(box):
        widths.append(float(box[0].upper() - box[0].lower()))
        return False

    assert_refused(check, "y: not shown near [", check.sweep, ((0.0, 1.0),), never, "y")
    assert 2.0**-11 < min(widths) < 2.0**-9
    with few_boxes(check, 14):
        square = ((-1.0, 1.0), (0.0, 1.0))
        assert_refused(check, "x: not shown in 14 boxes", check.sweep, square, narrow, "x")


def coverage(check):
    """Sweeps start from all that the lemmas ask for, and all four sides in the plane are swept."""
    one, half = (-1.0, 1.0), (0.0, 1.0)
    wide = (-1 - np.sqrt(2), 1 + np.sqrt(2))
    asked = {
        "Lemma 10": [(*[one] * 4, half, half, one, (0.0, 2.0))],
        "Lemma 11": [(one, wide, wide)] * 4,
        "Lemma 13": [(*[one] * 4, half, one)],
    }
    starts, faces, original = {what: [] for what in asked}, [], check.sweep

    def note(start, holds, what):
        starts[what].append(start)
        faces.extend(holds.args[:1] if what == "Lemma 11" else [])
        return 1

    check.sweep = note
    try:
        check_line(check, corrected_fields())
        check_line(check, every_k_fields())
    finally:
        check.sweep = original
    for what, expected in asked.items():
        for found, needed in zip(starts[what], expected, strict=True):
            for (low, high), (least, most) in zip(found, needed, strict=True):
                assert low <= least
                assert high >= most
    assert sorted(faces) == [("M", -1), ("M", 1), ("a", -1), ("a", 1)]


@contextmanager
def few_boxes(check, most):
    """A sweep that gives up early."""
    before, check.MOST_BOXES = check.MOST_BOXES, most
    try:
        yield
    finally:
        check.MOST_BOXES = before


def roots(check):
    """A ball around the root of an increasing function, and none where there is none."""
    found = check.root_of_increasing(lambda x: x * x * x + arb(1) / 5)
    assert_encloses(found, -mpmath.cbrt(mpmath.mpf(1) / 5), 1e-35)
    for no_root in (lambda x: x + 1.5, lambda x: x + 1.25, lambda x: x - 0.5):
        assert_refused(check, "no root between -1 and 0", check.root_of_increasing, no_root)


# --- lines ------------------------------------------------------------------------------------


def ray_fields(**changed):
    turn = [["0", "-1"], ["1", "0"]]
    ends = ["1/100", "1/50", "3/100"]
    return {"statement": "conjecture12_ray", "bits": 64, "X": turn, "ends": ends,
            "cubic_upper": "-0.59", **changed}  # fmt: skip


def constant_fields(**changed):
    return {"statement": "conjecture12_leading_constant", "bits": 128, "k": 3,
            "size": "displacement", "lower": "3.503876787", "upper": "3.503876788",
            **changed}  # fmt: skip


def direction_fields(**changed):
    rows = [["0", "-1/2"], ["1/4", "-1/2"], ["1/2", "0"], ["1/2", "-1/4"]]
    return {"statement": "conjecture12_direction", "bits": 64, "m": 2, "X": rows, "lower": "1/2",
            **changed}  # fmt: skip


def point_fields(**changed):
    turn = [["0", "-1/16"], ["1/16", "0"]]
    return {"statement": "conjecture12_point", "bits": 96, "X": turn, "lower": "1/2",
            "reach": "1/10", **changed}  # fmt: skip


def corrected_fields(**changed):
    return {"statement": "conjecture12_corrected", "bits": 53, "k": 2, "constant": "6",
            "reach": "1/64", **changed}  # fmt: skip


def turn_over_cube(s):
    """(LHS - RHS)/s^3 of v_1 - s v_2, v_2 + s v_1, worked out by hand."""
    s = mpmath.mpf(s)
    return -2 / mpmath.pi * (1 - 2 * s - s**3) / (1 + s**2) ** 2


def number(value):
    return mpmath.nstr(mpmath.mpf(value), 40)


def rays(check):
    """Up to the bound at the last end, not beyond; of no other directions, and of no gaps."""
    accepted = "not shown from s = "
    edge = turn_over_cube(mpmath.mpf(3) / 100)
    weaker, stronger = (number(edge * (1 + share)) for share in (-0.02, 0.001))
    check_line(check, ray_fields(ends=fine(30, 1000), cubic_upper=weaker))
    too_much = ray_fields(ends=fine(30, 1000), cubic_upper=stronger)
    refuse(check, accepted, too_much, ray_fields(cubic_upper="-0.65"))
    # The first piece has its own formula: the slope at 0 is -2/pi.
    check_line(check, ray_fields(ends=["1e-30"], cubic_upper=number(-2 / mpmath.pi + 1e-12)))
    refuse(check, accepted, ray_fields(ends=["1e-30"], cubic_upper=number(-2 / mpmath.pi - 1e-12)))
    # At s = 1/50 it is -.61066 s^3.
    check_line(check, ray_fields(ends=["1/50"], cubic_upper="-0.6105"))
    refuse(check, accepted, ray_fields(ends=["1/50"], cubic_upper="-0.6107"))
    # It ends where s^3 + 2 s = 1.
    last = mpmath.findroot(lambda s: s**3 + 2 * s - 1, 0.45)
    ends = [*fine(90, 200), number(last - 1e-4)]
    check_line(check, ray_fields(ends=ends, cubic_upper="-1e-9"))
    refuse(check, accepted, ray_fields(ends=[*ends, number(last + 1e-6)], cubic_upper="-1e-9"))
    check_line(check, ray_fields(X=[["1/4", "-1"], ["1", "-1/4"]], cubic_upper="-0.5"))
    circle = [["0", "1", "-1"], ["-1", "0", "1"], ["1", "-1", "0"]]
    text = check_line(check, ray_fields(X=circle, cubic_upper="-0.1"))
    assert "every k >= 3" in text
    reasons = {
        "M + M^T must be diagonal": [{"X": [["0", "-1"], ["1.001", "0"]]}],
        "the trace of M must be 0": [{"X": [["1/4", "-1"], ["1", "1/4"]]}],
        "X must not be zero": [{"X": [["0", "0"], ["0", "0"]]}],
        "X must have two rows or more": [{"X": [["0"]]}, {"X": []}, {"X": "01"}],
        "X must be square": [{"X": [["0", "-1", "0"], ["1", "0", "0"]]}, {"X": [["0", "1"], "01"]}],
        "ends must be a list of numbers": [{"ends": []}, {"ends": "1/100"}],
        "ends must grow from above 0": [
            {"ends": ["0", "1/100"]}, {"ends": ["1/50", "1/50"]}, {"ends": ["1/50", "1/100"]},
            {"ends": ["-1/50"]},
        ],
        "cubic_upper must be negative": [{"cubic_upper": "0"}, {"cubic_upper": "1/10"}],
        "fields differ from the format": [{"reach": "1"}],
    }  # fmt: skip
    for reason, changes in reasons.items():
        refuse(check, reason, *(ray_fields(**change) for change in changes))


def fine(pieces, share):
    """Ends of pieces of length 1/share."""
    return [f"{piece}/{share}" for piece in range(1, pieces + 1)]


def constants(check):
    """The four constants, to twenty digits on either side."""
    b = 1 - 2 / mpmath.pi
    x = mpmath.findroot(
        lambda x: mpmath.diff(lambda y: mpmath.hypot(1, y) * ((1 + y) ** 2 + b * (1 + y**2)), x),
        -0.63,
    )
    least = mpmath.hypot(1, x) * ((1 + x) ** 2 + b * (1 + x**2))
    truth = {
        (2, "displacement"): 4 / (mpmath.pi * least),
        (2, "orthogonal"): 8 * (mpmath.pi - 1) / ((mpmath.pi - 2) * (3 * mpmath.pi - 2)),
        (3, "displacement"): 4 / (mpmath.pi - 2),
        (3, "orthogonal"): 4 / (mpmath.pi - 2),
    }
    slightly = mpmath.mpf(10) ** -20
    for (k, size), constant in truth.items():
        low, high = number(constant - slightly), number(constant + slightly)
        check_line(check, constant_fields(k=k, size=size, lower=low, upper=high))
        refuse(
            check,
            "the constant is not between lower and upper",
            constant_fields(k=k, size=size, lower=low, upper=low),
            constant_fields(k=k, size=size, lower=high, upper=high),
        )
    refuse(check, "fields differ from the format", constant_fields(m=1))
    wrong = (constant_fields(k=k) for k in (4, "3", 3.0, True, 1))
    refuse(check, "k must be 2, or 3", *wrong)
    refuse(check, "size must be one of", constant_fields(size="other"), constant_fields(size=[]))
    for rows, reason in (
        ([[0, 1, -1], [-1, 0, 2], [1, -2, 0]], "rows are not alike"),
        ([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]], "the sum of rows does not vanish"),
        ([[0, 1, -1], [1, 0, 1], [1, -1, 0]], "M + M^T must be diagonal"),
        ([[1, 1, -1], [-1, 0, 1], [1, -1, -1]], "a row is not orthogonal to its teacher"),
    ):
        assert_refused(check, reason, check.require_equality, rows)


def directions(check):
    """Up to the constant of the direction, by the expansion, and not beyond."""
    rows = [
        [mpmath.mpf(x) for x in row] for row in ((0, -0.5), (0.25, -0.5), (0.5, 0), (0.5, -0.25))
    ]
    X = np.array(rows, dtype=object)
    sums = X.reshape(2, 2, 2).sum(axis=1)
    e = mpmath.sqrt(max((X**2).sum(axis=1)))
    constant = -beginning(X, 2).cubic / (e * reference_bound(sums))
    assert constant > 0
    slightly = mpmath.mpf(10) ** -15
    check_line(check, direction_fields(lower=number(constant - slightly)))
    turn = [["0", "-1/2"], ["0", "-1/2"], ["1/2", "0"], ["1/2", "0"]]
    check_line(check, direction_fields(X=turn))
    refuse(check, "the constant is not shown", direction_fields(lower=number(constant + slightly)),
           direction_fields(lower="0"), direction_fields(lower="-1"))  # fmt: skip
    opposite = [["1", "0"], ["-1", "0"], ["0", "1"], ["0", "-1"]]
    reasons = {
        "m must be an integer >= 1": [{"m": 0}, {"m": "2"}],
        "X must have m rows a teacher": [{"m": 3}, {"X": []}, {"X": "0101"}],
        "X must have k columns": [
            {"m": 1},
            {"X": [["0", "0", "0"]] * 4},
            {"X": ["00"] * 4},
            {"X": [["0", "0"]] * 3 + [["0"]]},
        ],
        "fields differ from the format": [{"k": 2}],
        "the sums of rows must not all be zero": [{"X": opposite}],
        "M + M^T must be diagonal": [{"X": [["0", "1"], ["0", "0"], ["0", "0"], ["0", "0"]]}],
        "the trace of M must be 0": [{"X": [["1", "0"], ["0", "0"], ["0", "0"], ["0", "0"]]}],
    }
    for reason, changes in reasons.items():
        refuse(check, reason, *(direction_fields(**change) for change in changes))


def points(check):
    """Up to the constant of a point by the reference, and not beyond; and how large it may be."""
    rows = (
        (0.0078125, -0.0625, 0.0546875),
        (0.0615234375, 0.0, -0.0625),
        (-0.0546875, 0.0634765625, -0.0068359375),
    )
    eps = max(mpmath.sqrt(sum(mpmath.mpf(x) ** 2 for x in row)) for row in rows)
    constant = (1 - reference_K(rows, mpmath.mpf(1)) / reference_bound(rows)) / eps
    assert constant > 2
    X = [[repr(x) for x in row] for row in rows]
    slightly = mpmath.mpf(10) ** -15
    said = check_line(check, point_fields(X=X, lower=number(constant - slightly)))
    assert "eps <= 0.1, fails for every k >= 3, m = 1, d >= k" in said
    refuse(
        check, "not shown to be that small", point_fields(X=X, lower=number(constant + slightly))
    )
    turn = [["0", "-1/10"], ["1/10", "0"]]
    check_line(check, point_fields(X=turn))
    reasons = {
        "X must have two rows or more": [{"X": [["1/10"]]}, {"X": []}, {"X": "01"}],
        "X must be square": [{"X": [["0", "1/10", "0"], ["1/10", "0"]]}, {"X": [["0", "0"], "00"]}],
        "a row of X is not within reach": [
            {"X": [["0", "-1001/10000"], ["1/10", "0"]]},
            {"X": [["0", "-1/10"], ["1001/10000", "0"]]},
            {"reach": "1/17"},
        ],
        "reach must be positive": [{"reach": "0"}, {"reach": "0.1001"}],
        "lower must be positive": [{"lower": "0"}, {"lower": "-1"}, {"X": [["0", "0"]] * 2}],
        "fields differ from the format": [{"m": 1}],
    }
    for reason, changes in reasons.items():
        refuse(check, reason, *(point_fields(**change) for change in changes))


def corrected(check):
    """A constant that is large enough is taken, one that fails near W* is not, nor other sizes."""
    assert "every d >= 2" in check_line(check, corrected_fields())
    refuse(check, "Lemma 11: not shown", corrected_fields(constant="3/2"))
    with few_boxes(check, 5):
        refuse(check, "not shown in 5 boxes", corrected_fields(reach="1/10"))
    refuse(check, "fields differ from the format", corrected_fields(m=1))
    refuse(check, "only k = 2", *(corrected_fields(k=k) for k in (3, "2", 2.0)))
    refuse(check, "constant must be positive", corrected_fields(constant="0"))
    refuse(check, "reach must be positive", corrected_fields(reach="0"),
           corrected_fields(reach="-1/64"), corrected_fields(reach="0.1001"))  # fmt: skip


def every_k(check):
    """A weight that is large enough is taken, one that is not is refused; edges of the own part."""
    assert "every k >= 2, d >= k" in check_line(check, every_k_fields())
    shortest = (1 - mpmath.mpf(1) / 200) ** 2
    own = 45 / (8 * mpmath.pi) + (1 + shortest) / (mpmath.pi * shortest**2)
    edge = 4 * own / (1 - 2 / mpmath.pi)
    small = "quadratic is too small for a neuron and its teacher"
    refuse(check, small, every_k_fields(quadratic=number(edge * (1 - 1e-6))))
    with few_boxes(check, 500):
        not_shown = "Lemma 13: not shown in 500 boxes"
        refuse(check, not_shown, every_k_fields(quadratic=number(edge * (1 + 1e-6))))
    refuse(check, "fields differ from the format", every_k_fields(k=2))
    refuse(check, "quadratic must be positive", every_k_fields(quadratic="0"))
    refuse(check, "reach must be positive", every_k_fields(reach="0"),
           every_k_fields(reach="0.1001"))  # fmt: skip


def every_k_fields(**changed):
    return {"statement": "conjecture12_every_k", "bits": 53, "quadratic": "120", "reach": "1/200",
            **changed}  # fmt: skip


def check_line(check, fields):
    return check.check_line(json.dumps(fields))


def refuse(check, reason, *lines):
    for fields in lines:
        assert_refused(check, reason, check.check_line, json.dumps(fields))


COMPARISONS = [
    numbers,
    functions_of_one_variable,
    products,
    remainders,
    curvatures,
    beginnings,
    slopes_off_the_span,
    margins_off_the_span,
    plane_decisions,
    gains,
    times,
    bends,
    outweighed,
    boxes,
    coverage,
    roots,
]
LINE_COMPARISONS = [rays, constants, directions, points, corrected, every_k]
