"""What a step of a study is: a function from what is stored, and settings, to what it makes.

The parameters of a step name its inputs (tables, arrays, published numbers), the wildcards and the
values of its rule, and `log`, the log of its job; it returns what it makes by the names of the
outputs of its rule. Where a rule names several files for one input, the step gets their contents by
path.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Arrays", "Made"]

Arrays: TypeAlias = Mapping[str, NDArray[np.float64]]
"""Arrays that are stored together, by their names."""

Made: TypeAlias = Mapping[str, Any]
"""Records or a frame of a table, `Arrays`, a text, or a document, by the name of the output."""
