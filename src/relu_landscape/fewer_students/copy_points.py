"""Copy-average and perturbed-copy points by name, at any k and n."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, extended_number, text
from relu_landscape.fewer_students.copy_branches import CopyBranch, SolvedBranch, require_size
from relu_landscape.fewer_students.erf_points import solve_erf_branch
from relu_landscape.fewer_students.relu_branches import solve_relu_branch
from relu_landscape.symmetry.arithmetic import to_float64
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.symmetric_point import SymmetricPoint

BranchSolver: TypeAlias = Callable[[CopyBranch, float, float], SolvedBranch]
"""The point of a branch at k and n, for one activation."""

_SOLVERS: Final[Mapping[str, BranchSolver]] = MappingProxyType(
    {"relu": solve_relu_branch, "erf": solve_erf_branch}
)


@dataclass(frozen=True, kw_only=True)
class CopyPoint(SymmetricPoint):
    """A point of one of the two branches with fewer students than teachers.

    branch, kernel, k, n: its name; row_outputs: (classes of rows,) the output of the neurons of
    each class, 1 for the ReLU. The spectrum for erf is that of the Hessian over weights and
    outputs, (n k + n, n k + n).
    """

    branch: CopyBranch
    kernel: str
    k: float
    n: float
    row_outputs: NDArray[np.float64]

    def outputs(self) -> NDArray[np.float64]:
        """Return the outputs of the students, (n,), for a whole n.

        Raises:
            ValueError: n is not a whole number.
        """
        if self.n != int(self.n):
            raise ValueError(f"n = {self.n:g}; only a whole number of students has outputs")
        return np.repeat(self.row_outputs, [round(size) for size in self.space.row_sizes])


@checked_arguments(k=extended_number, n=extended_number, kernel=text)
def copy_average_point(k: float, n: float, *, kernel: str = "relu") -> CopyPoint:
    """Return the critical point at which n - 1 students copy and one averages, teacher V = I_k.

    For the ReLU it is followed from (k, n) = (8, 4), where descent finds it, by Newton's method in
    the fixed-point space; the last steps and the spectrum are in extended precision. The cost grows
    with the way, not with the size of the weights. For erf it has a closed form.

    Args:
        k: number of teachers, n + 1 or any real number from n + 2 on, up to 1e20.
        n: number of students, 1, 2, 3 or any real number from 4 on.
        kernel: the activation: "relu", with outputs 1, or "erf", whose outputs are trained.

    Returns:
        The point, its loss and the spectrum of the Hessian: for the ReLU rounded to float64 at the
        end, for erf computed in it.

    Raises:
        ValueError: another activation, or a size that it does not come with.
        SolveError: the branch could not be followed to this size.

    Source: Simsek et al. 2023 name it an optimum; the points are computed, not copied.
    """
    return _point(CopyBranch.COPY_AVERAGE, k, n, kernel)


@checked_arguments(k=extended_number, n=extended_number, kernel=text)
def perturbed_copy_point(k: float, n: float, *, kernel: str = "relu") -> CopyPoint:
    """Return the critical point at which each student copies a teacher, approximately; V = I_k.

    Each has one weight for its own teacher, one for the others that are copied and one for those
    left out. Solved as `copy_average_point` is; for erf in float64, from n next to k.

    Args:
        k: number of teachers, n + 1 or any real number from n + 2 on.
        n: number of students, 2 or any real number from 3 on.
        kernel: the activation: "relu", with outputs 1, or "erf", whose outputs are trained.

    Returns:
        As `copy_average_point`. With erf and n next to k large terms of the loss cancel, and its
        relative error grows with k.

    Raises:
        ValueError: another activation, or a size that it does not come with.
        SolveError: the branch could not be followed to this size.

    Source: Simsek et al. 2023 meet it in descent; the points are computed, not copied.
    """
    return _point(CopyBranch.PERTURBED_COPY, k, n, kernel)


def _point(branch: CopyBranch, k: float, n: float, kernel: str) -> CopyPoint:
    if kernel not in _SOLVERS:
        raise ValueError(f"kernel = {kernel!r}; these points are known for {', '.join(_SOLVERS)}")
    require_size(branch, k, n)
    solved = _SOLVERS[kernel](branch, float(k), float(n))
    space = solved.space
    return CopyPoint(
        branch=branch,
        kernel=kernel,
        k=float(k),
        n=float(n),
        space=FixedPointSpace(tuple(map(float, space.blocks)), space.extra, space.absent),
        parameters=to_float64(solved.parameters),
        row_outputs=to_float64(solved.outputs),
        loss=float(solved.loss),
        spectrum=solved.spectrum,
        extended_parameters=solved.parameters,
    )
