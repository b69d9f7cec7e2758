"""Copy-average points of the ReLU enclosed in balls, at any real k: their loss and their index.

Let G be the gradient in the 5 parameters. If the image of a box X under Krawczyk's operator lies
inside X, X holds exactly one zero of G, a critical point of F; with a ball for k it does at every k
in the ball, and these zeros are a continuous curve. The index: by the law of inertia, the signs of
D in B = L D L^T of the block B of each isotypic component.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, real_number, whole_number
from relu_landscape.certificates.components import components, refine, trivial_vectors, unrefined
from relu_landscape.certificates.inertia import negative_pivots
from relu_landscape.certificates.krawczyk import NotEnclosedError, krawczyk_image, lies_inside
from relu_landscape.certificates.precision import Ball, exact, precision
from relu_landscape.certificates.structured import Structured, StructuredNetwork
from relu_landscape.fewer_students.copy_points import copy_average_point

BITS: Final = 192
LEAST_STUDENTS: Final = 3
# The first has room for a single k, the second for an interval of some units in the last place.
RADII: Final = (2.0**-80, 2.0**-30)
_NEWTON_STEPS: Final = 4


@dataclass(frozen=True)
class AverageEnclosure:
    """What is proved of a copy-average point, d = k.

    k, n: its size; box: (5,) balls of its parameters; loss: a ball of F; negative: number of
    negative eigenvalues of the matrix of each isotypic component, all others being positive; None
    where one has no sign.
    """

    k: float
    n: int
    box: NDArray[Any]
    loss: Ball
    negative: Mapping[str, int | None]


@checked_arguments(k=real_number, n=whole_number)
def enclose_average(k: float, n: int) -> AverageEnclosure:
    """Prove that there is a copy-average point at k, and enclose it.

    Args:
        k: number of teachers, a real number >= n + 2, meant exactly.
        n: number of students, 3 or more.

    Raises:
        ValueError: fewer students, or a k that the branch does not come with.
        NotEnclosedError: no box passed.
        SolveError: the branch could not be followed to this size.
    """
    with precision(BITS):
        size = _Size(exact(k), n)
        start = _array([arb(float(x)) for x in copy_average_point(k, n).parameters])
        box = _proved_box(size, k, start)
        refined = refine(size.blocks, 1, 1)
        fine = StructuredNetwork(refined.sizes, 1, refined.lift(_assemble(box)), BITS)
        negative = {
            component.name: negative_pivots(_array(fine.hessian_forms(component.vectors)))
            for component in components(refined)
        }
        return AverageEnclosure(k, n, box, size.network(box).loss(), negative)


def is_one_curve(below: AverageEnclosure, above: AverageEnclosure) -> bool:
    """Say whether the copy-average points between two, at k next to one another, are one curve.

    Args:
        below, above: of the same n, enclosed.
    """
    with precision(BITS):
        size = _Size(exact(below.k).union(exact(above.k)), below.n)
        try:
            around = _proved_box(size, below.k, below.box)
        except NotEnclosedError:
            return False
        return all(lies_inside(end.box, around) for end in (below, above))


@dataclass(frozen=True)
class _Size:
    """A ball of k, and n."""

    k: Ball
    n: int

    def __post_init__(self) -> None:
        if self.n < LEAST_STUDENTS:
            raise ValueError(
                f"n = {self.n}; a copy-average is enclosed from n = {LEAST_STUDENTS} on, with two "
                "copies or more"
            )

    @property
    def blocks(self) -> tuple[Any, ...]:
        """Copies, and the teachers that are averaged."""
        return self.n - 1, self.k - (self.n - 1)

    def network(self, parameters: NDArray[Any]) -> StructuredNetwork:
        """The network of these parameters."""
        return StructuredNetwork(self.blocks, 1, _assemble(parameters), BITS)

    def gradient(self, parameters: NDArray[Any]) -> NDArray[Any]:
        """G."""
        network = self.network(parameters)
        return _array([network.slope(vector) for vector in self._vectors])

    def hessian(self, parameters: NDArray[Any]) -> NDArray[Any]:
        """G'."""
        return _array(self.network(parameters).hessian_forms(self._vectors))

    @property
    def _vectors(self) -> list[Structured]:
        return trivial_vectors(unrefined(self.blocks, 1, 1))


def _proved_box(size: _Size, k: float, start: NDArray[Any]) -> NDArray[Any]:
    """A box that holds exactly one critical point at every k of a size.

    k: one of them, to which Newton's method goes from the start.
    """
    middle, center = _Size(exact(k), size.n), _array([x.mid() for x in start])
    for _ in range(_NEWTON_STEPS):
        inverse = _array(arb_mat(middle.hessian(center).tolist()).mid().inv().mid().tolist())
        center = _array([x.mid() for x in center - inverse @ middle.gradient(center)])
    slope = size.gradient(center)
    for radius in RADII:
        spread = _array([arb(0, radius)] * len(center))
        box = center + spread
        image = krawczyk_image(center, slope, inverse, size.hessian(box), spread)
        if lies_inside(image, box):
            return box if size.k.rad() > 0 else image
    raise NotEnclosedError(
        f"no box of half-width {RADII} around the copy-average at k = {k}, n = {size.n} is mapped "
        "into itself: the Hessian may be singular there"
    )


def _assemble(parameters: NDArray[Any]) -> Structured:
    """The matrix of parameters in the order of the fixed-point space of the branch."""
    own, *rest = parameters.tolist()
    return Structured([own], [rest[:2], rest[2:]])


def _array(balls: Any) -> NDArray[Any]:
    return np.array(balls, dtype=object)
