"""Cost of one step of gradient descent for one instance, beside what a user would pick instead.

Compares, in one process and on one core, at n = k = d: the two kernels of this project, `lanes`
(eight restarts at a time) and `columns` (one restart, eight columns at a time); JAX in float64,
jitted and vmapped; NumPy on a batch; NumPy one instance at a time; the two matrix products alone
by the BLAS of NumPy, which is what any design around them would take at least; and the floor

    3 n^2 d flop at the measured dgemm rate
    + (n (n - 1)/2 + n k) times the measured cost of one vectorised sqrt and one arccos.

The matrix products are two (W W^T by symmetry, and A W), and the teacher is the identity, so that
its products cost nothing. Writes descent_step.csv and descent_step.md beside this file.
"""

from __future__ import annotations

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numba
import numpy as np
import pandas as pd

from relu_landscape.search import PROTOCOLS, descend, descent, find_minima
from relu_landscape.search.lanes import LANES

SIZES = (10, 20, 32, 40, 48, 50, 64, 100)
CHOSEN_FROM = descent.ALONE_FROM
BATCH_SIZES = (40, 48, 64)
BATCH_RUNS = 50
BATCH = 64
REPEATS = 7
HERE = Path(__file__).parent

jax.config.update("jax_enable_x64", True)


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
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
    return 2 * size**3 / seconds(lambda: left @ right)


def angle_seconds(count: int = 8192) -> float:
    """One square root and one arc cosine, vectorised, each in place in the first-level cache."""
    values = np.random.default_rng(0).random(count)
    out = np.empty(count)
    chunks = 100

    def work() -> None:
        for _ in range(chunks):
            np.sqrt(values, out=out)
            np.arccos(values, out=out)

    return seconds(work) / chunks / count


def floor_seconds(k: int, flops_per_second: float, per_angle: float) -> float:
    return 3 * k**3 / flops_per_second + (k * (k - 1) / 2 + k * k) * per_angle


def numpy_gradient(weights: np.ndarray) -> np.ndarray:
    """Gradient for V = I of one instance (n, d) or a batch (..., n, d)."""
    n = weights.shape[-2]
    norms = np.linalg.norm(weights, axis=-1)
    units = weights / norms[..., None]
    cosines = np.clip(units @ np.swapaxes(units, -1, -2), -1, 1)
    cosines[..., np.arange(n), np.arange(n)] = 1
    angles = np.arccos(cosines)
    teacher_angles = np.arccos(np.clip(units, -1, 1))
    turning = (np.sin(angles) @ norms[..., None])[..., 0] - np.sin(teacher_angles).sum(-1)
    mixing = (np.pi - angles) / (2 * np.pi)
    pull = (np.pi - teacher_angles) / (2 * np.pi)
    return mixing @ weights + (turning / (2 * np.pi))[..., None] * units - pull


def numpy_step_seconds(k: int, batch: tuple[int, ...]) -> float:
    weights = np.random.default_rng(1).standard_normal((*batch, k, k)) / np.sqrt(k)
    steps = 20 if batch else 200

    def work() -> None:
        point = weights.copy()
        for _ in range(steps):
            point -= 0.01 * numpy_gradient(point)

    return seconds(work) / steps / max(1, int(np.prod(batch)))


def jax_gradient(weights: jax.Array) -> jax.Array:
    n = weights.shape[0]
    norms = jnp.linalg.norm(weights, axis=1)
    units = weights / norms[:, None]
    cosines = jnp.clip(units @ units.T, -1, 1)
    cosines = jnp.where(jnp.eye(n, dtype=bool), 1.0, cosines)
    angles = jnp.arccos(cosines)
    sines = jnp.sqrt(1 - cosines**2)
    teacher_cosines = jnp.clip(units, -1, 1)
    turning = sines @ norms - jnp.sqrt(1 - teacher_cosines**2).sum(1)
    mixing = (jnp.pi - angles) / (2 * jnp.pi)
    pull = (jnp.pi - jnp.arccos(teacher_cosines)) / (2 * jnp.pi)
    return mixing @ weights + (turning / (2 * jnp.pi))[:, None] * units - pull


def jax_step_seconds(k: int) -> float:
    weights = jnp.asarray(np.random.default_rng(1).standard_normal((BATCH, k, k)) / np.sqrt(k))
    steps = 20

    @jax.jit
    def work(points: jax.Array) -> jax.Array:
        return jax.lax.fori_loop(
            0, steps, lambda _, point: point - 0.01 * jax.vmap(jax_gradient)(point), points
        )

    return seconds(lambda: work(weights).block_until_ready()) / steps / BATCH


def blas_seconds(k: int) -> float:
    """W W^T and A W, one instance, in place; OpenBLAS takes the first as a symmetric product."""
    weights, mixing = np.random.default_rng(1).standard_normal((2, k, k))
    out = np.empty((k, k))
    steps = 200

    def work() -> None:
        for _ in range(steps):
            np.matmul(weights, weights.T, out=out)
            np.matmul(mixing, weights, out=out)

    return seconds(work) / steps


