"""What the catalogue holds: critical points and theorems, as frozen dataclasses.

Functions of studies make them of tables (`studies/<study>/entries/`), `rows` makes rows of a table
of them and them of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.symmetry.fixed_points import NO_PARAMETER, FixedPointSpace
from relu_landscape.tables.columns import ProofState

LARGEST_MATRIX: Final = 2000

Nature: TypeAlias = Literal[
    "global_minimum", "spurious_minimum", "strict_minimum", "saddle", "undecided"
]
PointKind: TypeAlias = Literal["class", "family_point", "leaky_point"]


@dataclass(frozen=True, kw_only=True)
class WeightsByBlock:
    """Weights that permutations of the coordinates and neurons of each block leave alone.

    Rows of one class are alike: class a < t, of `blocks[a]` rows, has own[a] on the own coordinate
    of a row and rest[a][b] on the (other) coordinates of block b; each of `extra` further classes
    is one row, with rest[a][b] alone. What has no entry is None.

    blocks: (r,) sizes that add up to k; absent: how many of the last ones have no rows, so that t =
    r - absent; extra: further neurons; own: (t + extra,); rest: (t + extra, r).
    """

    blocks: tuple[int, ...]
    extra: int
    own: tuple[float | None, ...]
    rest: tuple[tuple[float | None, ...], ...]
    absent: int = 0

    @classmethod
    def of_parameters(cls, space: FixedPointSpace, parameters: ArrayLike) -> WeightsByBlock:
        """The weights of parameters (dimension,) in a fixed-point space with whole blocks."""
        values = np.asarray(parameters, dtype=np.float64)

        def at(place: int) -> float | None:
            return None if place == NO_PARAMETER else float(values[place])

        return cls(
            blocks=tuple(int(size) for size in space.blocks),
            extra=space.extra,
            own=tuple(at(place) for place in space.layout.own),
            rest=tuple(tuple(at(place) for place in row) for row in space.layout.rest),
            absent=space.absent,
        )

    @classmethod
    def of_fields(cls, fields: dict[str, Any]) -> WeightsByBlock:
        """The weights that JSON holds as these fields."""
        return cls(
            blocks=tuple(fields["blocks"]),
            extra=fields["extra"],
            own=tuple(fields["own"]),
            rest=tuple(map(tuple, fields["rest"])),
            absent=fields.get("absent", 0),
        )

    @property
    def space(self) -> FixedPointSpace:
        """The fixed-point space."""
        return FixedPointSpace(self.blocks, self.extra, self.absent)

    @property
    def parameters(self) -> NDArray[np.float64]:
        """The parameters in it, (dimension,)."""
        own, rest = (np.array(values, dtype=np.float64) for values in (self.own, self.rest))
        return self.space.vector(own, rest)

    def matrix(self) -> NDArray[np.float64]:
        """W, (n, k), blocks in order, further neurons last."""
        return self.space.embed(self.parameters)


@dataclass(frozen=True, kw_only=True)
class DistinctEigenvalue:
    """A Hessian eigenvalue, how often it occurs, and the representation that it belongs to."""

    eigenvalue: float
    multiplicity: int
    irrep: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunsOfSearch:
    """How many runs of a search ended in a class."""

    search: str
    runs: int


@dataclass(frozen=True, kw_only=True)
class PointCertificate:
    """What a certificate proves of a point, and where it stands.

    file, line: in the results of the run, lines counted from 1; statement: its kind; says: it in
    words. Bounds are those of its columns in docs/tables.md; splits: neurons, or classes of neurons
    of symmetric points, whose split is tried; splits_proved: those proved to make strict saddles;
    None of what a certificate of fewer students than teachers is not asked for.
    """

    file: str
    line: int
    statement: str
    says: str
    loss_lower: float
    loss_upper: float
    hessian_lower: float
    orthogonal_hessian_lower: float
    location_radius: float | None = None
    norm_sum_upper: float | None = None
    norm_sum_below_k: str | None = None
    splits: int | None = None
    splits_proved: int | None = None


@dataclass(frozen=True, kw_only=True)
class SplitLanding:
    """Where one more neuron leads: a neuron is split, descent follows negative curvature.

    row: class of rows of the neuron in the weights; alpha: share of the first half, None where the
    run does not say it; sign: of the push; landing: "class", "global", "new" (a critical point that
    no run met), "spurious" (a critical point that is not compared) or "unfinished"; entry: id of
    the class; loss: where it ended.
    """

    row: int
    alpha: float | None
    sign: int
    landing: str
    entry: str | None
    loss: float


@dataclass(frozen=True, kw_only=True)
class CriticalPoint:
    """A critical point of F for orthonormal teachers, up to the order of neurons and coordinates.

    id: its name, of every run (`identifiers`); kind: "class", where runs ended, "family_point", of
    a symmetric family at one k and n, or "leaky_point", of a family at another slope; k, n:
    teachers and students; slope: s of the activation max(z, s z), 0 for the ReLU; class_id: number
    in the tables of this run, None for other points; isotropy: its subgroup; family: such as II_1,
    of a class the one that it belongs to, if there is one; nature: what the point is, a strict
    minimum where n < k and no loss is zero; loss: F;
    smallest_eigenvalue, negative_eigenvalues, spectrum: of the Hessian, None and empty where only a
    certificate tells of the point; weights_by_block: None there as well, and at other slopes; runs:
    that ended there; proved: whether it is proved a strict minimum; reason: why not; certificate:
    the proof; splits: what became of split neurons.
    """

    id: str
    kind: PointKind
    k: int
    n: int
    isotropy: str
    family: str | None
    nature: Nature
    loss: float
    proved: ProofState
    slope: float = 0.0
    class_id: int | None = None
    smallest_eigenvalue: float | None = None
    negative_eigenvalues: int | None = None
    spectrum: tuple[DistinctEigenvalue, ...] = ()
    weights_by_block: WeightsByBlock | None = None
    runs: tuple[RunsOfSearch, ...] = ()
    reason: str | None = None
    certificate: PointCertificate | None = None
    splits: tuple[SplitLanding, ...] = ()

    def weights(self) -> NDArray[np.float64]:
        """Return W, (n, k).

        Raises:
            ValueError: the weights are not stored, or k > 2000.
        """
        if self.weights_by_block is None:
            raise ValueError(
                f"{self.id}: its weights are not stored; relu_landscape.symmetric_critical_point "
                "solves for those of a family, relu_landscape.leaky.leaky_critical_point at a slope"
            )
        if self.k > LARGEST_MATRIX:
            raise ValueError(
                f"{self.id}: the weight matrix is made for k <= {LARGEST_MATRIX}; use "
                "weights_by_block"
            )
        return self.weights_by_block.matrix()


@dataclass(frozen=True, kw_only=True)
class CatalogueTheorem:
    """A theorem about critical points, for every k from some k on or for one.

    id: its name, of every run; family: that it is about, such as II_1; says: it in words; proved:
    whether it is; reason: why not; file, line: of its certificate, line None where all lines are
    it, file None where the proof is one argument, of docs/theorems.md; least_k: least real k that
    it is about; bounds: numbers that it states, by name; pieces: of the range of k, from infinity
    downwards, with bounds over each, by name; series: coefficients of the loss in h = k^(-1/2),
    enclosed.
    """

    id: str
    family: str | None
    says: str
    proved: ProofState
    reason: str | None = None
    file: str | None = None
    line: int | None = None
    least_k: float | None = None
    bounds: dict[str, Any]
    pieces: tuple[dict[str, Any], ...] = ()
    series: tuple[dict[str, Any], ...] = ()


Entries: TypeAlias = list[CriticalPoint | CatalogueTheorem]
"""What a function of a study adds to the catalogue."""
