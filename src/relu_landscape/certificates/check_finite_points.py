"""Check points on finite data: `python -m relu_landscape.certificates.check_finite_points FILE...`.

This module stands alone: the standard library, no code of the programs that write certificates, no
trust in them. Every number is rational, or a + b sqrt(D) with rational a, b, so that nothing is
rounded. Read it from top to bottom; each lemma stands where it is used.

The network f_q(x) = sum_i h_qi relu(w_i.x) with q outputs, on samples x_s with targets y_s, has the
loss L = (1/N) sum_s |e_s|^2, e_s = f(x_s) - y_s, where N is the number of samples times that of
outputs; there is no factor 1/2. W and H are both free.

A certificate is a line of JSON: `inputs` (x_s), `targets` (y_s), `weights` (w_i), `outputs` (h_i),
`loss`, `radicand` (D, or null where all is rational), and one of
  - "statement": "finite_minimum", `radius`: no change of every weight by the radius or less makes
    the loss smaller;
  - "statement": "finite_saddle", `neuron`, `direction`: stationary in all directions, but no local
    minimum, because this neuron with h = 0 leaves along this u.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import partial
from itertools import combinations
from math import isqrt
from pathlib import Path
from typing import Any

MOST_ROWS = 1000
MOST_DIGITS = 5000
END = re.compile(r'\{"certificates": (0|[1-9][0-9]{0,8})\}')
RATIONAL = re.compile(r"-?[0-9]+(/[0-9]+)?")


class Refused(Exception):
    """The certificate does not hold, or this program cannot show that it does."""


def require(holds: Any, what: str) -> None:
    """Refuse the certificate unless this holds."""
    if not holds:
        raise Refused(what)


# --- 1. Numbers -----------------------------------------------------------------------------------
# A rational number is a string, "-3" or "272/1000"; a + b sqrt(D) a list of two of them.


class Irrational:
    """a + b sqrt(D), D a whole number that is no square."""

    def __init__(self, a: Fraction, b: Fraction, D: int) -> None:
        self.a, self.b, self.D = a, b, D

    def __add__(self, x: Any) -> Any:
        return Irrational(self.a + real(x), self.b + root_part(x), self.D)

    def __mul__(self, x: Any) -> Any:
        c, d = real(x), root_part(x)
        return Irrational(self.a * c + self.b * d * self.D, self.a * d + self.b * c, self.D)

    __radd__, __rmul__ = __add__, __mul__


def real(x: Any) -> Any:
    """The rational part of a number."""
    return x.a if isinstance(x, Irrational) else x


def root_part(x: Any) -> Any:
    """What the root is multiplied by."""
    return x.b if isinstance(x, Irrational) else 0


def sign(x: Any) -> int:
    """-1, 0 or 1. Where a and b differ in sign, a^2 against b^2 D says which of them counts."""
    a, b = real(x), root_part(x)
    counts = a if b == 0 or a * a > b * b * x.D else b
    return int(counts > 0) - int(counts < 0)


def rational(text: Any) -> Fraction:
    """Read a rational number."""
    require(isinstance(text, str) and len(text) <= MOST_DIGITS, "a number is no string or too long")
    require(RATIONAL.fullmatch(text), f"{text[:40]!r} is not a rational number")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):  # Python reads no integer beyond some 4300 digits
        raise Refused(f"{text[:40]!r} is not a number") from None


def number(entry: Any, D: int | None) -> Any:
    """Read a number."""
    if not isinstance(entry, list):
        return rational(entry)
    require(D is not None and len(entry) == 2, "two parts of a number, and no radicand")
    return Irrational(rational(entry[0]), rational(entry[1]), D or 0)


def rows(line: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> list[list[Any]]:
    """Read a matrix, whose rows are equally long."""
    found = line[name]
    require(isinstance(found, list) and 0 < len(found) <= MOST_ROWS, f"{name} are no rows")
    require(all(isinstance(row, list) and row for row in found), f"{name} has an empty row")
    require(len({len(row) for row in found}) == 1, f"the rows of {name} differ in length")
    return [[read(entry) for entry in row] for row in found]


def fields(line: Mapping[str, Any], *names: str) -> None:
    """Require that a line has these fields and no others."""
    every = {"statement", "inputs", "targets", "weights", "outputs", "loss", "radicand", *names}
    require(set(line) == every, f"fields differ from the format: {sorted(set(line) ^ every)}")


def dot(x: Sequence[Any], y: Sequence[Any]) -> Any:
    """Inner product."""
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def size(x: Any) -> Any:
    """Absolute value."""
    return x if sign(x) >= 0 else -1 * x


def relu(x: Any) -> Any:
    """The positive part."""
    return x if sign(x) > 0 else Fraction(0)


def shown(x: Any, digits: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """A number in so many digits; those of its two parts are enough for any that can be read."""
    exact, D = Context(prec=8 * MOST_DIGITS), getattr(x, "D", 0)
    a, b = (
        exact.divide(Decimal(part.numerator), Decimal(part.denominator))
        for part in (real(x), root_part(x))
    )
    value = exact.add(a, exact.multiply(b, exact.sqrt(Decimal(D))))
    return Context(prec=digits, rounding=rounding).plus(value)


# --- 2. Directions that decide --------------------------------------------------------------------
# Lemma 1. relu(z + t) - relu(z) = t if z > 0, relu(t) if z = 0, 0 if z < 0, exactly, for |t| <= |z|
# where z is not 0. So with
#     D_i(u) = sum_{s: w_i.x_s > 0} e_s (u.x_s) + sum_{s: w_i.x_s = 0} e_s relu(u.x_s)
# the sum over s of e_s.(change of f(x_s)), after changes (u, eta) of (W, H) with |u_i.x_s| <=
# |w_i.x_s| where that is not 0, is  sum_i (h_i + eta_i).D_i(u_i) + eta_i.G_i,
# G_i = sum_s e_s relu(w_i.x_s). To first order it is N/2 times the derivative of L, so that the
# point is stationary in all directions just if every G_i = 0 and every h_i.D_i(u) >= 0.
#
# Lemma 2. D_i is linear on each cone that the hyperplanes {u: u.x_s = 0} with w_i.x_s = 0 cut out.
# For d = 2 and 3 each cone is the set of sums with factors >= 0 of some of `directions`, all of
# both signs: without a hyperplane of the axes; if all have one normal x, of x and a basis of what
# is orthogonal to it; if all meet in a line and no more, of this line and of vectors in each of
# them, of which one at least is not on it; else of the lines in which two of them meet. Further
# directions do no harm.


def crossed(x: Sequence[Any], y: Sequence[Any]) -> list[Any]:
    """The cross product of two vectors of R^3."""
    (a, b, c), (p, q, r) = x, y
    return [b * r - c * q, c * p - a * r, a * q - b * p]


def directions(on: Sequence[Sequence[Fraction]], d: int) -> Iterator[list[Fraction]]:
    """Those of Lemma 2, of both signs; on: the x_s with w.x_s = 0."""
    axes = [[Fraction(j == k) for k in range(d)] for j in range(d)]
    found = [*map(list, on)] or axes
    if d == 2:
        found += [[-x[1], x[0]] for x in on]
    else:
        found += [crossed(x, axis) for x in on for axis in axes]
        found += [crossed(x, y) for x, y in combinations(on, 2)]
    for u in found:
        yield u
        yield [-entry for entry in u]


class Point:
    """What a certificate describes, with the errors and with D_i of each neuron."""

    def __init__(self, line: Mapping[str, Any]) -> None:
        D = line["radicand"]
        is_root = type(D) is int and D > 1 and isqrt(D) ** 2 != D
        require(D is None or is_root, "the radicand is a square, or no number above 1")
        self.x = rows(line, "inputs", rational)
        self.y = rows(line, "targets", rational)
        self.w = rows(line, "weights", partial(number, D=D))
        self.h = rows(line, "outputs", partial(number, D=D))
        require(len(self.x) == len(self.y), "inputs and targets differ in number")
        require(len(self.w) == len(self.h), "weights and outputs differ in number")
        require(len(self.x[0]) == len(self.w[0]) in (2, 3), "w and x have not both 2 or 3 entries")
        require(len(self.y[0]) == len(self.h[0]), "targets and outputs differ in length")
        columns = list(zip(*self.h, strict=True))
        self.e = [
            [dot(units, column) + -1 * y for column, y in zip(columns, target, strict=True)]
            for target, units in zip(self.y, self.units(), strict=True)
        ]
        loss = number(line["loss"], D)
        self.loss = dot(*[[entry for row in self.e for entry in row]] * 2)
        terms = len(self.y) * len(self.y[0])
        require(sign(self.loss + -terms * loss) == 0, "the loss is another one")
        self.said = str(shown(loss, 8))

    def units(self) -> list[list[Any]]:
        """relu(w_i.x_s), a row a sample."""
        return [[relu(dot(w, x)) for w in self.w] for x in self.x]

    def derivative(self, i: int, u: Sequence[Any]) -> list[Any]:
        """D_i(u)."""
        slopes = []
        for x in self.x:
            side, along = sign(dot(self.w[i], x)), dot(u, x)
            slopes.append(along if side > 0 else relu(along) if side == 0 else Fraction(0))
        return [dot(column, slopes) for column in zip(*self.e, strict=True)]

    def decisive(self, i: int) -> Iterator[tuple[Any, list[Any]]]:
        """h_i.D_i(u) and D_i(u) for the directions of neuron i."""
        on = [x for x in self.x if sign(dot(self.w[i], x)) == 0 and any(x)]
        for u in directions(on, len(self.w[i])):
            D = self.derivative(i, u)
            yield dot(self.h[i], D), D


def require_stationary(point: Point) -> None:
    """Every G_i = 0, every h_i.D_i(u) >= 0."""
    units = point.units()
    for i in range(len(point.w)):
        own = [row[i] for row in units]
        require(
            all(sign(dot(column, own)) == 0 for column in zip(*point.e, strict=True)),
            f"the derivative by the outputs of neuron {i} is not zero",
        )
        require(
            all(sign(product) >= 0 for product, _ in point.decisive(i)),
            f"the loss falls to first order as neuron {i} moves",
        )


# --- 3. Minima ------------------------------------------------------------------------------------
# Lemma 3. |e + c|^2 >= |e|^2 + 2 e.c: L grows by (2/N) sum_i (h_i + eta_i).D_i(u_i) or more, by
# Lemma 1 and G_i = 0. On each cone u_i is a sum of directions v with factors >= 0, and
# (h_i + eta_i).D_i(v) >= 0 if D_i(v) = 0, or if |eta| <= r entry by entry and r |D_i(v)|_1 <=
# h_i.D_i(v). So without an "escape neuron", which has a v with h_i.D_i(v) = 0 and D_i(v) not 0, a
# stationary point is a local minimum, whatever the number of outputs.


def check_minimum(line: dict[str, Any]) -> str:
    """A local minimum, with a radius."""
    fields(line, "radius")
    point, radius = Point(line), rational(line["radius"])
    require(radius > 0, "the radius is not positive")
    require_stationary(point)
    for i, w in enumerate(point.w):
        for x in point.x:
            z = dot(w, x)
            require(
                sign(z) == 0 or sign(size(z) + -radius * sum(map(abs, x))) >= 0,
                f"neuron {i} may change the side of a sample within the radius",
            )
        for product, D in point.decisive(i):
            reach = sum(map(size, D), Fraction(0))
            require(
                sign(product + -radius * reach) >= 0,
                f"neuron {i} is an escape neuron, or the radius is too large for it",
            )
    return (
        f"{len(point.w)} neurons, loss {point.said}: no smaller loss within "
        f"{shown(radius, 3, ROUND_FLOOR)} of every weight"
    )


# --- 4. Saddles -----------------------------------------------------------------------------------
# Lemma 4. Let h_i = 0, G_i = 0 and D = D_i(u) not 0. With w_i + t u and h_i = -t c D, t > 0 small,
# f(x_s) changes by -t c D relu((w_i + t u).x_s), and the loss by
#     (1/N) (-2 t^2 c |D|^2 + t^2 c^2 |D|^2 sum_s relu((w_i + t u).x_s)^2),
# which is negative for 0 < c < 2/(that sum), and c fixed so for all small t. So this is no minimum.


def check_saddle(line: dict[str, Any]) -> str:
    """A stationary point that is no local minimum."""
    fields(line, "neuron", "direction")
    point, i = Point(line), line["neuron"]
    require_stationary(point)
    require(type(i) is int and 0 <= i < len(point.w), "there is no such neuron")
    require(not any(map(sign, point.h[i])), f"the outputs of neuron {i} are not zero")
    (u,) = rows({"direction": [line["direction"]]}, "direction", rational)
    require(len(u) == len(point.w[i]), "the direction has another length than the weights")
    require(any(map(sign, point.derivative(i, u))), "the neuron does not leave in this direction")
    return (
        f"{len(point.w)} neurons, loss {point.said}: stationary in all directions, no local minimum"
    )


# --- 5. Certificates ------------------------------------------------------------------------------

CHECKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "finite_minimum": check_minimum,
    "finite_saddle": check_saddle,
}


def check_line(text: str) -> str:
    """Check one certificate; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: no string.
    """
    if not isinstance(text, str):
        raise TypeError(f"text is {text!r:.60}; it must be a line of JSON, a string")
    try:
        line = json.loads(text, object_pairs_hook=no_duplicates)
    except (ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}") from None
    require(isinstance(line, dict), "a certificate must be a JSON object")
    require("statement" in line, "the statement is missing")
    require(line["statement"] in list(CHECKS), f"unknown statement {line['statement']!r:.60}")
    return CHECKS[line["statement"]](line)


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no field occurs twice."""
    require(len(dict(pairs)) == len(pairs), "a field occurs twice")
    return dict(pairs)


