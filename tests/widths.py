"""Descents at every width of vectors end in the same bits: `python -m tests.widths`.

Each width compiles all kernels anew, which takes longer than what they compute; `make test` tries
the widest and the narrowest.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from relu_landscape.search.registers import Registers

WIDTHS = (Registers(8, 32), Registers(4, 16), Registers(2, 16), Registers(2, 32))
# Kept code lies in one folder for all widths: code of another width would be found here.
PROGRAM = """
import hashlib, json, sys
import numpy as np
from relu_landscape.search import registers
registers.REGISTERS = registers.Registers(*json.loads(sys.argv[1]))

from relu_landscape.search import descent, find_minima, lane_kernel, lanes
from relu_landscape.search.perturbed import perturb_and_descend

found = {"lanes": [lanes.LANES, lane_kernel.RUNS_AT_ONCE], "tile": lanes.TILE_ROWS}
def note(name, *arrays):
    found[name] = hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()

for first_alone in (1, 10**6):
    descent.ALONE_FROM = first_alone
    for n, k in ((1, 1), (2, 3), (7, 6), (8, 8), (13, 12), (17, 21), (23, 40), (50, 49)):
        for protocol in ("safran2018", "safran2021"):
            steps = max(30, 40_000 // (n * k + 20))
            runs = find_minima(n, k, 11, seed=1, protocol=protocol, iteration_budget=steps)
            note(f"{n} {k} {protocol} {first_alone}", *vars(runs).values())
rng = np.random.default_rng(1)
for n, k in ((1, 1), (4, 3), (9, 10)):
    noise = 0.01 * rng.standard_normal((11, 50, k))
    note(f"perturbed {n} {k}", perturb_and_descend(rng.standard_normal((11, n, k)), 0.05, noise))
print(json.dumps(found))
"""


def descents_with(registers: Registers) -> dict[str, Any]:
    """Digests of the results of descents in a process whose vectors are for these registers.

    With them `lanes`, how many runs go side by side, and `tile`, how many rows at once.
    """
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(registers)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(ran.stdout)


def differing(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The descents that do not have the same bits in all of the processes."""
    names = found[0].keys() - {"lanes", "tile"}
    return sorted(name for name in names if len({run.get(name) for run in found}) > 1)


def main() -> int:
    """Descend at every width and say what differs; exit code 1 where anything does."""
    found = [descents_with(registers) for registers in WIDTHS]
    failures = differing(found)
    print("\n".join(failures) or f"{len(found[0]) - 2} descents, the same bits at {WIDTHS}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
