"""Cost of a Hessian spectrum through isotypic blocks, beside the whole Hessian in LAPACK.

At II_2 with n = k = d, in one process and on one core: the blocks of a point whose space is known;
the same from all weights, with the symmetry recognised first, the point polished and its ball of
strong convexity, as every class of a search gets it; and both by the whole Hessian, k^2 squared,
which a user would write first. Writes isotypic.csv and isotypic.md beside this file.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import scipy

from relu_landscape.families import symmetric_critical_point
from relu_landscape.minima.measured_minimum import measure_minimum
from relu_landscape.objective import population_hessian
from relu_landscape.symmetry import isotypic_spectrum

SIZES = (10, 20, 30, 50, 70, 100, 1000, 1_000_000)
LARGEST_FROM_WEIGHTS = 100
LARGEST_WHOLE = 70  # the Hessian has k^4 entries, its eigenvalues take k^6 operations
REPEATS = 3
HERE = Path(__file__).parent


def seconds(work: Callable[[], object]) -> float:
    """Least time of `work`."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def whole_spectrum(weights: np.ndarray) -> np.ndarray:
    """All k^2 eigenvalues, ascending."""
    return np.linalg.eigvalsh(population_hessian(weights, np.eye(weights.shape[1])))


def measure_size(k: int) -> dict[str, float]:
    """Times of one size; those that it is too large for are missing."""
    point = symmetric_critical_point("II", k, m=2)
    row = {"k": k, "blocks_s": seconds(lambda: isotypic_spectrum(point.space, point.parameters))}
    if k <= LARGEST_FROM_WEIGHTS:
        weights = np.random.default_rng(k).permutation(point.weights())
        row["class_s"] = seconds(lambda: measure_minimum(weights, largest_whole_k=0))
    if k <= LARGEST_WHOLE:
        spectrum = isotypic_spectrum(point.space, point.parameters)
        repeated = np.repeat(
            [value.value for value in spectrum], [round(value.multiplicity) for value in spectrum]
        )
        row["whole_s"] = seconds(lambda: whole_spectrum(weights))
        row["whole_class_s"] = seconds(lambda: measure_minimum(weights, largest_whole_k=k))
        row["largest_difference"] = float(np.abs(whole_spectrum(weights) - repeated).max())
    return row


def number(value: float) -> str:
    if np.isnan(value):
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


def render(frame: pd.DataFrame) -> str:
    lines = [
        "# Hessian spectrum of a symmetric minimum, seconds",
        "",
        "Written by `make bench`; do not edit. II_2 with n = k = d, one core, the least of "
        f"{REPEATS} runs. Blocks: the distinct eigenvalues with their multiplicities, the space of "
        "the point being known. A class: symmetry recognised from all weights, Newton's method, "
        "ball of strong convexity. Whole: the same from the Hessian with k^4 entries and LAPACK.",
        "",
        "| k | blocks | whole Hessian | whole / blocks | a class | a class, whole | whole / class "
        "| largest difference of eigenvalues |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in frame.itertuples():
        lines.append(
            f"| {row.k} | {number(row.blocks_s)} | {number(row.whole_s)} "
            f"| {number(row.whole_s / row.blocks_s)} | {number(row.class_s)} "
            f"| {number(row.whole_class_s)} | {number(row.whole_class_s / row.class_s)} "
            f"| {number(row.largest_difference)} |"
        )
    lines += [
        "",
        f"CPU: {platform.machine()} (host), Python {platform.python_version()}, "
        f"NumPy {np.__version__}, SciPy {scipy.__version__}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    rows = []
    for size in SIZES:
        rows.append(measure_size(size))
        print(f"k = {size} measured", flush=True)
    table = pd.DataFrame(rows)
    table.to_csv(HERE / "isotypic.csv", index=False, float_format="%.4g")
    (HERE / "isotypic.md").write_text(render(table), encoding="utf-8")
    print(render(table))
