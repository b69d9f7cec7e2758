"""Cost of a step of gradient descent towards any teachers, beside V = I and beside JAX.

At n = k = d, with teachers of normal entries and outputs of both signs, in one process and on one
core. Writes general_teachers.csv and general_teachers.md beside this file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from descent_step import BATCH, REPEATS, dgemm_flops_per_second, jax_gradient, seconds

from relu_landscape.objective import population_gradient
from relu_landscape.processor import cpu_model
from relu_landscape.search import PROTOCOLS, descend
from relu_landscape.search.lanes import LANES

SIZES = (10, 20, 32, 40, 64, 100)
ASKED = 0.8  # of the factor by which a step towards V = I is faster than JAX
HERE = Path(__file__).parent

Gradient = Callable[[jax.Array], jax.Array]


def target(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Teachers and outputs."""
    V = np.random.default_rng(2).standard_normal((k, k)) / np.sqrt(k)
    return V, np.where(np.arange(k) % 3 == 1, -1.0, 1.0)


def general_jax_gradient(k: int) -> Gradient:
    V, outputs = target(k)
    teacher_norms = np.linalg.norm(V, axis=1)
    teacher_units = V / teacher_norms[:, None]

    def gradient(weights: jax.Array) -> jax.Array:
        norms = jnp.linalg.norm(weights, axis=1)
        units = weights / norms[:, None]
        cosines = jnp.clip(units @ units.T, -1, 1)
        cosines = jnp.where(jnp.eye(k, dtype=bool), 1.0, cosines)
        sines = jnp.sqrt(1 - cosines**2) * outputs
        teacher_cosines = jnp.clip(units @ teacher_units.T, -1, 1)
        turning = sines @ norms - jnp.sqrt(1 - teacher_cosines**2) @ teacher_norms
        mixing = outputs * (jnp.pi - jnp.arccos(cosines)) / (2 * jnp.pi)
        pull = (jnp.pi - jnp.arccos(teacher_cosines)) / (2 * jnp.pi)
        total = mixing @ weights + (turning / (2 * jnp.pi))[:, None] * units - pull @ V
        return outputs[:, None] * total

    return gradient


def jax_seconds(k: int, gradient: Gradient) -> float:
    weights = jnp.asarray(np.random.default_rng(1).standard_normal((BATCH, k, k)) / np.sqrt(k))
    steps = 20

    @jax.jit
    def work(points: jax.Array) -> jax.Array:
        return jax.lax.fori_loop(
            0, steps, lambda _, point: point - 0.01 * jax.vmap(gradient)(point), points
        )

    return seconds(lambda: work(weights).block_until_ready()) / steps / BATCH


def step_seconds(k: int, **towards: np.ndarray) -> float:
    starts = np.random.default_rng(1).standard_normal((LANES, k, k)) / np.sqrt(k)
    endless = replace(PROTOCOLS["safran2018"], tolerance=1e-200)
    steps = max(300, 10_000_000 // k**3)
    work = lambda: descend(starts, endless, iteration_budget=steps, **towards)  # noqa: E731
    return seconds(work) / steps / LANES


def check_agreement(k: int = 7) -> None:
    """JAX differentiates the same function; a fast wrong answer would win every race."""
    (V, outputs), point = target(k), np.random.default_rng(3).standard_normal((k, k))
    found = general_jax_gradient(k)(jnp.asarray(point))
    np.testing.assert_allclose(found, population_gradient(point, V, outputs=outputs), atol=1e-13)


def measure() -> pd.DataFrame:
    check_agreement()
    flops_per_second = dgemm_flops_per_second()
    rows = []
    for k in SIZES:
        V, outputs = target(k)
        identity, general = step_seconds(k), step_seconds(k, teachers=V, outputs=outputs)
        peer, general_peer = jax_seconds(k, jax_gradient), jax_seconds(k, general_jax_gradient(k))
        rows.append(
            {
                "k": k,
                "identity_us": 1e6 * identity,
                "general_us": 1e6 * general,
                "least_us": 1e6 * (identity + 2 * k**3 / flops_per_second),
                "jax_identity_us": 1e6 * peer,
                "jax_general_us": 1e6 * general_peer,
                "dgemm_gflops": flops_per_second / 1e9,
                "load": os.getloadavg()[0],
                "processor": cpu_model(),
            }
        )
        print(f"general teachers, k = {k} measured", flush=True)
    return pd.DataFrame(rows)


def render(frame: pd.DataFrame) -> str:
    faster = frame.jax_identity_us / frame.identity_us
    general = frame.jax_general_us / frame.general_us
    share, most = general / faster, frame.jax_general_us / frame.least_us / faster
    met = ", ".join(str(k) for k in frame.k[share >= ASKED]) or "none"
    lines = [
        "# A step towards any teachers, microseconds an instance",
        "",
        f"Measured on {frame.processor[0]}, dgemm at {frame.dgemm_gflops[0]:.1f} Gflop/s.",
        "",
        "Written by `make bench`; do not edit. n = k = d, teachers of normal entries, outputs of "
        f"both signs; one core, least processor time of {REPEATS} runs; {BATCH} instances for JAX; "
        f"load of the machine up to {frame.load.max():.1f}. Teachers are rotated to a triangular "
        "matrix: 5 k^3 flop a step instead of the 3 k^3 of V = I. Least: the step towards V = I "
        "and 2 k^3 flop at the rate of dgemm.",
        "",
        "| k | V = I | any V | least | JAX, V = I | JAX, any V | JAX / V = I | JAX / any V "
        "| share kept | at most |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    columns = (frame.itertuples(), faster, general, share, most)
    for row, there, here, kept, bound in zip(*columns, strict=True):
        lines.append(
            f"| {row.k} | {row.identity_us:.3g} | {row.general_us:.3g} | {row.least_us:.3g} "
            f"| {row.jax_identity_us:.3g} | {row.jax_general_us:.3g} | {there:.1f} | {here:.1f} "
            f"| {kept:.2f} | {bound:.2f} |"
        )
    lines += [
        "",
        f"Asked: {ASKED} of the factor by which a step towards V = I is faster than JAX. Kept at "
        f"k = {met}; at most as much would be with the least step. JAX spends its time on angles, "
        "of which there are as many, and so loses little by the further products.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    frame = measure()
    frame.to_csv(HERE / "general_teachers.csv", index=False, float_format="%.6g")
    frame = pd.read_csv(HERE / "general_teachers.csv")
    (HERE / "general_teachers.md").write_text(render(frame), encoding="utf-8")


if __name__ == "__main__":
    main()
