"""Restarts with the weights where they ended, by case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.evidence.cells import case_size
from relu_landscape.studies.steps import Arrays

__all__ = ["by_case"]


def by_case(
    restarts: Sequence[pd.DataFrame], weights: Sequence[Arrays], cases: Iterable[str]
) -> Iterator[tuple[str, pd.DataFrame, NDArray[np.float64]]]:
    """Yield each case with the rows of `restarts` that are its, and their weights (runs, n, k).

    Args:
        restarts: batches, each of the runs of some cases.
        weights: where the runs of each batch ended, by case in the order of its rows.
        cases: the cases. The rows of a case are in the order of the batches, and counted from 0.
    """
    for case in cases:
        k, n = case_size(case)
        tables = [table[(table["k"] == k) & (table["n"] == n)] for table in restarts]
        ends = [arrays[case] for arrays in weights if case in arrays]
        yield case, pd.concat(tables, ignore_index=True), np.concatenate(ends)
