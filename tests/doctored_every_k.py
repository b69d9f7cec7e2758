"""Doctored files for every k: `python -m tests.doctored_every_k` tries 500 and proves what holds.

One line of a file is changed at random, for the better or the worse; the file may still say
something true. What its checker takes is therefore proved once more, by the room `every_k`, which
shares no code with the checker: the box of the critical point, that it is the only one, the bounds,
coverage and chaining. What is taken and not proved so is a fault of the checker, and is listed.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    ROOT = Path(__file__).parents[1]
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import numpy as np
from flint import arb, arb_mat

from relu_landscape.certificates import Failure, check_every_k
from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.every_k import (
    certify_family_for_all_k,
    decide_signed_splits,
    every_k_lines,
)
from relu_landscape.every_k.branch import Predictor, network_at, predict, residual_at
from relu_landscape.every_k.certificate import SignedSplits, named_family
from relu_landscape.every_k.definite_pieces import is_positive_definite
from relu_landscape.every_k.forms import ComponentForm
from relu_landscape.every_k.generic_numbers import independent, partials
from relu_landscape.every_k.location import LocatedPiece, locate
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.signed_splits import ClassOfRows
from relu_landscape.every_k.statements import coefficient_matrices, prove_statements
from relu_landscape.every_k.taylor import Piece, UndefinedError, bound, expand, join

FILES = {("A", 0): 200, ("II", 1): 150, ("I", 2): 150}
LEAST_K = 100
NO_NUMBERS = ["nan", "inf", "-inf", "NaN", "", "1" * 1001, "1e9999", "0x1p9999", "0x", "1/0", "--1",
              "0x1.8p", None, True, 1.5, 7, [], {}, ["1"], float("nan"), float("inf")]  # fmt: skip
WORDS = ("piece", "A", "I", "II", "B", "t")
FACTORS = (-1, 0, 1e-9, 0.5, 0.9, 0.99, 0.9999, 1.0001, 1.01, 1.1, 2, 10, 1e7)
SHIFTS = (1e-12, 1e-6, 1e-4, 3e-3, 1.0, 1e6)
HALVINGS = 6
BITS = 128
DIGITS = 15


# --- Changes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Doctored:
    """The lines of a file of which one is changed, and what was done to which."""

    lines: list[str]
    number: int
    kind: str
    path: tuple[Any, ...]
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"line {self.number + 1}, {self.kind}, {where}: {self.before} -> {self.after}"


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all that is no object or list."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))
    else:
        yield path


def another(value: Any, rng: random.Random) -> Any:
    """Another number for a number, and another word for a word."""
    if type(value) is int:
        return value + rng.choice((-1, 1, 64))
    try:
        x = check_every_k.rational(value)
    except check_every_k.Refused:
        words = list(SignedSplits) if value in list(SignedSplits) else WORDS
        return rng.choice([str(word) for word in words if word != value])
    while True:
        new = float(x) * rng.choice(FACTORS)
        if rng.random() < 0.5:
            new = float(x) + rng.choice((-1, 1)) * rng.choice(SHIFTS)
        if Fraction(new) != x:
            return new.hex()


def reordered(lines: Sequence[str], number: int, rng: random.Random) -> list[str]:
    """Lines exchanged, left out, repeated or cut short."""
    new, other = list(lines), rng.choice([x for x in range(len(lines)) if x != number])
    match rng.randrange(4):
        case 0:
            new[number], new[other] = new[other], new[number]
        case 1:
            del new[number]
        case 2:
            new.insert(other, lines[number])
        case 3:
            new[number] = lines[number][: rng.randrange(len(lines[number]))]
    return new


def doctored(lines: Sequence[str], rng: random.Random) -> Doctored:
    """A file with one change."""
    number = rng.randrange(len(lines))
    data = json.loads(lines[number])
    kind = rng.choice(["number", "number", "number", "number", "no number", "field", "order"])
    path = rng.choice(list(leaves(data)))
    if kind == "order":
        return Doctored(reordered(lines, number, rng), number, kind, ())
    parent = data
    for key in path[:-1]:
        parent = parent[key]
    key, before = path[-1], parent[path[-1]]
    after: Any = "nothing"
    if kind == "number":
        after = parent[key] = another(before, rng)
    elif kind == "no number":
        unlike = [x for x in NO_NUMBERS if type(x) is not type(before) or x != before]
        after = parent[key] = rng.choice([x for x in unlike if type(before) is not int or x != 7])
    elif isinstance(parent, dict) and rng.random() < 0.5:
        after = parent["further"] = "1"
    else:
        del parent[key]
    new = [*lines[:number], json.dumps(data), *lines[number + 1 :]]
    return Doctored(new, number, kind, path, before, after)


# --- What a file says, proved by the room that writes them --------------------------------------


def holds(lines: Sequence[str]) -> bool:
    """Whether all that a file says is proved here; it has the format."""
    header, *pieces = map(json.loads, lines)
    family = named_family(header["family"], header["special_rows"])
    ends = [tuple(map(number, x["h"])) for x in pieces]
    covered = ends[0][0] == 0 and ends[-1][1] ** 2 * number(header["least_k"]) >= 1
    covered = covered and all(x[1] == y[0] for x, y in pairwise(ends))
    return (
        covered
        and all(chained(x, y) for x, y in pairwise(pieces))
        and all(is_proved(family, x) for x in lines[1:])
    )


@cache  # all lines but one are those of before
def is_proved(family: SymmetricFamily, line: str) -> bool:
    """Whether what a line says of its piece is proved here."""
    with precision(BITS):
        return Told(family, json.loads(line)).is_proved()


def number(text: str) -> Fraction:
    """An exact number of the format: a hexadecimal float, a decimal or a fraction."""
    return Fraction(float.fromhex(text)) if "0x" in text else Fraction(text)


def value_at(piece: Any, name: str, h: Fraction) -> Fraction:
    """The polynomial of an unknown, at h."""
    moved = h - sum(map(number, piece["h"])) / 2
    return sum((number(c) * moved**j for j, c in enumerate(piece["predictor"][name])), Fraction(0))


def chained(left: Any, right: Any) -> bool:
    """Whether at the shared end one box of location lies in the other of uniqueness."""
    h = number(right["h"][0])
    return any(
        all(
            abs(value_at(left, x, h) - value_at(right, x, h)) + number(near["radius"][x])
            <= number(far["uniqueness"][x])
            for x in near["radius"]
        )
        for near, far in ((left, right), (right, left))
    )


class Told:
    """What a line says of a piece."""

    def __init__(self, family: SymmetricFamily, line: Any) -> None:
        self.family, self.line = family, line
        left, right = map(float.fromhex, line["h"])
        self.piece = Piece(left, right)
        rows = [[float(number(c)) for c in line["predictor"][x]] for x in family.unknowns]
        self.predictor = Predictor(self.piece.center, np.array(rows))
        self.radius, self.uniqueness = (
            [number(line[name][x]) for x in family.unknowns] for name in ("radius", "uniqueness")
        )

    def is_proved(self) -> bool:
        """On the whole piece, or on parts of it."""
        if any(not 0 < r <= u for r, u in zip(self.radius, self.uniqueness, strict=True)):
            return False
        return self._is_proved_on(self.piece, 0)

    def _is_proved_on(self, part: Piece, halvings: int) -> bool:
        try:
            if self._is_shown(part):
                return True
        except (UndefinedError, NewtonError, np.linalg.LinAlgError):
            pass
        if halvings == HALVINGS:
            return False
        middle = part.center
        parts = (Piece(part.left, middle), Piece(middle, part.right))
        return all(self._is_proved_on(x, halvings + 1) for x in parts)

    def _is_shown(self, part: Piece) -> bool:
        given = self.predictor.over(arb(part.center), [0.0] * len(self.radius))
        own = locate(self.family, part, predict(self.family, part.center, list(map(float, given))))
        if own is None:
            return False
        found = prove_statements(self.family, own, DIGITS)
        if isinstance(found, Failure):
            return False
        return (
            self._is_within_radius(own)
            and self._is_alone(part)
            and self._is_curved(own)
            and self._follows_from(found)
            and all(self._splits(own, *x) for x in self.line["signed_splits"].items())
        )

    def _splits(self, own: LocatedPiece, name: str, word: str) -> bool:
        """Whether signed splits of a class are what the line says; a turn on the whole piece."""
        rows = ClassOfRows(self.family, name)
        said = rows.said(own)
        match word:
            case "undecided":
                return True
            case "turning":
                return said is not SignedSplits.UNDECIDED and bool(rows.slope_over(own) < 0)
            case "turn":
                return said is SignedSplits.TURN and own.piece == self.piece
        return said == word

    def _is_within_radius(self, own: LocatedPiece) -> bool:
        """Whether the box of the critical point that was found here lies in that of the line."""
        apart = Fraction(own.piece.center) - Fraction(self.piece.center)
        rows = zip(
            self.predictor.coefficients.tolist(),
            own.predictor.coefficients.tolist(),
            own.location.radius.tolist(),
            self.radius,
            strict=True,
        )
        for theirs, ours, found, allowed in rows:
            a, b, c = map(Fraction, theirs)
            moved = (a + apart * (b + apart * c), b + 2 * apart * c, c)
            gap = bound(
                [exact(x - Fraction(y)) for x, y in zip(moved, ours, strict=True)], own.piece.reach
            )
            if not abs(gap) + exact(found) <= exact(allowed):
                return False
        return True

    def _is_alone(self, part: Piece) -> bool:
        """Whether x - Y G(h, x), Y any matrix, contracts the box of uniqueness in some norm."""
        size = len(self.uniqueness)

        def derivatives(h: Any, unknowns: list[Any]) -> list[Any]:
            values = residual_at(self.family, h, independent(unknowns))
            return [x for value in values for x in partials(value, size)]

        spread = [float(u) for u in self.uniqueness]
        center, whole = expand(derivatives, part, self.predictor, spread, 2)
        entries = [bound(join(x, y, 2), part.reach) for x, y in zip(center, whole, strict=True)]
        if not all(x.is_finite() for x in entries):
            return False
        jacobian = arb_mat(size, size, entries)
        middle = np.array([float(x.mid()) for x in entries]).reshape(size, size)
        moved = (arb_mat(np.linalg.inv(middle).tolist()) * jacobian).tolist()
        rest = [
            [abs(x - (i == j)).upper() for j, x in enumerate(row)] for i, row in enumerate(moved)
        ]
        weights = np.linalg.solve(
            np.eye(size) - np.array([[float(x) for x in row] for row in rest]), np.ones(size)
        )
        images = (arb_mat(rest) * arb_mat(size, 1, weights.tolist())).entries()
        return all(y > 0 and x < y for x, y in zip(images, weights.tolist(), strict=True))

    def _is_curved(self, own: LocatedPiece) -> bool:
        """Whether K - 2 pi c Gram is positive definite on every component, c as the line says."""

        def forms(h: Any, unknowns: list[Any]) -> list[ComponentForm]:
            return component_forms(network_at(self.family, h, unknowns))

        spread = own.location.radius.tolist()
        center, whole = expand(forms, own.piece, own.predictor, spread, 2)
        lower = {name: number(x) for name, x in self.line["eigenvalue_lower"].items()}
        if any(x <= 0 for x in lower.values()) or lower.keys() != {x.name for x in center}:
            return False
        for near, far in zip(center, whole, strict=True):
            form = coefficient_matrices(near.form.matrix, far.form.matrix, 2)
            gram = coefficient_matrices(near.gram.matrix, far.gram.matrix, 2)
            least = 2 * arb.pi() * exact(lower[near.name])
            shifted = [k - g * least for k, g in zip(form, gram, strict=True)]
            if not is_positive_definite(shifted, own.piece.reach):
                return False
        return True

    def _follows_from(self, found: Any) -> bool:
        line = self.line
        inner = {name: (power, number(x)) for name, (power, x) in line["inner_upper"].items()}
        intervals = [(found.loss, line["loss"])]
        if "norm_gap" in line:
            intervals.append((found.norm_gap, line["norm_gap"]))
        return all(
            power == found.inner_upper[name].power
            and Fraction(found.inner_upper[name].upper) <= x < 0
            for name, (power, x) in inner.items()
        ) and all(
            0 < number(low) <= Fraction(shown[0]) and Fraction(shown[1]) <= number(high)
            for shown, (low, high) in intervals
        )


# --- Trials -------------------------------------------------------------------------------------


def accepted(lines: Sequence[str]) -> bool:
    """Whether the checker takes a file."""
    try:
        list(check_every_k.checked(lines))
    except check_every_k.Refused:
        return False
    return True


@dataclass(frozen=True)
class Outcome:
    """How many were tried of each kind, what was taken and holds, and what was taken wrongly."""

    kinds: Counter[str]
    true: list[str]
    wrong: list[str]


def tried(lines: Sequence[str], count: int, rng: random.Random) -> Outcome:
    """Try so many changes of a file."""
    found = Outcome(Counter(), [], [])
    for _ in range(count):
        one = doctored(lines, rng)
        found.kinds[one.kind] += 1
        if accepted(one.lines):
            (found.true if holds(one.lines) else found.wrong).append(str(one))
    return found


def main() -> int:
    """Try them all; list what is taken."""
    wrong, everything, true = 0, Counter[str](), 0
    for (family, m), count in FILES.items():
        proof = certify_family_for_all_k(family, m, least_k=LEAST_K)
        lines = every_k_lines(decide_signed_splits(proof))
        found = tried(lines, count, random.Random(f"{family}{m}"))
        for text in found.true:
            print(f"{family}_{m}: taken, and proved again: {text}")
        for text in found.wrong:
            print(f"{family}_{m}: TAKEN, NOT PROVED: {text}", flush=True)
        everything += found.kinds
        true, wrong = true + len(found.true), wrong + len(found.wrong)
    total = everything.total()
    print(f"{total} doctored files ({dict(everything)}): {total - true - wrong} refused, "
          f"{true} true and proved again, {wrong} taken wrongly")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
