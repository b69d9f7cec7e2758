"""Restarts with the weights where they ended, by case, as the jobs of a run have stored them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.cells import case_size
from relu_landscape.tables.files import read_table

__all__ = ["read_restarts"]


def read_restarts(
    paths: Sequence[Path | str], cases: Iterable[str]
) -> Iterator[tuple[str, pd.DataFrame, NDArray[np.float64]]]:
    """Yield each case with the rows of `restarts` that are its, and their weights (runs, n, k).

    paths: tables of restarts, each beside the arrays of its weights, by case in the order of the
    rows. The rows of a case are in the order of the paths, and counted from 0.

    Raises what `read_table` and `read_arrays` raise for one of the files.
    """
    stored = [
        (read_table(path, "restarts"), read_arrays(Path(path).with_suffix(".npz")))
        for path in paths
    ]
    for case in cases:
        k, n = case_size(case)
        tables = [table[(table["k"] == k) & (table["n"] == n)] for table, _ in stored]
        weights = [arrays[case] for _, arrays in stored if case in arrays]
        yield case, pd.concat(tables, ignore_index=True), np.concatenate(weights)
