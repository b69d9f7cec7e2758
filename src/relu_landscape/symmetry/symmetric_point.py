"""What is known of a critical point in a fixed-point space."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.symmetry.arithmetic import Numbers
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import Eigenvalue, morse_index

LARGEST_MATRIX: Final = 2000


@dataclass(frozen=True, kw_only=True)
class SymmetricPoint:
    """A critical point of F in a fixed-point space, with its complete spectrum.

    space: the fixed-point space; parameters: (dimension,) named by `space.parameter_names`; loss:
    F; spectrum: distinct eigenvalues of the Hessian, ascending, with multiplicities that add up to
    its size; extended_parameters: the parameters with the digits they were solved in.
    """

    space: FixedPointSpace
    parameters: NDArray[np.float64]
    loss: float
    spectrum: tuple[Eigenvalue, ...]
    extended_parameters: Numbers = field(repr=False)

    @property
    def isotropy(self) -> str:
        """Name of the isotropy subgroup."""
        return self.space.isotropy

    @property
    def index(self) -> float:
        """Number of negative Hessian eigenvalues; an integer where n and k are whole."""
        return morse_index(self.spectrum)

    @property
    def smallest(self) -> Eigenvalue:
        """The smallest Hessian eigenvalue."""
        return self.spectrum[0]

    def weights(self) -> NDArray[np.float64]:
        """Return W, (n, k), where n and k are whole, for k up to 2000.

        Raises:
            ValueError: the size of a block is not a whole number, or k too large.
        """
        k = float(self.space.k)
        if k > LARGEST_MATRIX:
            raise ValueError(
                f"k = {k:g}; the weight matrix is made for k <= {LARGEST_MATRIX}: use the "
                "parameters"
            )
        return self.space.embed(self.parameters)
