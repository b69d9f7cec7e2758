"""Strict minima with a symmetry, proved at a cost that does not depend on k.

Let W be fixed by G = S_p1 x ... x S_pr. The gradient of F at such a point lies in Fix(G), too, so a
critical point of F on Fix(G) is one of F, and the argument of `minimum` gives existence and
uniqueness there: a box in Fix(G), a bound mu of the Hessian over it, the gradient at its centre.
The whole Hessian is definite if its matrix on each isotypic component is (see `isotypic`); these
are small; blocks without neurons have columns alone. M, off the span, commutes with G as well: on
R^n = sum over blocks with neurons of (1 + s_a), it acts on s_a by M_ii - M_ij, i, j in block a, and
on the trivial component by one more small matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

import numpy as np
from flint import arb, arb_mat
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import (
    checked_arguments,
    instance_of,
    real_array,
    real_number,
    whole_number,
)
from relu_landscape.certificates.components import (
    RefinedBlocks,
    components,
    refine,
    refine_around,
    trivial_vectors,
    unrefined,
)
from relu_landscape.certificates.leaky_networks import LeakyStructuredNetwork, checked_slope
from relu_landscape.certificates.minimum import (
    checked_signs,
    loss_at_minimum,
    norm_sum_at_minimum,
)
from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import (
    Ball,
    ZeroNeuronError,
    ball_bits,
    dot,
    exact,
    precision,
    root,
    total,
)
from relu_landscape.certificates.rounding import decimal_above, decimal_below, float_balls
from relu_landscape.certificates.structured import Structured, StructuredNetwork
from relu_landscape.certificates.symmetric_split import (
    BOUND_DIGITS,
    SymmetricSplit,
    symmetric_split,
)
from relu_landscape.families.family import checked_family, family_space, starting_guess
from relu_landscape.symmetry import FixedPointSpace

SYMMETRIC_BITS: Final = 192
SYMMETRIC_RADIUS: Final = 2.0**-64

_NEWTON_STEPS: Final = 20
_LARGEST_MOVE: Final = 0.1
# Some radii are nothing but rounding, which differs from program to program.
_ROOM: Final = 1024
# k - sum |w_i| is some 5e-21 at k = 1e10.
_VALUE_DIGITS: Final = 40
# Relative distances of a bound from the eigenvalue that float64 gives, tried one after the other.
_MARGINS: Final = (2.0**-13, 2.0**-7, 0.1, 0.5)

Matrix: TypeAlias = Sequence[Sequence[Ball]]


@dataclass(frozen=True)
class SymmetricMinimumCertificate:
    """Proof of one strict local minimum W* that G fixes, for every d >= k.

    Attributes
    ----------
    blocks: sizes p_1, ..., p_r of the blocks, their sum is k; extra: further neurons; absent: how
        many of the last blocks have no neurons, n = k + extra less these.
    outputs: 1 or -1 for each class of neurons; slope: of the activation for negative inputs, 0 for
        the ReLU.
    W: centre W0 of the box, in exact balls.
    radius: the box in Fix(G) holds all points of Fix(G) within this Frobenius distance of W0: a
        parameter that fills c entries of W has the half-width radius/sqrt(c).
    bits: precision of the balls.
    hessian_lower: lower bound of the smallest eigenvalue of the whole Hessian over the box.
    orthogonal_hessian_lower, location_radius, loss_lower, loss_upper, norm_sum_lower,
        norm_sum_upper: as in `MinimumCertificate`.
    splits: one for each class of neurons for which it was proved.
    """

    blocks: tuple[int, ...]
    extra: int
    W: Structured
    radius: float
    bits: int
    hessian_lower: Decimal
    orthogonal_hessian_lower: Decimal
    location_radius: Decimal
    loss_lower: Decimal
    loss_upper: Decimal
    norm_sum_lower: Decimal
    norm_sum_upper: Decimal
    splits: tuple[SymmetricSplit, ...]
    absent: int
    outputs: tuple[int, ...]
    slope: float

    @property
    def spurious(self) -> bool:
        """Whether F = 0 is attained elsewhere: by k students of output 1, the teachers."""
        rows = unrefined(self.blocks, self.extra, self.absent).row_sizes
        positive = sum(size for size, c in zip(rows, self.outputs, strict=True) if c == 1)
        return positive >= sum(self.blocks)


SymmetricOutcome: TypeAlias = SymmetricMinimumCertificate | Failure


@checked_arguments(k=whole_number, extra=whole_number)
def certify_family(
    family: str,
    k: int,
    *,
    m: int | None = None,
    extra: int = 0,
    radius: float = SYMMETRIC_RADIUS,
    bits: int = SYMMETRIC_BITS,
) -> SymmetricOutcome:
    """Prove that a member of the families A, I_m, II_m is a spurious strict minimum.

    Args:
        family: "A", "I" or "II".
        k: number of teachers, a whole number.
        m: neurons in the second block, for families I and II.
        extra: 0, or the neurons beyond n = k with which it is known: 1 for A, m for I and II with
            m <= 3.
        radius, bits: as for `certify_symmetric_minimum`.

    Returns:
        The certificate, or why there is none.

    Raises:
        ValueError: no such family, or a k that it does not come with.
        SolveError: the family could not be followed to this k.

    Source: the families are those of Arjevani and Field, as found in `families.family`.
    """
    name, block = checked_family(family, m, extra)
    return certify_symmetric_minimum(
        family_space(block, extra, k),
        starting_guess(name, block, extra, float(k)),
        radius=radius,
        bits=bits,
    )


@checked_arguments(
    space=instance_of(FixedPointSpace), parameters=real_array, radius=real_number, bits=ball_bits
)
def certify_symmetric_minimum(
    space: FixedPointSpace,
    parameters: ArrayLike,
    *,
    radius: float = SYMMETRIC_RADIUS,
    bits: int = SYMMETRIC_BITS,
    outputs: ArrayLike | None = None,
    kernel: Any = "relu",
) -> SymmetricOutcome:
    """Prove that a strict minimum with a symmetry lies next to a point, for every d >= k.

    It is spurious if k outputs are 1, since F = 0 elsewhere.

    Args:
        space: the fixed-point space, with whole block sizes.
        parameters: (dimension,) next to a minimum.
        radius: Frobenius radius that the box must hold.
        bits: precision of the balls; some 192 serve k up to 1e10.
        outputs: (classes of neurons,), the output weights of their neurons, 1 or -1; classes are
            those of `space.row_sizes`; None: all are 1.
        kernel: the activation, as for `certify_minimum`.

    Returns:
        The certificate, or why there is none. A class of neurons whose split is not proved is
        missing in `splits`.

    Raises:
        ValueError: block sizes are not whole, the wrong number of parameters, a radius that is not
            positive, bits not from 53 to 4096, outputs that do not fit, or an activation that the
            checker of certificates does not know.

    Source: derived here; S21, Theorem 16 for splits.
    """
    blocks = tuple(round(float(size)) for size in space.blocks)
    values = space.require_parameters(real_array(parameters, "parameters"))
    if any(size != given for size, given in zip(blocks, space.blocks, strict=True)):
        raise ValueError(f"blocks = {space.blocks}; a certificate needs whole sizes")
    if not radius > 0:
        raise ValueError(f"radius = {radius}; the box must have a positive size")
    whole = unrefined(blocks, space.extra, space.absent)
    kind = _Kind(bits, checked_signs(outputs, len(whole.row_sizes)), checked_slope(kernel))
    try:
        with precision(bits):
            return _prove(whole, _ordered(whole, space, values), radius, kind)
    except ZeroNeuronError as error:
        return Failure(FailureReason.ZERO_NEURON, str(error))
    except NewtonError as error:
        return Failure(FailureReason.NEWTON_LEFT, str(error))


@dataclass(frozen=True)
class _Kind:
    """Which networks these are: bits, outputs and slope as in the certificate."""

    bits: int
    outputs: tuple[int, ...]
    slope: float

    def network(self, refined: RefinedBlocks, W: Structured) -> StructuredNetwork:
        """The network of weights that are structured by blocks, on parts."""
        return structured_network(refined, refined.lift(W), self.bits, self.outputs, self.slope)


def structured_network(
    refined: RefinedBlocks, W: Structured, bits: int, outputs: tuple[int, ...], slope: float
) -> StructuredNetwork:
    """Return the network of weights that are structured by parts.

    Args:
        refined: blocks and parts.
        W: the weights.
        bits: precision of the network.
        outputs: of the classes of neurons by blocks.
        slope: of the activation, for negative inputs.
    """
    signs = tuple(outputs[row] for row in refined.block_of_row)
    if slope == 0:
        return StructuredNetwork(refined.sizes, refined.extra, W, bits, signs)
    return LeakyStructuredNetwork(refined.sizes, refined.extra, W, bits, signs, slope)


def _prove(whole: RefinedBlocks, start: list[Ball], radius: float, kind: _Kind) -> SymmetricOutcome:
    given = kind.network(whole, _assemble(whole, start)).loss()
    if not given > 0:
        return Failure(FailureReason.LOSS_NOT_POSITIVE, f"F is in {given.str(5)}")
    center = _polish(whole, start, kind)
    at_center = kind.network(whole, _assemble(whole, center))
    W = _boxed(whole, center, radius)
    over_box = kind.network(whole, W)
    refined = refine(whole.blocks, whole.extra, whole.absent)
    fine = kind.network(refined, W)
    hessian = smallest_bound(
        _normalised(fine.hessian_forms(x.vectors), [fine.inner(v, v) for v in x.vectors])
        for x in components(refined)
    )
    if isinstance(hessian, Failure):
        return hessian
    orthogonal = smallest_bound(_orthogonal_blocks(over_box))
    if isinstance(orthogonal, Failure):
        return Failure(FailureReason.NOT_POSITIVE_DEFINITE_OFF_THE_SPAN, orthogonal.detail)
    gradient = _gradient(whole, at_center)
    gradient_norm = root(dot(gradient, gradient))
    mu = exact(_as_arb(hessian))
    if not mu * radius > 2 * gradient_norm:
        return Failure(
            FailureReason.GRADIENT_TOO_LARGE,
            f"|grad F| <= {float(gradient_norm.upper()):.3g} at the centre, curvature {hessian}",
        )
    loss = loss_at_minimum(at_center.loss(), gradient_norm, mu)
    if not loss > 0:
        return Failure(FailureReason.LOSS_NOT_POSITIVE, f"F is in {loss.str(5)}")
    location = decimal_above(_ROOM * gradient_norm / mu, BOUND_DIGITS)
    lengths = zip(at_center.row_sizes, at_center.norms(), strict=True)
    students = arb(sum(at_center.row_sizes))
    norm_sum = norm_sum_at_minimum(total(c * x for c, x in lengths), students, location)
    return SymmetricMinimumCertificate(
        blocks=whole.blocks,
        extra=whole.extra,
        W=_assemble(whole, center),
        radius=radius,
        bits=kind.bits,
        hessian_lower=hessian,
        orthogonal_hessian_lower=orthogonal,
        location_radius=location,
        loss_lower=decimal_below(_widened(loss), _VALUE_DIGITS),
        loss_upper=decimal_above(_widened(loss), _VALUE_DIGITS),
        norm_sum_lower=decimal_below(_widened(norm_sum), _VALUE_DIGITS),
        norm_sum_upper=decimal_above(_widened(norm_sum), _VALUE_DIGITS),
        splits=tuple(_splits(whole, W, kind)),
        absent=whole.absent,
        outputs=kind.outputs,
        slope=kind.slope,
    )


def _ordered(
    whole: RefinedBlocks, space: FixedPointSpace, values: NDArray[np.float64]
) -> list[Ball]:
    """Parameters in the order of `trivial_vectors`: own coordinates first, then row by row."""
    own, rest = space.layout.own, space.layout.rest
    places = [int(own[block]) for block in range(whole.present)]
    places += [
        int(rest[row, block])
        for row in range(len(whole.row_sizes))
        for block in range(len(whole.blocks))
        if whole.has_entry(row, block)
    ]
    return [exact(float(values[place])) for place in places]


def _assemble(whole: RefinedBlocks, values: Sequence[Ball]) -> Structured:
    """The matrix of parameters in the order of `trivial_vectors`."""
    r, rest = len(whole.blocks), iter(values[whole.present :])
    rows = [
        [next(rest) if whole.has_entry(row, block) else arb(0) for block in range(r)]
        for row in range(len(whole.row_sizes))
    ]
    return Structured(list(values[: whole.present]), rows)


def _boxed(whole: RefinedBlocks, values: Sequence[Ball], radius: float) -> Structured:
    """The box around parameters in the order of `trivial_vectors`."""
    counts = _counts(whole)
    return _assemble(
        whole,
        [x + arb(0, radius) / root(arb(c)) for x, c in zip(values, counts, strict=True)],
    )


def structured_box(minimum: SymmetricMinimumCertificate) -> Structured:
    """Return the box of a proved minimum."""
    whole, W = unrefined(minimum.blocks, minimum.extra, minimum.absent), minimum.W
    values = [
        x
        for row, entries in enumerate(W.rest)
        for block, x in enumerate(entries)
        if whole.has_entry(row, block)
    ]
    return _boxed(whole, [*W.own, *values], minimum.radius)


def _counts(whole: RefinedBlocks) -> list[Ball]:
    """Number of entries that each parameter fills, in the order of `trivial_vectors`."""
    rest = [
        size * (width - whole.is_own(row, column))
        for row, size in enumerate(whole.row_sizes)
        for column, width in enumerate(whole.blocks)
    ]
    return [exact(count) for count in (*whole.blocks[: whole.present], *rest) if count]


def _gradient(whole: RefinedBlocks, network: StructuredNetwork) -> list[Ball]:
    """The gradient in Fix(G), in the orthonormal basis along the parameters."""
    vectors = trivial_vectors(whole)
    return [network.slope(v) / network.inner(v, v).sqrt() for v in vectors]


def _polish(whole: RefinedBlocks, start: list[Ball], kind: _Kind) -> list[Ball]:
    """Newton's method in Fix(G), to the precision of the balls; a candidate, nothing is proved."""
    point, vectors = start, trivial_vectors(whole)
    counts = _counts(whole)
    moved = 0.0
    for _ in range(_NEWTON_STEPS):
        network = kind.network(whole, _assemble(whole, point))
        gradient = [x.mid() for x in _gradient(whole, network)]
        hessian = arb_mat(_normalised(network.hessian_forms(vectors), counts)).mid()
        try:
            step = hessian.solve(arb_mat(len(gradient), 1, gradient)).mid().entries()
        except ZeroDivisionError as error:
            raise NewtonError("the Hessian is singular next to the point") from error
        length = float(root(dot(step, step)))
        moved += length
        if not moved <= _LARGEST_MOVE:
            raise NewtonError(f"Newton's method moved the point by more than {_LARGEST_MOVE}")
        point = [(x - y / root(c)).mid() for x, y, c in zip(point, step, counts, strict=True)]
        if length < 2.0 ** -(kind.bits // 2):
            return point
    raise NewtonError(f"Newton's method did not settle in {_NEWTON_STEPS} steps")


def _normalised(forms: Matrix, counts: Sequence[Ball]) -> list[list[Ball]]:
    """A form along vectors, in the orthonormal basis along them."""
    lengths = [c.sqrt() for c in counts]
    return [
        [x / (a * b) for x, b in zip(row, lengths, strict=True)]
        for row, a in zip(forms, lengths, strict=True)
    ]


def _orthogonal_blocks(network: StructuredNetwork) -> Iterator[list[list[Ball]]]:
    """The blocks of M: the trivial one, and a number for each block of more than one neuron."""
    mixed, own = network.orthogonal_entries()
    sizes = network.row_sizes
    yield [
        [
            own[a] + (sizes[a] - 1) * mixed[a][a]
            if a == b
            else mixed[a][b] * (arb(sizes[a]) * sizes[b]).sqrt()
            for b in range(len(sizes))
        ]
        for a in range(len(sizes))
    ]
    for a, size in enumerate(sizes):
        if size > 1:
            yield [[own[a] - mixed[a][a]]]


def smallest_bound(blocks: Iterator[list[list[Ball]]]) -> Decimal | Failure:
    """Return a lower bound of all eigenvalues of small symmetric matrices, or why there is none."""
    matrices = list(blocks)
    if not all(x.is_finite() for matrix in matrices for row in matrix for x in row):
        return Failure(FailureReason.BOX_TOO_WIDE, "an enclosure of the Hessian is unbounded")
    smallest = min(
        float(np.linalg.eigvalsh(float_balls(arb_mat(matrix)).midpoints)[0]) for matrix in matrices
    )
    detail = f"the smallest eigenvalue is about {smallest:.3g} at the centre"
    if not smallest > 0:
        return Failure(FailureReason.NOT_POSITIVE_DEFINITE, detail)
    for margin in _MARGINS:
        bound = decimal_below(smallest * (1 - margin), BOUND_DIGITS)
        if all(is_positive_definite(matrix, _as_arb(bound)) for matrix in matrices):
            return bound
    return Failure(FailureReason.BOX_TOO_WIDE, detail)


def is_positive_definite(matrix: Matrix, shift: Ball) -> bool:
    """Say whether A - shift I is shown to be positive definite, by elimination in balls.

    Args:
        matrix: symmetric, small: widths grow with each step.
        shift: what to subtract from the diagonal.
    """
    rows = [[x - shift * (i == j) for j, x in enumerate(row)] for i, row in enumerate(matrix)]
    while rows:
        pivot = rows[0][0]
        if not pivot > 0:
            return False
        rows = [
            [x - row[0] * y / pivot for x, y in zip(row[1:], rows[0][1:], strict=True)]
            for row in rows[1:]
        ]
    return True


def _splits(whole: RefinedBlocks, W: Structured, kind: _Kind) -> Iterator[SymmetricSplit]:
    for row in range(len(whole.row_sizes)):
        refined, neuron = refine_around(whole.blocks, whole.extra, row, whole.absent)
        network = kind.network(refined, W)
        split = symmetric_split(network, neuron, row)
        if split is not None:
            yield split


def _widened(number: Ball) -> Ball:
    return number + arb(0, _ROOM * number.rad())


def _as_arb(number: Decimal) -> Ball:
    return arb(str(number))
