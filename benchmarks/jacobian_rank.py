"""Exact full rank of a Jacobian, beside the singular values that a user would take instead.

On one core and with one BLAS thread, in one process: `has_full_rank` from points and weights
(signs, integers and elimination, the whole call) against `numpy.linalg.matrix_rank` of a Jacobian
that is ready, over all cells of Figures 1 and 2; `jacobian_rank` at two sizes; and what all cells
at 100 trials cost. The floor of an elimination that ends at full rank is

    n^3/6 (2 + 4 + 1) flop at the measured dgemm rate:

for each of n columns and r rows served, of which half are active, n - r multiply-adds and, to
renew the basis, as many again with a remainder of 4 operations. Writes jacobian_rank.csv and
jacobian_rank.md beside this file.
"""

from __future__ import annotations

import math
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numba
import numpy as np
import pandas as pd

from relu_landscape.activation_regions import has_full_rank, jacobian_rank
from relu_landscape.activation_regions.full_rank import full_rank_probability
from relu_landscape.activation_regions.integer_data import (
    DATA_LAWS,
    INITIALISATIONS,
    Trial,
    draw_trial,
)
from relu_landscape.activation_regions.patterns import pattern_of, with_bias
from relu_landscape.activation_regions.rank import jacobian

LAWS = [(data, initialisation) for data in DATA_LAWS for initialisation in INITIALISATIONS]
LARGE = [("uniform", 100, 2, 300), ("normal", 190, 190, 6)]
CELL_REPEATS, REPEATS = 3, 15
TRIALS = 100
HERE = Path(__file__).parent


def cells() -> Iterator[tuple[str, int, int, int]]:
    """Figure, n, d0, d1 of every cell."""
    for d0 in (1, 2, 3, 5):
        for n in range(10, 101, 10):
            yield from (("figure 1", n, d0, d1) for d1 in range(30, 301, 30))
    for ratio in (0.25, 0.5, 1, 2):
        for n in range(10, 191, 20):
            yield from (("figure 2", n, math.ceil(ratio * n), d1) for d1 in range(1, 16))


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Median time of `work` after one call that is not counted."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def dgemm_flops_per_second(size: int = 512) -> float:
    left, right = np.random.default_rng(0).random((2, size, size))
    return 2 * size**3 / seconds(lambda: left @ right, 7)


def floor_seconds(n: int, flops_per_second: float) -> float:
    return 7 / 6 * n**3 / flops_per_second


def jacobian_of(draw: Trial) -> np.ndarray:
    points, weights = with_bias(draw.X, draw.W, draw.b)
    return jacobian(points, pattern_of(points, weights))


def compare_cells() -> pd.DataFrame:
    """Both answers and times in every cell of the public code's laws; they must agree."""
    rows = []
    for data in DATA_LAWS:
        for figure, n, d0, d1 in cells():
            draw = draw_trial(data, "linear_layer", (n, d0, d1), trial=0, seed=1)
            matrix = jacobian_of(draw)
            exact = has_full_rank(draw.X, draw.W, draw.b)
            assert exact.full == (np.linalg.matrix_rank(matrix) == n), (data, figure, n, d0, d1)
            ours = seconds(lambda draw=draw: has_full_rank(draw.X, draw.W, draw.b), CELL_REPEATS)
            numpy = seconds(lambda matrix=matrix: np.linalg.matrix_rank(matrix), CELL_REPEATS)
            rows.append((data, figure, n, d0, d1, exact.reason.value, 1e3 * ours, 1e3 * numpy))
        print(f"{data} points compared", flush=True)
    names = ["data", "figure", "n", "d0", "d1", "reason", "exact_ms", "numpy_ms"]
    return pd.DataFrame(rows, columns=names)


def compare_large(flops_per_second: float) -> pd.DataFrame:
    """`jacobian_rank` against the singular values at the two sizes of the issue."""
    rows = []
    for data, n, d0, d1 in LARGE:
        draw = draw_trial(data, "linear_layer", (n, d0, d1), trial=0, seed=1)
        matrix = jacobian_of(draw)
        rank = jacobian_rank(draw.X, draw.W, draw.b)
        assert rank == np.linalg.matrix_rank(matrix)
        ours = seconds(lambda draw=draw: jacobian_rank(draw.X, draw.W, draw.b), REPEATS)
        numpy = seconds(lambda matrix=matrix: np.linalg.matrix_rank(matrix), REPEATS)
        floor = floor_seconds(n, flops_per_second)
        rows.append((data, n, d0, d1, rank, 1e3 * ours, 1e3 * numpy, 1e3 * floor))
    names = ["data", "n", "d0", "d1", "rank", "exact_ms", "numpy_ms", "floor_ms"]
    return pd.DataFrame(rows, columns=names)