def batch_seconds(k: int, first_alone: int) -> float:
    """A run of a whole batch, whose last runs leave lanes without work."""
    descent.ALONE_FROM = first_alone
    start = time.perf_counter()
    find_minima(k, k, BATCH_RUNS, seed=1, protocol="safran2021")
    return (time.perf_counter() - start) / BATCH_RUNS


def measure_batches() -> pd.DataFrame:
    rows = [
        {"k": k, "lanes_s": batch_seconds(k, k + 1), "columns_s": batch_seconds(k, k)}
        for k in BATCH_SIZES
    ]
    return pd.DataFrame(rows)


def step_seconds(k: int, first_alone: int) -> float:
    """A step of `descend` where sizes from `first_alone` on go alone, all lanes busy."""
    descent.ALONE_FROM = first_alone
    starts = np.random.default_rng(1).standard_normal((LANES, k, k)) / np.sqrt(k)
    steps = max(20, 4_000_000 // k**3)
    work = lambda: descend(starts, PROTOCOLS["safran2018"], iteration_budget=steps)  # noqa: E731
    return seconds(work) / steps / LANES


def check_agreement() -> None:
    """The three gradients are the same function; a fast wrong answer would win every race."""
    point = np.random.default_rng(2).standard_normal((7, 7))
    expected = numpy_gradient(point)
    np.testing.assert_allclose(jax_gradient(jnp.asarray(point)), expected, atol=1e-13)
    step = PROTOCOLS["safran2018"].step
    moved = descend(point[None], PROTOCOLS["safran2018"], iteration_budget=1).weights[0]
    np.testing.assert_allclose(moved, point - step * expected, atol=1e-14)


def measure() -> pd.DataFrame:
    check_agreement()
    flops_per_second, per_angle = dgemm_flops_per_second(), angle_seconds()
    rows = []
    for k in SIZES:
        floor = floor_seconds(k, flops_per_second, per_angle)
        chosen = "columns" if k >= CHOSEN_FROM else "lanes"
        times = {
            "lanes": step_seconds(k, k + 1),
            "columns": step_seconds(k, k),
            "jax": jax_step_seconds(k),
            "numpy_batch": numpy_step_seconds(k, (BATCH,)),
            "numpy_single": numpy_step_seconds(k, ()),
        }
        peer = min(times[name] for name in ("jax", "numpy_batch", "numpy_single"))
        step = times[chosen]
        rows.append(
            {
                "k": k,
                "design": chosen,
                "step_us": 1e6 * step,
                **{f"{name}_us": 1e6 * value for name, value in times.items()},
                "floor_us": 1e6 * floor,
                "blas_products_us": 1e6 * blas_seconds(k),
                "step_over_floor": step / floor,
                "best_peer_over_step": peer / step,
                "dgemm_gflops": flops_per_second / 1e9,
                "angle_ns": 1e9 * per_angle,
            }
        )
        print(f"k = {k} measured", flush=True)
    return pd.DataFrame(rows)


def render(frame: pd.DataFrame, batches: pd.DataFrame) -> str:
    first = frame.iloc[0]
    lines = [
        "# One step of gradient descent, microseconds an instance",
        "",
        "Written by `make bench`; do not edit. n = k = d, V = I, one core, medians of "
        f"{REPEATS} runs; {BATCH} instances for JAX and NumPy batch. Chosen: lanes below "
        f"k = {CHOSEN_FROM}, columns from there on.",
        "",
        "| k | lanes | columns | JAX | NumPy batch | NumPy single | BLAS products | floor "
        "| chosen / floor | best peer / chosen |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.k} | {row.lanes_us:.3g} | {row.columns_us:.3g} | {row.jax_us:.3g} "
        f"| {row.numpy_batch_us:.3g} | {row.numpy_single_us:.3g} | {row.blas_products_us:.3g} "
        f"| {row.floor_us:.3g} | {row.step_over_floor:.2f} | {row.best_peer_over_step:.1f} |"
        for row in frame.itertuples()
    ]
    lines += [
        "",
        f"Seconds a run in a batch of {BATCH_RUNS} runs of the protocol of 2021. At the end of a "
        "batch, lanes wait for its longest runs, columns do not: the choice weighs both.",
        "",
        "| k | lanes | columns |",
        "|--:|--:|--:|",
        *(f"| {row.k} | {row.lanes_s:.3g} | {row.columns_s:.3g} |" for row in batches.itertuples()),
        "",
        "floor = 3 k^3 flop at the dgemm rate + (k (k - 1)/2 + k^2) x (sqrt + arccos), measured in "
        f"the same process: {first.dgemm_gflops:.1f} Gflop/s, {first.angle_ns:.2f} ns.",
        f"CPU: {platform.processor() or platform.machine()} ({numba.config.CPU_NAME or 'host'}), "
        f"Python {platform.python_version()}, NumPy {np.__version__}, numba {numba.__version__}, "
        f"JAX {jax.__version__}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    table = measure()
    table.to_csv(HERE / "descent_step.csv", index=False, float_format="%.6g")
    page = render(table, measure_batches())
    (HERE / "descent_step.md").write_text(page, encoding="utf-8")
    print(page)