def certificates_in(path: str | Path) -> list[str]:
    """Return the lines of a file but the last, which counts them.

    Raises:
        Refused: the last line is missing, or counts another number.
        TypeError: neither a string nor a Path.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path is {path!r:.60}; it must be a string or a Path")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    end = END.fullmatch(lines.pop()) if lines else None
    if end is None:
        raise Refused(
            'the end of the file is missing, a line {"certificates": N} that counts those before it'
        )
    require(
        int(end[1]) == len(lines), f"its last line counts {end[1]} certificates, not {len(lines)}"
    )
    return lines


def main(checker: str, says: Callable[[str], str], paths: Sequence[str]) -> int:
    """Check files line by line, stop at the first line that does not hold.

    checker: the name of the program; says: what checks a line.
    """
    if not paths:
        print(f"usage: python -m relu_landscape.certificates.{checker} FILE...", file=sys.stderr)
        return 2
    for path in paths:
        number = 0
        try:
            for number, text in enumerate(certificates_in(path), start=1):
                print(f"{path}:{number}: ok: {says(text)}")
        except (OSError, UnicodeDecodeError, Refused) as error:
            print(f"{path}:{number}: REFUSED: {error}" if number else f"{path}: REFUSED: {error}")
            return 1
        if not number:
            print(f"{path}: ok: claims nothing")
    return 0


def run(checker: str, says: Callable[[str], str]) -> None:
    """Be a program: check the files that the command names, and end."""
    if hasattr(signal, "SIGPIPE"):  # not on Windows
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `... | head` ends it without a word
    sys.exit(main(checker, says, sys.argv[1:]))


if __name__ == "__main__":
    run("check_finite_points", check_line)
