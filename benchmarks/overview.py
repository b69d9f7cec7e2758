"""The front page of the benchmarks: the descent step against its floor, and what else is measured.

Reads descent_step-CLASS.csv, which descent_step.py wrote, and writes README.md beside this file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from step_pages import TITLES, numbers

# Largest ratio of a step to its own floor that the project asks of itself.
ASKED = 1.2
PAGES = {
    "general_teachers.md": "a step towards any teachers beside that towards V = I",
    "early_exit.md": "steps saved by ending runs that provably go to a known minimum",
    "certificates.md": "proofs of minima beside plain ball arithmetic",
    "isotypic.md": "Hessian spectra through isotypic blocks beside the whole Hessian",
    "jacobian_rank.md": "exact ranks beside singular values",
}
HERE = Path(__file__).parent


def render(tables: dict[str, pd.DataFrame]) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. One step of gradient descent for one instance, "
        "n = k = d, V = I, one core, against the floor",
        "",
        "    3 k^3 flop at the rate of dgemm + (k (k - 1)/2 + k^2) angles,",
        "",
        "at rates measured in the same process: an angle as sqrt and arccos of NumPy have it, and, "
        "for the own floor, as this project has it in a loop by itself. Achieved rates are over "
        "the whole step. A ratio below 1 means that an angle costs the kernel less than NumPy's "
        f"vectorised functions. Asked of a step: {ASKED} of its own floor. Where a step is above, "
        "its page says what it goes into.",
    ]
    for name, frame in tables.items():
        first = frame.iloc[0]
        imitated = f", as {first.imitated}, imitated" if isinstance(first.imitated, str) else ""
        lines += [
            "",
            f"## {TITLES[name]}",
            "",
            f"{first.processor}{imitated}: {first.dgemm_gflops:.1f} Gflop/s, "
            f"{1e3 / first.angle_ns:.0f} and {1e3 / first.own_angle_ns:.0f} million angles/s. "
            f"[Side by side at every size](descent_step-{name}.md).",
            "",
            "| k | design | us a step | floor | own floor | step / floor | step / own floor "
            "| best of JAX, NumPy / step | Gflop/s | million angles/s |",
            "|--:|:--|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for row in frame.itertuples():
            flops, angles = 3 * row.k**3, row.k * (row.k - 1) / 2 + row.k**2
            lines.append(
                f"| {row.k} | {row.design} | {row.step_us:.3g} | {row.floor_us:.3g} "
                f"| {row.own_floor_us:.3g} | {row.step_over_floor:.2f} "
                f"| {row.step_over_own_floor:.2f} | {row.best_peer_over_step:.1f} "
                f"| {flops / row.step_us / 1e3:.1f} | {angles / row.step_us:.0f} |"
            )
    lines += [
        "",
        "Lanes: as many restarts as a vector has lanes. Columns: one restart, a vector of its "
        "columns at a time, which fits the cache close to the core at larger k and leaves no lane "
        "waiting. A vector has 8, 4 or 2 doubles, by the registers of the processor; results are "
        "the same bits. Both: products in register tiles, angles from one square root and one "
        "polynomial.",
        "",
        *(f"- [{page}]({page}): {what}" for page, what in PAGES.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    page = render(numbers(HERE))
    (HERE / "README.md").write_text(page, encoding="utf-8")
    print(page)
