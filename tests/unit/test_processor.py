"""What the manifest and the comparison of processors say of the instructions in use."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest
from tests.processors import PROCESSORS

from relu_landscape.evidence.compare import Agreement, compare_tables
from relu_landscape.processor import cpu_model, instructions_in_use

NEHALEM = PROCESSORS["Nehalem"]
PROGRAM = """
import json
from relu_landscape.processor import instructions_in_use
print(json.dumps(instructions_in_use()))
"""


def in_child(environment):
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(found.stdout)


def test_instructions_name_all_that_round():
    found = instructions_in_use()
    assert json.loads(json.dumps(found)) == found
    assert len(found["blas"]) == 2  # NumPy's and SciPy's
    assert found["width"] in {128, 256, 512}
    assert "fma" in found["numba"]["extensions"]
    assert cpu_model()


@pytest.mark.slow
@pytest.mark.skipif("OPENBLAS_CORETYPE" in os.environ, reason="the machine sets OpenBLAS's kernels")
def test_a_child_uses_what_its_environment_asks_for():
    environment = NEHALEM.environment()
    found = in_child(environment)
    assert NEHALEM.faults(found) == []
    assert found["width"] == 256
    assert found["numpy"] == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("NPY_DISABLE_CPU_FEATURES", "NumPy uses"),
        ("OPENBLAS_CORETYPE", "OpenBLAS uses"),
        ("NUMBA_CPU_NAME", "numba uses"),
        ("GLIBC_TUNABLES", "libc uses"),
    ],
)
@pytest.mark.slow
@pytest.mark.skipif("OPENBLAS_CORETYPE" in os.environ, reason="the machine sets OpenBLAS's kernels")
def test_what_was_not_granted_is_a_fault(name, fault):
    environment = NEHALEM.environment()
    del environment[name]
    if name == "NUMBA_CPU_NAME":
        del environment["NUMBA_CPU_FEATURES"]
    assert any(fault in line for line in NEHALEM.faults(in_child(environment)))


@pytest.mark.parametrize(
    ("found", "agreement"),
    [
        ({"count": [1_000_000], "value": [1.0]}, Agreement.SAME),
        ({"count": [1_000_001], "value": [1.0]}, Agreement.DIFFERS),
        ({"count": [1_000_000], "value": [1.0 + 1e-7]}, Agreement.SAME),
        ({"count": [1_000_000], "value": [1.0 + 1e-5]}, Agreement.DIFFERS),
        ({"count": [1_000_000, 2], "value": [1.0, 2.0]}, Agreement.DIFFERS),
        ({"count": [1_000_000]}, Agreement.DIFFERS),
    ],
)
def test_counts_are_compared_exactly_and_numbers_within_the_tolerance(found, agreement):
    expected = pd.DataFrame({"count": [1_000_000], "value": [1.0]})
    assert compare_tables(pd.DataFrame(found), expected, "table").agreement is agreement
