"""Vectors are as long as the processor's registers, and no bit of a result depends on it."""

import json
import subprocess
import sys

import pytest

from relu_landscape.search.registers import REGISTERS, Registers, registers_of
from relu_landscape.search.sources import source_digest

X86 = "x86_64-unknown-linux-gnu"
FORCED = [Registers(8, 32), Registers(4, 16), Registers(2, 16), Registers(2, 32)]
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


def descents_with(registers):
    """Digests of the results of descents in a process whose vectors are for these registers."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(registers)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("triple", "features", "expected"),
    [
        (X86, "+64bit,+avx,+avx2,+avx512f,+fma", Registers(8, 32)),
        (X86, "+avx,+avx2,-avx512f,+fma", Registers(4, 16)),
        (X86, "+avx2,+fma", Registers(4, 16)),
        (X86, "+fma", Registers(4, 16)),
        (X86, "-avx,+sse4.2", Registers(2, 16)),
        (X86, "", Registers(2, 16)),
        ("aarch64-unknown-linux-gnu", "+neon", Registers(2, 32)),
        ("arm64-apple-darwin22.4.0", "", Registers(2, 32)),
    ],
)
def test_registers_are_those_of_the_target(triple, features, expected):
    assert registers_of(triple, features) == expected


@pytest.mark.slow
def test_restarts_have_the_same_bits_at_every_width():
    found = [descents_with(registers) for registers in FORCED]
    assert [run.pop("lanes") for run in found] == [[8, 8], [4, 4], [2, 2], [2, 2]]
    assert [run.pop("tile") for run in found] == [4, 3, 3, 4]
    assert len(found[0]) == 35
    for run in found[1:]:
        assert run == found[0]


def test_kept_code_depends_on_the_width(monkeypatch):
    digests = set()
    for registers in {REGISTERS, *FORCED}:
        monkeypatch.setattr("relu_landscape.search.sources.REGISTERS", registers)
        digests.add(source_digest())
    assert len(digests) == len({REGISTERS, *FORCED})
