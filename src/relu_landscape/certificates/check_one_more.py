"""Check a further minimum: `python -m relu_landscape.certificates.check_one_more FILE...`.

One statement on n = k + 1 neurons, for every real k >= least_k at once; notation, numbers, series
and lemmas 1 to 15 are those of `check_every_k`, which this module continues and imports alone.

further_minimum_for_every_k. The first k - 1 rows and the last row t of II_1, and a short row s,

    w_i = a e_i + b sum_{j != i} e_j + c e_k,      t = g sum_j e_j + l e_k,    j < k,
    s = f sum_j e_j + d e_k,
    a = 1 + h^3 A,  b = e^2 B,  c = e C,  f = e F,  d = h D,  g = e G,  l = -1 + h H:

a spurious strict minimum, on one curve from k = infinity on, also in d > k inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from flint import arb, arb_mat, arb_series

from relu_landscape.certificates.check_every_k import (
    MOST_BITS,
    MOST_LEAST_K,
    Angle,
    Block,
    Copies,
    Forms,
    Located,
    LocatedPart,
    Matrix,
    Place,
    Refused as Refused,
    Scaled,
    arcsine,
    ball,
    bounds_said,
    coefficient,
    count,
    fields,
    further_forms,
    last_said,
    lower_bounds,
    rational,
    read,
    require,
    require_positive,
    run,
    shifted,
    single_copy,
    swept,
    twice_pi_form,
)

# --- 1. The network and its gradient ------------------------------------------------------------
# The rows w_i and t are two blocks, t of one row. Seen from s, w_i is nearly e_i, and t is nearly
# -e_k: with x the cosine of one and y or -y that of the other, x -+ y is small, and is
#     cos(s, w_i) - cos(s, e_i) = (f (y1 - N) + c d)/(N |s|),       y1 = a + (k - 2) b,
#     cos(s, t) + cos(s, e_k) = ((k - 1) f g + d (l + M))/(M |s|).
# Lemma 21. For x, y in (-1, 1), sqrt(1 - x^2) - sqrt(1 - y^2) = (y - x)(y + x) over their sum, and
# asin x - asin y = asin(x sqrt(1 - y^2) - y sqrt(1 - x^2)) if it lies between -pi/2 and pi/2. It
# does: it is the difference of the angles of s with e_i and with w_i, or with -e_k and with t, so
# its size is at most the angle of those two, which a Block requires to be acute.


class Twins:
    """Two angles of s whose cosines nearly agree: with a student, and with sign times a teacher."""

    def __init__(self, student: Angle, teacher: Angle, sign: int, apart: Scaled) -> None:
        """apart: cos of the student's angle - sign cos of the teacher's."""
        self.student, self.teacher, self.sign, self.apart = student, teacher, sign, apart
        x, y = student.cosine, sign * teacher.cosine
        self.sines = -1 * apart * (x + y) / (student.sine + teacher.sine)
        self.tilts = arcsine(apart * teacher.sine - y * self.sines)


class OneMore:
    """The two blocks and s."""

    def __init__(self, first: Block, last: Block, f: Scaled, d: Scaled) -> None:
        first.other, last.other = last, first
        for block in (first, last):
            block.measure()
        for block in (first, last):
            block.meet()
        self.first, self.last, self.f, self.d = first, last, f, d
        n = first.n
        self.length = (n * f * f + d * d).sqrt()
        inverse = self.length.inverse()
        self.sum = first.own + first.others * first.off
        row = Angle((self.sum * f + first.cross * d) * first.inverse * inverse)
        self.row_moved = (self.sum - first.norm) * f + first.cross * d
        teacher = Angle(f * inverse)
        self.rows = Twins(row, teacher, 1, self.row_moved * first.inverse * inverse)
        special = Angle((n * f * last.cross + d * last.own) * last.inverse * inverse)
        moved = n * f * last.cross + d * (last.own + last.norm)
        own = Angle(d * inverse)
        self.special = Twins(special, own, -1, moved * last.inverse * inverse)
        # the sum of |v| sin t over students minus teachers, as seen from s; and s seen from others
        self.turning = n * (first.norm * self.rows.sines + (first.norm - 1) * teacher.sine)
        self.turning += last.norm * self.special.sines + (last.norm - 1) * own.sine
        first.turning += self.length * row.sine
        last.turning += self.length * special.sine


def network_with_short_row(at: Place, x: dict[str, Any]) -> OneMore:
    """The network; x holds a series for each of A, B, C, F, D, G, H."""

    def of(name: str, degree: int) -> Scaled:
        return at.unknown(degree, x[name])

    first = Block(at.term(-2) - 1, 1 + of("A", 3), of("B", 4), of("C", 2), 1)
    last = Block(at.term(0), of("H", 1) - 1, at.term(0, 0), of("G", 2), -1)
    return OneMore(first, last, of("F", 2), of("D", 1))


def residual_with_short_row(students: OneMore) -> list[Any]:
    """Three coordinates of w_i, one of s and t; that of both along e_k minus that of w_i."""
    first, last, f, d = students.first, students.last, students.f, students.d
    rows, special = students.rows, students.special
    S, special_S = first.column() + f, last.column() + d
    (own, off, cross), (last_own, _, last_cross) = first.gradient(), last.gradient()
    inverse = students.turning * students.length.inverse()
    tilt, special_tilt = rows.student.tilt, special.student.tilt
    # b w_j summed over students minus b e_j over teachers, and the sines along s
    short = inverse * f + tilt * (students.sum - 1) + rows.tilts + special_tilt * last.cross
    short_special = inverse * d + tilt * first.n * first.cross - special.tilts
    short_special += special_tilt * (last.own + 1)
    third = cross[0], cross[1] + tilt * d
    return [
        X.over(degree) * (arb.pi() / 2) + Y.over(degree)
        for X, Y, degree in (
            (own[0] + S, own[1] + tilt * f, 1),
            (off[0] + S, off[1] + tilt * f, 2),
            (third[0] + special_S, third[1], 0),
            (f + S, short, 2),
            (last_cross[0] + S, last_cross[1] + special_tilt * f, 2),
            (d - third[0], short_special - third[1], 1),
            (last_own[0] - third[0], last_own[1] + special_tilt * d - third[1], 1),
        )
    ]


# --- 2. The Hessian -----------------------------------------------------------------------------
# Lemma 22. To the components of II_1 with m = 1 (Lemmas 4 to 9) s adds the vectors u_s = 1' and
# u_s = e_k to t, and u_s = v to s, 1' = sum_{j < k} e_j. For u_s = r v + q e_k, v of type 1 or s,
# q = 0 for type s, with t = sum v, all products with w_i and e_i are multiples of v_i, and
#     u_s.s = t f r + d q,  u_s.w_i = r (a - b + t b) + c q,  u_s.t = t g r + l q,  u_s.e_i = r.
# h1 of s, with 1/|s|, is taken of each student minus its twin: with u.v^ - cos u.s^ = x for the
# student and y for the teacher, x - sign y is small, and
#     |w| x x'/sin_w - y y'/sin_e = (|w|/sin_w - 1/sin_e) y y' + (|w|/sin_w)(sign (y z' + z y') +
#     z z'),  z = x - sign y.


class ShortVector:
    """u_s = r v + q e_k."""

    def __init__(self, students: OneMore, trivial: bool, r: Scaled, q: Scaled) -> None:
        first, last, rows, special = (
            students.first, students.last, students.rows, students.special)  # fmt: skip
        self.r, self.q, self.sum = r, q, first.n if trivial else first.n * 0
        inverse = students.length.inverse()
        self.along = (self.sum * students.f * r + students.d * q) * inverse  # u.s^
        apart = first.own - first.off + self.sum * first.off
        self.row = (r * apart + first.cross * q) * first.inverse  # u.w^
        self.special = (self.sum * last.cross * r + last.own * q) * last.inverse  # u.t^
        # x and z for the rows and for t
        self.teacher = r - rows.teacher.cosine * self.along
        moved = (r * (apart - first.norm) + first.cross * q) * first.inverse
        self.moved = moved - rows.apart * self.along
        self.special_teacher = q - special.teacher.cosine * self.along
        moved = (self.sum * last.cross * r + (last.own + last.norm) * q) * last.inverse
        self.special_moved = moved - special.apart * self.along


def twin_terms(twins: Twins, norm: Scaled, y: Sequence[Scaled], z: Sequence[Scaled]) -> Scaled:
    """Lemma 22: |w| x x'/sin_w - y y'/sin_e."""
    student, teacher = twins.student, twins.teacher
    differ = (norm - 1) * teacher.sine - twins.sines
    value = differ * y[0] * y[1] * student.over_sine * teacher.over_sine
    turned = twins.sign * (y[0] * z[1] + z[0] * y[1]) + z[0] * z[1]
    return value + norm * turned * student.over_sine


VECTORS = {
    "t": (True, {"own": 2, "row": 3, "cross": 2}, {"own": 0, "cross": 1}),
    "s_p": (False, {"own": 1, "row": 2, "column": 3, "cross": 1}, {"cross": 1}),
}


def forms_with_short_row(students: OneMore, name: str) -> tuple[Matrix, Matrix]:
    """The two matrices of t or s_p: vectors of the rows w, of t, and of s."""
    first, last, at = students.first, students.last, students.f.at
    trivial, *degrees = VECTORS[name]
    types = (trivial, True)
    copies = [
        Copies(block, types[P], types[1 - P], [{x: at.term(j)} for x, j in degrees[P].items()])
        for P, block in enumerate((first, last))
    ]
    one, zero = at.term(1), at.term(0, 0)
    short = [ShortVector(students, trivial, one, zero)]
    if trivial:
        short.append(ShortVector(students, trivial, zero, at.term(0)))
    sizes = [len(copies[0].own), len(copies[1].own), len(short)]
    start, size = sizes[0], sum(sizes)
    K, G = ([[arb_series([0], at.length)] * size for _ in range(size)] for _ in range(2))

    def put(i: int, j: int, X: Scaled, Y: Scaled) -> None:
        K[i][j] = K[j][i] = twice_pi_form(X, Y)

    twins = (students.rows, students.special)
    other_sum = first.n if trivial else zero
    aside = [rows_on_short(students, copies[0]), last_on_short(students, copies[1], other_sum)]
    for P, (x, twin) in enumerate(zip(copies, twins, strict=True)):
        shift = P * start
        for i, j, X, Y, square in x.forms():
            seen = [
                aside[P][a] - twin.student.cosine * x.along[a] * x.block.inverse for a in (i, j)
            ]
            Y += x.block.n * students.length * seen[0] * seen[1] * (
                twin.student.over_sine * x.block.inverse)  # fmt: skip
            put(shift + i, shift + j, X, Y)
            G[shift + i][shift + j] = G[shift + j][shift + i] = square.over(0)
    for j, i, X, Y in copies[0].mixed_forms(copies[1]):
        put(start + j, i, X, Y)
    for a, u in enumerate(short):
        place = sizes[0] + sizes[1] + a
        for P, (x, twin) in enumerate(zip(copies, twins, strict=True)):
            cosine, toward = twin.student.cosine, u.row if P == 0 else u.special
            for i in range(sizes[P]):
                # sum of the rows times u_s
                totals = (x.total[i], x.other_total[i])
                per_first, per_last = totals if P == 0 else totals[::-1]
                sums = first.n * per_first * u.r + per_last * u.q
                along = x.along[i] * x.block.inverse
                Y = along * u.along + aside[P][i] * toward
                Y -= cosine * (along * toward + aside[P][i] * u.along)
                Y = x.block.n * Y * twin.student.over_sine + twin.student.tilt * sums
                put(place, P * start + i, sums, Y)
        for b, v in enumerate(short[: a + 1]):
            square = first.n * u.r * v.r + u.q * v.q
            put(place, place - a + b, 2 * square, own_terms(students, u, v, square))
            G[place][place - a + b] = G[place - a + b][place] = square.over(0)
    return K, G


def rows_on_short(students: OneMore, x: Copies) -> list[Scaled]:
    """u_i.s^ over v_i."""
    f, d, inverse = students.f, students.d, students.length.inverse()
    return [
        ((own + x.block.others * row + (x.sum - 1) * column) * f + cross * d) * inverse
        for own, (row, column), cross in zip(x.own, x.same, x.cross, strict=True)
    ]


def last_on_short(students: OneMore, x: Copies, other_sum: Scaled) -> list[Scaled]:
    """u_t.s^."""
    f, d, inverse = students.f, students.d, students.length.inverse()
    pairs = zip(x.own, x.cross, strict=True)
    return [(own * d + other_sum * cross * f) * inverse for own, cross in pairs]


def own_terms(students: OneMore, u: ShortVector, v: ShortVector, square: Scaled) -> Scaled:
    """h1 of s on two vectors."""
    n, rows, special = students.first.n, students.rows, students.special
    value = students.turning * (square - u.along * v.along)
    value += n * twin_terms(
        rows, students.first.norm, (u.teacher, v.teacher), (u.moved, v.moved))  # fmt: skip
    value += twin_terms(
        special, students.last.norm, (u.special_teacher, v.special_teacher),
        (u.special_moved, v.special_moved))  # fmt: skip
    return value * students.length.inverse()


def span_forms_with_short_row(students: OneMore) -> Iterator[Forms]:
    """Components of the Hessian on the span of the teachers."""
    n, one = students.first.n, students.f.at.term(0)
    yield ("t", one, *forms_with_short_row(students, "t"))
    yield ("s_p", n - 1, *forms_with_short_row(students, "s_p"))
    for sign, name, dimensions in ((1, "x_p", n * (n - 3) / 2), (-1, "y_p", (n - 1) * (n - 2) / 2)):
        form = twice_pi_form(one, single_copy(students.first, sign))
        yield name, dimensions, [[form]], [[one.over(0)]]


def off_span_forms(students: OneMore) -> Iterator[Forms]:
    """Lemma 8: of the vectors 1 of both blocks and s; of those of sum zero."""
    (name, one, K, G), *rest = further_forms([students.first, students.last])
    product = students.first.n * one.at.term(2)
    beside = [
        twice_pi_form(product, product * students.rows.student.tilt),
        twice_pi_form(one, students.special.student.tilt),
    ]
    own = twice_pi_form(2 * one, students.turning * students.length.inverse())
    zero = arb_series([0], one.at.length)
    K = [[*row, x] for row, x in zip(K, beside, strict=True)] + [[*beside, own]]
    G = [[*row, zero] for row in G] + [[zero, zero, one.over(0)]]
    yield name, one, K, G
    yield from rest


# --- 3. Lines and files -------------------------------------------------------------------------
# Lemma 23. F > 0 where a > 0 and c > 0. Were F = 0, sum_i relu(w_i.x) = sum_j relu(v_j.x) for all
# x. The left side has a kink on w_1.x = 0, as all weights of students are 1, the right side has its
# kinks on v_j.x = 0, so w_1 would be parallel to some v_j; but two coordinates of it are not 0.

# Lemma 24. Let p(u, v) be the residual at h = c + u, at x~(h) + y and one unknown more by v. Its
# derivative by that unknown is p_v(u, 0) = p_v(0, 0) + u p_uv(u', 0) for a u' between, entry by
# entry, and r p_uv is the second Taylor coefficient of p(u + s, r s) in s less those of p(u + s, 0)
# and p(u, r s). Any r will do; as coefficients in h are larger, their balls are, and r > 1 is best.

RATIO = 4
COMPONENTS = ["t", "s_p", "x_p", "y_p", "off_span"]


class FurtherHeader:
    """The first line."""

    names = ("A", "B", "C", "F", "D", "G", "H")

    def __init__(self, line: Any) -> None:
        fields(line, ["statement", "family", "special_rows", "further_rows", "least_k", "bits",
                      "unknowns"], "the header")  # fmt: skip
        statement = line["statement"]
        require(statement == "further_minimum_for_every_k", f"unknown statement {statement!r:.60}")
        require(line["family"] == "II", f"unknown family {line['family']!r:.60}")
        for name in ("special_rows", "further_rows"):
            count(line, name, 1, 1)
        require(line["unknowns"] == list(self.names), f"unknowns must be {list(self.names)}")
        self.bits = count(line, "bits", 53, MOST_BITS)
        self.least_k = rational(line["least_k"])
        # So the first block has all the components of Lemma 4.
        require(5 <= self.least_k <= MOST_LEAST_K, f"least_k must be from 5 to {MOST_LEAST_K}")

    def network(self, at: Place, x: dict[str, Any]) -> OneMore:
        """As `network_with_short_row`."""
        return network_with_short_row(at, x)

    def residual(self, students: OneMore) -> list[Any]:
        """As `residual_with_short_row`."""
        return residual_with_short_row(students)


class FurtherPiece(Located):
    """A further line."""

    def __init__(self, line: Any, header: Any) -> None:
        super().__init__(line, header, ["eigenvalue_lower"])
        self.lower = lower_bounds(line, COMPONENTS)

    def part(self, low: Fraction, high: Fraction) -> FurtherPart:
        """A part of it, to be checked."""
        return FurtherPart(self, low, high)


class FurtherPart(LocatedPart):
    """A part of a piece."""

    def moved(self, place: Place, widths: Sequence[Any], along: int, rate: int) -> list[Any]:
        """The residual as series in h, in the unknown number `along`, or in both at once.

        As `blocks`, but that unknown, if there is one of this number, moves at this rate, beside h.
        """
        s = place.low.union(place.high) - ball(self.center)
        x = {}
        for i, (name, terms) in enumerate(
            zip(self.header.names, self.piece.predicted(self.center), strict=True)
        ):
            a, b, c = map(ball, terms)
            value, step = a + s * (b + s * c) + arb(0, widths[i]), int(along == i) * rate
            series = [value, b + 2 * s * c + step, c] if place.moves else [value, step]
            x[name] = arb_series(series[: place.length], place.length)
        return residual_with_short_row(network_with_short_row(place, x))

    def jacobian(self, widths: Sequence[Any]) -> Any:
        """Lemma 24, over the part."""
        center, low, high = ball(self.center), ball(self.low), ball(self.high)
        still = Place(center, center, 2, False)
        moving, both = Place(low, high, 3, False), Place(low, high, 3, True)
        alone = self.moved(both, widths, -1, 0)
        columns = []
        for along in range(len(widths)):
            found = (
                self.moved(both, widths, along, RATIO),
                self.moved(moving, widths, along, RATIO),
                alone,
                self.moved(still, widths, along, 1),
            )
            column = []
            for together, unknown, h, g in zip(*found, strict=True):
                mixed = coefficient(together, 2) - coefficient(unknown, 2) - coefficient(h, 2)
                column.append(coefficient(g, 1) + mixed * arb(0, self.reach) / RATIO)
            columns.append(column)
        return arb_mat(columns).transpose()

    def check(self) -> None:
        """All that the piece says."""
        widths = self.located()
        point, whole = self.at_center(2, widths), self.over_all(3, widths)
        # For a Block a > 0 is required.
        require(whole.first.cross.over(2)[0] > 0, "F > 0 is not shown")
        k = whole.first.n + 1
        self.check_eigenvalues(span_forms_with_short_row, k * (k + 1), point, whole)
        self.check_eigenvalues(off_span_forms, k + 1, point, whole)

    def check_eigenvalues(
        self,
        components: Callable[[OneMore], Iterator[Forms]],
        dimensions: Scaled,
        point: OneMore,
        whole: OneMore,
    ) -> None:
        """Lemmas 4 to 9 and 22, for a space of so many dimensions."""
        pairs = zip(components(point), components(whole), strict=True)
        for (name, dimension, K, G), (*_, K_all, G_all) in pairs:
            dimensions -= len(K) * dimension
            bound = 2 * arb.pi() * ball(self.piece.lower[name])
            M = [shifted(K, G, bound, 0), shifted(K, G, bound, 1)]
            M.append(shifted(K_all, G_all, bound, 2))
            require_positive(M, self.reach, f"eigenvalue_lower of {name} is not shown")
        require(dimensions.is_zero(), "the components do not fill the space")


def checked(lines: Sequence[str]) -> Iterator[str]:
    """Check a file line by line; yield what each line says, and at last what all of them prove.

    Raises:
        Refused: a line does not hold, or the pieces do not cover all k.
    """
    require(lines, "the file is empty")
    header = FurtherHeader(read(lines[0]))
    yield f"II_1 with one neuron more, k >= {header.least_k}"
    least: dict[str, Fraction] = {}
    for piece in swept(header, lines[1:], FurtherPiece):
        least = {name: min(x, least.get(name, x)) for name, x in piece.lower.items()}
        yield f"h from {float(piece.low):.6g} to {float(piece.high):.6g}"
    yield (
        f"for every k >= {header.least_k} and d >= k: II_1 with one neuron more is a "
        f"spurious strict minimum, all on one curve; eigenvalues >= {bounds_said(least)}"
    )


def check_further_minimum_for_every_k(path: str | Path) -> str:
    """Check a file; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: neither a string nor a Path.
    """
    return last_said(path, checked)


if __name__ == "__main__":
    run("check_one_more", checked)
