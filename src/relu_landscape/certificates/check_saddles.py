"""Check saddles for every k: `python -m relu_landscape.certificates.check_saddles FILE...`.

Two statements on n = k + 1 neurons, for every real k >= least_k at once; notation, numbers, series
and lemmas 1 to 15 are those of `check_every_k`, which this module continues and imports alone.

saddle_for_every_k. The k rows of A and a further row that all permutations fix,

    w_i = a e_i + b sum_{j != i} e_j,       s = f sum_j e_j,
    a = -1 + e (2 + h A),    b = e (2 + e B),    f = e F,    e = h^2 = 1/k:

a critical point, on one curve from k = infinity on, whose Hessian has exactly k - 1 negative
eigenvalues and none that is 0, also in d > k inputs, where off the span all are positive.

splits_for_every_k. The eigenvalues of the inner Hessian H' = H_ii - I/2 of a neuron of II_1 on the
span of the teachers, over a power of h, all but the 0 along the neuron. A split into shares c and
1 - c adds the form u^T H' u/(c (1 - c)) along (u, -u) (Lemma 10), of two halves twice these
eigenvalues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    count,
    enclosure,
    fields,
    further_forms,
    inner,
    last_said,
    lower_bounds,
    network,
    numbers,
    rational,
    read,
    require,
    require_positive,
    residual,
    run,
    shifted,
    single_copy,
    swept,
    trivial_pencil,
    twice_pi_form,
)

# --- 1. A with one neuron more ------------------------------------------------------------------
# With y = a + (k - 1) b, the unit vector of s is h (1, ..., 1), its length f/h, and
#     cos(w_i, s) = h y/|w|,    cos(s, e_j) = h:
# sines and tilts of the two differ by less than they are themselves.
# Lemma 16. For x, y in [0, 1), sqrt(1 - x^2) - sqrt(1 - y^2) is (y^2 - x^2) over their sum, and
# asin x - asin y, which lies between -pi/2 and pi/2, is asin(x sqrt(1 - y^2) - y sqrt(1 - x^2)).


class Further:
    """The rows of A as a block, and the further row."""

    def __init__(self, block: Block, f: Scaled) -> None:
        h = f.at.term(1)
        block.measure()
        block.meet()
        self.block, self.f, self.length = block, f, f * f.at.term(-1)
        require(f.over(2)[0] > 0, "the further row may vanish")
        self.product = block.own + block.others * block.off  # w_i.(1, ..., 1)
        require(self.product.over(0)[0] > 0, "the further row may be orthogonal to the others")
        self.row, self.teacher = Angle(h * self.product * block.inverse), Angle(h)
        x, y = self.row.cosine, self.teacher.cosine
        self.sines = (y * y - x * x) / (self.row.sine + self.teacher.sine)
        self.tilts = arcsine((x - y) * self.teacher.sine - y * self.sines)
        # the sum of |v| sin t over students minus teachers, as seen from s; and s seen from a row
        self.turning = block.n * (block.norm * self.sines + (block.norm - 1) * self.teacher.sine)
        block.turning += self.length * self.row.sine


def network_with_further_row(at: Place, x: dict[str, Any]) -> Further:
    """The network; x holds a series for each of A, B, F."""
    shift = at.term(2, 2)
    own, off = shift - 1 + at.unknown(3, x["A"]), shift + at.unknown(4, x["B"])
    return Further(Block(at.term(-2), own, off, at.term(0, 0), -1), at.unknown(2, x["F"]))


def residual_with_further_row(students: Further) -> list[Any]:
    """Own and other coordinate of a row, and any of s; each as it is bounded at h = 0."""
    block, f = students.block, students.f
    S, (own, off) = block.column() + f, block.gradient()
    drawn = students.row.tilt * f
    # b w_j summed over students minus b e_j over teachers, and the sines along s
    turned = students.row.tilt * (students.product - 1) + students.tilts
    turned += students.turning * f.at.term(1)
    return [
        X.over(degree) * (arb.pi() / 2) + Y.over(degree)
        for X, Y, degree in (
            (own[0] + S, own[1] + drawn, 1),
            (off[0] + S, off[1] + drawn, 2),
            (f + S, turned, 2),
        )
    ]


# Lemma 17. To the components of A (Lemmas 4 to 9) the further row adds one vector in t and one in
# s: u_s = v. There u_s.s^ = h t, t = sum v, and u_s.w_i = (a - b + t b) v_i. In rows w_i, u_i.s^ is
# h v_i (own), h k v_i (row), 0 (column). In t, u_s is parallel to s, so h1 is 0; in s it is, over
# the rows and teachers, (turning |u_s|^2 + k ((a - b)^2/(|w| sin) - 1/sin))/|s|.

VECTORS = {"t": (True, {"own": 2, "row": 3}), "s_p": (False, {"own": 1, "row": 2, "column": 3})}


def forms_with_further_row(students: Further, name: str) -> tuple[Matrix, Matrix]:
    """The two matrices of t or s_p; the further row is the last vector, scaled by h."""
    B, row, at = students.block, students.row, students.f.at
    h, zero = at.term(1), at.term(0, 0)
    trivial, degrees = VECTORS[name]
    copies = Copies(B, trivial, True, [{x: at.term(j)} for x, j in degrees.items()])
    seen = {"own": h, "row": h * B.n, "column": zero}
    along = [x * B.inverse for x in copies.along]  # u.w^
    aside = [seen[x] * at.term(j) for x, j in degrees.items()]  # u.s^
    size = len(along) + 1
    K, G = ([[arb_series([0], at.length)] * size for _ in range(size)] for _ in range(2))
    for i, j, X, Y, square in copies.forms():
        bent = [aside[a] - row.cosine * along[a] for a in (i, j)]
        Y += B.n * students.length * bent[0] * bent[1] * row.over_sine * B.inverse
        K[i][j] = K[j][i] = twice_pi_form(X, Y)
        G[i][j] = G[j][i] = square.over(0)
    turned, toward = h * (B.own + (copies.sum - 1) * B.off) * B.inverse, h * h * copies.sum
    for i in range(size - 1):
        sums = B.n * h * copies.total[i]
        Y = along[i] * toward + aside[i] * turned
        Y -= row.cosine * (along[i] * turned + aside[i] * toward)
        K[i][-1] = K[-1][i] = twice_pi_form(sums, row.tilt * sums + B.n * Y * row.over_sine)
    square = B.n * h * h
    K[-1][-1] = twice_pi_form(2 * square, square * (zero if trivial else standard(students)))
    G[-1][-1] = square.over(0)
    return K, G


def standard(students: Further) -> Scaled:
    """h1 of s, over |u_s|^2, on vectors u_s of sum zero."""
    B, row, teacher = students.block, students.row, students.teacher
    apart = B.own - B.off
    rows = (apart * apart * B.inverse - 1) * row.over_sine
    rows -= students.sines * row.over_sine * teacher.over_sine
    return (students.turning + rows) / students.length


def positive_forms(students: Further) -> Iterator[Forms]:
    """Where the Hessian is positive on the span: all of t, x and y, and s_p but for s."""
    block, one = students.block, students.f.at.term(0)
    yield ("t", one, *forms_with_further_row(students, "t"))
    K, G = forms_with_further_row(students, "s_p")
    yield "s_p", block.others, [row[:-1] for row in K[:-1]], [row[:-1] for row in G[:-1]]
    n = block.n
    for sign, name, dimensions in ((1, "x_p", n * (n - 3) / 2), (-1, "y_p", (n - 1) * (n - 2) / 2)):
        yield name, dimensions, [[twice_pi_form(one, single_copy(block, sign))]], [[one.over(0)]]


def off_span_forms(students: Further) -> Iterator[Forms]:
    """Lemma 8: of the vectors 1 and the further row; of those of sum zero."""
    (name, one, K, G), *rest = further_forms([students.block])
    product = students.block.n * one.at.term(2)
    beside = twice_pi_form(product, product * students.row.tilt)
    own = twice_pi_form(2 * one, students.turning / students.length)
    zero = arb_series([0], one.at.length)
    yield name, one, [[K[0][0], beside], [beside, own]], [[G[0][0], zero], [zero, one.over(0)]]
    yield from rest


# Lemma 18. On a space of N dimensions let a form be positive on P and negative on M, dim P + dim M
# = N. By Sylvester's law it has dim M negative eigenvalues, dim P positive ones and no 0. Here M is
# one vector of s_p for each of k - 1 dimensions, and P is t, x, y and three vectors of s_p.

SADDLE_COMPONENTS = ["t", "x_p", "y_p", "off_span"]
INVERSE_STEPS = 4


class SaddleHeader:
    """The first line."""

    names = ("A", "B", "F")

    def __init__(self, line: Any) -> None:
        fields(line, ["statement", "family", "further_rows", "least_k", "bits", "unknowns"],
               "the header")  # fmt: skip
        require(line["family"] == "A", f"unknown family {line['family']!r:.60}")
        count(line, "further_rows", 1, 1)
        read_size(self, line)

    def network(self, at: Place, x: dict[str, Any]) -> Further:
        """As `network_with_further_row`."""
        return network_with_further_row(at, x)

    def residual(self, students: Further) -> list[Any]:
        """As `residual_with_further_row`."""
        return residual_with_further_row(students)


def read_size(header: Any, line: Any) -> None:
    """What both headers say: unknowns, bits and least_k."""
    require(line["unknowns"] == list(header.names), f"unknowns must be {list(header.names)}")
    header.bits = count(line, "bits", 53, MOST_BITS)
    header.least_k = rational(line["least_k"])
    require(5 <= header.least_k <= MOST_LEAST_K, f"least_k must be from 5 to {MOST_LEAST_K}")


class SaddlePiece(Located):
    """A further line."""

    def __init__(self, line: Any, header: Any) -> None:
        super().__init__(line, header, ["eigenvalue_lower", "negative_upper"])
        self.lower = lower_bounds(line, SADDLE_COMPONENTS)
        self.negative = rational(line["negative_upper"])
        require(self.negative < 0, "negative_upper must be negative")

    def part(self, low: Fraction, high: Fraction) -> SaddlePart:
        """A part of it, to be checked."""
        return SaddlePart(self, low, high)


class SaddlePart(LocatedPart):
    """A part of a piece."""

    def check(self) -> None:
        """All that the piece says."""
        widths = self.located()
        point, whole = self.at_center(2, widths), self.over_all(3, widths)
        k = point.block.n
        negative = k - 1  # dimensions of M of Lemma 18
        self.check_eigenvalues(positive_forms, k * (k + 1) - negative, point, whole)
        self.check_eigenvalues(off_span_forms, k + 1, point, whole)
        (K, G), (K_all, G_all) = (forms_with_further_row(x, "s_p") for x in (point, whole))
        bound = 2 * arb.pi() * ball(self.piece.negative)
        M = expanded(K, K_all, bound, G, G_all)
        form = form_along(lowest_vector(M[0]), M, self.reach)
        require(form < 0, "negative_upper is not shown")

    def check_eigenvalues(self, components: Any, dimensions: Scaled, *at: Further) -> None:
        """The components fill so many dimensions, and on each the form is as positive as said."""
        for (name, dimension, K, G), (*_, K_all, G_all) in zip(*map(components, at), strict=True):
            dimensions -= len(K) * dimension
            bound = 2 * arb.pi() * ball(self.piece.lower.get(name, Fraction(0)))
            M = expanded(K, K_all, bound, G, G_all)
            require_positive(M, self.reach, f"eigenvalue_lower of {name} is not shown")
        require(dimensions.is_zero(), "the components do not fill the space")


def expanded(K: Matrix, K_all: Matrix, bound: Any, G: Matrix, G_all: Matrix) -> list[Any]:
    """K - bound G by Lemma 14: coefficients at the centre, the last one over the part."""
    return [shifted(K, G, bound, 0), shifted(K, G, bound, 1), shifted(K_all, G_all, bound, 2)]


def over_part(terms: Any, reach: Any) -> Any:
    """A polynomial in s over all |s| <= reach."""
    degree = terms.prec - 1
    return enclosure(terms, terms, degree, reach)


def form_along(x: Any, M: Sequence[Any], reach: Any) -> Any:
    """x^T M x over a part, M by coefficients."""
    values = [(x.transpose() * matrix * x)[0, 0] for matrix in M]
    return over_part(arb_series(values, len(M)), reach)


def lowest_vector(M: Any) -> Any:
    """Nearly the vector of the eigenvalue of M next to 0, by inverse iteration: a guess."""
    x = arb_mat([[1]] * M.nrows())
    try:
        for _ in range(INVERSE_STEPS):
            x = M.mid().solve(x).mid()
            x = x / max(abs(y) for y in x.entries())
    except (ValueError, ZeroDivisionError):
        require(False, "the form on s_p may be singular")
    return x.mid()


# --- 2. Splits of II_1 --------------------------------------------------------------------------
# Lemma 19. By Lemma 10c with m = 1 R^k is for w_i the neuron, t of two dimensions and sum zero (p -
# 2), for s the neuron, t of one dimension and sum zero (p - 1): in both cases k dimensions. On sum
# zero H' is a multiple of the unit matrix (`inner`), on t its eigenvalues are those of a pencil.
# Lemma 20. With G positive definite, let l_0 <= l_1 be the roots of det(K - l G), 2 x 2. If the
# determinant is negative at l, then l_0 < l < l_1. If K - l G is positive definite, l < l_0.

POWERS = {"w t 0": 1, "w t 1": 1, "w s": 2, "s t": 1, "s s": 1}


def split_pencils(blocks: list[Block]) -> dict[str, tuple[Any, Any]]:
    """The pencils of the five eigenvalues; both of "w t" are those of one."""
    first, last = blocks
    at = first.n.at
    one = at.term(0)
    found = {"w t": trivial_pencil(blocks, 0), "s t": trivial_pencil(blocks, 1)}
    for name, block in (("w s", first), ("s s", last)):
        found[name] = [[inner(block, first).over(POWERS[name])]], [[one.over(0)]]
    return found


class SplitHeader:
    """The first line."""

    names = ("A", "B", "C", "D", "F")

    def __init__(self, line: Any) -> None:
        fields(line, ["statement", "family", "special_rows", "least_k", "bits", "unknowns"],
               "the header")  # fmt: skip
        require(line["family"] == "II", f"unknown family {line['family']!r:.60}")
        count(line, "special_rows", 1, 1)
        read_size(self, line)

    def network(self, at: Place, x: dict[str, Any]) -> list[Block]:
        """As `check_every_k.network`."""
        return network(at, "II", 1, x)

    def residual(self, blocks: list[Block]) -> list[Any]:
        """As `check_every_k.residual`."""
        return residual(blocks, "II")


class SplitPiece(Located):
    """A further line."""

    def __init__(self, line: Any, header: Any) -> None:
        super().__init__(line, header, ["splits"])
        fields(line["splits"], list(POWERS), "splits")
        self.splits = {name: numbers(line["splits"][name], 2, name) for name in POWERS}

    def part(self, low: Fraction, high: Fraction) -> SplitPart:
        """A part of it, to be checked."""
        return SplitPart(self, low, high)


class SplitPart(LocatedPart):
    """A part of a piece."""

    def check(self) -> None:
        """All that the piece says."""
        widths = self.located()
        point, whole = (
            split_pencils(blocks)
            for blocks in (self.at_center(2, widths), self.over_all(3, widths))
        )
        for name, (K, G) in point.items():
            ends = [self.piece.splits[x] for x in POWERS if x.startswith(name)]
            bounds = [[2 * arb.pi() * ball(x) for x in pair] for pair in ends]
            (low, _), (_, high) = bounds[0], bounds[-1]
            K_all, G_all = whole[name]
            what = f"{name} is not enclosed"
            require_positive(expanded(K, K_all, low, G, G_all), self.reach, what)
            above = expanded(K, K_all, high, G, G_all)
            require_positive([-matrix for matrix in above], self.reach, what)
            if len(bounds) == 2:
                for bound in (bounds[0][1], bounds[1][0]):
                    between = expanded(K, K_all, bound, G, G_all)
                    require(self.determinant(between) < 0, what)

    def determinant(self, M: Sequence[Any]) -> Any:
        """That of a symmetric 2 x 2 matrix over the part."""
        a, b, d = (arb_series([x[i, j] for x in M], 5) for i, j in ((0, 0), (0, 1), (1, 1)))
        terms = a * d - b * b
        return over_part(terms, self.reach)


# --- 3. Files -----------------------------------------------------------------------------------

STATEMENTS: dict[str, tuple[Any, Any]] = {
    "saddle_for_every_k": (SaddleHeader, SaddlePiece),
    "splits_for_every_k": (SplitHeader, SplitPiece),
}


def checked(lines: Sequence[str]) -> Iterator[str]:
    """Check a file line by line; yield what each line says, and at last what all of them prove.

    Raises:
        Refused: a line does not hold, or the pieces do not cover all k.
    """
    require(lines, "the file is empty")
    line = read(lines[0])
    require(isinstance(line, dict), "the header must be a JSON object")
    statement = line.get("statement")
    require(statement in list(STATEMENTS), f"unknown statement {statement!r:.60}")
    to_header, to_piece = STATEMENTS[statement]
    header = to_header(line)
    yield f"{statement}, k >= {header.least_k}"
    for piece in swept(header, lines[1:], to_piece):
        yield f"h from {float(piece.low):.6g} to {float(piece.high):.6g}"
    proved = {
        "saddle_for_every_k": "A with one neuron more is a saddle of index k - 1, all on one curve",
        "splits_for_every_k": "inner Hessians of II_1 have eigenvalues as enclosed on the span",
    }
    yield f"for every k >= {header.least_k} and d >= k: {proved[statement]}"


def check_saddles_for_every_k(path: str | Path) -> str:
    """Check a file; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: neither a string nor a Path.
    """
    return last_said(path, checked)


if __name__ == "__main__":
    run("check_saddles", checked)