def time_figures(trials: int = 2) -> pd.DataFrame:
    """Seconds of all cells at TRIALS trials on one core, from a run with fewer of them."""
    rows = []
    for data, initialisation in LAWS:
        start = time.perf_counter()
        for _, n, d0, d1 in cells():
            full_rank_probability(
                n, d0, d1, data=data, initialisation=initialisation, trials=trials, seed=1
            )
        elapsed = (time.perf_counter() - start) * TRIALS / trials
        rows.append((data, initialisation, elapsed))
    return pd.DataFrame(rows, columns=["data", "initialisation", "seconds"])


def render(
    frame: pd.DataFrame, large: pd.DataFrame, figures: pd.DataFrame, flops_per_second: float
) -> str:
    lines = [
        "# Rank of the Jacobian, milliseconds a matrix",
        "",
        "Written by `make bench`; do not edit. One core, one BLAS thread, medians of "
        f"{CELL_REPEATS} runs a cell. `has_full_rank` is the whole call from points and weights; "
        "`matrix_rank` is given the Jacobian. Both agree in every cell.",
        "",
        *_by_figure(frame),
        "",
        "The smallest matrices (n = 10) cost both some 0.03 ms of calls from Python.",
        "",
        *_by_reason(frame),
        "",
        *_large_sizes(large),
        "",
        f"floor = 7/6 n^3 flop at the dgemm rate, {flops_per_second / 1e9:.1f} Gflop/s, measured "
        "in the same process; a rank below n takes more.",
        "",
        f"All 1000 cells of Figures 1 and 2 at {TRIALS} trials, exact, drawing included, on one "
        "core, extrapolated from 2 trials:",
        "",
        *_whole_figures(figures),
        "",
        f"CPU: {platform.processor() or platform.machine()} ({numba.config.CPU_NAME or 'host'}), "
        f"Python {platform.python_version()}, NumPy {np.__version__}, numba {numba.__version__}.",
    ]
    return "\n".join(lines) + "\n"


def _by_figure(frame: pd.DataFrame) -> list[str]:
    groups = [(f"{name}, {data}", rows) for (name, data), rows in frame.groupby(["figure", "data"])]
    lines = [
        "| cells | number | has_full_rank | matrix_rank | ratio of the sums | mean ratio "
        "| smallest ratio | slower cells |",
        "|:--|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, rows in [*groups, ("all", frame)]:
        ratio = rows["numpy_ms"] / rows["exact_ms"]
        lines.append(
            f"{_costs(name, rows)} | {ratio.mean():.1f} | {ratio.min():.2f} "
            f"| {int((ratio < 1).sum())} |"
        )
    return lines


def _by_reason(frame: pd.DataFrame) -> list[str]:
    return [
        "| what decided | cells | has_full_rank | matrix_rank | ratio of the sums |",
        "|:--|--:|--:|--:|--:|",
        *(f"{_costs(reason, rows)} |" for reason, rows in frame.groupby("reason")),
    ]


def _costs(name: object, rows: pd.DataFrame) -> str:
    """The first cells of a row: name, number, both mean times, ratio of their sums."""
    return (
        f"| {name} | {len(rows)} | {rows['exact_ms'].mean():.3f} "
        f"| {rows['numpy_ms'].mean():.3f} "
        f"| {rows['numpy_ms'].sum() / rows['exact_ms'].sum():.1f}"
    )


def _large_sizes(large: pd.DataFrame) -> list[str]:
    return [
        "| n | d0 | d1 | points | rank | jacobian_rank | matrix_rank | ratio | floor "
        "| jacobian_rank / floor |",
        "|--:|--:|--:|:--|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {row.n} | {row.d0} | {row.d1} | {row.data} | {row.rank} | {row.exact_ms:.3f} "
            f"| {row.numpy_ms:.2f} | {row.numpy_ms / row.exact_ms:.1f} | {row.floor_ms:.3f} "
            f"| {row.exact_ms / row.floor_ms:.1f} |"
            for row in large.itertuples()
        ),
    ]


def _whole_figures(figures: pd.DataFrame) -> list[str]:
    return [
        "| points | initialisation | seconds |",
        "|:--|:--|--:|",
        *(
            f"| {row.data} | {row.initialisation} | {row.seconds:.0f} |"
            for row in figures.itertuples()
        ),
    ]


if __name__ == "__main__":
    rate = dgemm_flops_per_second()
    compared, sizes, costs = compare_cells(), compare_large(rate), time_figures()
    compared.to_csv(HERE / "jacobian_rank.csv", index=False, float_format="%.6g")
    text = render(compared, sizes, costs, rate)
    (HERE / "jacobian_rank.md").write_text(text, encoding="utf-8")
    print(text)
