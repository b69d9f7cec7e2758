"""Families proved to be strict minima for every m >= M and every k >= c m: a tree of rectangles.

r = sqrt(m/k) runs from 0 to c^(-1/2) and s = 1/sqrt(m) from 0 to M^(-1/2), M >= 3. This rectangle
is halved, and its parts are, until each is proved, or met by no line s = 1/sqrt(m) of an integer m.
What is proved holds for real k, and for integers m; for each m, all critical points are one curve.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final, TypeAlias

from relu_landscape.arguments import checked_arguments, exact_fraction, text, whole_number
from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import ball_bits, precision
from relu_landscape.every_k.rectangle_chains import LocatedRectangle, first_unjoined
from relu_landscape.every_k.rectangle_location import locate_over
from relu_landscape.every_k.rectangle_statements import RectangleStatements, prove_over
from relu_landscape.every_k.rectangles import (
    FEWEST_SPECIAL_ROWS,
    Rectangle,
    Surface,
    member_of,
)
from relu_landscape.every_k.surface import fit_surface
from relu_landscape.every_k.taylor import UndefinedError
from relu_landscape.families.family import Family

EVERY_M_BITS: Final = 96
# The whole is made of multiples of 1/GRID, and a part is not halved below this share of it.
_GRID: Final = 2**20
_LEAST_LENGTH: Final = 2.0**-14


@dataclass(frozen=True)
class CertifiedRectangle(LocatedRectangle):
    """What is proved over one rectangle.

    statements: what holds at its critical points.
    """

    statements: RectangleStatements


@dataclass(frozen=True)
class Halving:
    """A rectangle that is halved: the lower half is next, then the upper one.

    rectangle: which; along: r or s.
    """

    rectangle: Rectangle
    along: str


@dataclass(frozen=True)
class NoLine:
    """A rectangle that no line s = 1/sqrt(m) of an integer m >= 3 meets."""

    rectangle: Rectangle


TreeNode: TypeAlias = CertifiedRectangle | Halving | NoLine


@dataclass(frozen=True)
class EveryMCertificate:
    """Proof that I_m or II_m are spurious strict minima for all m, k >= least_ratio m and d >= k.

    family: I or II; least_special_rows: of m, 3 or more; least_ratio: exact; bits: precision of the
    balls; nodes: of the tree, each before its halves.
    """

    family: Family
    least_special_rows: int
    least_ratio: Fraction
    bits: int
    nodes: tuple[TreeNode, ...]

    @property
    def rectangles(self) -> list[CertifiedRectangle]:
        """The rectangles that are proved."""
        return [x for x in self.nodes if isinstance(x, CertifiedRectangle)]


EveryMOutcome: TypeAlias = EveryMCertificate | Failure


@checked_arguments(
    family=text, least_ratio=exact_fraction, least_special_rows=whole_number, bits=ball_bits
)
def certify_families_for_all_m(
    family: str,
    least_ratio: Fraction | float,
    *,
    least_special_rows: int = FEWEST_SPECIAL_ROWS,
    bits: int = EVERY_M_BITS,
) -> EveryMOutcome:
    """Prove that the families I_m or II_m are spurious strict minima, for all m at once.

    For every integer m >= least_special_rows, every real k >= least_ratio m and every input
    dimension d >= k: the critical point exists, its Hessian is positive definite, F > 0, and
    splitting any neuron makes a strict saddle. r = sqrt(m/k) and 1/sqrt(m) are intervals in the
    proof, which is finite.

    Args:
        family: "I" or "II".
        least_ratio: of k to m, above 1.
        least_special_rows: least m, 3 or more; with fewer, components of the Hessian are missing.
        bits: precision of the balls.

    Returns:
        The certificate, or where the first rectangle is that could not be proved.

    Raises:
        ValueError: no such family, or a ratio that is too small.

    Source: derived here; the families are those of Arjevani and Field.
    """
    if family not in (Family.I, Family.II):
        raise ValueError(f"family = {family!r}; it must be one of I, II")
    ratio = Fraction(least_ratio)
    if not ratio > 1:
        raise ValueError(f"least_ratio = {float(ratio):g}; it must be above 1")
    if least_special_rows < FEWEST_SPECIAL_ROWS:
        raise ValueError(
            f"least_special_rows = {least_special_rows}; it must be {FEWEST_SPECIAL_ROWS} or more: "
            "certify_family_for_all_k proves the families of one or two special rows"
        )
    found: list[TreeNode] = []
    with precision(bits):
        for node in grow_tree(Family(family), whole_rectangle(least_special_rows, ratio)):
            if isinstance(node, UnprovedRectangle):
                return Failure(node.failure.reason, f"{node}: {node.failure.detail}")
            found.append(node)
        certificate = EveryMCertificate(
            Family(family), least_special_rows, ratio, bits, tuple(found)
        )
        unjoined = first_unjoined(certificate.rectangles)
    if unjoined is not None:
        where = unjoined.rectangle
        return Failure(
            FailureReason.BOX_TOO_WIDE, f"not one curve at r = {where.r[0]}, s in {where.s}"
        )
    return certificate


@dataclass(frozen=True)
class UnprovedRectangle:
    """A rectangle that is not proved, and too small to be halved.

    rectangle: which; failure: why.
    """

    rectangle: Rectangle
    failure: Failure

    def __str__(self) -> str:
        (low, high), (down, up) = self.rectangle.r, self.rectangle.s
        return f"k/m from {high**-2:.6g}, r in [{low:.6g}, {high:.6g}], s in [{down:.6g}, {up:.6g}]"


def whole_rectangle(least_special_rows: int, least_ratio: Fraction) -> Rectangle:
    """Return the smallest rectangle on the grid that holds all (m, k) from these bounds on."""
    height = _root_above(Fraction(1, least_special_rows))
    return Rectangle((0.0, _root_above(1 / least_ratio)), (0.0, height))


def _root_above(square: Fraction) -> float:
    """The smallest n/GRID whose square is at least this."""
    scaled = square * _GRID**2
    return (isqrt(-(-scaled.numerator // scaled.denominator) - 1) + 1) / _GRID


def grow_tree(family: Family, whole: Rectangle) -> Iterator[TreeNode | UnprovedRectangle]:
    """Yield the nodes of the tree of a rectangle, each before its halves.

    Args:
        family: I or II.
        whole: its root, with exact middles down to the smallest parts.
    """
    waiting: list[tuple[Rectangle, Surface | None]] = [(whole, None)]
    while waiting:
        rectangle, above = waiting.pop()
        if rectangle.special_rows is not None and not rectangle.special_rows:
            yield NoLine(rectangle)
            continue
        found, surface = _certify_rectangle(family, rectangle, above)
        if isinstance(found, CertifiedRectangle):
            yield found
            continue
        along = _longer(rectangle)
        if max(rectangle.reach) < _LEAST_LENGTH / 2:
            yield UnprovedRectangle(rectangle, found)
            continue
        yield Halving(rectangle, along)
        waiting += [(half, surface) for half in reversed(rectangle.halves(along))]


def _longer(rectangle: Rectangle) -> str:
    along, across = rectangle.reach
    return "r" if along >= across else "s"


def _certify_rectangle(
    family: Family, rectangle: Rectangle, above: Surface | None
) -> tuple[CertifiedRectangle | Failure, Surface | None]:
    """What is proved over a rectangle, or why nothing is; and a surface, for guesses in its parts.

    above: a surface that was found for a rectangle around it.
    """
    member, surface = member_of(family, rectangle), None
    try:
        guess = None
        if above is not None:
            guess = [float(x) for x in above.over(*rectangle.center, [0.0] * len(member.unknowns))]
        surface, inverse = fit_surface(family, rectangle, guess)
        location = locate_over(member, rectangle, surface, inverse)
        if location is None:
            found = Failure(FailureReason.BOX_TOO_WIDE, "the critical point is not located")
            return found, surface
        statements = prove_over(member, rectangle, surface, location)
    except NewtonError as error:
        return Failure(FailureReason.NEWTON_LEFT, str(error)), surface
    except UndefinedError as error:
        return Failure(FailureReason.BOX_TOO_WIDE, str(error)), surface
    if isinstance(statements, Failure):
        return statements, surface
    return CertifiedRectangle(rectangle, surface, location, statements), surface
