"""Steps that a search saves by ending runs in basins, and whether it finds the same minima.

The same restarts under the protocol of 2018, n = k, once with and once without proved basins.
Writes early_exit.csv (searches), early_exit_basins.csv (radii) and early_exit.md beside this file.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from flint import arb

from relu_landscape.certificates.lipschitz import convexity_radius
from relu_landscape.families.known_basins import Basin, basin_arrays, propose_basins
from relu_landscape.minima.classes import classify_minima
from relu_landscape.search import Basins, StopReason, find_minima
from relu_landscape.search.descent import DescentRecord

SIZES = (10, 20)
RUNS = 1000
SEED = 77
TOLERANCE = 1e-5
HERE = Path(__file__).parent


def search(k: int, basins: Basins | None) -> tuple[DescentRecord, float]:
    """All restarts, and the CPU seconds that they took after one that is not counted."""
    find_minima(k, k, 8, seed=SEED, basins=basins, iteration_budget=10)
    start = time.process_time()
    record = find_minima(k, k, RUNS, seed=SEED, basins=basins)
    return record, time.process_time() - start


def same_classes(first: np.ndarray, second: np.ndarray) -> int:
    """Number of runs whose two ends are in one class."""
    labels = classify_minima(np.concatenate([first, second]), tolerance=TOLERANCE).labels
    return int((labels[: len(first)] == labels[len(first) :]).sum())


def same_bits(first: DescentRecord, second: DescentRecord, runs: np.ndarray) -> bool:
    return all(
        np.array_equal(getattr(first, name)[runs], getattr(second, name)[runs], equal_nan=False)
        for name in vars(first)
    )


def compare(k: int, basins: list[Basin]) -> dict[str, Any]:
    early, early_seconds = search(k, Basins(**basin_arrays(basins)))
    full, full_seconds = search(k, None)
    ended = early.stop_reasons == StopReason.KNOWN_MINIMUM
    finished = full.stop_reasons == StopReason.CONVERGED
    return {
        "k": k,
        "runs": RUNS,
        "at_known_minimum": int(ended.sum()),
        "finished": int(finished.sum()),
        "known_but_unfinished": int((ended & ~finished).sum()),
        "same_class": same_classes(early.weights[finished], full.weights[finished]),
        "others_same_bits": same_bits(early, full, ~ended),
        "steps": int(early.iterations.sum()),
        "steps_without": int(full.iterations.sum()),
        "saved": 1 - early.iterations.sum() / full.iterations.sum(),
        "saved_of_ended": 1 - early.iterations[ended].sum() / full.iterations[ended].sum(),
        "seconds": early_seconds,
        "seconds_without": full_seconds,
    }


def describe(k: int, basin: Basin) -> dict[str, Any]:
    norms = [arb(float(x)) for x in np.linalg.norm(basin.center, axis=1)]
    return {
        "k": k,
        "minimum": basin.name,
        "radius": basin.radius,
        "lipschitz": basin.lipschitz,
        "radius_by_coarse_constant": convexity_radius(norms, [arb(1)] * k, arb(basin.curvature)),
        "step_bound": basin.step_bound,
    }


def render(searches: pd.DataFrame, basins: pd.DataFrame) -> str:
    lines = [
        "# Ending runs that provably go to a known minimum",
        "",
        f"Written by `make bench`; do not edit. {RUNS} restarts a size, n = k, protocol of 2018, "
        "one core. Same class: runs that converge without basins and end in the same class with "
        "them. Steps saved: of all runs; of those that ended in a basin.",
        "",
        "| k | ended in a basin | converge without | same class | other runs, same bits "
        "| steps saved | of those in a basin | CPU s with | CPU s without |",
        "|--:|--:|--:|--:|:--|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.k} | {row.at_known_minimum} | {row.finished} | {row.same_class} "
        f"| {'yes' if row.others_same_bits else 'NO'} | {row.saved:.1%} "
        f"| {row.saved_of_ended:.1%} | {row.seconds:.3g} | {row.seconds_without:.3g} |"
        for row in searches.itertuples()
    ]
    lines += [
        "",
        "Basins: Frobenius radius, Lipschitz constant of the Hessian in it, the radius that the "
        "constant of `certificates.lipschitz` gives, steps below which descent stays.",
        "",
        "| k | minimum | radius | constant | radius before | step |",
        "|--:|:--|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.k} | {row.minimum} | {row.radius:.3g} | {row.lipschitz:.3g} "
        f"| {row.radius_by_coarse_constant:.2g} | {row.step_bound:.3g} |"
        for row in basins.itertuples()
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    proved = {k: propose_basins(k, k) for k in SIZES}
    searches = pd.DataFrame([compare(k, basins) for k, basins in proved.items()])
    basins = pd.DataFrame([describe(k, basin) for k in SIZES for basin in proved[k]])
    searches.to_csv(HERE / "early_exit.csv", index=False, float_format="%.6g")
    basins.to_csv(HERE / "early_exit_basins.csv", index=False, float_format="%.6g")
    (HERE / "early_exit.md").write_text(render(searches, basins), encoding="utf-8")
    print(render(searches, basins))


if __name__ == "__main__":
    main()
