"""Pages on the descent step, one a class of processors, from what descent_step.py measured."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import pandas as pd

TITLES = {"avx512": "AVX-512", "avx2": "AVX2", "two-doubles": "two doubles a register"}


def numbers(folder: Path) -> dict[str, pd.DataFrame]:
    """The table of each class that was ever measured."""
    paths = {name: folder / f"descent_step-{name}.csv" for name in TITLES}
    return {name: pd.read_csv(path) for name, path in paths.items() if path.exists()}


def write_pages(folder: Path, measured: Container[str]) -> None:
    """Write the page of each class; those not `measured` now say so."""
    for name, frame in numbers(folder).items():
        page = render(name, frame, name in measured)
        (folder / f"descent_step-{name}.md").write_text(page, encoding="utf-8")


def render(name: str, frame: pd.DataFrame, now: bool) -> str:
    """The page of a class; `now`: it was measured in this run."""
    first = frame.iloc[0]
    chosen_from = frame.loc[frame["design"] == "columns", "k"].min()
    batches = frame[frame["lanes_s"].notna()]
    imitated = isinstance(first.imitated, str)
    place = f"Imitated, as {first.imitated}, on" if imitated else "Measured on"
    lines = [
        f"# One step of gradient descent with {TITLES[name]}, microseconds an instance",
        "",
        f"{place} {first.processor}, OpenBLAS kernels {first.blas}; {first.versions}."
        + ("" if now else " Not measured again by the last run, whose processor is another."),
        "",
        "Written by `make bench`; do not edit. n = k = d, V = I, one core, least processor time of "
        f"{first.repeats} runs; {first.instances} instances for JAX and NumPy batch; load of the "
        f"machine up to {frame['load'].max():.1f}. Chosen: lanes below k = {chosen_from}, columns "
        "from there on.",
        "",
        "| k | lanes | columns | JAX | NumPy batch | NumPy single | BLAS products | floor "
        "| own floor | chosen / floor | chosen / own floor | best peer / chosen |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.k} | {row.lanes_us:.3g} | {row.columns_us:.3g} | {row.jax_us:.3g} "
        f"| {row.numpy_batch_us:.3g} | {row.numpy_single_us:.3g} | {row.blas_products_us:.3g} "
        f"| {row.floor_us:.3g} | {row.own_floor_us:.3g} | {row.step_over_floor:.2f} "
        f"| {row.step_over_own_floor:.2f} | {row.best_peer_over_step:.1f} |"
        for row in frame.itertuples()
    ]
    lines += [
        "",
        "floor = 3 k^3 flop at the dgemm rate + (k (k - 1)/2 + k^2) angles, measured in the same "
        f"process: {first.dgemm_gflops:.1f} Gflop/s, an angle {first.angle_ns:.2f} ns as sqrt and "
        f"arccos of NumPy, {first.own_angle_ns:.2f} ns (own floor) as this project has it, in a "
        "loop by itself.",
        "",
        "Where a step goes: its two products by the chosen kernel, its angles at the cost of one "
        "in a loop by itself, and the rest, which is sums, norms, the step itself and the rules of "
        "stopping, and what angles cost beyond that among them.",
        "",
        "| k | step | products | angles | rest |",
        "|--:|--:|--:|--:|--:|",
    ]
    for row in frame.itertuples():
        angles = (row.k * (row.k - 1) / 2 + row.k**2) * row.own_angle_ns / 1e3
        rest = row.step_us - row.products_us - angles
        lines.append(
            f"| {row.k} | {row.step_us:.3g} | {row.products_us:.3g} | {angles:.3g} | {rest:.3g} |"
        )
    lines += [
        "",
        f"Seconds a run in a batch of {first.batch_runs} runs of the protocol of 2021. At the end "
        "of a batch, lanes wait for its longest runs, columns do not: the choice weighs both.",
        "",
        "| k | lanes | columns |",
        "|--:|--:|--:|",
        *(f"| {row.k} | {row.lanes_s:.3g} | {row.columns_s:.3g} |" for row in batches.itertuples()),
    ]
    return "\n".join(lines) + "\n"
