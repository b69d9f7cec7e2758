"""Cost of one step of gradient descent for one instance, beside what a user would pick instead.

Compares, in one process and on one core, at n = k = d: the two kernels of this project, `lanes`
(several restarts at a time) and `columns` (one restart, several columns at a time); JAX in float64,
jitted and vmapped; NumPy on a batch; NumPy one instance at a time; the two matrix products alone
by the BLAS of NumPy, which is what any design around them would take at least; and two floors

    3 n^2 d flop at the measured dgemm rate + (n (n - 1)/2 + n k) angles,

an angle at the cost of one vectorised sqrt and one arccos of NumPy, or of this project's own angles
in a loop by themselves. The matrix products are two (W W^T by symmetry, and A W), and the teacher
is the identity, so that its products cost nothing.

Measures the class of processor that it runs on and, where that has AVX-512, a processor with AVX2
as `make test-processors` imitates it, unless the page is one of a real one. Writes
descent_step-CLASS.csv beside this file, and from all of these, also those of classes that were not
measured now, descent_step-CLASS.md.
"""

from __future__ import annotations

import os

os.environ["XLA_FLAGS"] = " ".join(
    (
        "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
        os.environ.get("XLA_FLAGS", ""),
    )
)

import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import jax
import jax.numpy as jnp
import numba
import numpy as np
import pandas as pd
from step_pages import numbers, write_pages
from tests.processors import PROCESSORS, imitable

from relu_landscape.processor import cpu_model, instructions_in_use
from relu_landscape.search import (
    PROTOCOLS,
    column_kernel,
    descend,
    descent,
    find_minima,
    lane_kernel,
)
from relu_landscape.search.angles import arcsine_table, sine_and_supplement
from relu_landscape.search.lanes import LANES, aligned_vectors, borrowing, load, store
from relu_landscape.search.registers import REGISTERS

SIZES = (10, 20, 32, 40, 48, 50, 64, 100)
CHOSEN_FROM = descent.ALONE_FROM
BATCH_SIZES = (40, 48, 64)
BATCH_RUNS = 24
BATCH = 64
REPEATS = 7
HERE = Path(__file__).parent
CLASSES = {8: "avx512", 4: "avx2", 2: "two-doubles"}  # by the doubles in a register
IMITATED = "Haswell"  # of the processors that tests/processors.py can imitate
IMITATES = sys.argv[1:] == ["--imitated"]
KERNELS = {"lanes": lane_kernel, "columns": column_kernel}

