"""Proofs at one k beside those for every k: `python -m tests.every_k_members`.

At each k up to a last one the critical point is proved again by itself, from a start of its own and
by formulas that share none with the theorem: a box of a certificate for one k. That box has to lie
in the piece of the theorem, within its radius of the predictor, and loss and sum of norms within
its bounds; its lower bounds of the curvature, which are nearer to the eigenvalues, have to reach
those of the piece. Printed are, family by family, how much of the room is used at worst, and at
which k; what uses more than all is a finding.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    ROOT = Path(__file__).parents[1]
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from flint import arb, ctx

from relu_landscape.certificates import certify_family, check_every_k
from relu_landscape.every_k import certify_family_for_all_k, every_k_lines
from relu_landscape.every_k.first_minimum import first_minimum
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.families import Family

BITS = 192
LAST = 10_000
THEOREMS = ("A-0", "I-1", "II-1")


@dataclass(frozen=True)
class Used:
    """Shares of the room that a proof at one k uses; above 1 it lies outside.

    location: of the radii, the largest over the unknowns; loss, norms: of half the width of the
    bounds, from their middle; curvature: the bound of the theorem over that for one k.
    """

    location: float
    loss: float
    norms: float
    curvature: float


class Theorem:
    """The lines of a file for every k, as its checker reads them."""

    def __init__(self, lines: Iterable[str]) -> None:
        header, *pieces = map(json.loads, lines)
        self.header = check_every_k.Header(header)
        self.pieces = [check_every_k.Piece(x, self.header) for x in pieces]

    def piece_at(self, k: int) -> check_every_k.Piece:
        """The piece that holds k^(-1/2)."""
        [found] = [x for x in self.pieces if x.low**2 * k < 1 <= x.high**2 * k]
        return found

    def used(self, k: int) -> Used:
        """What the proof at one k uses of the piece there.

        Raises:
            ValueError: there is no proof at this k.
        """
        family, m = self.header.family, self.header.m
        found = certify_family(family, k, m=m or None)
        if not hasattr(found, "W"):
            raise ValueError(f"family {family}, m = {m}, is not proved at k = {k}: {found}")
        before, ctx.prec = ctx.prec, BITS
        try:
            return self._used(k, found, self.piece_at(k))
        finally:
            ctx.prec = before

    def _used(self, k: int, found: Any, piece: check_every_k.Piece) -> Used:
        scale = Fraction(k, self.header.m) if self.header.family == "II" else Fraction(1)
        loss = [Fraction(x) * scale for x in (found.loss_lower, found.loss_upper)]
        norms = 0.0
        if "norm_gap" in piece.ranges:
            ends = (found.norm_sum_upper, found.norm_sum_lower)
            norms = share_of(piece.ranges["norm_gap"], [(k - Fraction(x)) * k * k for x in ends])
        on_span = min(x for name, x in piece.lower.items() if name != "off_span")
        return Used(
            location=self._location(k, found, piece),
            loss=share_of(piece.ranges["loss"], loss),
            norms=norms,
            curvature=float(max(
                on_span / Fraction(found.hessian_lower),
                piece.lower["off_span"] / Fraction(found.orthogonal_hessian_lower),
            )),
        )  # fmt: skip

    def _location(self, k: int, found: Any, piece: check_every_k.Piece) -> float:
        h = arb(k).rsqrt() - check_every_k.ball((piece.low + piece.high) / 2)
        inside = arb(0, arb(str(found.location_radius)).upper())
        x = scaled_unknowns(self.header, k, found.W, inside)
        shares = []
        for name, terms, radius in zip(
            piece.header.names, piece.predictor, piece.radius, strict=True
        ):
            a, b, c = map(check_every_k.ball, terms)
            apart = abs(a + h * (b + h * c) - x[name]) / check_every_k.ball(radius)
            shares.append(float(apart.upper()))
        return max(shares)


def share_of(bounds: tuple[Fraction, Fraction] | list[Fraction], ends: list[Fraction]) -> float:
    """How far the ends are from the middle of the bounds, over half their width."""
    low, high = bounds
    return float(max(abs(2 * x - low - high) for x in ends) / (high - low))


def scaled_unknowns(header: check_every_k.Header, k: int, W: Any, inside: Any) -> dict[str, Any]:
    """The unknowns of the format, of a network whose entries are each within a ball."""
    e, u = 1 / arb(k), max(header.m, 1)
    side = 1 if header.family == "II" else -1
    a, b = W.own[0] + inside, W.rest[0][0] + inside
    A, B = (a - side, b) if side == 1 else (a + 1 - 2 * e, b - 2 * e)
    found = {"A": A / (u * e * e), "B": B / (u * e * e)}
    if header.m:
        c = (W.rest[0][1] + inside) / (1 if side == 1 else u * e)
        found |= {"C": c / e, "D": (W.own[1] + inside + side) / e}
        found["F"] = (W.rest[1][0] + inside) / e
    return found | ({"G": (W.rest[1][1] + inside) / e} if header.m > 1 else {})


def worst(theorem: Theorem, sizes: Iterable[int]) -> dict[str, tuple[float, int]]:
    """By quantity the largest share used, and the k where it is."""
    found = [(theorem.used(k), k) for k in sizes]
    return {
        name: max((getattr(used, name), k) for used, k in found)
        for name in Used.__dataclass_fields__
    }


def main(names: list[str]) -> int:
    """Try every k of each theorem, or of those named, as II-5."""
    outside = 0
    print("| family | k | proofs | quantity | share of the room, at worst | at k |")
    print("|---|---|---|---|---|---|")
    for theorem_name in names or THEOREMS:
        family, _, rows = theorem_name.partition("-")
        m = int(rows)
        least = first_minimum(SymmetricFamily(Family(family), m))
        proof = certify_family_for_all_k(family, m, least_k=least)
        theorem, sizes = Theorem(every_k_lines(proof)), range(least, LAST + 1)
        for name, (share, k) in worst(theorem, sizes).items():
            if name == "norms" and "norm_gap" not in theorem.header.ranges:
                continue
            outside += share > 1
            print(f"| {family}_{m} | {least}..{LAST} | {len(sizes)} | {name} | {share:.6f} | {k} |",
                  flush=True)  # fmt: skip
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
