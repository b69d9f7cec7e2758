"""Copy-average points in closed form, perturbed copies by continuation, and their spectra.

Copy-average, extreme partition: n - 1 students equal a teacher each, with output 1, and one is

    w = (1/sqrt(m (2 m - 1))) sum of the other m = k - n + 1 teachers, with output m;

L = 2 F = (2/pi)(m asin(1/2) - m^2 asin(1/(2 m))). Perturbed copies: every student is next to a
teacher of its own, and all are alike: one value on the own coordinate, one on those of the other
copied teachers, one on those of the k - n teachers left out, one output weight.

Source: Simsek et al. 2023 for both, with closed forms of the first; the second is solved here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, real_number
from relu_landscape.certificates.erf_slopes import FLOATS, Numbers
from relu_landscape.fewer_students.arrangement import NO_PARAMETER, NeuronArrangement
from relu_landscape.fewer_students.copy_averages import average_loss
from relu_landscape.fewer_students.copy_branches import CopyBranch, SolvedBranch, branch_space
from relu_landscape.fewer_students.erf_components import components, refine
from relu_landscape.fewer_students.jets import Real
from relu_landscape.symmetry.continuation import SolveError
from relu_landscape.symmetry.isotypic import Eigenvalue, morse_index

NEWTON_BUDGET: Final = 40
# Steps shrink quadratically from here on, until rounding ends it.
SETTLED: Final = 1e-7
LARGEST_MOVE: Final = 0.05
FIRST_SHARE: Final = 0.01
FIRST_STEP: Final = 0.01
SMALLEST_STEP: Final = 1e-6
ROUNDING: Final = 1e-14
# Teachers a student, at most, while the number of students falls.
FALL: Final = 2.0
# Largest number of teachers to which the continuation was tried.
LARGEST_K: Final = 10_000


@dataclass(frozen=True)
class ErfPoint:
    """A symmetric critical point of F in weights and output weights, with its spectrum.

    branch, k, n: its name, k and n real; unused_inputs: d - k; arrangement: its classes of
    students; parameters: (dimension,) in it; loss: F.
    """

    branch: CopyBranch
    k: float
    n: float
    unused_inputs: float
    arrangement: NeuronArrangement
    parameters: NDArray[np.float64]
    loss: float

    @property
    def norm(self) -> float:
        """|w| of a student of the last class: of the average, or of every perturbed copy."""
        weights, places = self.arrangement.input_parts, self.arrangement.rest[-1]
        own = self.arrangement.own[-1]
        square = self.parameters[own] ** 2 if own != NO_PARAMETER else 0.0
        for column, place in enumerate(places):
            if place != NO_PARAMETER:
                count = weights[column] - (own != NO_PARAMETER and column == 0)
                square += count * self.parameters[place] ** 2
        return math.sqrt(square)

    @property
    def output(self) -> float:
        """Output weight of a student of the last class."""
        return float(self.parameters[self.arrangement.output[-1]])

    @cached_property
    def spectrum(self) -> tuple[Eigenvalue, ...]:
        """Distinct eigenvalues of the Hessian over weights and outputs, ascending.

        Multiplicities add up to n (d + 1).

        Raises:
            ValueError: a class of few neurons, and no whole number of them, see `refine`.
        """
        refined = refine(self.arrangement)
        values = np.where(refined.lift == NO_PARAMETER, 0.0, self.parameters[refined.lift])
        hessian = refined.fine.loss(values, FLOATS).hessian
        found = []
        for component in components(refined, self.unused_inputs):
            lengths = np.sqrt(component.vectors**2 @ refined.fine.counts)
            unit = component.vectors / lengths[:, None]
            found += [
                Eigenvalue(float(value), component.dimension, component.irrep)
                for value in np.linalg.eigvalsh(unit @ hessian @ unit.T)
            ]
        return tuple(sorted(found, key=lambda eigenvalue: eigenvalue.value))

    @property
    def index(self) -> float:
        """Number of negative Hessian eigenvalues; an integer if k and n are."""
        return morse_index(self.spectrum)

    @property
    def smallest(self) -> Eigenvalue:
        """The smallest Hessian eigenvalue."""
        return self.spectrum[0]


@checked_arguments(k=real_number, n=real_number, unused_inputs=real_number)
def copy_average_erf(k: float, n: float, *, unused_inputs: float = 1) -> ErfPoint:
    """Return the copy-average point of the extreme partition, for erf.

    Args:
        k: teachers, a real number above n.
        n: students, a real number, 1 or more.
        unused_inputs: d - k, 0 or more.

    Returns:
        The point; its students in order: n - 1 copies, and the average.

    Raises:
        ValueError: other numbers.

    Source: Simsek et al. 2023, stated there; the proof is in `copy_averages`.
    """
    _refuse(k, n, 1, unused_inputs)
    arrangement = copy_average_arrangement(k, n)
    parameters = np.array(copy_average_parameters(arrangement, FLOATS))
    return ErfPoint(
        branch=CopyBranch.COPY_AVERAGE,
        k=float(k),
        n=float(n),
        unused_inputs=float(unused_inputs),
        arrangement=arrangement,
        parameters=parameters,
        loss=average_loss(k - n + 1),
    )


@checked_arguments(k=real_number, n=real_number, unused_inputs=real_number)
def perturbed_copy_erf(k: float, n: float, *, unused_inputs: float = 1) -> ErfPoint:
    """Return the critical point of erf at which every student is next to a teacher of its own.

    Followed by Newton's method in 4 unknowns from n next to k, where the students equal their
    teachers.

    Args:
        k: teachers, a real number above n, up to 10,000.
        n: students, a real number, 2 or more.
        unused_inputs: d - k, 0 or more.

    Returns:
        The point; its students in the order of their teachers, those left out last.

    Raises:
        ValueError: other numbers.
        SolveError: the point could not be followed to this n.
    """
    _refuse(k, n, 2, unused_inputs)
    if k > LARGEST_K:
        raise ValueError(f"k = {k:g}; perturbed copies are followed for k <= {LARGEST_K}")
    arrangement, parameters = _followed(float(k), float(n))
    return ErfPoint(
        branch=CopyBranch.PERTURBED_COPY,
        k=float(k),
        n=float(n),
        unused_inputs=float(unused_inputs),
        arrangement=arrangement,
        parameters=parameters,
        loss=arrangement.loss(parameters, FLOATS).value,
    )


def solve_erf_branch(branch: CopyBranch, k: float, n: float) -> SolvedBranch:
    """Return the point of a branch at k and n, with d = k inputs.

    Raises:
        ValueError, SolveError: as for `copy_average_erf` and `perturbed_copy_erf`.
    """
    find = copy_average_erf if branch is CopyBranch.COPY_AVERAGE else perturbed_copy_erf
    point, space = find(k, n, unused_inputs=0), branch_space(branch, k, n)
    own, rest = (
        np.where(places == NO_PARAMETER, 0.0, point.parameters[places])
        for places in (point.arrangement.own, point.arrangement.rest)
    )
    return SolvedBranch(
        space=space,
        parameters=space.vector(own, rest),
        outputs=point.parameters[point.arrangement.output],
        loss=point.loss,
        spectrum=point.spectrum,
    )


def copy_average_arrangement(k: float, n: float) -> NeuronArrangement:
    """Return the classes of the copy-average point."""
    copies = (float(n - 1),) if n > 1 else ()
    return NeuronArrangement(copies=copies, others=(float(k - n + 1),), averages=1)


def copy_average_parameters(arrangement: NeuronArrangement, numbers: Numbers) -> list[Real]:
    """Return the closed form, in any kind of numbers.

    Args:
        arrangement: of `copy_average_arrangement`.
        numbers: the kind.
    """
    m = numbers.number(arrangement.others[0])
    parameters = [numbers.number(0)] * arrangement.dimension
    if arrangement.copies:
        parameters[arrangement.own[0]] = parameters[arrangement.output[0]] = numbers.number(1)
    parameters[arrangement.rest[-1, -1]] = 1 / numbers.sqrt(m * (2 * m - 1))
    parameters[arrangement.output[-1]] = m
    return parameters


def perturbed_copy_arrangement(k: float, n: float) -> NeuronArrangement:
    """Return the classes of the point of perturbed copies."""
    return NeuronArrangement(copies=(float(n),), others=(float(k - n),))


def _refuse(k: float, n: float, least: int, unused_inputs: float) -> None:
    if not least <= n < k < math.inf or not 0 <= unused_inputs < math.inf:
        raise ValueError(
            f"k = {k}, n = {n}, unused_inputs = {unused_inputs}; needs {least} <= n < k, any real "
            "numbers, and 0 or more unused inputs"
        )


def _followed(k: float, n: float) -> tuple[NeuronArrangement, NDArray[np.float64]]:
    """The arrangement and the point of perturbed copies.

    First n falls from next to k, or to twice n if that is less, then k grows: at large k the point
    turns sharply in n below 3.
    """
    fewer = min(k, FALL * n)
    # At n = k: own 1, other 0, output 1; the left-out coordinate, of which there are none yet,
    # tends to about 1/k.
    start = np.array([1.0, 0.0, 1.0 / fewer, 1.0])
    least, most = min(fewer - n, FIRST_SHARE * fewer), fewer - n
    first = _newton(perturbed_copy_arrangement(fewer, fewer - least), start)
    if first is None:
        raise SolveError(f"no point of perturbed copies was found next to n = k = {fewer:g}")
    point = _along(
        lambda left_out: perturbed_copy_arrangement(fewer, fewer - left_out), first, least, most
    )
    if fewer < k:
        point = _along(
            lambda logarithm: perturbed_copy_arrangement(math.exp(logarithm), n),
            *(point, math.log(fewer), math.log(k)),
        )
    arrangement = perturbed_copy_arrangement(k, n)
    # The last size of the path is off by its rounding.
    settled = _newton(arrangement, point)
    if settled is None:
        raise SolveError(f"Newton's method did not settle at k = {k:g}, n = {n:g}")
    return arrangement, settled


def _along(
    arrangement_at: Callable[[float], NeuronArrangement],
    point: NDArray[np.float64],
    here: float,
    goal: float,
) -> NDArray[np.float64]:
    """The point at the goal, followed along a line of sizes from where it is known."""
    whole = goal - here
    slope, step = np.zeros_like(point), FIRST_STEP * whole
    while goal - here > ROUNDING * abs(goal):
        there = min(here + step, goal)
        prediction = point + slope * (there - here)
        reached = _newton(arrangement_at(there), prediction)
        scale = max(1.0, abs(point[-1]))
        moved = math.inf if reached is None else float(np.abs(reached - prediction).max())
        if reached is None or moved > LARGEST_MOVE * scale:
            step /= 2
            if step < SMALLEST_STEP * whole:
                (copies,), (others,) = arrangement_at(here).copies, arrangement_at(here).others
                raise SolveError(
                    f"lost the perturbed copies of {copies:g} teachers with {others:g} left out: "
                    "they may end in a fold there, or need more digits than float64 has"
                )
            continue
        slope, point, here = (reached - point) / (there - here), reached, there
        if moved < LARGEST_MOVE * scale / 10:
            step *= 1.5
    return point


def _newton(
    arrangement: NeuronArrangement, start: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """The critical point that Newton's method settles at, if it does."""
    scale = np.sqrt(arrangement.counts)
    point, last = start, math.inf
    for _ in range(NEWTON_BUDGET):
        jet = arrangement.loss(point, FLOATS)
        hessian = jet.hessian / np.outer(scale, scale)
        try:
            step = np.linalg.solve(hessian, jet.gradient / scale)
        except np.linalg.LinAlgError:
            return None
        length = float(np.linalg.norm(step))
        if not math.isfinite(length):
            return None
        if length < SETTLED and length >= last / 2:
            return point
        point, last = point - step / scale, length
        if not 0 < point[0] < 2:
            # The own coordinate has left what a perturbed copy is.
            return None
    return None
