"""Two branches of critical points with fewer students than teachers, n < k.

    copy-average      n - 1 students near a teacher of their own, one near the mean of the k - n + 1
                      others; isotropy Delta(S_{n-1} x S_{k-n+1})
    perturbed copy    every student near a teacher of its own, with equal weights on the k - n
                      others; isotropy Delta(S_n x S_{k-n})

With s the activation and a_i the outputs, F = 1/2 E (sum_i a_i s(w_i.x) - sum_j s(v_j.x))^2, V =
I_k. The sizes of the blocks need not be whole, and so the branches are curves in real k and n.

Source: Simsek, Bendjeddou, Gerstner & Brea 2023 (arXiv 2311.01644) for the two kinds of end points;
the continuation in k and n is ours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from relu_landscape.symmetry.arithmetic import Numbers, Real
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import Eigenvalue


class CopyBranch(StrEnum):
    """The two branches; the list is closed."""

    COPY_AVERAGE = "copy_average"
    PERTURBED_COPY = "perturbed_copy"


@dataclass(frozen=True)
class SolvedBranch:
    """A point of a branch, as the solver of one activation returns it.

    space: its fixed-point space; parameters: (dimension,); outputs: (classes of rows,) the output
    of the neurons of each class; loss: F; spectrum: of the Hessian in all that is trained.
    """

    space: FixedPointSpace
    parameters: Numbers
    outputs: Numbers
    loss: Real
    spectrum: tuple[Eigenvalue, ...]


def branch_space(branch: CopyBranch, k: Real, n: Real) -> FixedPointSpace:
    """Return the fixed-point space of a branch at real k and n, 1 <= n < k.

    Copies come first, with their own, the other copied and the averaged coordinates; in the space
    of a copy-average the averaging neuron follows. With n = 1 there is nothing else.
    """
    if branch is CopyBranch.PERTURBED_COPY:
        return FixedPointSpace((n, k - n), absent=1)
    if n == 1:
        return FixedPointSpace((k,), extra=1, absent=1)
    return FixedPointSpace((n - 1, k - n + 1), extra=1, absent=1)


# Whole n, and the least real n, at which no representation has a negative dimension.
_SIZES: Final = {
    CopyBranch.COPY_AVERAGE: ((1, 2, 3), 4),
    CopyBranch.PERTURBED_COPY: ((2,), 3),
}

# Largest number of teachers to which the points were followed: far beyond squares overflow.
LARGEST_K: Final = 10**20


def require_size(branch: CopyBranch, k: Real, n: Real) -> None:
    """Require k and n at which the branch is known and its spectrum can be counted.

    Raises:
        ValueError: they are not such.
    """
    if max(k, n) > LARGEST_K:
        raise ValueError(f"k or n is beyond {LARGEST_K:g}; the points are followed up to there")
    whole, least = _SIZES[branch]
    if not ((n in whole or n >= least) and (k == n + 1 or n + 2 <= k < math.inf)):
        raise ValueError(
            f"k = {float(k):g} and n = {float(n):g}; a {branch.replace('_', ' ')} point needs n = "
            f"{', '.join(map(str, whole))} or a real n >= {least}, and k = n + 1 or a finite real "
            "k >= n + 2"
        )