jax.config.update("jax_enable_x64", True)


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Least processor time of `work`, after one call that is not counted.

    What else runs on a machine can only add to it.
    """
    work()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


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


@borrowing
def find_angles(cosines, table, sines, supplements, times):  # type: ignore[no-untyped-def]
    for _ in range(times):
        for i in range(cosines.size // LANES):
            sine, supplement = sine_and_supplement(load(cosines, i), table)
            store(sines, i, sine)
            store(supplements, i, supplement)


def own_angle_seconds(count: int = 1024) -> float:
    """One sine and supplement by this project, in the first-level cache."""
    # Apart by no whole page: a load from where a store of the same low address bits waits, waits.
    apart = count + 192
    memory = aligned_vectors(3 * apart // LANES)
    cosines, sines, supplements = (memory[i * apart :][:count] for i in range(3))
    cosines[:] = np.random.default_rng(0).uniform(-1, 1, count)
    table, times = arcsine_table(), 1000
    return seconds(lambda: find_angles(cosines, table, sines, supplements, times)) / times / count


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
    start = time.process_time()
    find_minima(k, k, BATCH_RUNS, seed=1, protocol="safran2021")
    return (time.process_time() - start) / BATCH_RUNS


def product_seconds(k: int, kernel: ModuleType) -> float:
    """The two products of a step alone, by the kernel."""

    @borrowing
    def repeat_products(work, n, d, rows, columns, times):  # type: ignore[no-untyped-def]
        for _ in range(times):
            kernel.multiply_weights(work, n, d, rows, columns)
            kernel.multiply_mixing(work, n, d, rows, columns)

    work, rows, columns = kernel.make_workspace(k, k)
    starts = np.random.default_rng(1).standard_normal((k, k, kernel.RUNS_AT_ONCE)) / np.sqrt(k)
    work.weights.reshape(rows, columns, kernel.RUNS_AT_ONCE)[:k, :k] = starts
    times = max(4, 2_000_000 // k**3)
    run = lambda: repeat_products(work, k, k, rows, columns, times)  # noqa: E731
    return seconds(run) / times / kernel.RUNS_AT_ONCE


def step_seconds(k: int, first_alone: int) -> float:
    """A step of `descend` where sizes from `first_alone` on go alone, all lanes busy.

    No run ends before its budget, and they are long enough for starting them to cost nothing.
    """
    descent.ALONE_FROM = first_alone
    starts = np.random.default_rng(1).standard_normal((LANES, k, k)) / np.sqrt(k)
    endless = replace(PROTOCOLS["safran2018"], tolerance=1e-200)
    steps = max(400, 20_000_000 // k**3)
    return seconds(lambda: descend(starts, endless, iteration_budget=steps)) / steps / LANES


def check_agreement() -> None:
    """The three gradients are the same function; a fast wrong answer would win every race."""
    point = np.random.default_rng(2).standard_normal((7, 7))
    expected = numpy_gradient(point)
    np.testing.assert_allclose(jax_gradient(jnp.asarray(point)), expected, atol=1e-13)
    step = PROTOCOLS["safran2018"].step
    moved = descend(point[None], PROTOCOLS["safran2018"], iteration_budget=1).weights[0]
    np.testing.assert_allclose(moved, point - step * expected, atol=1e-14)


def measure(name: str) -> pd.DataFrame:
    """All of it at every size; what is the same for all sizes in every row."""
    check_agreement()
    flops_per_second = dgemm_flops_per_second()
    per_angle, per_own_angle = angle_seconds(), own_angle_seconds()
    rows = []
    for k in SIZES:
        floor = floor_seconds(k, flops_per_second, per_angle)
        own_floor = floor_seconds(k, flops_per_second, per_own_angle)
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
        in_batch = k in BATCH_SIZES
        rows.append(
            {
                "k": k,
                "design": chosen,
                "step_us": 1e6 * step,
                **{f"{name}_us": 1e6 * value for name, value in times.items()},
                "floor_us": 1e6 * floor,
                "own_floor_us": 1e6 * own_floor,
                "products_us": 1e6 * product_seconds(k, KERNELS[chosen]),
                "blas_products_us": 1e6 * blas_seconds(k),
                "step_over_floor": step / floor,
                "step_over_own_floor": step / own_floor,
                "best_peer_over_step": peer / step,
                "dgemm_gflops": flops_per_second / 1e9,
                "angle_ns": 1e9 * per_angle,
                "own_angle_ns": 1e9 * per_own_angle,
                "lanes_s": batch_seconds(k, k + 1) if in_batch else np.nan,
                "columns_s": batch_seconds(k, k) if in_batch else np.nan,
                "load": os.getloadavg()[0],
            }
        )
        print(f"{name}, k = {k} measured", flush=True)
    versions = (
        f"Python {platform.python_version()}, NumPy {np.__version__}, numba {numba.__version__}, "
        f"JAX {jax.__version__}"
    )
    blas = ", ".join(sorted({str(b["architecture"]) for b in instructions_in_use()["blas"]}))
    return pd.DataFrame(rows).assign(
        processor=cpu_model(),
        imitated=IMITATED if IMITATES else "",
        blas=blas,
        versions=versions,
        repeats=REPEATS,
        instances=BATCH,
        batch_runs=BATCH_RUNS,
    )


def measure_here() -> str:
    """Measure the class of this process, write its numbers, return its name."""
    name = CLASSES[REGISTERS.doubles]
    if IMITATES and (faults := PROCESSORS[IMITATED].faults(instructions_in_use())):
        raise SystemExit(f"{IMITATED} is not imitated: {'; '.join(faults)}")
    measure(name).to_csv(HERE / f"descent_step-{name}.csv", index=False, float_format="%.6g")
    return name


def main() -> None:
    measured = {measure_here()}
    known = numbers(HERE).get("avx2")
    by_itself = known is not None and not known["imitated"].notna().any()
    if REGISTERS.doubles == 8 and not by_itself and imitable([IMITATED]):
        environment = os.environ | PROCESSORS[IMITATED].environment()
        environment["XLA_FLAGS"] = "--xla_cpu_max_isa=AVX2"
        subprocess.run([sys.executable, __file__, "--imitated"], env=environment, check=True)
        measured.add("avx2")
    write_pages(HERE, measured)


if __name__ == "__main__":
    if IMITATES:
        measure_here()
    else:
        main()
