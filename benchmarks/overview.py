"""The front page of the benchmarks: the descent step against its floor, and what else is measured.

Reads descent_step.csv, which descent_step.py wrote, and writes README.md beside this file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

# Largest ratio of a step to its floor that the project allows itself.
ALLOWED = 1.6
PAGES = {
    "descent_step.md": "the step of descent beside JAX and NumPy",
    "early_exit.md": "steps saved by ending runs that provably go to a known minimum",
    "certificates.md": "proofs of minima beside plain ball arithmetic",
    "isotypic.md": "Hessian spectra through isotypic blocks beside the whole Hessian",
    "jacobian_rank.md": "exact ranks beside singular values",
}
HERE = Path(__file__).parent


def render(frame: pd.DataFrame) -> str:
    first = frame.iloc[0]
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. One step of gradient descent for one instance, "
        "n = k = d, V = I, one core, against the floor",
        "",
        "    3 k^3 flop at the rate of dgemm + (k (k - 1)/2 + k^2) (sqrt + arccos), vectorised,",
        "",
        f"at the rates measured in the same process: {first.dgemm_gflops:.1f} Gflop/s and "
        f"{1e3 / first.angle_ns:.0f} million angles/s. Achieved rates are over the whole step. A "
        "ratio below 1 means that an angle costs the kernel less than NumPy's vectorised "
        f"functions. Allowed: {ALLOWED}.",
        "",
        "| k | design | us a step | floor | step / floor | best of JAX, NumPy / step "
        "| Gflop/s | million angles/s |",
        "|--:|:--|--:|--:|--:|--:|--:|--:|",
    ]
    for row in frame.itertuples():
        flops, angles = 3 * row.k**3, row.k * (row.k - 1) / 2 + row.k**2
        lines.append(
            f"| {row.k} | {row.design} | {row.step_us:.3g} | {row.floor_us:.3g} "
            f"| {row.step_over_floor:.2f} | {row.best_peer_over_step:.1f} "
            f"| {flops / row.step_us / 1e3:.1f} | {angles / row.step_us:.0f} |"
        )
    lines += [
        "",
        "Lanes: eight restarts in the lanes of a vector. Columns: one restart, eight columns a "
        "vector, which fits the cache close to the core at larger k. Both: products in register "
        "tiles, angles from one square root and one polynomial. Side by side at every size: "
        "[descent_step.md](descent_step.md).",
        "",
        *(f"- [{page}]({page}): {what}" for page, what in PAGES.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    table = pd.read_csv(HERE / "descent_step.csv")
    (HERE / "README.md").write_text(render(table), encoding="utf-8")
    print(render(table))
